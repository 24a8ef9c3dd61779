package web

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"time"

	"supporty/internal/chart"
	"supporty/internal/insight"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// drawing is a chart as a page shows it: a picture for light and one for dark, and its words.
type drawing struct {
	Light         template.URL
	Dark          template.Srcset
	Width, Height int
	Alt           string
}

// longestAlt is how many letters the words of a picture have at most; the table has all of it.
const longestAlt = 500

// draw makes a drawing of charts; nil if there are none.
func draw(charts ...chart.Chart) (*drawing, error) {
	if len(charts) == 0 {
		return nil, nil // no chart is no error
	}
	p := chart.Picture{Charts: charts, Width: chart.Phone}
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
	return d, nil
}

// inline is a picture as an address. As an image it cannot run anything, whatever it holds.
func inline(svg []byte) template.URL {
	return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)) //nolint:gosec // base64 of our own
}

// charts are those of the tables, by the tables' ids.
func (s statement) charts() map[string][]chart.Chart {
	all := map[string][]chart.Chart{}
	if s.hasWeeks(func(a insight.Attainment) int { return a.Counted }) {
		all["on-time"] = []chart.Chart{s.onTimeByWeek()}
	}
	if s.hasWeeks(func(a insight.Attainment) int { return a.Resolve.Count }) {
		all["solve"] = []chart.Chart{s.solveByWeek()}
	}
	if len(s.This.Categories) > 0 {
		all["categories"] = []chart.Chart{s.categoryBars()}
	}
	return all
}

func (s statement) hasWeeks(count func(insight.Attainment) int) bool {
	for _, w := range s.Weeks {
		for _, a := range w.Priorities {
			if count(a) > 0 {
				return true
			}
		}
	}
	return false
}

// weekLabels are the first days of the weeks.
func (s statement) weekLabels() []string {
	var labels []string
	for _, w := range s.Weeks {
		labels = append(labels, w.Period.From.In(s.zone()).Format("2 Jan"))
	}
	return labels
}

func (s statement) zone() *time.Location {
	if s.Zone == nil {
		return time.UTC
	}
	return s.Zone
}

// byWeek has a panel for each priority with something to show.
func (s statement) byWeek(count func(insight.Attainment) int, series func(of func(func(insight.Attainment) float64) []float64) []chart.Series) []chart.Panel {
	var panels []chart.Panel
	for _, p := range ticket.Priorities {
		n := 0
		for _, w := range s.Weeks {
			n += count(w.Priority(p))
		}
		if n == 0 {
			continue
		}
		panels = append(panels, chart.Panel{Name: p.String(), Series: series(func(value func(insight.Attainment) float64) []float64 {
			var values []float64
			for _, w := range s.Weeks {
				values = append(values, value(w.Priority(p)))
			}
			return values
		})})
	}
	return panels
}

// onTimeByWeek are the promises that were kept and broken.
func (s statement) onTimeByWeek() chart.Chart {
	panels := s.byWeek(func(a insight.Attainment) int { return a.Counted }, func(of func(func(insight.Attainment) float64) []float64) []chart.Series {
		return []chart.Series{
			{Name: "On time", Values: of(func(a insight.Attainment) float64 { return float64(a.Kept) })},
			{Name: "Late", Tone: chart.Alert, Values: of(func(a insight.Attainment) float64 { return float64(a.Counted - a.Kept) })},
		}
	})
	return chart.Chart{Title: weekly("On time"), Shape: chart.Columns, Labels: s.weekLabels(), Panels: panels}
}

// solveByWeek are the times to solve.
func (s statement) solveByWeek() chart.Chart {
	hours := func(d time.Duration, of insight.Spread) float64 {
		if of.Count == 0 {
			return chart.Absent
		}
		return d.Hours()
	}
	panels := s.byWeek(func(a insight.Attainment) int { return a.Resolve.Count }, func(of func(func(insight.Attainment) float64) []float64) []chart.Series {
		return []chart.Series{
			{Name: "Half within", Values: of(func(a insight.Attainment) float64 { return hours(a.Resolve.Median, a.Resolve) })},
			{Name: "Nine in ten within", Tone: chart.Soft, Values: of(func(a insight.Attainment) float64 { return hours(a.Resolve.P90, a.Resolve) })},
		}
	})
	return chart.Chart{
		Title: weekly("Time to solve"), Shape: chart.Lines, Labels: s.weekLabels(), Panels: panels,
		Write: func(value float64) string { return slackview.Took(time.Duration(value * float64(time.Hour))) },
	}
}

func weekly(what string) string { return fmt.Sprintf("%s, %d weeks", what, insight.SeriesWeeks) }

// categoryBars compare tickets with code changes.
func (s statement) categoryBars() chart.Chart {
	tickets, changes := chart.Series{Name: "Tickets"}, chart.Series{Name: "Code changes", Tone: chart.Soft}
	c := chart.Chart{Title: "Tickets and code changes", Shape: chart.Bars}
	for i, category := range s.This.Categories {
		if i == mostBars {
			break
		}
		c.Labels = append(c.Labels, category.Name)
		tickets.Values = append(tickets.Values, float64(category.Tickets))
		changes.Values = append(changes.Values, float64(category.CodeChanges))
	}
	c.Panels = []chart.Panel{{Series: []chart.Series{tickets, changes}}}
	return c
}

// mostBars is how many categories are drawn; the table has all.
const mostBars = 10
