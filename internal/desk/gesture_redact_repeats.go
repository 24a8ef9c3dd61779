package desk

import (
	"context"
	"slices"
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
	gone := c.removeRepeats(g.Ticket, true, func(solution string) string {
		if words == "" {
			return ticket.RedactedMark
		}
		return asIn(g.Ticket) + redact(solution, words)
	})
	if gone == 0 {
		return Change{}, nil
	}
	return c, nil
}

// removeRepeats deletes the answers that repeat the solution of a ticket and of which rest leaves
// something else, and has that posted anew if anew is true. An answer whose words are not stored any
// more repeats the solution "", for which rest returns "" if it may stay. It returns how many
// messages go.
func (c *Change) removeRepeats(solved ticket.Number, anew bool, rest func(solution string) string) (gone int) {
	c.Card = CardSame
	return c.removeNotices(anew, func(p *Posted) bool {
		had := p.redact(func(_, text string) string {
			solution, repeats := strings.CutPrefix(text, asIn(solved))
			if !repeats {
				return text
			}
			return rest(solution)
		})
		return had || p.Text == "" && c.After.answersAsIn(solved, *p) && rest("") != ""
	})
}

// answersAsIn reports whether a message is a copy of an answer that repeats the solution of a ticket.
func (r Record) answersAsIn(solved ticket.Number, p Posted) bool {
	return slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Kind == ticket.Replied && e.Answer == solved.String() && p.repeats(e.Message)
	})
}
