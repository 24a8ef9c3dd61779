package desk

import (
	"context"
	"errors"
	"time"

	"supporty/internal/ticket"
)

// withCache returns a desk that asks for everything once. A sweep decides many
// tickets within one transaction: it must not ask the same for each of them. It is
// not safe for concurrent use.
func (d *Desk) withCache() *Desk {
	own := *d
	own.people = cachedPeople{d.people, map[string]Person{}}
	own.floods = cachedSimilar{d.floods, map[similarKey][]Similar{}}
	own.shifts = &cachedShifts{Shifts: d.shifts}
	own.offers.met = &metOffers{asked: map[string]int{}, among: map[string]among{}}
	return &own
}

type cachedPeople struct {
	People
	known map[string]Person
}

func (r cachedPeople) Person(ctx context.Context, id string) (Person, error) {
	if p, ok := r.known[id]; ok {
		return p, nil
	}
	p, err := r.People.Person(ctx, id)
	if err == nil {
		r.known[id] = p
	}
	return p, err
}

// met returns somebody who was asked for before, or whom a desk without a cache asks for now.
func (d *Desk) met(ctx context.Context, id string) (Person, error) {
	cached, ok := d.people.(cachedPeople)
	if !ok {
		return d.people.Person(ctx, id)
	}
	p, known := cached.known[id]
	if !known {
		return Person{}, errNotMet
	}
	return p, nil
}

var errNotMet = errors.New("it was not looked up before tickets were locked")

// cachedShifts remembers what people have changed about who is on duty.
type cachedShifts struct {
	Shifts
	overrides map[time.Time][]Override
	rotas     []MadeRota
	read      bool
}

func (r *cachedShifts) Overrides(ctx context.Context, ended time.Time) ([]Override, error) {
	if known, ok := r.overrides[ended]; ok {
		return known, nil
	}
	list, err := r.Shifts.Overrides(ctx, ended)
	if err == nil {
		r.overrides = map[time.Time][]Override{ended: list}
	}
	return list, err
}

func (r *cachedShifts) Rotas(ctx context.Context) (_ []MadeRota, err error) {
	if !r.read {
		r.rotas, err = r.Shifts.Rotas(ctx)
		r.read = err == nil
	}
	return r.rotas, err
}

type cachedSimilar struct {
	Floods
	known map[similarKey][]Similar
}

type similarKey struct {
	category, channel string
	ticket.Period
}

// Similar widens the period to full tens of minutes, so that tickets that were
// opened one soon after the other share an answer.
func (r cachedSimilar) Similar(ctx context.Context, category, channel string, p ticket.Period) ([]Similar, error) {
	const step = 10 * time.Minute
	key := similarKey{category, channel, ticket.Period{From: p.From.Truncate(step), To: p.To.Truncate(step).Add(step)}}
	if known, ok := r.known[key]; ok {
		return known, nil
	}
	similar, err := r.Floods.Similar(ctx, category, channel, key.Period)
	if err == nil {
		r.known[key] = similar
	}
	return similar, err
}
