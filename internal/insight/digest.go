package insight

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/deploy"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Enough is the smallest count of which a share is told in percent. Smaller counts are told
// as such: "67 %" of three would look more exact than it is.
const Enough = 20

// Comparable is the smallest count of which a share, or a time taken, is compared with that of
// the period before. What few tickets took says nothing about the next ones.
const Comparable = 5

// Digest has the numbers of a period, and of the period before, to compare.
type Digest struct {
	Period ticket.Period
	Of     Selection
	Zone   *time.Location // the time zone of the period's days and week; nil is UTC
	Asked  bool           // a person asked for the days up to now, which are no calendar week
	This   Numbers
	Last   Numbers                // of Period.Before
	Rate   Rate                   // of an hour of active time
	Work   map[string]ticket.Work // of each category that has one
	Pause  time.Duration
	Hours  *sla.Calendar // nil is always open
	Weeks  []Week        // the series that ends with the period; nil without WithWeeks
	Marks  []Mark        // of the period

	WeekMarks []Mark   // of the series
	Lessons   []Lesson // of the period; nil without WithLessons or WithWeeks
	Reads     []string // the channels whose tickets the reader may read: Lessons have the titles of these. None if it is posted
}

// Digests makes digests from a source. It is safe for concurrent use.
type Digests struct {
	Source Source
	Zone   *time.Location // of the digests; nil is UTC
	Rate   Rate
	Pause  time.Duration          // of Question
	Work   map[string]ticket.Work // of each category that has one

	Deployed deploy.Rules  // of Question
	Hours    *sla.Calendar // of Question
}

// Rate is what an hour costs, and how its currency is written. The zero Rate means that nobody
// has said so.
type Rate struct {
	Hour   float64
	Before string // such as "£"
	After  string // such as " EUR"
}

// Week returns the digest of all tickets in a period, usually a week. Its error wraps the
// source's.
func (ds Digests) Week(ctx context.Context, p ticket.Period) (Digest, error) {
	return ds.Digest(ctx, p, Selection{})
}

// Digest returns the digest of some tickets in a period. Its error wraps the source's.
func (ds Digests) Digest(ctx context.Context, p ticket.Period, of Selection) (Digest, error) {
	d := Digest{Period: p, Of: of, Zone: cmp.Or(ds.Zone, time.UTC), Rate: ds.Rate, Pause: ds.Pause, Work: ds.Work, Hours: ds.Hours}
	var err error
	if d.This, err = ds.Source.Numbers(ctx, ds.question(p, of)); err != nil {
		return Digest{}, fmt.Errorf("counting the period: %w", err)
	}
	before := ds.question(p.Before(d.Zone), of)
	before.Earlier = true
	if d.Last, err = ds.Source.Numbers(ctx, before); err != nil {
		return Digest{}, fmt.Errorf("counting the period before: %w", err)
	}
	if d.Marks, err = ds.Source.Marks(ctx, ds.question(p, of)); err != nil {
		return Digest{}, fmt.Errorf("looking for what has changed: %w", err)
	}
	return d, nil
}

func (ds Digests) question(p ticket.Period, of Selection) Question {
	return Question{Period: p, Of: of, Pause: ds.Pause, Deployed: ds.Deployed, Hours: ds.Hours}
}

// LookAt returns the category that is most worth a look, of those that are hard to understand; false if
// there is none. The category with the most tickets wins, then the one with the fewest code changes, then
// the first by name.
func (d Digest) LookAt() (Category, bool) {
	var worth []Category
	for _, c := range d.This.Categories {
		if d.This.Hard(c) {
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
