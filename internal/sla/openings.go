package sla

import (
	"cmp"
	"slices"
	"time"
)

// openings are the times when the desk is open, in order and with gaps between them, and the
// open time before each of them. Two binary searches answer every question. Begin and end are
// Unix seconds, because clocks change at whole seconds.
type openings struct {
	first, last int // the years for which they are complete
	begin, end  []int64
	before      []time.Duration
	total       time.Duration
	days        []workday // in order
}

// workday is a day on which the desk opens. If an opening of the day before lasts into its own
// first opening, that time belongs to the day before. So no moment belongs to two days, and the
// days do not overlap.
type workday struct {
	midnight time.Time // at which it begins by the wall clock, as if in UTC
	spans    []span
}

// span is an opening or what is left of it, in Unix seconds.
type span struct{ begin, end int64 }

// FirstYear is the first year that is counted. Before it and after LastYear the desk counts as
// closed, because no desk has tickets there.
const FirstYear = 1970

// LastYear is the last year that is counted.
const LastYear = 2200

// covering returns openings that are complete from the year before a to the year after b. They
// are computed once, and again if more years are needed. Two calls at the same time do the work
// twice, with the same result.
func (c *Calendar) covering(a, b time.Time) *openings {
	known := c.known.Load()
	first, last := clamp(a.Year()-1), clamp(b.Year()+1)
	if known != nil && known.first <= first && last <= known.last {
		return known
	}
	if known != nil {
		first, last = min(first, known.first), max(last, known.last)
	}
	known = c.openings(first, last)
	c.known.Store(known)
	return known
}

func clamp(year int) int { return min(max(year, FirstYear), LastYear) }

// openings computes the openings of some years. It begins two days early, because an opening of
// the day before may last into the first day.
func (c *Calendar) openings(first, last int) *openings {
	o := &openings{first: first, last: last}
	end := newYear(last+1).AddDate(0, 0, 1)
	for day := newYear(first).AddDate(0, 0, -2); day.Before(end); day = day.AddDate(0, 0, 1) {
		if !c.holidays[day.Format(time.DateOnly)] {
			o.addDay(day, c.hours.Week[day.Weekday()], c.zone)
		}
	}
	return o
}

func newYear(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }

// addDay appends the openings of a day. If a change of the clocks skips them all, it is no
// working day.
func (o *openings) addDay(midnight time.Time, spans []Span, zone *time.Location) {
	day := workday{midnight: midnight}
	for _, s := range spans {
		begin := AtWallClock(midnight.Add(time.Duration(s.From)*time.Minute), zone).Unix()
		end := AtWallClock(midnight.Add(time.Duration(s.To)*time.Minute), zone).Unix()
		if n := len(o.end); n > 0 {
			begin = max(begin, o.end[n-1])
		}
		if begin < end {
			day.spans = append(day.spans, span{begin, end})
			o.add(begin, end)
		}
	}
	if len(day.spans) > 0 {
		o.days = append(o.days, day)
	}
}

// add appends an opening. If it begins when the last one ends, it prolongs that one.
func (o *openings) add(begin, end int64) {
	if n := len(o.end); n > 0 && begin == o.end[n-1] {
		o.end[n-1] = end
	} else {
		o.begin, o.end, o.before = append(o.begin, begin), append(o.end, end), append(o.before, o.total)
	}
	o.total += time.Duration(end-begin) * time.Second
}

// addDays is Calendar.AddDays; false if these years have no such day.
func (o *openings) addDays(t time.Time, n int, zone *time.Location) (time.Time, bool) {
	i, _ := slices.BinarySearchFunc(o.days, t.Unix()+1, func(d workday, end int64) int { return cmp.Compare(d.end(), end) })
	if n >= len(o.days)-i {
		return time.Time{}, false
	}
	from, to := o.days[i], o.days[i+n]
	passed := Reached(from.into(t), zone).Sub(from.midnight)
	return to.into(AtWallClock(to.midnight.Add(passed), zone)), true
}

func (w workday) end() int64 { return w.spans[len(w.spans)-1].end }

// into moves a time into the day's openings: from a gap to the beginning of the next opening,
// from after the last opening to its end.
func (w workday) into(t time.Time) time.Time {
	for _, s := range w.spans {
		if t.Unix() < s.end {
			return later(t, time.Unix(s.begin, 0).UTC())
		}
	}
	return time.Unix(w.end(), 0).UTC()
}

// latest returns the index of the last opening that begins at t or before; -1 if none does.
func (o *openings) latest(t time.Time) int {
	i, found := slices.BinarySearch(o.begin, t.Unix())
	if found {
		return i
	}
	return i - 1
}

// until returns how long the desk was open before t.
func (o *openings) until(t time.Time) time.Duration {
	i := o.latest(t)
	switch {
	case i < 0:
		return 0
	case t.Unix() >= o.end[i]:
		return o.before[i] + time.Duration(o.end[i]-o.begin[i])*time.Second
	}
	return o.before[i] + t.Sub(time.Unix(o.begin[i], 0))
}

// at is the moment at which the desk has been open for d, which is positive. If it is not open
// for so long, at is the end of the last year.
func (o *openings) at(d time.Duration) time.Time {
	if d > o.total {
		return newYear(o.last + 1)
	}
	i, _ := slices.BinarySearch(o.before, d) // before it, the desk was open for d or longer
	return time.Unix(o.begin[i-1], 0).UTC().Add(d - o.before[i-1])
}

// state reports whether the desk is open at t, and until when; the zero time if that is after the
// computed years.
func (o *openings) state(t time.Time) (open bool, until time.Time) {
	i := o.latest(t)
	open = i >= 0 && t.Unix() < o.end[i]
	switch {
	case open:
		until = time.Unix(o.end[i], 0).UTC()
	case i+1 < len(o.begin):
		until = time.Unix(o.begin[i+1], 0).UTC()
	}
	if until.Year() > o.last {
		return open, time.Time{}
	}
	return open, until
}
