package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Parked returns what is to be enqueued when a channel does not take the card of a ticket that
// nobody has seen yet: once, to the person who filed it. It has an ordering key of its own, for
// what has the ticket's waits for the card.
func (r Record) Parked(channel string, now time.Time) []Notice {
	if r.Card != (ticket.Message{}) || r.Ticket.Withheld || r.CardWaits() {
		return nil
	}
	filer := cmp.Or(r.Ticket.Filer, r.Ticket.Requester)
	n := r.notice(NoticeParked, filer, now, NoticeDetails{At: r.Ticket.OpenedAt, Channel: channel})
	n.OrderingKey += ":" + string(NoticeParked)
	return []Notice{n}
}

// CardWaits reports whether the card waits until its channel takes messages, as
// the person who filed the ticket was told.
func (r Record) CardWaits() bool {
	return r.Card == (ticket.Message{}) &&
		slices.ContainsFunc(r.Posted, func(p Posted) bool { return p.Kind == NoticeParked })
}

// TellUnreachable tells the operators that a channel does not take messages, with Slack's
// word for why. Each is told once, until the channel takes some.
func (d *Desk) TellUnreachable(ctx context.Context, channel, why string, operators []string, now time.Time) error {
	if len(operators) == 0 {
		return nil
	}
	err := d.unticketed.ChangeUnticketed(ctx, UnreachableKey(channel), "", now, func(posted []Posted) UnticketedChange {
		return UnticketedChange{Notices: unreachable(posted, channel, why, operators, micros(now))}
	})
	return orUnavailable(err, "telling the operators of a channel")
}

// unreachable returns what is to be told to those operators who are not told yet.
func unreachable(posted []Posted, channel, why string, operators []string, now time.Time) []Notice {
	var all []Notice
	for _, person := range operators {
		if slices.ContainsFunc(posted, func(p Posted) bool { return p.To == person && !p.Over }) {
			continue
		}
		all = append(all, Notice{
			Kind: NoticeUnreachable, OrderingKey: UnreachableKey(channel), Queue: QueueSupport, To: person,
			DueAt: now, Urgency: UrgencyPerson, NoticeDetails: NoticeDetails{Channel: channel, Note: why},
		})
	}
	return all
}

// UnreachableKey is the ordering key of what operators are told of a channel.
func UnreachableKey(channel string) string { return "unreachable:" + channel }
