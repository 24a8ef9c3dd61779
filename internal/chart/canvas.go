package chart

import (
	"html"
	"image"
	"sort"

	"github.com/go-analyze/charts"
)

// density is how many dots of a picture are a pixel of a screen of single density: pictures are
// sharp on the screens of phones.
const density = 2

// The sizes of letters, in pixels.
const (
	large  = 15
	normal = 13
	small  = 12
)

// canvas is what is drawn on. All its lengths are pixels of single density.
type canvas struct {
	painter *charts.Painter
	ruler   *charts.Painter // measures text: the same in both formats
	isSVG   bool
	width   int
	inks
	texts []image.Rectangle // where text stands
}

func newCanvas(format string, width, height int, ink inks) *canvas {
	return &canvas{
		painter: charts.NewPainter(charts.PainterOptions{OutputFormat: format, Width: width * density, Height: height * density}),
		ruler:   charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: 1, Height: 1}),
		isSVG:   format == charts.ChartOutputSVG,
		width:   width,
		inks:    ink,
	}
}

func style(size int, color charts.Color) charts.FontStyle {
	return charts.FontStyle{FontSize: float64(size*density) * 72 / 92, FontColor: color} // the library counts in points of 92 to the inch
}

// measure is how wide a text is.
func (c *canvas) measure(text string, size int) int {
	return (c.ruler.MeasureText(text, 0, style(size, c.text)).Width() + density - 1) / density
}

// fit shortens a text until it is no wider than that.
func (c *canvas) fit(text string, size, width int) string {
	if c.measure(text, size) <= width {
		return text
	}
	n := sort.Search(len([]rune(text)), func(n int) bool { return c.measure(cut(text, n), size) > width })
	return cut(text, n-1)
}

// write writes a text that ends (align 1), begins (0) or has its middle (0.5) at x, with its foot at y.
func (c *canvas) write(text string, x, y, size int, align float64, color charts.Color) {
	if text == "" {
		return
	}
	width := c.measure(text, size)
	x -= int(float64(width) * align)
	c.texts = append(c.texts, image.Rect(x, y-size*3/4, x+width, y+size/4))
	if c.isSVG {
		text = html.EscapeString(text) // the library writes it as it is
	}
	c.painter.Text(text, x*density, y*density, 0, style(size, color))
}

func (c *canvas) rect(left, top, right, bottom float64, color charts.Color) {
	c.painter.FilledRect(int(left*density), int(top*density), int(right*density), int(bottom*density), color, color, 0)
}

func (c *canvas) line(points []point, color charts.Color, width float64, dashes ...float64) {
	if len(points) < 2 {
		return
	}
	var scaled []charts.Point
	for _, p := range points {
		scaled = append(scaled, charts.Point{X: int(p.x * density), Y: int(p.y * density)})
	}
	if len(dashes) == 0 {
		c.painter.LineStroke(scaled, color, width*density)
		return
	}
	for i := range dashes {
		dashes[i] *= density
	}
	c.painter.DashedLineStroke(scaled, color, width*density, dashes)
}

func (c *canvas) dot(p point, color charts.Color) {
	c.painter.Circle(2*density, int(p.x*density), int(p.y*density), color, color, 0)
}

type point struct{ x, y float64 }
