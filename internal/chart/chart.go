// Package chart draws numbers: as SVG for pages and as PNG for messages, with the same numbers as a
// table and in words for those who do not see the picture.
//
// The package is pure: it knows neither what the numbers mean, nor Slack, files or the time. It
// decides where everything stands, so that no text leaves the picture; a library draws the shapes
// and the letters.
package chart

import "math"

// Shape is how a panel shows its series.
type Shape int

// The shapes.
const (
	Columns Shape = iota // upright, the series of a panel on top of each other
	Lines                // points joined from label to label, over the gaps of absent values
	Bars                 // lying, one below the other under each label; such a chart has one panel and no marks
)

// Tone is what a series stands for, which decides its color. Tones can be told apart without seeing
// colors: they differ in lightness, and soft lines are dashed.
type Tone int

// The tones.
const (
	Main  Tone = iota // the number that a chart is about
	Soft              // another one beside it
	Alert             // what ought to be less
)

// Absent is a value that does not exist, such as the median of no times.
var Absent = math.NaN()

// Series is a row of numbers, one for each label. They are not negative.
type Series struct {
	Name   string
	Tone   Tone
	Values []float64
}

// Panel is one of several drawings over the same labels, each with a scale of its own.
type Panel struct {
	Name   string // may be empty if there is one panel only
	Note   string // a few words beside the name, such as a sum
	Series []Series
}

// Mark is a moment on the horizontal axis: something that may explain what is seen.
type Mark struct {
	At   float64 // 0 is the left end of the first label's place, len(Chart.Labels) the right end of the last one
	Name string
	Many bool // there can be many of them: they are notches below the axis, and those of one name are counted
}

// Chart are numbers with their names. Charts with the same fields look the same.
type Chart struct {
	Title  string
	Shape  Shape
	Labels []string
	Notes  []string // of Bars: a few words for some of the labels, such as what is striking; nil for none
	Panels []Panel
	Marks  []Mark                     // in any order; those outside of the labels are left out
	Write  func(value float64) string // how a value is written; nil writes whole numbers
}

// Picture is one or more charts, one below the other.
type Picture struct {
	Charts []Chart
	Width  int // in pixels of a screen of single density; 0 is Phone
}

// Widths for Picture.
const (
	Phone = 400 // is legible on a phone of 390 pixels, also inside of a message
	Page  = 720 // fills the column of a page
)

// Bins counts values for a distribution: each bin reaches from its edge, inclusive, to the next one, and the
// last one has no end. Edges are in order. Values below the first edge are in no bin.
func Bins(values, edges []float64) []float64 {
	counts := make([]float64, len(edges))
	for _, v := range values {
		for i := len(edges) - 1; i >= 0; i-- {
			if v >= edges[i] {
				counts[i]++
				break
			}
		}
	}
	return counts
}

func (c Chart) write(value float64) string {
	switch {
	case math.IsNaN(value):
		return "none"
	case c.Write == nil:
		return whole(value)
	}
	return c.Write(value)
}

// most is the highest value of a panel, or the highest sum where series stand on top of each
// other; 0 if there is none.
func (c Chart) most(p Panel) float64 {
	most := 0.0
	for i := range c.Labels {
		sum := 0.0
		for _, s := range p.Series {
			v := s.at(i)
			if c.Shape == Columns {
				sum += v
				v = sum
			}
			most = max(most, v)
		}
	}
	return most
}

// at is a value, 0 if it is absent.
func (s Series) at(i int) float64 {
	if s.has(i) {
		return s.Values[i]
	}
	return 0
}

func (s Series) has(i int) bool { return i < len(s.Values) && !math.IsNaN(s.Values[i]) }
