// Package duty computes who is on duty at a moment, and when that changes.
//
// The package is pure: it knows people by their ids, opening hours, and moments that it is
// given. No Slack, no SQL, no settings and no current time may enter.
package duty

import (
	"slices"
	"time"

	"supporty/internal/sla"
)

// Rota says who of a squad is on duty, and when. The zero value has nobody. A Rota is not
// changed once it is in use, so it is safe for concurrent use.
//
// Of the layers that have somebody at a moment, the last one counts, as in PagerDuty's
// schedules: https://support.pagerduty.com/docs/schedules.
type Rota struct {
	Layers    []Layer
	Absences  []Absence
	Overrides []Override // in the order in which they were made; before any layer the latest one counts
	Versions  []Version  // in order of their beginnings; the latest one that has begun counts in the place of Layers
}

// Version is layers that count from a moment on. What was before stays as it was.
type Version struct {
	From   time.Time
	Layers []Layer
}

// Override puts somebody on duty in the place of whoever the layers name.
type Override struct {
	Person      string
	From, Until time.Time // Until is exclusive
}

// Layer is a list of people who take turns. The order of the turns, and the times at which
// they end, go on while the layer is closed.
type Layer struct {
	People  []string       // ids, in the order of their turns; somebody may be in it twice
	Zone    *time.Location // of First; nil is UTC
	First   time.Time      // when the first turn begins, by the wall clock of Zone, as a time in UTC; nobody is on duty before
	Turn    time.Duration  // the length of a turn by the wall clock: a day has 24 hours; at least a minute
	Hours   *sla.Calendar  // opening hours; nil is always open
	Outside bool           // somebody is on duty while Hours are closed, and nobody while they are open
	Fixed   []Shift        // instead of turns: shifts as another program made them, all with an end, in the order of their beginnings
}

// Absence is a time in which somebody is not on duty: who comes next in the order takes the
// turn. The rest of the order stays as it is.
type Absence struct {
	Person      string
	From, Until time.Time // Until is exclusive; zero is for ever
}

// Shift is a time in which the same person is on duty. The tags are part of the database's format.
type Shift struct {
	Person string    `json:"person,omitempty"` // empty if nobody is
	From   time.Time `json:"from"`             // UTC
	Until  time.Time `json:"until,omitzero"`   // UTC, exclusive; zero if no end is in sight
}

// At returns who is on duty at a moment, empty for nobody.
func (r Rota) At(t time.Time) string { return r.piece(t).Person }

// Between lists the shifts from one moment to another, in order and without gaps. The first
// shift begins with the period, and the last ends with it, even if the person was or stays
// on duty.
func (r Rota) Between(from, until time.Time) []Shift {
	var shifts []Shift
	for t := from.UTC(); t.Before(until); {
		p := r.piece(t)
		p.Until = sooner(p.Until, until.UTC())
		if last := len(shifts) - 1; last >= 0 && shifts[last].Person == p.Person {
			shifts[last].Until = p.Until
		} else {
			shifts = append(shifts, p)
		}
		t = p.Until
	}
	return shifts
}

// ahead bounds the search for a change. Turns are at most some months long.
const ahead = 2 * 366 * 24 * time.Hour

// Now returns the shift at a moment, from that moment on, and the one after it. If nothing
// changes within two years, the shift has no end, and next is zero.
func (r Rota) Now(t time.Time) (now, next Shift) {
	now = r.change(t)
	if now.Until.IsZero() {
		return now, Shift{}
	}
	return now, r.change(now.Until)
}

// Second returns who is on duty next, after whoever is at a moment, and is there: the next person
// who has not left. It is empty if there is nobody else within two years.
func (r Rota) Second(t time.Time, left func(person string) bool) string {
	now := r.change(t)
	for next := now; !next.Until.IsZero() && next.Until.Sub(t) < ahead; {
		next = r.change(next.Until)
		if next.Person != "" && next.Person != now.Person && !left(next.Person) {
			return next.Person
		}
	}
	return ""
}

// Without returns the rota without those who would be on duty at a moment or next, and have
// left for ever. Who comes next in the order takes their turns.
func (r Rota) Without(left func(person string) bool, t time.Time) Rota {
	for {
		now, next := r.Now(t)
		switch {
		case now.Person != "" && left(now.Person):
			r.Absences = append(slices.Clip(r.Absences), Absence{Person: now.Person})
		case next.Person != "" && left(next.Person):
			r.Absences = append(slices.Clip(r.Absences), Absence{Person: next.Person})
		default:
			return r
		}
	}
}

// Change is the moment from which another person is on duty.
type Change struct {
	Person string // empty if nobody is
	At     time.Time
}

// Changes lists the changes after the last one that is known, until a moment, in order. If
// none is known, it is who is on duty at that moment. If somebody is on duty whom the changes
// of the rota do not explain, because the rota is another one now, they are from that moment
// on. If the last one is of that moment or later, somebody else has looked, and there is none.
func (r Rota) Changes(last Change, t time.Time) (changes []Change) {
	if !last.At.IsZero() && !last.At.Before(t) {
		return nil
	}
	person := last.Person
	for _, s := range r.since(last, t) {
		if s.Person != person {
			person, changes = s.Person, append(changes, Change{Person: s.Person, At: s.From})
		}
	}
	if now := r.At(t); now != person || last.At.IsZero() {
		changes = append(changes, Change{Person: now, At: t.UTC()})
	}
	return changes
}

// since lists the shifts that have begun after a change.
func (r Rota) since(last Change, t time.Time) []Shift {
	if last.At.IsZero() {
		return nil
	}
	return r.Between(last.At, t)[1:]
}

// change is the shift from a moment to the moment at which it is another person's turn.
func (r Rota) change(t time.Time) Shift {
	shift := r.piece(t)
	for !shift.Until.IsZero() && shift.Until.Sub(t) < ahead {
		p := r.piece(shift.Until)
		if p.Person != shift.Person {
			return shift
		}
		shift.Until = p.Until
	}
	shift.Until = time.Time{}
	return shift
}

// piece is a part of a shift: nothing that the rota depends on changes in it.
func (r Rota) piece(t time.Time) Shift {
	piece := r.override(t)
	if piece.Person != "" {
		return piece
	}
	layers, change := r.inForce(t)
	piece.Until = sooner(piece.Until, change)
	for _, l := range slices.Backward(layers) {
		person, until := l.at(t, r.Absences)
		piece.Until = sooner(piece.Until, until)
		if person != "" {
			piece.Person = person
			return piece
		}
	}
	return piece
}

// inForce returns the layers that count at a moment, and until when.
func (r Rota) inForce(t time.Time) (layers []Layer, until time.Time) {
	layers = r.Layers
	for _, v := range r.Versions {
		if t.Before(v.From) {
			return layers, v.From.UTC()
		}
		layers = v.Layers
	}
	return layers, time.Time{}
}

// Any reports whether anybody could be on duty at any time.
func (r Rota) Any() bool { return len(r.Layers)+len(r.Versions) > 0 }

// override is the piece of the latest override that covers a moment. It has no person if there is
// none; until its end there is none either.
func (r Rota) override(t time.Time) Shift {
	piece := Shift{From: t.UTC()}
	for _, o := range slices.Backward(r.Overrides) {
		switch {
		case !t.Before(o.Until):
			continue
		case t.Before(o.From):
			piece.Until = sooner(piece.Until, o.From.UTC())
			continue
		}
		absent, change := isAbsent(o.Person, t, r.Absences)
		piece.Until = sooner(sooner(piece.Until, change), o.Until.UTC())
		if !absent {
			piece.Person = o.Person
			return piece
		}
	}
	return piece
}

// at returns whose turn it is in a layer, and until when that is certain.
func (l Layer) at(t time.Time, absences []Absence) (person string, until time.Time) {
	if len(l.Fixed) > 0 {
		return l.fixedAt(t, absences)
	}
	if len(l.People) == 0 {
		return "", time.Time{}
	}
	turn, until := l.turn(t)
	if turn < 0 {
		return "", until
	}
	open, change := l.Hours.State(t)
	until = sooner(until, change)
	if open == l.Outside {
		return "", until
	}
	for i := range l.People {
		person := l.People[(turn+i)%len(l.People)]
		absent, change := isAbsent(person, t, absences)
		until = sooner(until, change)
		if !absent {
			return person, until
		}
	}
	return "", until
}

// turn returns the number of the turn at a moment, and its end. Before the first turn it is
// negative, and the end is the beginning of the first.
func (l Layer) turn(t time.Time) (number int, until time.Time) {
	zone := l.Zone
	if zone == nil {
		zone = time.UTC
	}
	passed := sla.Reached(t, zone).Sub(l.First)
	if passed < 0 {
		return -1, sla.AtWallClock(l.First, zone)
	}
	number = int(passed / l.Turn)
	return number, sla.AtWallClock(l.First.Add(time.Duration(number+1)*l.Turn), zone)
}

// Coming are the people of a layer in the order of their turns, from the turn after that of a moment on, and
// when that begins. The layer has people.
func (l Layer) Coming(t time.Time) (people []string, from time.Time) {
	turn, from := l.turn(t)
	next := (turn + 1) % len(l.People)
	return slices.Concat(l.People[next:], l.People[:next]), from
}

// isAbsent reports whether a person is absent at a moment, and until when that is certain.
func isAbsent(person string, t time.Time, absences []Absence) (absent bool, until time.Time) {
	for _, a := range absences {
		switch {
		case a.Person != person || !a.Until.IsZero() && !t.Before(a.Until):
		case t.Before(a.From):
			until = sooner(until, a.From)
		default:
			absent, until = true, sooner(until, a.Until)
		}
	}
	return absent, until
}

// sooner is the sooner of two ends, of which a zero one is none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
