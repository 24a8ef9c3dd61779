package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Grateful is what is needed to deliver thanks.
type Grateful interface {
	// Thanked returns the tickets for which somebody has said thanks since a time, in the order of their
	// numbers.
	Thanked(ctx context.Context, since time.Time) ([]ticket.Number, error)
}

// ThankedTicket is a ticket for which people say thanks.
type ThankedTicket struct {
	Ticket ticket.Number `json:"ticket"`
	People []string      `json:"people"`
}

// Thank records that somebody says thanks by an emoji on the card or on a message of ours about the ticket, or
// that they took it back.
func (d *Desk) Thank(ctx context.Context, g Gesture, back bool) (Record, error) {
	kind := ticket.Thanked
	if back {
		kind = ticket.Unthanked
	}
	return d.do(ctx, g, kind, ticket.Details{})
}

// DeliverThanks tells everybody who has helped, in one direct message, for which tickets people have said
// thanks since it was told last. Next and spec are as for Digest.
func (d *Desk) DeliverThanks(ctx context.Context, spec string, next func(time.Time) time.Time, now time.Time) error {
	now = micros(now)
	const name = "thanks"
	var span ticket.Period
	var due bool
	err := d.schedules.Schedule(ctx, name, func(s Schedule) (Schedule, []Notice) {
		after, p, isDue := advance(s, spec, next, now)
		if span, due = p, isDue; due {
			return s, nil // first it is looked for what there is to tell
		}
		return after, nil
	})
	if err != nil || !due {
		return orUnavailable(err, "looking whether thanks are due")
	}
	told, err := d.thanksOf(ctx, span)
	if err != nil {
		return err
	}
	err = d.schedules.Schedule(ctx, name, func(s Schedule) (Schedule, []Notice) {
		after, p, still := advance(s, spec, next, now)
		if !still || p != span {
			return s, nil
		}
		return after, told
	})
	return orUnavailable(err, "delivering thanks")
}

// thanksOf are the messages to all who have helped in what people said thanks for in a period.
func (d *Desk) thanksOf(ctx context.Context, p ticket.Period) ([]Notice, error) {
	numbers, err := d.grateful.Thanked(ctx, p.From)
	if err != nil {
		return nil, unavailable(fmt.Errorf("looking for thanks: %w", err))
	}
	records, err := d.homes.LoadAll(ctx, numbers)
	if err != nil {
		return nil, unavailable(fmt.Errorf("reading what people said thanks for: %w", err))
	}
	var helpers []string
	of := map[string][]ThankedTicket{}
	for _, r := range records {
		if r, err = d.compute(ctx, r); err != nil {
			return nil, err
		}
		for _, helper := range r.Ticket.Helpers() {
			people := slices.DeleteFunc(r.Ticket.Thankful(p), func(person string) bool { return person == helper })
			if len(people) == 0 {
				continue
			}
			if of[helper] == nil {
				helpers = append(helpers, helper)
			}
			of[helper] = append(of[helper], ThankedTicket{Ticket: r.Ticket.Number, People: people})
		}
	}
	return thanksTo(helpers, of, p.To), nil
}

func thanksTo(helpers []string, of map[string][]ThankedTicket, due time.Time) (told []Notice) {
	for _, helper := range helpers {
		told = append(told, Notice{
			Kind: NoticeThanks, OrderingKey: "thanks:" + helper, Queue: QueueSupport, To: helper, DueAt: due, Urgency: UrgencyDigest,
			NoticeDetails: NoticeDetails{Thanked: of[helper]},
		})
	}
	return told
}
