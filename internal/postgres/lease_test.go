package postgres_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

func (b *postgresHarness) expire() {
	b.exec(`UPDATE leases SET until = clock_timestamp() - interval '1 ms'`)
}

func TestLease(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for _, step := range []struct {
		name   string
		before func()
		holder string
		epoch  int64 // 0: another copy has it
	}{
		{"nobody had it", func() {}, "A", 1},
		{"renewed", func() {}, "A", 1},
		{"taken", func() {}, "B", 0},
		{"run out", b.expire, "B", 2},
		{"lost", func() {}, "A", 0},
		{"run out, and renewed by the same", b.expire, "B", 3},
		{"given back by somebody else", func() { b.must(nil, b.db.ReleaseLease(t.Context(), "A")) }, "A", 0},
		{"given back", func() { b.must(nil, b.db.ReleaseLease(t.Context(), "B")) }, "A", 4},
	} {
		step.before()
		got, err := b.lease(step.holder)
		want := outbox.Lease{Holding: step.epoch > 0, Epoch: step.epoch}
		if diff := gocmp.Diff(want, got, cmpopts.IgnoreFields(outbox.Lease{}, "Clock", "Left")); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", step.name, err, diff)
		}
		if got.Left < 0 || got.Left > outbox.LeaseTime {
			t.Errorf("%s: the lease lasts %v more", step.name, got.Left)
		}
	}
	if got := b.text(`SELECT until - clock_timestamp() BETWEEN interval '1 s' AND $1 FROM leases`, outbox.LeaseTime); got != "(t)" {
		t.Error("the lease does not last as long as it should")
	}
}

func TestOneHolderOfSeveral(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for round := int64(1); round <= 5; round++ {
		var holders atomic.Int64
		var wg sync.WaitGroup
		for _, holder := range []string{"A", "B", "C", "D"} {
			wg.Go(func() {
				lease, err := b.lease(holder)
				if err != nil || lease.Holding && lease.Epoch != round {
					t.Errorf("%s: %+v, %v; want epoch %d", holder, lease, err, round)
				}
				if lease.Holding {
					holders.Add(1)
				}
			})
		}
		wg.Wait()
		if n := holders.Load(); n != 1 {
			t.Errorf("%d copies hold the lease", n)
		}
		b.expire()
	}
}

// Who needs nothing does not take the lease, and gives it back.
func TestLeaseIsHeldWhileSomethingIsPending(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for name, test := range map[string]struct {
		row  row
		want bool
	}{
		"due":            {row{}, true},
		"of the digest":  {row{queue: desk.QueueDigest}, true},
		"due later":      {row{due: time.Microsecond}, false},
		"waiting":        {row{notBefore: time.Hour}, false},
		"perhaps posted": {row{state: outbox.Unsure}, true},
		"being posted":   {row{state: outbox.Sending}, true}, // by a sender that is gone
		"parked":         {row{state: outbox.Parked}, false},
		"dropped":        {row{state: outbox.Dropped}, false},
		"undeliverable":  {row{state: outbox.Undeliverable}, false},
	} {
		t.Run(name, func(t *testing.T) {
			b.exec(`DELETE FROM outbox`)
			test.row.key = "a"
			b.enqueue(test.row)
			for _, had := range []bool{false, true} {
				b.exec(`DELETE FROM leases`)
				if had {
					b.acquire("A")
				}
				e, err := b.db.Exchange(t.Context(), outbox.Exchange{Holder: "A", Now: monday, Lease: true})
				if e.Lease.Holding != test.want || err != nil {
					t.Errorf("held before: %t, now: %t, %v; want %t", had, e.Lease.Holding, err, test.want)
				}
				if got := b.text(`SELECT coalesce(max(until) > clock_timestamp(), false) FROM leases`); (got == "(t)") != test.want {
					t.Errorf("held before: %t, somebody has it now: %s", had, got)
				}
			}
		})
	}
}

func TestLeaseGuardsNext(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "x", key: "a"})
	epoch := b.acquire("A")
	for name, before := range map[string]func(){
		"run out": b.expire,
		"never":   func() { b.exec(`DELETE FROM leases`) },
	} {
		before()
		if _, ok, err := b.next(epoch, monday); ok || err != nil {
			t.Errorf("%s: taken %v, %v", name, ok, err)
		}
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "a1", key: "a"})
	b.enqueue(row{name: "b1", key: "b"})
	old := b.acquire("A")
	b.take(old)
	b.must(nil, b.db.Recover(t.Context(), old, 35*time.Second))
	if got := b.text(`SELECT count(*) FROM outbox WHERE state = 'unsure'`); got != "(0)" {
		t.Errorf("%s of the present lease are unsure", got)
	}
	b.expire()
	now := b.acquire("B")
	b.must(nil, b.db.Recover(t.Context(), now, 35*time.Second))
	if got, want := b.text(`SELECT state, not_before - tried_at FROM outbox WHERE ordering_key = 'a'`), "(unsure,00:00:35)"; got != want {
		t.Errorf("left in the middle: %s, want %s", got, want)
	}
	if i := b.take(now); i.To != "b1" {
		t.Errorf("took %s, want what nobody has tried", i.To)
	}
	b.exec(`UPDATE outbox SET not_before = clock_timestamp() WHERE ordering_key = 'a'`)
	if i := b.take(now); i.To != "a1" || !i.Unsure || i.Attempts != 2 {
		t.Errorf("then %+v, want a1, unsure, for the second time", i)
	}
}

// A look that its sender did not live to finish is no failure of the message: what comes after
// it in its thread waits on.
func TestAMessageKeepsItsPlaceThoughItsSendersStop(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "a1", key: "a"})
	b.enqueue(row{name: "a2", key: "a"})
	b.take(b.acquire("A"))
	for _, holder := range []string{"B", "C", "D"} {
		b.expire()
		epoch := b.acquire(holder)
		b.must(nil, b.db.Recover(t.Context(), epoch, 0))
		if i := b.take(epoch); i.To != "a1" || i.Attempts != 2 {
			t.Errorf("%s takes %s, try %d; want the look for a1, as try 2", holder, i.To, i.Attempts)
		}
		if i, ok, err := b.next(epoch, monday); ok || err != nil {
			t.Errorf("%s takes %s before a1 stands: %v", holder, i.To, err)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.must(nil, b.db.SaveLimit(t.Context(), "chat.postMessage", at(1)))
	b.must(nil, b.db.SaveLimit(t.Context(), "chat.postMessage", at(0.5))) // never sooner
	b.must(nil, b.db.SaveLimit(t.Context(), "chat.update", at(1)))
	b.must(nil, b.db.SaveLimit(t.Context(), "chat.update", at(2)))
	got, err := b.db.Limits(t.Context())
	want := map[string]time.Time{"chat.postMessage": at(1), "chat.update": at(2)}
	byTime := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := gocmp.Diff(want, got, byTime); diff != "" || err != nil {
		t.Errorf("%v; limits (-want +got):\n%s", err, diff)
	}
}

// A sender may have stopped in the middle of a look or of a new call; nobody can tell which.
// The search begins anew, for Slack may still carry out the call.
func TestTheSearchBeginsAnewAfterASenderStopped(t *testing.T) {
	t.Parallel()
	for name, stops := range map[string]func(b *postgresHarness) (epoch int64){
		"another copy takes over": func(b *postgresHarness) int64 {
			b.exec(`UPDATE leases SET until = clock_timestamp()`)
			epoch := b.acquire("B")
			b.must(nil, b.db.Recover(b.t.Context(), epoch, 0))
			return epoch
		},
		"it counts as lost": func(b *postgresHarness) int64 {
			b.exec(`UPDATE outbox SET tried_at = tried_at - $1::interval`, outbox.LostAfter+time.Second)
			b.had = nil
			return b.acquire("A")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			b.open(ticket.P2, "U1")
			b.exec(`DELETE FROM outbox WHERE kind <> 'card'`)
			epoch := b.acquire("A")
			b.must(nil, b.db.RecordFailure(t.Context(), b.take(epoch), outbox.Failure{State: outbox.Unsure, Reason: "timeout", Looked: 3}))
			b.take(epoch)
			if i := b.take(stops(b)); !i.Unsure || i.Looked != 0 {
				t.Errorf("taken with unsure %t, looked for %d times", i.Unsure, i.Looked)
			}
		})
	}
}
