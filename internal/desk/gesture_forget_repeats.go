package desk

import (
	"context"
	"time"

	"supporty/internal/ticket"
)

// decideForgettingRepeat removes a person's words from the answers in a ticket that repeat how
// another one was solved, and returns how many messages of the bot go.
func (d *Desk) decideForgettingRepeat(ctx context.Context, before Record, solved ticket.Number, texts personalTexts, now time.Time) (Change, int, error) {
	c, err := d.decide(ctx, before, micros(now), nil, forgotten(before, now))
	if err != nil {
		return Change{}, 0, err
	}
	c.Redaction = &Redaction{}
	gone := c.removeRepeats(solved, c.After.LivesOn(c.Now), func(solution string) string {
		left := texts.stripSolution(solution)
		if left == "" {
			return ""
		}
		return asIn(solved) + left
	})
	if gone == 0 {
		return Change{}, 0, nil
	}
	return c, gone, nil
}

// traceRepeats counts the messages in other tickets that repeat words of a person with the solution
// of a ticket.
func (d *Desk) traceRepeats(ctx context.Context, r Record, f Forgetting, now time.Time) (found int, err error) {
	return d.inRepeats(ctx, r, f, func(other ticket.Number, texts personalTexts) (gone int, err error) {
		before, err := d.Find(ctx, other)
		if err == nil {
			_, gone, err = d.decideForgettingRepeat(ctx, before, r.Ticket.Number, texts, now)
		}
		return gone, err
	})
}

// forgetRepeats removes them. It comes before the words go from the ticket itself: if it is cut off,
// forgetting again does the rest.
func (d *Desk) forgetRepeats(ctx context.Context, r Record, f Forgetting, now time.Time) (found int, err error) {
	return d.inRepeats(ctx, r, f, func(other ticket.Number, texts personalTexts) (gone int, err error) {
		_, _, err = d.change(ctx, other, "forgetting somebody in", func(before Record) (c Change, err error) {
			c, gone, err = d.decideForgettingRepeat(ctx, before, r.Ticket.Number, texts, now)
			return c, err
		})
		return gone, err
	})
}

// inRepeats calls do for each ticket that repeats the solution of one with words of a person. It
// returns the sum of the results.
func (d *Desk) inRepeats(ctx context.Context, r Record, f Forgetting, do func(other ticket.Number, texts personalTexts) (int, error)) (sum int, err error) {
	texts := f.textsIn(r)
	if len(texts.whole)+len(texts.solutions) == 0 {
		return 0, nil
	}
	others, err := d.answers.Repeating(ctx, r.Ticket.Number)
	if err != nil {
		return 0, orUnavailable(err, "looking for answers that repeat a solution")
	}
	for _, other := range others {
		n, err := do(other, texts)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// stripSolution is what is left of how a ticket was solved; "" of one that is not stored any more
// and that others wrote.
func (p personalTexts) stripSolution(text string) string {
	if p.solutions[text] || text == "" && len(p.solutions) > 0 {
		return ticket.RedactedMark
	}
	return p.strip("", text)
}
