package postgres_test

import (
	"slices"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

// Whom a room has is stored with it by the sender that has it in hand. Rooms that are archived, or
// not made yet, are none that stand.
func TestStandingRooms(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.exec(`UPDATE tickets SET private = true`)
	b.exec(`INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, details, due_at, posted, desired, posted_in, posted_ts)
		VALUES ('ticket:1', 'support', 'room', $1, '', 4, '{"room": 1}', now(), 1, 1, 'G1', '0'), ('ticket:1', 'support', 'room', $1, '', 4, '{"gone": true}', now(), 1, 1, 'G2', '0'),
			('ticket:1', 'support', 'room', $1, '', 4, '{}', now(), 0, 1, '', '')`, n)
	rooms, err := b.db.StandingRooms(t.Context())
	b.must(nil, err)
	if len(rooms) != 1 || rooms[0].Ticket.Number != n || rooms[0].Channel != "G1" || rooms[0].Ticket.Requester != "U1" || len(rooms[0].Brought) > 0 {
		t.Fatalf("the rooms that stand: %+v", rooms)
	}
	b.must(nil, b.db.KeepRooms(t.Context(), []string{rooms[0].ID}))
	if got := b.text(`SELECT count(*) FROM outbox WHERE kind = 'room' AND pending`); got != "(2)" {
		t.Errorf("%s rooms are to be kept anew", got)
	}
	i := outbox.Item{Notice: desk.Notice{ID: rooms[0].ID, Ticket: n}}
	if err := b.db.RecordBrought(t.Context(), i, []string{"U1", "U2"}); err == nil {
		t.Error("it was recorded for a sender that does not have the room")
	}
	b.exec(`UPDATE outbox SET state = 'sending', epoch = 7, tried_at = '2026-01-01T00:00:00Z' WHERE id = $1::text::bigint`, rooms[0].ID)
	i.Epoch, i.Taken = 7, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	b.must(nil, b.db.RecordBrought(t.Context(), i, []string{"U1", "U2"}))
	rooms, err = b.db.StandingRooms(t.Context())
	b.must(nil, err)
	if len(rooms) != 1 || !slices.Equal(rooms[0].Brought, []string{"U1", "U2"}) {
		t.Errorf("afterwards: %+v", rooms)
	}
}
