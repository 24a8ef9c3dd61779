package duty

import (
	"math"
	"time"

	"supporty/internal/sla"
)

// Kind is what an hour on duty counts as.
type Kind string

// The kinds of hours. They are part of the format of the export.
const (
	Working Kind = "hours"   // of a day on which the desk opens
	Weekend Kind = "weekend" // of a day of the week on which it never opens
	Holiday Kind = "holiday"
)

// Days tell what kind a day is.
type Days struct {
	Zone  *time.Location
	Hours *sla.Calendar // of the desk; nil is always open: then Saturday and Sunday are the weekend
}

// Part is a part of a shift whose hours are all of one kind.
type Part struct {
	Kind Kind
	Shift
}

// Long is how long a part took, also if the clocks changed meanwhile.
func (s Shift) Long() time.Duration { return s.Until.Sub(s.From) }

// Parts cuts a shift where the kind of the day changes. The shift has an end.
func (d Days) Parts(s Shift) (parts []Part) {
	for t := s.From; t.Before(s.Until); {
		kind, until := d.Of(t), sooner(d.midnight(t), s.Until)
		if last := len(parts) - 1; last >= 0 && parts[last].Kind == kind {
			parts[last].Until = until
		} else {
			parts = append(parts, Part{kind, Shift{Person: s.Person, From: t, Until: until}})
		}
		t = until
	}
	return parts
}

// midnight is the end of the day of a moment.
func (d Days) midnight(t time.Time) time.Time {
	y, m, day := t.In(d.Zone).Date()
	return sla.AtWallClock(time.Date(y, m, day+1, 0, 0, 0, 0, time.UTC), d.Zone)
}

// Of returns the kind of the day of a moment.
func (d Days) Of(t time.Time) Kind {
	weekday := t.In(d.Zone).Weekday()
	if d.Hours.Always() {
		if weekday == time.Saturday || weekday == time.Sunday {
			return Weekend
		}
		return Working
	}
	switch {
	case len(d.Hours.HolidaysBetween(t, t)) > 0:
		return Holiday
	case !d.Hours.OpensOn(weekday):
		return Weekend
	}
	return Working
}

// Rates are what is paid. Zero is nothing.
type Rates struct {
	Hour, Weekend, Holiday float64 // for an hour, by the kind of its day
	Page                   float64 // for being called once
	Before, After          string  // how the currency is written, such as "£", or " EUR"
}

// Any reports whether anything is paid.
func (r Rates) Any() bool { return r.Hour+r.Weekend+r.Holiday+r.Page > 0 }

// Of is what hours of a kind cost, in whole cents.
func (r Rates) Of(kind Kind, long time.Duration) float64 {
	rate := r.Hour
	switch {
	case kind == Weekend && r.Weekend > 0, kind == Holiday && r.Holiday == 0 && r.Weekend > 0:
		rate = r.Weekend
	case kind == Holiday && r.Holiday > 0:
		rate = r.Holiday
	}
	return math.Round(rate*long.Hours()*100) / 100
}

// Sum is what is paid for a load. The hours of each kind are added up before they are rounded, so it can
// differ by cents from the sum of the parts of shifts.
func (r Rates) Sum(l Load) float64 {
	sum := float64(l.Pages) * r.Page
	for kind, long := range l.Hours {
		sum += r.Of(kind, long)
	}
	return sum
}
