package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// reviewAfter is when a ticket on hold is asked about, in working days of the desk's
// hours, if its owner does not say.
const reviewAfter = 5

// reviewHour is the hour of the reviews of a day, in the owner's time zone.
const reviewHour = 9 * time.Hour

// Wait pauses the ticket until its requester answers a question of the owner's, which
// is asked in the thread. Only the owner can ask.
func (d *Desk) Wait(ctx context.Context, g Gesture, question string) (Record, error) {
	question = clean(question)
	if question == "" {
		return Record{}, ticket.Errorf(ticket.Invalid, "Write what you need to know.").At(FieldQuestion)
	}
	return d.do(ctx, g, ticket.Waited, ticket.Details{Text: question})
}

// Hold pauses the ticket for something outside, until it is resumed. The owner is asked
// about it on the day of review, of which only the date counts. The zero time means
// five working days from now. It is at most a year away.
func (d *Desk) Hold(ctx context.Context, g Gesture, reason string, review time.Time) (Record, error) {
	reason = clean(reason)
	if reason == "" {
		return Record{}, ticket.Errorf(ticket.Invalid, "Say what it waits for; a link helps.").At(FieldReason)
	}
	at, err := d.reviewAt(ctx, g, review)
	if err != nil {
		return Record{}, err
	}
	return d.do(ctx, g, ticket.Held, ticket.Details{Text: reason, ReviewAt: at})
}

func (d *Desk) reviewAt(ctx context.Context, g Gesture, day time.Time) (time.Time, error) {
	if day.IsZero() {
		policy, err := d.policies.Policy(ctx, d.policies.Current())
		if err != nil {
			return time.Time{}, unavailable(err)
		}
		return micros(policy.Hours("").AddDays(g.Now, reviewAfter)), nil
	}
	owner, err := d.actor(ctx, g.Actor)
	if err != nil {
		return time.Time{}, err
	}
	at := sla.AtWallClock(day.Truncate(24*time.Hour).Add(reviewHour), owner.Location())
	switch {
	case !at.After(g.Now):
		return time.Time{}, ticket.Errorf(ticket.Invalid, "Choose a day that is still to come.").At(FieldReview)
	case at.Sub(g.Now) > farthest:
		return time.Time{}, ticket.Errorf(ticket.Invalid, "That is more than a year away.").At(FieldReview)
	}
	return at.UTC(), nil
}

// HoldUntilDone is Hold for the issue that was linked last in the thread.
func (d *Desk) HoldUntilDone(ctx context.Context, g Gesture) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	for _, l := range slices.Backward(r.Ticket.Links()) {
		if l.Kind == ticket.LinkIssue {
			return d.Hold(ctx, g, l.Name+": "+l.URL, time.Time{})
		}
	}
	return r, ticket.Errorf(ticket.Conflict, "The link to the issue is gone.")
}

// offerHold asks the owner who links an issue, once a cycle, whether the ticket is on hold until
// that is done.
func (c *Change) offerHold(r Record, e ticket.Entry) {
	told := func(p Posted) bool { return p.Kind == NoticeOfferHold && p.Cycle == r.Ticket.Cycle }
	if e.Actor != r.Ticket.Assignee || r.Ticket.State != ticket.StateClaimed || !linksIssue(e.Links) || slices.ContainsFunc(r.Posted, told) {
		return
	}
	c.enqueue(r.notice(NoticeOfferHold, e.Actor, e.RecordedAt, NoticeDetails{At: e.HappenedAt, Thread: e.Message}))
}

func linksIssue(links []ticket.Link) bool {
	return slices.ContainsFunc(links, func(l ticket.Link) bool { return l.Kind == ticket.LinkIssue })
}

// obsoleteOffer: it is on hold, or has ended, or the link was taken back.
func obsoleteOffer(n Notice, t ticket.Ticket) string {
	if t.State != ticket.StateClaimed || t.Assignee != n.To || t.Cycle != n.Cycle {
		return obsoleteMoved
	}
	return when(!linksIssue(t.LinksOf(n.Thread)), obsoleteTakenBack)
}

// Resume ends a pause.
func (d *Desk) Resume(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.Resumed, ticket.Details{})
}
