package insight

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Enough is from how many on a share is told in percent. Below it, counts are
// told: "67 %" of three says more than is known.
const Enough = 20

// Digest is what is told about a period, and the one before it to compare with.
type Digest struct {
	Period ticket.Period
	Zone   *time.Location // in which the period's days and its week are named; nil is UTC
	Asked  bool           // for the days up to now, which are no week of the calendar's
	This   Numbers
	Last   Numbers // of Period.Before
}

// Digests makes digests from a source. It is safe for concurrent use.
type Digests struct {
	Source Source
	Zone   *time.Location // of the digests; nil is UTC
}

// Week returns the digest of a period, which usually is a week. Its error wraps
// the source's.
func (ds Digests) Week(ctx context.Context, p ticket.Period) (Digest, error) {
	d := Digest{Period: p, Zone: cmp.Or(ds.Zone, time.UTC)}
	var err error
	if d.This, err = ds.Source.Numbers(ctx, p); err != nil {
		return Digest{}, fmt.Errorf("counting the period: %w", err)
	}
	if d.Last, err = ds.Source.Numbers(ctx, p.Before(d.Zone)); err != nil {
		return Digest{}, fmt.Errorf("counting the period before: %w", err)
	}
	return d, nil
}

// What is worth a look: at least so many tickets, and for every code change at
// least so many.
const (
	lookTickets   = 3
	lookPerChange = 3
)

// LookAt returns the one category that is most worth a look: of those with at
// least three tickets and at most one code change for every three, the one with
// the most tickets, then the fewest code changes, then by name. Such a part of
// the product keeps people asking and is not getting better. It is false if
// there is none.
func (d Digest) LookAt() (Category, bool) {
	var worth []Category
	for _, c := range d.This.Categories {
		if c.Tickets >= lookTickets && c.CodeChanges*lookPerChange <= c.Tickets {
			worth = append(worth, c)
		}
	}
	if len(worth) == 0 {
		return Category{}, false
	}
	return slices.MinFunc(worth, byWeight), true
}

func byWeight(a, b Category) int {
	return cmp.Or(cmp.Compare(b.Tickets, a.Tickets), cmp.Compare(a.CodeChanges, b.CodeChanges), cmp.Compare(a.Name, b.Name))
}
