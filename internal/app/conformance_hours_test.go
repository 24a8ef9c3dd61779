package app_test

import (
	"slices"
	"time"
)

// opening is a span in which the desk is open; its end is exclusive.
type opening struct{ from, to time.Time }

// hours are all openings of some weeks, in order. Empty hours mean always.
type hours []opening

// london is the desk's zone. Its clocks go forward on Sunday, 28 March 2027, while the
// desk is open. Good Friday and Easter Monday are holidays.
var london = mustLoad("Europe/London")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// deskHours checks for every minute whether the desk is open.
func deskHours(from, to time.Time) (all hours) {
	for t := from; t.Before(to); t = t.Add(time.Minute) {
		switch last := len(all) - 1; {
		case !isOpen(t.In(london)):
		case last >= 0 && all[last].to.Equal(t):
			all[last].to = t.Add(time.Minute)
		default:
			all = append(all, opening{t, t.Add(time.Minute)})
		}
	}
	return all
}

const livesHours = `
hours:
  zone: Europe/London
  open: [Mon-Thu 09:00-12:30 13:30-18:00, Fri 09:00-16:00, Sun 00:00-06:00]
  holidays: [2027-03-26, 2027-03-29]
`

// openMinutes are livesHours by day, in minutes since midnight.
var openMinutes = map[time.Weekday][][2]int{
	time.Monday: longDay, time.Tuesday: longDay, time.Wednesday: longDay, time.Thursday: longDay,
	time.Friday: {{9 * 60, 16 * 60}}, time.Sunday: {{0, 6 * 60}},
}

var longDay = [][2]int{{9 * 60, 12*60 + 30}, {13*60 + 30, 18 * 60}}

// isOpen is the same as livesHours, written in another way.
func isOpen(local time.Time) bool {
	if day := local.Format(time.DateOnly); day == "2027-03-26" || day == "2027-03-29" {
		return false
	}
	minute := local.Hour()*60 + local.Minute()
	return slices.ContainsFunc(openMinutes[local.Weekday()], func(span [2]int) bool {
		return span[0] <= minute && minute < span[1]
	})
}

// between is the open time between two times.
func (h hours) between(from, to time.Time) (open time.Duration) {
	if h == nil {
		return max(0, to.Sub(from))
	}
	for _, o := range h {
		if start, end := later(o.from, from), earlier(o.to, to); end.After(start) {
			open += end.Sub(start)
		}
	}
	return open
}

// after is the time at which so much open time has passed.
func (h hours) after(from time.Time, open time.Duration) time.Time {
	if h == nil || open == 0 {
		return from.Add(open)
	}
	for _, o := range h {
		start := later(o.from, from)
		if here := o.to.Sub(start); here >= open {
			return start.Add(open)
		} else if here > 0 {
			open -= here
		}
	}
	panic("these lives go on for longer than the calendar")
}

// opens is the first open time that is not before t.
func (h hours) opens(t time.Time) time.Time {
	if h == nil {
		return t
	}
	for _, o := range h {
		if t.Before(o.to) {
			return later(o.from, t)
		}
	}
	panic("these lives go on for longer than the calendar")
}

// workingDays is the same time of day so many open days later, within the openings of
// that day. If the start is outside the openings, the next opening counts as the start.
func (h hours) workingDays(from time.Time, days int) time.Time {
	if h == nil {
		return from.AddDate(0, 0, days)
	}
	start := h.opens(from).In(london)
	for later := 1; ; later++ {
		local := start.AddDate(0, 0, later)
		today := h.on(local)
		if len(today) > 0 {
			days--
		}
		if days > 0 {
			continue
		}
		if local.Hour() != start.Hour() { // it is in the hour that the clock change skips
			local = local.Truncate(time.Hour)
		}
		return today.within(local.UTC())
	}
}

// on are the openings of a day; none lasts over midnight.
func (h hours) on(day time.Time) (all hours) {
	for _, o := range h {
		if o.from.In(london).Format(time.DateOnly) == day.Format(time.DateOnly) {
			all = append(all, o)
		}
	}
	return all
}

// within is the first open time of these openings that is not before t, or their end.
func (h hours) within(t time.Time) time.Time {
	end := h[len(h)-1].to
	if t.Before(end) {
		return h.opens(t)
	}
	return end
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
