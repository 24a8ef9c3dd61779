package desk

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Query is what somebody looks for.
type Query struct {
	Words  []string      // as they were typed, in any order; none for all that the filter selects
	Number ticket.Number // a ticket that they name, which is found in any case; 0 for none
	Filter Filter        // its Limit is not used
	Page   int           // of FoundPage tickets, from 0
	Typing bool          // the last word may not be complete yet
}

// Found is a page of what was found.
type Found struct {
	Tickets  []Summary
	Total    int  // on all pages
	More     bool // there are more than Total, which are older
	Loose    bool // no ticket has all words; these have some of them
	Narrower bool // they may see only what is theirs
	Query    Query
}

// Limits of a search. What is found beyond mostFound is older and no more alike: people add a
// word then.
const (
	FoundPage = 10
	mostFound = 200
)

// Match is a ticket that a search found.
type Match struct {
	Number   ticket.Number
	OpenedAt time.Time
	Likeness float64 // greater is more alike; 0 for all if no words were asked for
}

// Search is what is needed to find tickets by their words.
type Search interface {
	// Match returns tickets with all of some words, or with some of them, the newest at
	// most; not in any order.
	Match(ctx context.Context, q Query, all bool, limit int) ([]Match, error)
	// Summaries returns the tickets with these numbers that a filter selects, in their order.
	Summaries(ctx context.Context, numbers []ticket.Number, f Filter) ([]Summary, error)
	// Avoided stores, once for a form, that a ticket made another one needless.
	Avoided(ctx context.Context, form string, n ticket.Number, at time.Time) error
}

// Search returns the tickets that a person looks for, as far as they may see them: the most
// alike and newest first.
func (d *Desk) Search(ctx context.Context, reader string, q Query, now time.Time) (Found, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Found{}, err
	}
	found := Found{Query: q}
	q.Filter, found.Narrower = d.visibleTo(p, q.Filter)
	found, err = d.lookFor(ctx, found, q, now)
	if err == nil && found.Total == 0 && q.Number > 0 && len(q.Words) == 0 { // it may be a number that a ticket says
		q.Words, q.Number = []string{fmt.Sprint(int64(q.Number))}, 0
		return d.lookFor(ctx, found, q, now)
	}
	return found, err
}

// lookFor completes what is found by a query.
func (d *Desk) lookFor(ctx context.Context, found Found, q Query, now time.Time) (Found, error) {
	matches, loose, err := d.match(ctx, q)
	if err != nil {
		return Found{}, orUnavailable(err, "looking for tickets")
	}
	numbers := ranked(matches, now)
	if found.Loose, found.More = loose, len(numbers) >= mostFound; q.Number > 0 {
		numbers = slices.Insert(slices.DeleteFunc(numbers, func(n ticket.Number) bool { return n == q.Number }), 0, q.Number)
	}
	found.Tickets, found.Total, err = d.page(ctx, numbers, q)
	return found, orUnavailable(err, "reading what was found")
}

// match looks for tickets with all words. If there are none, it looks for some of the words.
func (d *Desk) match(ctx context.Context, q Query) (matches []Match, loose bool, err error) {
	if len(q.Words) == 0 && q.Number > 0 {
		return nil, false, nil
	}
	matches, err = d.search.Match(ctx, q, true, mostFound)
	if err != nil || len(matches) > 0 || len(q.Words) < 2 {
		return matches, false, err
	}
	matches, err = d.search.Match(ctx, q, false, mostFound)
	return matches, len(matches) > 0, err
}

// page reads the tickets of a page. A ticket that was named, and is not there or may not be
// seen, is left out.
func (d *Desk) page(ctx context.Context, numbers []ticket.Number, q Query) ([]Summary, int, error) {
	total := len(numbers)
	from := min(q.Page*FoundPage, total)
	list, err := d.search.Summaries(ctx, numbers[from:min(from+FoundPage, total)], q.Filter)
	hideWithheld(list)
	if from == 0 && q.Number > 0 && !slices.ContainsFunc(list, func(s Summary) bool { return s.Number == q.Number }) {
		total--
	}
	return list, total, err
}

// halfLife is how old a ticket is that counts half as much as a new one that is as much alike.
const halfLife = 180 * 24 * time.Hour

// ranked are the numbers of matches, the best first. A ticket counts for half its likeness
// however old it is: a good match of last year is better than a bad one of today.
func ranked(matches []Match, now time.Time) []ticket.Number {
	worth := func(m Match) float64 {
		age := max(0, now.Sub(m.OpenedAt))
		return m.Likeness * (0.5 + 0.5*math.Exp2(-float64(age)/float64(halfLife)))
	}
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(worth(b), worth(a)), b.OpenedAt.Compare(a.OpenedAt), cmp.Compare(b.Number, a.Number))
	})
	var numbers []ticket.Number
	for _, m := range matches {
		numbers = append(numbers, m.Number)
	}
	return numbers
}

// visibleTo narrows a filter to what a person may see. It reports whether that is only what is
// theirs, and less than they asked for.
func (d *Desk) visibleTo(p Person, f Filter) (Filter, bool) {
	f.Private = p.reader()
	channels := p.ReadableChannels()
	switch {
	case f.Person == p.ID:
		return f, false
	case len(channels) == 0:
		f.Person = p.ID
		return f, true
	case d.scattered:
		f.Readable = &Readable{Channels: channels, Reader: p.ID}
	}
	return f, false
}

func hideWithheld(list []Summary) {
	for i := range list {
		if list[i].Withheld {
			list[i].Title = ""
		}
	}
}
