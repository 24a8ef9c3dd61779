package chart

import (
	"bytes"
	"fmt"
	"html"

	"github.com/go-analyze/charts"
)

// Theme is what a picture is drawn for.
type Theme int

// The themes.
const (
	Light Theme = iota // dark on white; a card that is legible on any background
	Dark
)

// inks are the colors of a theme.
type inks struct {
	paper, text, faint, grid charts.Color
	tones                    [3]charts.Color // by Tone
}

// The contrast of text on paper is 4.5 or more, that of shapes 3 or more. Blue and orange are told apart also by
// those who do not tell red from green.
var themes = map[Theme]inks{
	Light: {
		paper: charts.ColorFromHex("#ffffff"), text: charts.ColorFromHex("#1d1c1d"), faint: charts.ColorFromHex("#5c5b5e"), grid: charts.ColorFromHex("#dddde2"),
		tones: [3]charts.Color{charts.ColorFromHex("#1f6fb2"), charts.ColorFromHex("#6f8ea8"), charts.ColorFromHex("#c2500a")},
	},
	Dark: {
		paper: charts.ColorFromHex("#1a1d21"), text: charts.ColorFromHex("#e8e8ea"), faint: charts.ColorFromHex("#a9abb0"), grid: charts.ColorFromHex("#3c4046"),
		tones: [3]charts.Color{charts.ColorFromHex("#4aa3e8"), charts.ColorFromHex("#8ba3b8"), charts.ColorFromHex("#f08a3c")},
	},
}

// PNG draws a picture at double density.
func (p Picture) PNG(theme Theme) ([]byte, error) {
	return p.draw(charts.ChartOutputPNG, theme)
}

// SVG draws a picture to be put into a page: it is as wide as what it stands in, and has its words (Alt) for those
// who do not see it.
func (p Picture) SVG(theme Theme) ([]byte, error) {
	drawn, err := p.draw(charts.ChartOutputSVG, theme)
	if err != nil {
		return nil, err
	}
	label := fmt.Sprintf(`<svg role="img" aria-label="%s" `, html.EscapeString(p.join(Chart.full)))
	return bytes.Replace(drawn, []byte("<svg "), []byte(label), 1), nil
}

// Size is how large a picture is, in pixels of a screen of single density.
func (p Picture) Size() (width, height int) {
	width = p.Width
	if width == 0 {
		width = Phone
	}
	return width, p.on(newCanvas(charts.ChartOutputSVG, width, 1, themes[Light]))
}

func (p Picture) draw(format string, theme Theme) ([]byte, error) {
	width, height := p.Size()
	c := newCanvas(format, width, height, themes[theme])
	c.rect(0, 0, float64(width), float64(height), c.paper)
	p.on(c)
	drawn, err := c.painter.Bytes()
	if err != nil {
		return nil, fmt.Errorf("drawing a chart: %w", err)
	}
	return drawn, nil
}

// on draws all charts, and returns the height that they take.
func (p Picture) on(c *canvas) int {
	y := margin
	for i, chart := range p.Charts {
		if i > 0 {
			y += between
		}
		y = chart.on(c, y)
	}
	return y + margin
}
