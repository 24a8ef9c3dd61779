package desk

import (
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// A private ticket lives in a private channel of its own, its room. The room is kept like the
// card: it is made once, then changed as the ticket changes, and at last archived. The card
// waits for it, so nothing of the ticket is ever posted elsewhere in its place.

// RoomTS is the ts under which it is recorded that a room stands: a channel has none.
const RoomTS = "0"

// RoomKept is how long a room is kept after the ticket's end. Until then it can be reopened.
const RoomKept = ticket.ReopenWindow

// Room returns the room in which a private ticket lives; false if it has none, or if its room
// was archived. It stands in no channel until it is made.
func (r Record) Room() (Posted, bool) {
	for _, p := range slices.Backward(r.Posted) {
		if p.Kind == NoticeRoom {
			return p, !p.Gone
		}
	}
	return Posted{}, false
}

// EarlierRooms are the channels of a private ticket's rooms that were archived.
func (r Record) EarlierRooms() (channels []string) {
	for _, p := range r.Posted {
		if p.Kind == NoticeRoom && p.Gone && p.At.Channel != "" {
			channels = append(channels, p.At.Channel)
		}
	}
	return channels
}

// RoomName is the name of a room's channel. It tells nothing but the number. A name is taken for
// ever, also by a channel that is archived.
func RoomName(room Notice) string {
	name := fmt.Sprintf("ticket-%d", int64(room.Ticket))
	if room.Room > 1 {
		name += fmt.Sprintf("-%d", room.Room)
	}
	return name
}

// RoomPeople returns who is to be in a ticket's room; entrusted are the people of its category.
func (r Record) RoomPeople(entrusted []string) []string {
	t := r.Ticket
	people := slices.Concat([]string{t.Requester, t.Assignee, t.PrivateBy}, entrusted)
	slices.Sort(people)
	return slices.DeleteFunc(slices.Compact(people), func(p string) bool { return p == "" })
}

// Inside reports whether a person reads the ticket's thread where it lives, so that a mention
// there reaches them.
func (r Record) Inside(p Person) bool {
	if !r.Ticket.Private() {
		return p.In(r.Ticket.Channel).Member
	}
	room, stands := r.Room()
	return stands && slices.Contains(p.Places, room.At.Channel)
}

// enqueueRoom has a private ticket's room made, or changed when other people belong to it.
func (c *Change) enqueueRoom(before ticket.Ticket) {
	t := c.After.Ticket
	room, stands := c.After.Room()
	switch {
	case !t.Private():
	case !before.Private():
		if c.After.LivesOn(c.Now) {
			c.openRoom(1)
		}
	case !stands && !t.State.Ended():
		c.openRoom(room.Room + 1)
		c.Card = max(c.Card, CardNew)
	case stands && (before.Assignee != t.Assignee || before.Category != t.Category):
		c.rewordOne(room.ID, func(*Posted) {})
	}
}

func (c *Change) openRoom(number int) {
	c.enqueue(c.After.notice(NoticeRoom, "", c.Now, NoticeDetails{At: c.Now, Room: number}))
}

// roomOver is when the room of a private ticket is to be archived; zero for not yet, or if that
// is done. A room that is not even enqueued can only be one that is about to be.
func (r Record) roomOver(now time.Time) time.Time {
	room, _ := r.Room()
	none := room.ID == "" && !r.LivesOn(now)
	if !r.Ticket.Private() || !r.Ticket.State.Ended() || room.Gone || none {
		return time.Time{}
	}
	return r.Ticket.EndedAt.Add(RoomKept)
}

// archiveRoom has the room archived if it is time.
func (c *Change) archiveRoom() {
	room, _ := c.After.Room()
	if over := c.After.roomOver(c.Now); !over.IsZero() && !over.After(c.Now) {
		c.rewordOne(room.ID, func(p *Posted) { p.Gone = true })
	}
}

// Unposted reports whether the ticket has messages that are still to be posted in its thread.
func (r Record) Unposted() bool {
	return r.Card.TS == "" || slices.ContainsFunc(r.Posted, func(p Posted) bool {
		return p.PostedAt.IsZero() && !p.Gone && !p.Kind.Ephemeral() && p.Kind != NoticePage
	})
}
