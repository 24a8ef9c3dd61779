package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// mostOthers is how many tickets are offered to choose from.
const mostOthers = 20

// Others returns the tickets that one may be the same as, as far as somebody may see them, and never
// private ones: those that a query finds. For an empty query they are those that are like it, and
// then the open ones of its category.
func (d *Desk) Others(ctx context.Context, n ticket.Number, reader string, q Query, now time.Time) ([]Summary, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return nil, err
	}
	q.Filter, _ = d.visibleTo(p, q.Filter)
	q.Filter.Private = nil
	var list []Summary
	if len(q.Words) == 0 && q.Number == 0 {
		list, err = d.othersLike(ctx, n, reader, q, now)
	} else {
		list, err = d.others(ctx, q, now)
	}
	list = slices.DeleteFunc(list, func(s Summary) bool { return s.Number == n })
	return list[:min(len(list), mostOthers)], err
}

// others are the best matches of a query, the ticket that it names first.
func (d *Desk) others(ctx context.Context, q Query, now time.Time) ([]Summary, error) {
	matches, _, err := d.match(ctx, q)
	if err != nil {
		return nil, orUnavailable(err, "looking for other tickets")
	}
	numbers := ranked(matches, now)
	if q.Number > 0 {
		numbers = slices.Insert(slices.DeleteFunc(numbers, func(n ticket.Number) bool { return n == q.Number }), 0, q.Number)
	}
	list, err := d.search.Summaries(ctx, numbers[:min(len(numbers), mostOthers+1)], q.Filter) // it may be one of them
	hideWithheld(list)
	return list, orUnavailable(err, "reading other tickets")
}

func (d *Desk) othersLike(ctx context.Context, n ticket.Number, reader string, q Query, now time.Time) ([]Summary, error) {
	r, err := d.Read(ctx, n, reader)
	if err != nil {
		return nil, err
	}
	var like []Summary
	if q.Words = titleWords(r.Ticket.Title); len(q.Words) > 0 {
		if like, err = d.others(ctx, q, now); err != nil {
			return nil, err
		}
	}
	q.Filter.Scope, q.Filter.Category, q.Filter.Limit = ScopeOpen, r.Ticket.Category, mostOthers
	open, _, err := d.list(ctx, q.Filter)
	for _, s := range open {
		if !slices.ContainsFunc(like, func(o Summary) bool { return o.Number == s.Number }) {
			like = append(like, s)
		}
	}
	return like, orUnavailable(err, "listing other tickets")
}
