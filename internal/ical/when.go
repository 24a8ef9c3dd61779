package ical

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
)

var errTime = errors.New("not a time")

const (
	dateForm = "20060102"
	timeForm = "20060102T150405"
)

// when reads a time: in UTC, in a zone that it names, or in the reader's. A date is its midnight. A zone
// is known by its name alone; that of an unknown one is an error, since a wrong time is worse than none.
func (r Reader) when(p *ics.IANAProperty) (time.Time, error) {
	all, err := r.times(p)
	if err != nil || len(all) != 1 {
		return time.Time{}, errTime
	}
	return all[0], nil
}

// times reads the times of a property, with commas between them.
func (r Reader) times(p *ics.IANAProperty) (all []time.Time, err error) {
	zone := r.Zone
	if names := p.ICalParameters[string(ics.ParameterTzid)]; len(names) > 0 {
		if zone, err = zoneOf(names[0]); err != nil {
			return nil, err
		}
	}
	for value := range strings.SplitSeq(p.Value, ",") {
		t, err := read(strings.TrimSpace(value), zone)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

func read(value string, zone *time.Location) (t time.Time, err error) {
	switch {
	case len(value) == len(dateForm):
		t, err = time.ParseInLocation(dateForm, value, zone)
	case strings.HasSuffix(value, "Z"):
		t, err = time.ParseInLocation(timeForm, strings.TrimSuffix(value, "Z"), time.UTC)
	default:
		t, err = time.ParseInLocation(timeForm, value, zone)
	}
	if err != nil || t.Year() < 1 {
		return time.Time{}, errTime
	}
	return t, nil
}

// zoneOf is a zone by its name. Some programs write their own prefix before it.
func zoneOf(name string) (*time.Location, error) {
	name = strings.Trim(name, `"/ `)
	for parts := strings.Split(name, "/"); len(parts) > 0; parts = parts[1:] {
		if z, err := time.LoadLocation(strings.Join(parts, "/")); err == nil && !strings.EqualFold(parts[0], "local") && parts[0] != "" {
			return z, nil
		}
	}
	return nil, errTime
}

// span is when an event begins, and how long it is by the wall clock of its zone: a week ends at the same
// time of day also if the clocks change meanwhile.
func (r Reader) span(e *ics.VEvent) (begin time.Time, long time.Duration, err error) {
	start := e.GetProperty(ics.ComponentPropertyDtStart)
	if start == nil {
		return begin, 0, errTime
	}
	if begin, err = r.when(start); err != nil {
		return begin, 0, err
	}
	if p := e.GetProperty(ics.ComponentPropertyDuration); p != nil {
		long, err = length(p.Value)
		return begin, long, err
	}
	p := e.GetProperty(ics.ComponentPropertyDtEnd)
	switch {
	case p == nil && len(start.Value) == len(dateForm):
		return begin, 24 * time.Hour, nil
	case p == nil:
		return begin, 0, nil
	}
	end, err := r.when(p)
	if err != nil {
		return begin, 0, err
	}
	return begin, wall(end.In(begin.Location())).Sub(wall(begin)), nil
}

// wall is the wall clock of a time, as a time in UTC.
func wall(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// later is the time whose wall clock, in the zone of t, is so much later.
func later(t time.Time, long time.Duration) time.Time {
	w := wall(t).Add(long)
	y, m, d := w.Date()
	return time.Date(y, m, d, w.Hour(), w.Minute(), w.Second(), 0, t.Location())
}

// length reads a duration such as P1W, P1DT12H or PT30M.
func length(value string) (long time.Duration, err error) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(value), "+"), "P")
	if !ok || rest == "" {
		return 0, errTime
	}
	units := map[rune]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	number, digits := time.Duration(0), 0
	for _, c := range rest {
		switch {
		case c == 'T' && digits == 0:
		case unicode.IsDigit(c) && c < utf8.RuneSelf && digits < 5:
			number, digits = number*10+time.Duration(c-'0'), digits+1
		case units[c] != 0 && digits > 0:
			long, number, digits = long+number*units[c], 0, 0
		default:
			return 0, errTime
		}
	}
	if digits > 0 {
		return 0, errTime
	}
	return long, nil
}

func isWord(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("@_", c)
}

func endsInWord(text string) bool {
	c, size := utf8.DecodeLastRuneInString(text)
	return size > 0 && isWord(c)
}

func beginsWithWord(text string) bool {
	c, size := utf8.DecodeRuneInString(text)
	return size > 0 && isWord(c)
}
