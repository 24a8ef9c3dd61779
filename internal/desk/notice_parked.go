package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Parked returns the notices to enqueue when a channel refuses the first card of a
// ticket: one, to the person who filed it. It has an ordering key of its own, because
// the ticket's own key waits for the card.
func (r Record) Parked(channel string, now time.Time) []Notice {
	if r.Card != (ticket.Message{}) || r.Ticket.Withheld || r.CardWaits() {
		return nil
	}
	filer := cmp.Or(r.Ticket.Filer, r.Ticket.Requester)
	if r.Ticket.Private() {
		filer = r.Ticket.Requester
	}
	n := r.notice(NoticeParked, filer, now, NoticeDetails{At: r.Ticket.OpenedAt, Channel: channel})
	n.OrderingKey += ":" + string(NoticeParked)
	return []Notice{n}
}

// CardWaits reports whether the card waits for its channel, and the filer was told so.
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

// NobodyLeft is the reason to tell the operators of a room that has nobody any more.
const NobodyLeft = "nobody_left"

// TellRoomless tells the operators that the room of a private ticket cannot be made, with
// Slack's word for why. They hear its number and nothing else. Each is told once, until it is
// made.
func (d *Desk) TellRoomless(ctx context.Context, room Notice, why string, operators []string, now time.Time) error {
	if len(operators) == 0 {
		return nil
	}
	name := RoomName(room)
	if why == NobodyLeft {
		name += ":" + why
	}
	err := d.unticketed.ChangeUnticketed(ctx, UnreachableKey(name), "", now, func(posted []Posted) UnticketedChange {
		told := unreachable(posted, name, why, operators, micros(now))
		for i := range told {
			told[i].About = room.Ticket
		}
		return UnticketedChange{Notices: told}
	})
	return orUnavailable(err, "telling the operators of a channel that cannot be made")
}

// StaysInside is the reason to tell the operators of somebody whom Slack does not let the bot
// remove from a room.
const StaysInside = "stays_inside"

// TellStaysInside tells the operators that a person is still in the room of a private ticket, and
// no longer belongs there. Each is told once of each person.
func (d *Desk) TellStaysInside(ctx context.Context, room Notice, person string, operators []string, now time.Time) error {
	if len(operators) == 0 {
		return nil
	}
	name := RoomName(room) + ":" + person
	err := d.unticketed.ChangeUnticketed(ctx, UnreachableKey(name), "", now, func(posted []Posted) UnticketedChange {
		told := unreachable(posted, name, StaysInside, operators, micros(now))
		for i := range told {
			told[i].About, told[i].Actor = room.Ticket, person
		}
		return UnticketedChange{Notices: told}
	})
	return orUnavailable(err, "telling the operators of somebody in a room")
}

// unreachable returns the notices for the operators who have none yet.
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

// UnreachableKey is the ordering key of the operators' notices about a channel.
func UnreachableKey(channel string) string { return "unreachable:" + channel }
