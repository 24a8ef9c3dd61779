package postgres_test

import (
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

// hands is a sender that begins nothing.
type hands struct {
	holder string
	items  []outbox.Item
	others int
}

func (h *hands) Free() string                    { return h.holder }
func (h *hands) Hand(i outbox.Item, _ time.Time) { h.items = append(h.items, i) }
func (h *hands) Enqueued()                       { h.others++ }

// The first card is stored as taken by who holds the lease, and looks as if it had been taken.
func TestFirstCardIsHandedOver(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	sender := &hands{holder: "copy"}
	b.db.TellSender(sender)
	epoch := b.acquire("copy")
	n := b.open(ticket.P2, "U1")
	if len(sender.items) != 1 || sender.others != 1 { // the receipt
		t.Fatalf("handed over: %+v, and others: %d", sender.items, sender.others)
	}
	card := sender.items[0]
	if card.Ticket != n || card.OrderingKey != desk.OrderingKey(n) || card.Epoch != epoch || card.Kind != desk.NoticeCard {
		t.Errorf("the card: %+v", card)
	}
	if got := b.text(`SELECT state, attempts, tried_at > clock_timestamp() FROM outbox WHERE kind = 'card'`); got != "(sending,1,t)" {
		t.Errorf("stored: %s", got)
	}
	b.post(card, "1.1")
	if got := b.text(`SELECT state, posted, pending FROM outbox WHERE kind = 'card'`); got != "(waiting,1,f)" {
		t.Errorf("recorded: %s", got)
	}
	if at, err := b.db.Card(t.Context(), n); err != nil || at.TS != "1.1" {
		t.Errorf("the card stands at %v, %v", at, err)
	}
}

// Without the lease, or while others wait, the card waits for whoever takes it.
func TestFirstCardWaits(t *testing.T) {
	t.Parallel()
	for name, holder := range map[string]string{"another copy has the lease": "other", "others wait": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			sender := &hands{holder: holder}
			b.db.TellSender(sender)
			epoch := b.acquire("copy")
			b.open(ticket.P2, "U1")
			if len(sender.items) != 0 || sender.others != 1 {
				t.Errorf("handed over: %+v, and others: %d", sender.items, sender.others)
			}
			if i := b.take(epoch); i.Kind != desk.NoticeCard || i.Attempts != 1 {
				t.Errorf("taken: %+v", i)
			}
		})
	}
}

// A card that was handed over is not taken meanwhile. If its sender has not begun it after some
// time, it counts as never tried. The next sender looks for it.
func TestHandedOverIsNotTaken(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.db.TellSender(&hands{holder: "copy"})
	epoch := b.acquire("copy")
	b.open(ticket.P2, "U1")
	if i, ok, err := b.seenNow(epoch); err != nil || ok && i.Kind == desk.NoticeCard {
		t.Fatalf("taken at once: %+v, %v", i, err)
	}
	b.exec(`UPDATE outbox SET tried_at = tried_at - $1::interval WHERE kind = 'card'`, outbox.HandedFor)
	if i := b.take(epoch); i.Kind != desk.NoticeCard || i.Unsure || i.Attempts != 1 {
		t.Errorf("after that time: %+v", i)
	}
	b.exec(`UPDATE outbox SET tried_at = clock_timestamp() + $1::interval WHERE kind = 'card'`, outbox.HandedFor)
	b.exec(`UPDATE leases SET until = clock_timestamp()`)
	if err := b.db.Recover(t.Context(), b.acquire("next"), time.Second); err != nil {
		t.Fatal(err)
	}
	if got := b.text(`SELECT state FROM outbox WHERE kind = 'card'`); got != "(unsure)" {
		t.Errorf("after a new lease: %s", got)
	}
}

// seenNow takes the next message as a sender that has heard from the store just now.
func (b *postgresHarness) seenNow(epoch int64) (outbox.Item, bool, error) {
	b.t.Helper()
	e, err := b.db.Exchange(b.t.Context(), outbox.Exchange{Holder: b.held[epoch], Now: monday, Most: 9, Room: roomy, Seen: time.Now()})
	if err != nil || len(e.Items) == 0 {
		return outbox.Item{}, false, err
	}
	return e.Items[0], true, nil
}
