package chart

import "math"

// Lengths in pixels.
const (
	margin    = 14 // around charts
	between   = 26 // charts
	lineLarge = 20 // the height of a line of text
	line      = 18
	swatch    = 10 // of a legend
	gap       = 12 // between panels, and after labels
	headGap   = 10 // between the name of a panel and the highest label of its scale
	loneTall  = 120
	panelTall = 54
	widest    = 64 // of the labels of a scale
)

// on draws a chart from y on, and returns where it ends.
func (c Chart) on(to *canvas, y int) int {
	to.write(to.fit(c.Title, large, to.width-2*margin), margin, y+large, large, 0, to.text)
	y += lineLarge + 4
	if len(c.Panels) == 0 || len(c.Labels) == 0 {
		to.write("No numbers.", margin, y+small, small, 0, to.faint)
		return y + line
	}
	y = c.legend(to, y)
	if c.Shape == Bars {
		return c.bars(to, y)
	}
	return c.panels(to, y)
}

// legend names the series, if there is more than one.
func (c Chart) legend(to *canvas, y int) int {
	if len(c.Panels[0].Series) < 2 {
		return y
	}
	x := margin
	for _, s := range c.Panels[0].Series {
		name := to.fit(s.Name, small, to.width-2*margin-swatch-5)
		if x > margin && x+swatch+5+to.measure(name, small) > to.width-margin {
			x, y = margin, y+line
		}
		to.rect(float64(x), float64(y+3), float64(x+swatch), float64(y+3+swatch), to.tones[s.Tone])
		to.write(name, x+swatch+5, y+small, small, 0, to.faint)
		x += swatch + 5 + to.measure(name, small) + 14
	}
	return y + line + 4
}

// plot is where the values of a panel stand.
type plot struct {
	left, top, right, bottom float64
	places                   int // of labels
	most                     float64
}

func (p plot) slot() float64 { return (p.right - p.left) / float64(max(p.places, 1)) }

// x is a place on the horizontal axis, as in Mark.At.
func (p plot) x(at float64) float64 { return p.left + at*p.slot() }

func (p plot) y(value float64) float64 {
	if p.most == 0 {
		return p.bottom
	}
	return p.bottom - value/p.most*(p.bottom-p.top)
}

// panels draws columns or lines.
func (c Chart) panels(to *canvas, y int) int {
	area := plot{left: float64(margin + c.scaleWidth(to) + 6), right: float64(to.width - margin), places: len(c.Labels)}
	groups := c.grouped(area.slot())
	if len(groups) > 0 {
		numberMarks(to, area, groups, y)
		y += line
	}
	tall := panelTall
	if len(c.Panels) == 1 {
		tall = loneTall
	}
	for _, p := range c.Panels {
		y = heading(to, p, y)
		area.top, area.bottom, area.most = float64(y), float64(y+tall), c.most(p)
		c.panel(to, p, area, groups)
		y += tall + gap
	}
	y = c.axis(to, area, c.notch(to, area, y-gap))
	if len(c.inside()) > 0 {
		y = c.listMarks(to, groups, y+4)
	}
	return y
}

// scaleWidth is how wide the labels of all scales are.
func (c Chart) scaleWidth(to *canvas) int {
	width := 0
	for _, p := range c.Panels {
		width = max(width, to.measure(c.write(c.most(p)), small))
	}
	return min(width, widest)
}

func heading(to *canvas, p Panel, y int) int {
	if p.Name == "" && p.Note == "" {
		return y + small/2 // so that the highest label of the scale has room
	}
	name := to.fit(p.Name, normal, (to.width-2*margin)/2)
	to.write(name, margin, y+normal, normal, 0, to.text)
	room := to.width - 2*margin - to.measure(name, normal) - gap
	to.write(to.fit(p.Note, small, room), to.width-margin, y+normal, small, 1, to.faint)
	return y + line + headGap
}

// panel draws one panel with its scale, which reaches from 0 to the highest value.
func (c Chart) panel(to *canvas, p Panel, area plot, groups []group) {
	for _, at := range []float64{area.bottom, area.y(area.most)} {
		to.line([]point{{area.left, at}, {area.right, at}}, to.grid, 1)
	}
	highest := to.fit(c.write(area.most), small, widest)
	to.write(highest, int(area.left)-6, int(area.y(area.most))+small/3, small, 1, to.faint)
	if c.Shape == Lines {
		for _, s := range p.Series {
			s.line(to, area)
		}
	} else {
		columns(to, p, area)
	}
	for _, g := range groups {
		x := area.x(g.at)
		to.line([]point{{x, area.top}, {x, area.bottom}}, to.text, 1, 2, 3)
	}
}

// columns draws the series of a panel on top of each other.
func columns(to *canvas, p Panel, area plot) {
	for i := range area.places {
		left, right := area.x(float64(i)+0.15), area.x(float64(i)+0.85)
		sum := 0.0
		for _, s := range p.Series {
			if v := s.at(i); v > 0 {
				to.rect(left, math.Min(area.y(sum+v), area.y(sum)-1), right, area.y(sum), to.tones[s.Tone])
				sum += v
			}
		}
	}
}

// line joins the values of a series. Where one is absent, the line goes on to the next one that is not.
func (s Series) line(to *canvas, area plot) {
	var points []point
	for i := range area.places {
		if s.has(i) {
			points = append(points, point{area.x(float64(i) + 0.5), area.y(s.Values[i])})
		}
	}
	color := to.tones[s.Tone]
	if s.Tone == Soft {
		to.line(points, color, 1.5, 4, 3)
	} else {
		to.line(points, color, 2)
	}
	for _, p := range points {
		to.dot(p, color)
	}
}

// axis writes the last label, and every second, third or further one before it, as many as have room.
func (c Chart) axis(to *canvas, area plot, y int) int {
	widest := 0
	for _, label := range c.Labels {
		widest = max(widest, to.measure(to.fit(label, small, int(area.right-area.left)), small))
	}
	step := int(math.Ceil(float64(widest+gap) / area.slot()))
	free := to.width - margin
	for i := len(c.Labels) - 1; i >= 0; i -= step {
		label := to.fit(c.Labels[i], small, int(area.right-area.left))
		half := to.measure(label, small)/2 + 1
		middle := min(int(area.x(float64(i)+0.5)), to.width-margin-half)
		if middle+half > free || middle-half < margin {
			continue
		}
		to.write(label, middle, y+small+4, small, 0.5, to.faint)
		free = middle - half - gap/2
	}
	return y + line + 4
}
