package postgres_test

import (
	"errors"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

// overtake gives the lease to another copy, and returns the epoch. A message that was being
// posted is then unsure, and not taken yet.
func (b *postgresHarness) overtake() int64 {
	b.t.Helper()
	b.exec(`UPDATE leases SET until = clock_timestamp() - interval '1 second'`)
	epoch := b.acquire("B")
	b.must(nil, b.db.Recover(b.t.Context(), epoch, 35*time.Second))
	return epoch
}

// A sender that lost the lease while Slack answered knows where the message stands. As long
// as nobody else has taken the message, the sender may record it, and no look is needed.
func TestRecordPostedAfterTheLease(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "x", key: "a"})
	ours := b.take(b.acquire("A"))
	epoch := b.overtake()
	b.post(ours, "1.1")
	if got, want := b.text(`SELECT state, posted, posted_ts FROM outbox`), "(waiting,1,1.1)"; got != want {
		t.Errorf("it stands as %s, want %s", got, want)
	}
	b.exec(`UPDATE outbox SET not_before = NULL`)
	if i, ok, err := b.next(epoch, at(0.2)); ok || err != nil {
		t.Errorf("it is still pending: %+v, %v", i, err)
	}
}

// A record whose answer was lost is tried again. Meanwhile another worker can be posting the
// message, under the same lease.
func TestFailureIsRecordedOnce(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "x", key: "a"})
	epoch := b.acquire("A")
	for _, free := range []bool{true, false} {
		first, failure := b.take(epoch), outbox.Failure{State: outbox.Waiting, Free: free}
		b.must(nil, b.db.RecordFailure(t.Context(), first, failure))
		second := b.take(epoch)
		if err := b.db.RecordFailure(t.Context(), first, failure); !errors.Is(err, outbox.ErrOvertaken) {
			t.Errorf("free %t: what another worker posts now is given back: %v", free, err)
		}
		b.must(nil, b.db.RecordFailure(t.Context(), second, failure))
	}
}

// An obsolete message can be worth posting again before its drop is recorded.
func TestDesiredAgainWhileItIsDropped(t *testing.T) {
	t.Parallel()
	for _, kind := range []desk.NoticeKind{desk.NoticeResolved, desk.NoticeAskSolution, desk.NoticePage} {
		for _, unsure := range []bool{false, true} {
			b := newPostgresHarness(t)
			n := b.open(2, "U1")
			b.exec(`DELETE FROM outbox`)
			notice := desk.Notice{
				Kind: kind, Ticket: n, OrderingKey: "a", Queue: desk.QueueSupport, To: "U1", DueAt: monday,
				NoticeDetails: desk.NoticeDetails{At: monday},
			}
			enqueue := func() {
				b.must(b.db.Save(t.Context(), desk.Change{Now: monday, After: b.find(n), Notices: []desk.Notice{notice}}))
			}
			enqueue()
			epoch := b.acquire("A")
			i := b.take(epoch)
			if i.Unsure = unsure; unsure {
				b.exec(`UPDATE outbox SET looked = 1`)
			}
			enqueue()
			b.must(nil, b.db.RecordFailure(t.Context(), i, outbox.Failure{State: outbox.Dropped, Reason: "it was taken back"}))
			again := b.take(epoch)
			if again.ID != i.ID || again.Unsure != unsure {
				t.Errorf("%s is taken as %+v, unsure %t", kind, again, unsure)
			}
			enqueue() // while it is posted
			at := ticket.Message{Channel: "C1", TS: "1.1"}
			if kind != desk.NoticeResolved {
				at = ticket.Message{}
			}
			b.must(nil, b.record(again, at, monday))
			if got, want := b.text(`SELECT count(*), bool_or(pending) FROM outbox`), map[bool]string{true: "(1,t)", false: "(1,f)"}[at.TS != ""]; got != want {
				t.Errorf("%s: rows and whether any is pending: %s, want %s", kind, got, want)
			}
		}
	}
}

// An earlier long wait does not make a message more urgent when it is posted anew.
func TestPostedAnewIsPendingFromNow(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(2, "U1")
	b.must(b.desk.Sweep(t.Context(), at(4)))
	b.exec(`UPDATE outbox SET posted = desired, posted_in = 'C1', posted_ts = id::text, pending_since = pending_since - interval '1 hour'`)
	b.exec(`DELETE FROM alerts WHERE ticket = $1`, n)
	b.exec(`UPDATE tickets SET next_at = $1`, at(3))
	b.must(b.desk.Sweep(t.Context(), at(5)))
	if got := b.text(`SELECT count(*), bool_and(pending_since > clock_timestamp() - interval '1 minute') FROM outbox WHERE kind = 'alert' AND pending`); got != "(1,t)" {
		t.Errorf("posted anew, pending from now: %s", got)
	}
}

// If a message is dropped after a change was decided, the change is decided again, so that its
// news is posted.
func TestDroppedBeforeItIsPostedAnew(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(2, "U1")
	b.must(b.desk.Sweep(t.Context(), at(4)))
	r := b.find(n)
	alert := desk.Notice{Kind: desk.NoticeAlert, Ticket: n, OrderingKey: "a", Queue: desk.QueueSupport, DueAt: at(5)}
	for _, p := range r.Posted {
		if p.Kind == desk.NoticeAlert {
			alert.NoticeDetails = p.NoticeDetails
		}
	}
	b.exec(`UPDATE outbox SET state = 'dropped' WHERE kind = 'alert'`)
	for _, step := range []struct {
		on   desk.Record
		want error
	}{{r, desk.ErrStale}, {b.find(n), nil}} {
		if _, err := b.db.Save(t.Context(), desk.Change{Now: at(5), After: step.on, Notices: []desk.Notice{alert}}); !errors.Is(err, step.want) {
			t.Errorf("saved: %v, want %v", err, step.want)
		}
	}
	if got := b.text(`SELECT count(*) FILTER (WHERE pending), count(*) FROM outbox WHERE kind = 'alert'`); got != "(1,2)" {
		t.Errorf("alerts pending, of all: %s", got)
	}
}

// The record of an obsolete alert and a change of its ticket lock the two rows in the same
// order.
func TestForgettingWaitsForItsTicket(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(2, "U1")
	b.must(b.desk.Sweep(t.Context(), at(4)))
	b.exec(`DELETE FROM outbox WHERE kind <> 'alert'`)
	i, ok, err := b.next(b.acquire("A"), at(5))
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	tx, err := b.conn.Begin(t.Context())
	b.must(nil, err)
	b.exec(`UPDATE tickets SET version = version + 1 WHERE number = $1`, n)
	recorded := make(chan error, 1)
	go func() {
		recorded <- b.db.RecordFailure(t.Context(), i, outbox.Failure{State: outbox.Dropped, Reason: "why", Forget: true})
	}()
	b.until(`SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)`)
	b.exec(`UPDATE outbox SET desired = desired WHERE ticket = $1`, n)
	b.must(nil, tx.Commit(t.Context()))
	if err := <-recorded; err != nil {
		t.Error(err)
	}
}

// If a message that a sweep posts anew is dropped before the sweep commits, the sweep decides
// again, and the message is enqueued.
func TestASweepDecidesAgainAfterAMessageWasDropped(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(2, "U1")
	b.exec(`DELETE FROM outbox`)
	b.exec(`UPDATE tickets SET next_at = $1`, monday)
	notice := desk.Notice{
		Kind: desk.NoticeResolved, Ticket: n, OrderingKey: "a", Queue: desk.QueueSupport, To: "U1", DueAt: monday,
		NoticeDetails: desk.NoticeDetails{At: monday},
	}
	b.must(b.db.Save(t.Context(), desk.Change{Now: monday, After: b.find(n), Notices: []desk.Notice{notice}}))
	b.exec(`UPDATE tickets SET next_at = $1`, monday)
	decided := 0
	swept, err := b.db.Sweep(t.Context(), monday, 10, func(r desk.Record) desk.Change {
		if decided++; decided == 1 {
			b.exec(`UPDATE outbox SET state = 'dropped', posted = desired`)
		}
		r.Ticket.Priority, r.Ticket.OpenedAt = 2, monday
		return desk.Change{Now: monday, After: r, Notices: []desk.Notice{notice}}
	})
	if swept != 1 || decided != 2 || err != nil {
		t.Errorf("swept %d, decided %d times, %v", swept, decided, err)
	}
	if got := b.text(`SELECT string_agg(state, ' ' ORDER BY id) FROM outbox`); got != "(\"dropped waiting\")" {
		t.Errorf("messages: %s", got)
	}
}
