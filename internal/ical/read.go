package ical

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"supporty/internal/duty"
)

// Reader reads the shifts of a calendar that another program writes.
type Reader struct {
	Zone        *time.Location    // of times that name none
	People      map[string]string // ids of people, by how the calendar calls them: an address or a name, in lower case
	From, Until time.Time         // shifts that touch this period are read; the others are left out
}

// Reading is what was read of a calendar.
type Reading struct {
	Shifts  []duty.Shift // in the order of their beginnings
	Unknown []string     // how the calendar calls those whom People does not have, each once
	Skipped int          // events whose times or repetitions are not understood
}

// Bounds of what is read.
const (
	mostShifts  = 5000
	mostUnknown = 20
	mostSteps   = 200_000 // of repetitions, in all
)

// The reasons for which a calendar is refused.
var (
	ErrNoCalendar = errors.New("it is not a calendar")
	ErrTooMany    = errors.New("it has too many shifts")
)

// Read reads a calendar. Events that are cancelled, or too short, or for nobody whom People has, are no
// shifts. It ends with ctx.
func (r Reader) Read(ctx context.Context, text string) (Reading, error) {
	calendar, err := ics.ParseCalendarWithOptions(strings.NewReader(text), ics.WithUnknownPropertyHandler(ics.AcceptUnknownPropertyHandler))
	if err != nil {
		return Reading{}, fmt.Errorf("%w: %w", ErrNoCalendar, err)
	}
	if len(calendar.Components) == 0 && len(calendar.CalendarProperties) == 0 {
		return Reading{}, ErrNoCalendar
	}
	run := reading{Reader: r, steps: mostSteps}
	for _, e := range calendar.Events() {
		run.note(e)
	}
	for _, e := range calendar.Events() {
		if err := ctx.Err(); err != nil {
			return Reading{}, err
		}
		if err := run.add(e); err != nil {
			return Reading{}, err
		}
	}
	slices.SortStableFunc(run.Shifts, func(a, b duty.Shift) int { return a.From.Compare(b.From) })
	return run.Reading, nil
}

type reading struct {
	Reader
	Reading
	moved map[string][]time.Time // by uid: when repetitions would begin that stand as events of their own
	steps int                    // that are left
}

// note keeps which repetition an event stands for.
func (r *reading) note(e *ics.VEvent) {
	p := e.GetProperty(ics.ComponentPropertyRecurrenceId)
	if p == nil {
		return
	}
	if at, err := r.when(p); err == nil {
		if r.moved == nil {
			r.moved = map[string][]time.Time{}
		}
		r.moved[e.Id()] = append(r.moved[e.Id()], at)
	}
}

// add adds the shifts of an event.
func (r *reading) add(e *ics.VEvent) error {
	if p := e.GetProperty(ics.ComponentPropertyStatus); p != nil && strings.EqualFold(p.Value, "CANCELLED") {
		return nil
	}
	begin, long, err := r.span(e)
	if err != nil {
		r.Skipped++
		return nil
	}
	if long <= 0 {
		return nil
	}
	begins, err := r.begins(e, begin, long)
	switch {
	case errors.Is(err, ErrTooMany):
		return err
	case err != nil:
		r.Skipped++
		return nil
	}
	var person string
	for _, at := range begins {
		until := later(at, long)
		if !at.Before(r.Until) || !until.After(r.From) {
			continue
		}
		if person == "" {
			if person = r.person(e); person == "" {
				return nil
			}
		}
		if len(r.Shifts) == mostShifts {
			return ErrTooMany
		}
		r.Shifts = append(r.Shifts, duty.Shift{Person: person, From: at.UTC(), Until: until.UTC()})
	}
	return nil
}

// person is whose shift an event is. Who is invited stands before who is in the title. It is empty for
// nobody who is known.
func (r *reading) person(e *ics.VEvent) string {
	called := attendees(e)
	for _, name := range called {
		if id := r.People[strings.ToLower(name)]; id != "" {
			return id
		}
	}
	title := ""
	if p := e.GetProperty(ics.ComponentPropertySummary); p != nil {
		title = strings.TrimSpace(ics.FromText(p.Value))
	}
	if id := r.named(title); id != "" {
		return id
	}
	if title = strings.TrimSpace(append(called, title)[0]); title != "" && !slices.Contains(r.Unknown, title) && len(r.Unknown) < mostUnknown {
		r.Unknown = append(r.Unknown, title)
	}
	return ""
}

// attendees are the addresses and names of those who are invited.
func attendees(e *ics.VEvent) (called []string) {
	for _, p := range e.GetProperties(ics.ComponentPropertyAttendee) {
		address := p.Value
		if scheme, rest, ok := strings.Cut(address, ":"); ok && strings.EqualFold(scheme, "mailto") {
			address = rest
		}
		if address = strings.TrimSpace(address); address != "" {
			called = append(called, address)
		}
		for _, name := range p.ICalParameters[string(ics.ParameterCn)] {
			if name != "" {
				called = append(called, name)
			}
		}
	}
	return called
}

// named is who is named in a title, as whole words: of several the longest name, and of those of one
// length the first by the alphabet.
func (r *reading) named(title string) (id string) {
	title = strings.ToLower(title)
	best := ""
	for name, who := range r.People {
		longer := len(name) > len(best) || len(name) == len(best) && name < best
		if longer && hasWords(title, name) {
			best, id = name, who
		}
	}
	return id
}

// hasWords reports whether a text has a name that is not a part of a longer word.
func hasWords(text, name string) bool {
	if name == "" {
		return false
	}
	for from := 0; ; {
		at := strings.Index(text[from:], name)
		if at < 0 {
			return false
		}
		at += from
		if !endsInWord(text[:at]) && !beginsWithWord(text[at+len(name):]) {
			return true
		}
		from = at + 1
	}
}
