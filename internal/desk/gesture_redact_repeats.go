package desk

import (
	"context"
	"strings"

	"supporty/internal/ticket"
)

// How a ticket was solved is posted as an answer in tickets like it: see SayAsBefore. What disappears
// from the ticket disappears there too.

// asIn begins an answer that tells how an earlier ticket was solved.
func asIn(earlier ticket.Number) string { return "As in " + earlier.String() + ": " }

// redactRepeats removes words of a ticket from the answers in other tickets that repeat its solution;
// empty words remove all of each answer. It does nothing if the actor may not do the gesture, which then
// says so. It comes before the gesture: if it is cut off, the same gesture does the rest.
func (d *Desk) redactRepeats(ctx context.Context, g Gesture, kind ticket.Kind, words string) error {
	p, err := d.actor(ctx, g.Actor)
	if err != nil {
		return err
	}
	r, err := d.Find(ctx, g.Ticket)
	if err != nil || permit(ticket.Entry{Kind: kind, Actor: g.Actor}, p, r.Ticket) != nil {
		return err
	}
	others, err := d.answers.Repeating(ctx, g.Ticket)
	if err != nil {
		return orUnavailable(err, "looking for answers that repeat a solution")
	}
	for _, other := range others {
		_, _, err := d.change(ctx, other, "redacting", func(before Record) (Change, error) {
			return d.decideRepeat(ctx, before, p, g, words)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// decideRepeat has the answers that repeat the solution of the gesture's ticket deleted, and what is
// left of them posted anew.
func (d *Desk) decideRepeat(ctx context.Context, before Record, p Person, g Gesture, words string) (Change, error) {
	c, err := d.decide(ctx, before, micros(g.Now), nil, ticket.Entry{
		Kind: ticket.Redacted, Actor: g.Actor, Role: roleOf(p, before.Ticket), Gesture: g.By,
		HappenedAt: moment(g, before), RecordedAt: micros(g.Now),
	})
	if err != nil {
		return Change{}, err
	}
	c.Key, c.Redaction = g.Key+":"+before.Ticket.Number.String(), &Redaction{}
	gone := c.removeNotices(true, func(n *Posted) bool {
		return n.redact(func(_, text string) string {
			rest, repeats := strings.CutPrefix(text, asIn(g.Ticket))
			switch {
			case !repeats:
				return text
			case words == "":
				return ticket.RedactedMark
			}
			return asIn(g.Ticket) + redact(rest, words)
		})
	})
	if c.Card = CardSame; gone == 0 {
		return Change{}, nil
	}
	return c, nil
}
