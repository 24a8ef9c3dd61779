package ical

import (
	"errors"
	"slices"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
)

var errRule = errors.New("not a rule for repetitions")

// begins lists when an event begins: once, or as often as it repeats and touches the period that is read.
// What stands as an event of its own, and what is excepted, is left out.
func (r *reading) begins(e *ics.VEvent, begin time.Time, long time.Duration) (all []time.Time, err error) {
	if e.GetProperty(ics.ComponentPropertyRecurrenceId) != nil {
		return []time.Time{begin}, nil
	}
	rules := e.GetProperties(ics.ComponentPropertyRrule)
	if len(rules) == 0 {
		all = []time.Time{begin}
	}
	for _, p := range rules {
		more, err := r.repeated(p.Value, begin, long)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	more, err := r.listed(e, ics.ComponentPropertyRdate)
	if err != nil {
		return nil, err
	}
	excepted, err := r.listed(e, ics.ComponentPropertyExdate)
	if err != nil {
		return nil, err
	}
	excepted = append(excepted, r.moved[e.Id()]...)
	for _, t := range more {
		all = append(all, t.In(begin.Location()))
	}
	return slices.DeleteFunc(all, func(t time.Time) bool { return slices.ContainsFunc(excepted, t.Equal) }), nil
}

// listed are the times of all properties of a kind.
func (r *reading) listed(e *ics.VEvent, kind ics.ComponentProperty) (all []time.Time, err error) {
	for _, p := range e.GetProperties(kind) {
		times, err := r.times(p)
		if err != nil {
			return nil, err
		}
		all = append(all, times...)
	}
	return all, nil
}

// repeated lists the repetitions by a rule that touch the period. A rule without an end is followed to the
// end of the period. One that would take long to follow is refused.
func (r *reading) repeated(rule string, begin time.Time, long time.Duration) (all []time.Time, err error) {
	if len(rule) > longestRule {
		return nil, errRule
	}
	o, err := rrule.StrToROptionInLocation(rule, begin.Location())
	if err != nil || !isFollowed(*o) {
		return nil, errRule
	}
	o.Dtstart = begin
	if o.Until.IsZero() || o.Until.After(r.Until) {
		o.Until = r.Until
	}
	set, err := rrule.NewRRule(*o)
	if err != nil {
		return nil, errRule
	}
	next := set.Iterator()
	for t, ok := next(); ok && t.Before(r.Until); t, ok = next() {
		if r.steps--; r.steps < 0 {
			return nil, ErrTooMany
		}
		if later(t, long).After(r.From) {
			all = append(all, t)
		}
		if len(all) > mostShifts {
			return nil, ErrTooMany
		}
	}
	return all, nil
}

// Bounds of rules that are followed.
const (
	longestRule  = 500
	longestEvery = 1000 // of so many days, weeks or others
	mostTimes    = 100  // of the day
)

// isFollowed reports whether the repetitions of a rule can be found without trying every moment of
// thousands of years.
func isFollowed(o rrule.ROption) bool {
	times := max(len(o.Byhour), 1) * max(len(o.Byminute), 1) * max(len(o.Bysecond), 1)
	if o.Interval < 0 || o.Interval > longestEvery || times > mostTimes {
		return false
	}
	switch o.Freq {
	case rrule.YEARLY, rrule.MONTHLY, rrule.WEEKLY, rrule.DAILY:
		return true
	case rrule.HOURLY:
		rare := len(o.Bymonth) + len(o.Bymonthday) + len(o.Byyearday) + len(o.Byweekno) + len(o.Bysetpos) + len(o.Byeaster)
		return rare == 0 && (o.Interval <= 1 || len(o.Byhour) == 0)
	case rrule.MINUTELY, rrule.SECONDLY:
	}
	return false
}
