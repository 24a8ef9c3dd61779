package web

import (
	"encoding/base64"
	"html/template"

	"supporty/internal/chart"
	"supporty/internal/plots"
)

// drawing is a chart as a page shows it: a picture for light and one for dark, its words, and the table of
// its numbers unless the page has that anyway.
type drawing struct {
	Light         template.URL
	Dark          template.Srcset
	Width, Height int
	Alt           string
	Behind        table
}

// longestAlt is how many letters the words of a picture have at most; the table has all of it.
const longestAlt = 500

// draw makes a drawing of a chart; nil if it shows nothing.
func draw(id string, c chart.Chart) (*drawing, error) {
	if len(c.Panels) == 0 || len(c.Labels) == 0 {
		return nil, nil // nothing to draw is no error
	}
	p := chart.Picture{Charts: []chart.Chart{c}, Width: chart.Phone}
	light, err := p.SVG(chart.Light)
	if err != nil {
		return nil, err
	}
	dark, err := p.SVG(chart.Dark)
	if err != nil {
		return nil, err
	}
	d := &drawing{Light: inline(light), Dark: template.Srcset(inline(dark)), Alt: p.Alt(longestAlt)}
	d.Width, d.Height = p.Size()
	if c.Shape != chart.Bars { // the numbers of bars are in the table already
		d.Behind = behind(id, c)
	}
	return d, nil
}

// behind is the table of what a chart shows.
func behind(id string, c chart.Chart) table {
	head, rows := c.Table()
	t := table{ID: id + "-chart", Title: c.Title, Head: head}
	for _, row := range rows {
		var cells []cell
		for _, text := range row {
			cells = append(cells, words(text))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// inline is a picture as an address. As an image it cannot run anything, whatever it holds.
func inline(svg []byte) template.URL {
	return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)) //nolint:gosec // base64 of our own
}

// charts are those of the tables, by the tables' ids.
func (s statement) charts() map[string]chart.Chart {
	return map[string]chart.Chart{"on-time": plots.OnTime(s.Digest), "solve": plots.Solving(s.Digest), "categories": plots.Categories(s.This), "work": plots.Work(s.Digest)}
}
