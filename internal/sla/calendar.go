package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"
	"time"
)

// Hours says when the desk is open. The zero value is always open. Hours are stored with the
// version of their policy, so the tags are part of the database's format.
type Hours struct {
	Zone     string    `json:"zone,omitempty"`     // IANA; empty means always open
	Week     [7][]Span `json:"week,omitzero"`      // by time.Weekday: Sunday is 0
	Holidays []string  `json:"holidays,omitempty"` // dates, "2026-12-25"; no opening begins on them
}

// Span is an opening, in minutes since midnight by the wall clock. From is 0 to 1439. To is
// exclusive, and at most a day later than From. If To is more than 1440, the span ends on the
// next day. A holiday on that day does not cut it: a span belongs to the day on which it
// begins.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Calendar computes with opening hours; nil is always open. It is safe for
// concurrent use. As JSON it is its Hours.
type Calendar struct {
	hours    Hours
	zone     *time.Location // nil: always open
	holidays map[string]bool
	known    atomic.Pointer[openings]
}

// NewCalendar returns the calendar of opening hours, nil for the zero Hours. It is an error if
// the zone is not known, if a span is not valid, or if there is no span.
func NewCalendar(h Hours) (*Calendar, error) {
	if h.Zone == "" {
		return nil, nil
	}
	c := &Calendar{}
	if err := c.set(h); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Calendar) set(h Hours) error {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		return fmt.Errorf("opening hours: %w", err)
	}
	if err := h.check(); err != nil {
		return err
	}
	for i, day := range h.Week {
		h.Week[i] = slices.SortedFunc(slices.Values(day), func(a, b Span) int { return a.From - b.From })
	}
	c.hours, c.zone, c.holidays = h, zone, map[string]bool{}
	for _, day := range h.Holidays {
		c.holidays[day] = true
	}
	return nil
}

const minutesADay = 24 * 60

func (h Hours) check() error {
	spans := slices.Concat(h.Week[:]...)
	for _, s := range spans {
		if s.From < 0 || s.From >= minutesADay || s.To <= s.From || s.To > s.From+minutesADay {
			return fmt.Errorf("opening hours: no span goes from minute %d to %d", s.From, s.To)
		}
	}
	if len(spans) == 0 {
		return errors.New("opening hours: the desk never opens")
	}
	return nil
}

// MarshalJSON writes the hours.
func (c *Calendar) MarshalJSON() ([]byte, error) { return json.Marshal(c.hours) }

// UnmarshalJSON reads hours.
func (c *Calendar) UnmarshalJSON(text []byte) error {
	var h Hours
	if err := json.Unmarshal(text, &h); err != nil {
		return fmt.Errorf("opening hours: %w", err)
	}
	return c.set(h)
}

// Equal reports whether two calendars have the same hours.
func (c *Calendar) Equal(other *Calendar) bool {
	if c.Always() || other.Always() {
		return c.Always() == other.Always()
	}
	return c == other || reflect.DeepEqual(c.hours, other.hours)
}

// Always reports whether the desk never closes, because no hours are set.
func (c *Calendar) Always() bool { return c == nil || c.zone == nil }

// Zone is the time zone of the hours; UTC if none are set.
func (c *Calendar) Zone() *time.Location {
	if c.Always() {
		return time.UTC
	}
	return c.zone
}

// State reports whether the desk is open at a moment, and until when it stays so. The zero time
// means longer than lookAhead years.
func (c *Calendar) State(t time.Time) (open bool, until time.Time) {
	if c.Always() {
		return true, time.Time{}
	}
	open, until = c.covering(t, t).state(t)
	if until.IsZero() {
		open, until = c.covering(t, t.AddDate(lookAhead, 0, 0)).state(t)
	}
	return open, until
}

// Add returns the first moment at which the desk has been open for d since t. If d is over
// exactly at the end of an opening, this is the end, and not the beginning of the next opening.
// If the desk is not open for so long within lookAhead years, it is their end or later.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time {
	if c.Always() || d <= 0 {
		return t.Add(d)
	}
	o := c.covering(t, t)
	if o.until(t)+d > o.total {
		o = c.covering(t, t.AddDate(lookAhead, 0, 0))
	}
	return o.at(o.until(t) + d)
}

// lookAhead bounds the search for openings, in years.
const lookAhead = 5

// Between returns how long the desk is open from a to b; 0 if b is not after a.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	switch {
	case !b.After(a):
		return 0
	case c.Always():
		return b.Sub(a)
	}
	o := c.covering(a, b)
	return o.until(b) - o.until(a)
}

// AddDays returns when n working days after t have passed. If the desk is closed at t, it
// counts from the next opening. The result is the same time of day on the n-th later working
// day, moved into the openings of that day: from a gap to the beginning of the next opening,
// from after the last opening to its end.
//
// A working day is one on which an opening begins. An opening over midnight belongs to the day
// on which it begins; where two overlap, the time belongs to the one that began first. So the
// desk is open for some time between t and the result, and a later t never has an earlier
// result. If lookAhead years have fewer working days, the result is their end or later. A desk
// that is always open counts 24 h a day.
func (c *Calendar) AddDays(t time.Time, n int) time.Time {
	if n <= 0 || c.Always() {
		return t.Add(time.Duration(max(n, 0)) * 24 * time.Hour)
	}
	if end, ok := c.covering(t, t).addDays(t, n, c.zone); ok {
		return end
	}
	o := c.covering(t, t.AddDate(lookAhead, 0, 0))
	if end, ok := o.addDays(t, n, c.zone); ok {
		return end
	}
	return newYear(o.last + 1)
}

// HolidaysBetween returns the holidays from a to b, both included, as "2026-12-25". Days of the
// week on which the desk never opens are left out.
func (c *Calendar) HolidaysBetween(a, b time.Time) []string {
	if c.Always() {
		return nil
	}
	var found []string
	last := wallClock(b, c.zone).Format(time.DateOnly)
	for day := wallClock(a, c.zone); day.Format(time.DateOnly) <= last; day = day.AddDate(0, 0, 1) {
		if date := day.Format(time.DateOnly); c.holidays[date] && len(c.hours.Week[day.Weekday()]) > 0 {
			found = append(found, date)
		}
	}
	return found
}

// OpensOn reports whether the desk ever opens on a day of the week.
func (c *Calendar) OpensOn(day time.Weekday) bool { return c.Always() || len(c.hours.Week[day]) > 0 }
