package desk

import (
	"context"
	"fmt"
	"time"

	"supporty/internal/ticket"
)

// A flood is so many tickets of one category in one channel within so short a time that they are
// probably about one thing. Then nobody is called in each of their threads; the
// channel is told of all of them together.
const (
	floodTickets = 5
	floodWithin  = 10 * time.Minute
	floodEvery   = 10 * time.Minute // so often the channel is told at most
)

// Similar is a ticket of the same category as another, as far as a flood needs it.
type Similar struct {
	Number   ticket.Number
	OpenedAt time.Time
	DueAt    time.Time // zero if nothing is due, as things are
	EndedAt  time.Time // zero while it has not ended
}

// Flood sums up the tickets of a flood.
type Flood struct {
	Category string `json:"category"`
	Tickets  int    `json:"tickets"`
	Open     int    `json:"open"`
	Late     int    `json:"late"` // of those that are open
}

// flooded returns the flood of a ticket that was opened at a time: the largest group
// within floodWithin that includes that time, nil if it is too small. Similar must be
// in the order of opening. A sweep asks for each ticket of a flood, so each is looked
// at once.
func flooded(similar []Similar, at time.Time) []Similar {
	var flood []Similar
	end := 0
	for i, first := range similar {
		if first.OpenedAt.After(at) {
			break
		}
		for end < len(similar) && similar[end].OpenedAt.Sub(first.OpenedAt) <= floodWithin {
			end++
		}
		if at.Sub(first.OpenedAt) <= floodWithin && end-i >= floodTickets && end-i > len(flood) {
			flood = similar[i:end]
		}
	}
	return flood
}

// flood looks for the flood that a ticket is part of. A private one is part of none.
func (d *Desk) flood(ctx context.Context, t ticket.Ticket) ([]Similar, error) {
	if t.Private() {
		return nil, nil
	}
	similar, err := d.floods.Similar(ctx, t.Category, t.Channel, ticket.Period{From: t.OpenedAt.Add(-floodWithin), To: t.OpenedAt.Add(floodWithin)})
	if err != nil {
		return nil, fmt.Errorf("looking for a flood: %w", err)
	}
	return flooded(similar, t.OpenedAt), nil
}

// postFlood enqueues a line about a flood for the channel, unless the channel has just
// had one.
func (d *Desk) postFlood(ctx context.Context, t ticket.Ticket, now time.Time) error {
	similar, err := d.flood(ctx, t)
	if err != nil || len(similar) == 0 {
		return err
	}
	key := "flood:" + t.Category
	if t.Channel != "" {
		key += ":" + t.Channel
	}
	err = d.schedules.Schedule(ctx, key, func(s Schedule) (Schedule, []Notice) {
		if now.Sub(s.LastAt) < floodEvery {
			return s, nil
		}
		s.LastAt = now
		return s, []Notice{floodNotice(key, t, similar, now)}
	})
	if err != nil {
		return fmt.Errorf("telling of a flood: %w", err)
	}
	return nil
}

func floodNotice(key string, t ticket.Ticket, similar []Similar, now time.Time) Notice {
	sum := Flood{Category: t.Category, Tickets: len(similar)}
	for _, s := range similar {
		if s.EndedAt.IsZero() {
			sum.Open++
			if !s.DueAt.IsZero() && now.After(s.DueAt) {
				sum.Late++
			}
		}
	}
	return Notice{
		Kind: NoticeFlood, Ticket: similar[0].Number, OrderingKey: key, Queue: QueueSupport,
		DueAt: now, Urgency: urgency(NoticeAlert, t.Priority), NoticeDetails: NoticeDetails{At: now, Flood: &sum},
	}
}
