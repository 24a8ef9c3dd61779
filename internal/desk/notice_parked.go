package desk

import (
	"cmp"
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

// Unreachable returns what tells the operators that a channel does not take messages,
// with Slack's word for why. The store keeps those that are told already from being
// told again until the channel takes messages.
func Unreachable(channel, why string, operators []string, now time.Time) []Notice {
	var all []Notice
	for _, person := range operators {
		all = append(all, Notice{
			Kind: NoticeUnreachable, OrderingKey: UnreachableKey(channel), Queue: QueueSupport, To: person,
			DueAt: now, Urgency: UrgencyPerson, NoticeDetails: NoticeDetails{Channel: channel, Note: why},
		})
	}
	return all
}

// UnreachableKey is the ordering key of what operators are told of a channel.
func UnreachableKey(channel string) string { return "unreachable:" + channel }
