package desk

import (
	"context"
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
	own.offers.asked = map[string]int{}
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
