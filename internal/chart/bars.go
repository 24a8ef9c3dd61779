package chart

const (
	barTall = 9
	barGap  = 4
)

// bars draws a group of lying bars for each label, each with its value behind it.
func (c Chart) bars(to *canvas, y int) int {
	p := c.Panels[0]
	area := plot{left: margin, right: float64(to.width - margin - c.scaleWidth(to) - 6), places: 1, most: c.most(p)}
	for i, label := range c.Labels {
		y = c.barHeading(to, label, c.note(i), y)
		for _, s := range p.Series {
			c.bar(to, s, i, area, y)
			y += barTall + barGap
		}
		y += gap - barGap
	}
	return y - gap + barGap
}

func (c Chart) barHeading(to *canvas, label, note string, y int) int {
	note = to.fit(note, small, (to.width-2*margin)/2)
	room := to.width - 2*margin - to.measure(note, small) - gap
	to.write(to.fit(label, normal, room), margin, y+normal, normal, 0, to.text)
	to.write(note, to.width-margin, y+normal, small, 1, to.tones[Alert])
	return y + line + 2
}

func (c Chart) bar(to *canvas, s Series, i int, area plot, y int) {
	end := area.left
	if v := s.at(i); v > 0 {
		end = max(area.left+1, area.left+v/area.most*(area.right-area.left))
	}
	to.rect(area.left, float64(y), end, float64(y+barTall), to.tones[s.Tone])
	to.write(to.fit(c.write(s.value(i)), small, widest), int(end)+6, y+barTall, small, 0, to.faint)
}
