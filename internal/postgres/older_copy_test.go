package postgres_test

import (
	"testing"

	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

// A copy of the version before private tickets, which holds the lease by a name of its own, loses
// it when a ticket is filed privately, or made private, and does not get it again. So it takes
// nothing of that ticket. A copy that knows private tickets sends.
func TestOlderCopySendsNothingPrivate(t *testing.T) {
	t.Parallel()
	for name, makes := range map[string]func(*postgresHarness){
		"filed so": func(b *postgresHarness) {
			b.exec(`INSERT INTO tickets (number, version, title, body, category, priority, state, requester, assignee, withheld, cycle, opened_at, replies, people, followers, policy, channel, field_values, private)
				SELECT 99, 1, title, body, category, priority, state, requester, assignee, withheld, cycle, opened_at, replies, people, followers, policy, channel, field_values, true FROM tickets LIMIT 1`)
		},
		"made so": func(b *postgresHarness) {
			b.must(b.desk.MakePrivate(b.t.Context(), b.gesture(1, "U1")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			b.open(ticket.P2, "U1")
			older := outbox.Exchange{Holder: "host/7/1790000000", Now: monday, Lease: true, Busy: true}
			exchange := func(e outbox.Exchange) outbox.Exchanged {
				t.Helper()
				out, err := b.db.Exchange(t.Context(), e)
				b.must(nil, err)
				return out
			}
			if !exchange(older).Lease.Holding {
				t.Fatal("without private tickets an older copy does not send")
			}
			makes(b)
			take := older
			take.Lease, take.Most, take.Room = false, 9, roomy
			if out := exchange(take); len(out.Items) > 0 {
				t.Errorf("the older copy takes %d messages", len(out.Items))
			}
			if exchange(older).Lease.Holding {
				t.Error("the older copy gets the lease again")
			}
			take.Holder, take.Lease, take.Busy = outbox.HolderOf("host/8/1790000000"), true, true
			if out := exchange(take); !out.Lease.Holding || len(out.Items) == 0 {
				t.Errorf("a copy of this version: holding %t, %d messages", out.Lease.Holding, len(out.Items))
			}
			b.must(nil, b.db.ReleaseLease(t.Context(), take.Holder))
			if exchange(older).Lease.Holding {
				t.Error("the older copy gets the lease that was given back")
			}
		})
	}
}
