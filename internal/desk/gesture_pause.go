package desk

import (
	"context"
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
	at := sla.AtWallClock(day.Truncate(24*time.Hour).Add(reviewHour), zoneOf(owner))
	switch {
	case !at.After(g.Now):
		return time.Time{}, ticket.Errorf(ticket.Invalid, "Choose a day that is still to come.").At(FieldReview)
	case at.Sub(g.Now) > farthest:
		return time.Time{}, ticket.Errorf(ticket.Invalid, "That is more than a year away.").At(FieldReview)
	}
	return at.UTC(), nil
}

// zoneOf is where somebody lives; UTC if that is not known.
func zoneOf(p Person) *time.Location {
	if zone, err := time.LoadLocation(p.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// Resume ends a pause.
func (d *Desk) Resume(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.Resumed, ticket.Details{})
}
