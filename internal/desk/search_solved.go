package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"supporty/internal/ticket"
)

// How much is read to find how tickets like one were solved, and how much is offered of it.
const (
	mostTitleWords   = 12
	mostLikeRead     = 20
	mostSolvedBefore = 3
)

// SolvedBefore returns tickets like one, of its category, whose resolvers wrote down how they
// were solved: the most alike and newest first. It leaves out what the reader may not see,
// private tickets in any case, and what was withheld or redacted.
func (d *Desk) SolvedBefore(ctx context.Context, reader string, like Record, now time.Time) ([]Record, error) {
	words := titleWords(like.Ticket.Title)
	if len(words) == 0 {
		return nil, nil
	}
	p, err := d.actor(ctx, reader)
	if err != nil {
		return nil, err
	}
	f, _ := d.visibleTo(p, Filter{Scope: ScopeEnded, State: ticket.StateResolved, Category: like.Ticket.Category})
	f.Private = nil
	matches, err := d.search.Match(ctx, Query{Words: words, Filter: f}, false, mostFound)
	if err != nil {
		return nil, orUnavailable(err, "looking for tickets like one")
	}
	numbers := slices.DeleteFunc(ranked(matches, now), func(n ticket.Number) bool { return n == like.Ticket.Number })
	stored, err := d.homes.LoadAll(ctx, numbers[:min(len(numbers), mostLikeRead)])
	if err != nil {
		return nil, orUnavailable(err, "loading tickets like one")
	}
	return d.withSolutions(ctx, p, stored)
}

// withSolutions are the first records with a solution that a person may be told.
func (d *Desk) withSolutions(ctx context.Context, p Person, stored []Record) (first []Record, err error) {
	for _, r := range stored {
		if r, err = d.compute(ctx, r); err != nil {
			return nil, err
		}
		if tellsSolution(p, r.Ticket) && len(first) < mostSolvedBefore {
			first = append(first, r)
		}
	}
	return first, nil
}

// tellsSolution reports whether a person may be told how a ticket was solved, and it says so.
func tellsSolution(p Person, t ticket.Ticket) bool {
	return t.State == ticket.StateResolved && t.Resolution != "" && !t.Private() && !t.Withheld &&
		!strings.Contains(t.Resolution, ticket.RedactedMark) && MayRead(p, t)
}

// titleWords are the words of a title, as a search asks for them.
func titleWords(title string) []string {
	words := strings.FieldsFunc(title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return words[:min(len(words), mostTitleWords)]
}

// SayAsBefore posts how an earlier ticket was solved as an answer in the ticket's thread, as Say
// does. The error says so if the actor may not see that ticket, or it tells no solution any more.
func (d *Desk) SayAsBefore(ctx context.Context, g Gesture, earlier ticket.Number) (Record, error) {
	p, err := d.actor(ctx, g.Actor)
	if err != nil {
		return Record{}, err
	}
	r, err := d.Find(ctx, earlier)
	if ticket.CodeOf(err) == ticket.Unavailable {
		return Record{}, err
	}
	if err != nil || !tellsSolution(p, r.Ticket) {
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose another answer. %s does not tell any more how it was solved.", earlier).At(FieldAnswer)
	}
	return d.say(ctx, g, earlier.String(), asIn(earlier)+r.Ticket.Resolution)
}
