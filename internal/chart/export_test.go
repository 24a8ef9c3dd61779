package chart

import (
	"image"

	"github.com/go-analyze/charts"
)

// Texts returns where the texts of a picture stand, and the size of the picture.
func (p Picture) Texts() ([]image.Rectangle, image.Rectangle) {
	width, height := p.Size()
	c := newCanvas(charts.ChartOutputPNG, width, height, themes[Light])
	p.on(c)
	return c.texts, image.Rect(0, 0, width, height)
}
