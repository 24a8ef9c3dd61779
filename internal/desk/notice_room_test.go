package desk_test

import (
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// A private ticket that is reopened after its room was archived gets another one, with a card and a
// name of its own. While the room stands, it goes on there.
func TestReopenedPrivateTicketGetsAnotherRoom(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	ended := ticket.Ticket{Number: 42, State: ticket.StateClosed, PrivateSince: monday, OpenedAt: monday, EndedAt: monday, Cycle: 1}
	reopened := ended
	reopened.State, reopened.Cycle, reopened.EndedAt = ticket.StateOpen, 2, time.Time{}
	room := func(id string, number int, gone bool) desk.Posted {
		p := desk.Posted{ID: id, Kind: desk.NoticeRoom, At: ticket.Message{Channel: "C" + id, TS: desk.RoomTS}}
		p.Room, p.Gone = number, gone
		return p
	}
	for name, test := range map[string]struct {
		rooms   []desk.Posted
		want    string
		earlier int
	}{
		"it stands":       {[]desk.Posted{room("1", 1, false)}, "", 0},
		"it was archived": {[]desk.Posted{room("1", 1, true)}, "ticket-42-2", 1},
		"twice":           {[]desk.Posted{room("1", 1, true), room("2", 2, true)}, "ticket-42-3", 2},
		"it was not made": {nil, "ticket-42", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := desk.Change{Now: monday, After: desk.Record{Ticket: reopened, Posted: test.rooms}}
			c.EnqueueRoom(ended)
			got := ""
			if len(c.Notices) > 0 {
				got = desk.RoomName(c.Notices[0])
			}
			if got != test.want || (c.Card == desk.CardNew) != (test.want != "") || len(c.After.EarlierRooms()) != test.earlier {
				t.Errorf("room %q, card %d, %d earlier", got, c.Card, len(c.After.EarlierRooms()))
			}
		})
	}
}
