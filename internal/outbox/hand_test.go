package outbox_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"supporty/internal/outbox"
)

// taking counts the messages that were taken.
type taking struct {
	outbox.Store
	taken atomic.Int32
}

func (q *taking) Exchange(ctx context.Context, e outbox.Exchange) (outbox.Exchanged, error) {
	answer, err := q.Store.Exchange(ctx, e)
	q.taken.Add(int32(len(answer.Items)))
	return answer, err
}

// told is a sender that the store tells of new tickets, and what it has taken.
func (h *outboxHarness) told(holder string) (*outbox.Sender, *taking) {
	o := h.options(holder)
	q := &taking{Store: o.Store}
	o.Store = q
	s := outbox.New(o, func(err error) { h.t.Error(err) })
	h.db.TellSender(s)
	return s, q
}

// holds waits until a sender has the lease and would take a message at once.
func (h *outboxHarness) holds(s *outbox.Sender) {
	h.t.Helper()
	for !s.Hold() || s.Free() == "" {
		h.until(`SELECT count(*) = 1 FROM leases`)
	}
}

// The card of a new ticket is handed to a sender that holds the lease. Nobody takes it.
func TestCardIsHandedOver(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	s, q := h.told("copy")
	h.runs(s)
	h.holds(s)
	h.files("alice", "Cards fail")
	h.until(`SELECT state = 'sending' FROM outbox`)
	s.Begin()
	h.reads("Cards fail")
	h.until(`SELECT posted = 1 FROM outbox`)
	if n := q.taken.Load(); n != 0 {
		t.Errorf("%d messages were taken", n)
	}
	if n := h.calls("chat.postMessage"); n != 1 {
		t.Errorf("%d posts", n)
	}
}

// A sender that ends puts back what it has not begun, so that the next one need not look for it.
func TestHandedOverIsPutBackAtTheEnd(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	s, _ := h.told("copy")
	stop := h.runs(s)
	h.holds(s)
	h.files("alice", "Cards fail")
	h.until(`SELECT state = 'sending' FROM outbox`)
	stop()
	h.until(`SELECT state = 'waiting' AND attempts = 0 FROM outbox`)
	h.sends(h.patient("next"))
	h.reads("Cards fail")
}

// The lease was lost before the sender began: the message is put back, and taken under the next.
func TestHandedOverUnderAnEarlierLease(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	s, q := h.told("copy")
	h.runs(s)
	h.holds(s)
	h.files("alice", "Cards fail")
	if _, err := h.conn.Exec(h.ctx, `UPDATE leases SET epoch = epoch + 1, until = clock_timestamp()`); err != nil {
		t.Fatal(err)
	}
	h.until(`SELECT epoch > 2 FROM leases`) // it has taken the lease again
	s.Begin()
	h.reads("Cards fail")
	h.until(`SELECT posted = 1 FROM outbox`)
	if n := h.calls("chat.postMessage"); n != 1 || q.taken.Load() == 0 {
		t.Errorf("%d posts, %d taken", n, q.taken.Load())
	}
}

// A ticket was stored in the moment in which the idle sender gave its lease back, and on a busy
// machine the sender hears of the card seconds later. It puts the card back: under its next lease
// nobody looks for what an earlier one has left, for this copy had the lease before.
func TestHandedOverTooLate(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	s, _ := h.told("copy")
	h.runs(s)
	h.holds(s)
	h.files("alice", "Cards fail")
	set := func(sql string) {
		t.Helper()
		if _, err := h.conn.Exec(h.ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	set(`UPDATE outbox SET due_at = due_at + interval '1 day'`) // it was not there yet when the sender looked
	h.until(`SELECT until <= clock_timestamp() FROM leases`)
	set(`UPDATE outbox SET due_at = due_at - interval '1 day'`)
	began := time.Now()
	s.Begin()
	h.reads("Cards fail")
	h.until(`SELECT posted = 1 FROM outbox`)
	if took := time.Since(began); took > outbox.LostAfter/2 {
		t.Errorf("it was posted after %v", took)
	}
	if n := h.calls("chat.postMessage"); n != 1 {
		t.Errorf("%d posts", n)
	}
}
