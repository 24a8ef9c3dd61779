package postgres_test

import (
	"context"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

// roomy is a Slack without limits.
var roomy = outbox.Room{Posts: 1000, Edits: 1000, Ephemerals: 1000, Looks: 1000, PostsElsewhere: 1000}

// lease asks for the lease, for something else than posting.
func (b *postgresHarness) lease(holder string) (outbox.Lease, error) {
	e, err := b.db.Exchange(b.t.Context(), outbox.Exchange{Holder: holder, Now: monday, Lease: true, Busy: true})
	return e.Lease, err
}

// acquire takes the lease and returns its epoch.
func (b *postgresHarness) acquire(holder string) int64 {
	b.t.Helper()
	lease, err := b.lease(holder)
	if err != nil || !lease.Holding {
		b.t.Fatalf("acquiring the lease: %+v, %v", lease, err)
	}
	b.held[lease.Epoch] = holder
	return lease.Epoch
}

// next takes the next message, if there is one, as a sender that has all messages that were
// taken before.
func (b *postgresHarness) next(epoch int64, now time.Time) (outbox.Item, bool, error) {
	e, err := b.db.Exchange(b.t.Context(), outbox.Exchange{
		Holder: b.held[epoch], Now: now, Most: 1, Room: roomy, Files: 1, Underway: b.had, Seen: time.Now().Add(time.Minute),
	})
	if err != nil || len(e.Items) == 0 {
		return outbox.Item{}, false, err
	}
	b.had = append(b.had, e.Items[0].ID)
	return e.Items[0], true, nil
}

// take takes the next message; it must be there.
func (b *postgresHarness) take(epoch int64) outbox.Item {
	b.t.Helper()
	i, ok, err := b.next(epoch, at(0.2))
	if err != nil || !ok {
		b.t.Fatalf("nothing to take: %v", err)
	}
	return i
}

// record records a message as posted; the error is ErrOvertaken if nothing was recorded.
func (b *postgresHarness) record(i outbox.Item, at ticket.Message, now time.Time) error {
	e, err := b.db.Exchange(b.t.Context(), outbox.Exchange{Now: now, Posted: []outbox.Posted{{Item: i, At: at}}})
	if _, recorded := e.Recorded[i.ID]; err == nil && !recorded {
		return outbox.ErrOvertaken
	}
	return err
}

func (b *postgresHarness) post(i outbox.Item, ts string) {
	b.t.Helper()
	if err := b.record(i, ticket.Message{Channel: "C1", TS: ts}, monday); err != nil {
		b.t.Fatal(err)
	}
}

// Of what may be posted, as many messages are taken at once as may begin now.
func TestTakeWhatMayBeginNow(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	everywhere := func(r outbox.Room) outbox.Room { r.PostsElsewhere = 9; return r }
	for name, test := range map[string]struct {
		rows []row
		most int
		room outbox.Room
		want []string
		more bool
	}{
		"the most urgent of each key": {
			[]row{{name: "a1", key: "a", urgency: 2}, {name: "a2", key: "a", urgency: 0}, {name: "b1", key: "b", urgency: 1}, {name: "c1", key: "c", urgency: 3}},
			9, roomy, []string{"a1", "b1", "c1"}, false},
		"no more than are asked for": {
			[]row{{name: "a1", key: "a", urgency: 2}, {name: "b1", key: "b", urgency: 1}, {name: "c1", key: "c", urgency: 3}},
			2, roomy, []string{"b1", "a1"}, true},
		"posts": {
			[]row{{name: "a1", key: "a"}, {name: "b1", key: "b", urgency: 1}, {name: "c1", key: "c", urgency: 2, stands: true}},
			9, everywhere(outbox.Room{Posts: 1, Edits: 1}), []string{"a1", "c1"}, true},
		"edits": {
			[]row{{name: "a1", key: "a", stands: true}, {name: "b1", key: "b", urgency: 1, stands: true}, {name: "c1", key: "c", urgency: 2}},
			9, everywhere(outbox.Room{Posts: 1, Edits: 1}), []string{"a1", "c1"}, true},
		"a full channel keeps no others waiting": {
			[]row{{name: "a1", key: "a", destination: "C1"}, {name: "b1", key: "b", destination: "C1"}, {name: "c1", key: "c", urgency: 3, destination: "C2"}},
			9, outbox.Room{Posts: 1, PostsElsewhere: 1, PostsIn: map[string]int{"C1": 0}}, []string{"c1"}, true},
		"what one person alone sees": {
			[]row{{name: "a1", key: "a", kind: desk.NoticeAskSolution}, {name: "b1", key: "b", kind: desk.NoticeAskSolution, urgency: 1}, {name: "c1", key: "c", urgency: 3}},
			9, everywhere(outbox.Room{Posts: 1, Ephemerals: 1}), []string{"a1", "c1"}, true},
		"looks": {
			[]row{{name: "a1", key: "a", state: outbox.Unsure}, {name: "b1", key: "b", urgency: 1, state: outbox.Unsure}},
			9, everywhere(outbox.Room{Posts: 9, Looks: 1}), []string{"a1"}, true},
		"nothing while Slack takes none": {[]row{{name: "a1", key: "a"}}, 9, everywhere(outbox.Room{}), nil, true},
		"pages have no limit":            {[]row{{name: "a1", key: "a", queue: desk.QueuePage}}, 9, outbox.Room{}, []string{"a1"}, false},
		"posts in a channel": {
			[]row{{name: "a1", key: "a", destination: "C1"}, {name: "b1", key: "b", urgency: 1, destination: "C1"}, {name: "c1", key: "c", urgency: 2, destination: "C2"}},
			9, outbox.Room{Posts: 9, PostsElsewhere: 1}, []string{"a1", "c1"}, true},
		"none in a channel that is full": {
			[]row{{name: "a1", key: "a", destination: "C1"}, {name: "c1", key: "c", urgency: 2, destination: "C2"}},
			9, outbox.Room{Posts: 9, PostsElsewhere: 1, PostsIn: map[string]int{"C1": 0}}, []string{"c1"}, true},
		"an edit does not wait for its channel": {
			[]row{{name: "a1", key: "a", destination: "C1", stands: true}},
			9, outbox.Room{Posts: 9, Edits: 1, PostsIn: map[string]int{"C1": 0}}, []string{"a1"}, false},
		"where nobody knows the channel yet": {
			[]row{{name: "a1", key: "a"}, {name: "b1", key: "b", urgency: 1}},
			9, outbox.Room{Posts: 9}, []string{"a1", "b1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			b.exec(`DELETE FROM outbox`)
			for _, r := range test.rows {
				b.enqueue(r)
			}
			b.acquire("A")
			e, err := b.db.Exchange(t.Context(), outbox.Exchange{Holder: "A", Now: monday, Most: test.most, Room: test.room})
			var got []string
			for _, i := range e.Items {
				got = append(got, i.To)
			}
			if diff := gocmp.Diff(test.want, got); diff != "" || e.More != test.more || err != nil {
				t.Errorf("%v, more: %t (-want +got):\n%s", err, e.More, diff)
			}
		})
	}
}

// Messages are recorded each for itself: what another sender has does not matter to the rest.
// The next message of a thread is taken in the same step.
func TestRecordAndTakeInOneStep(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for _, r := range []row{{name: "a1", key: "a"}, {name: "a2", key: "a"}, {name: "b1", key: "b", urgency: 1}} {
		b.enqueue(r)
	}
	epoch := b.acquire("A")
	a1, b1 := b.take(epoch), b.take(epoch)
	b.exec(`UPDATE outbox SET epoch = epoch + 1 WHERE recipient = 'b1'`)
	e, err := b.db.Exchange(t.Context(), outbox.Exchange{
		Holder: "A", Now: monday, Most: 9, Room: roomy,
		Posted: []outbox.Posted{{Item: a1, At: ticket.Message{Channel: "C1", TS: "1.1"}}, {Item: b1, At: ticket.Message{Channel: "C1", TS: "1.2"}}},
	})
	if err != nil || len(e.Items) != 1 || e.Items[0].To != "a2" {
		t.Errorf("taken %+v, %v; want a2", e.Items, err)
	}
	if diff := gocmp.Diff(map[string]int64{a1.ID: 0}, e.Recorded); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
	if got := b.text(`SELECT string_agg(recipient || ' ' || posted_ts, ',' ORDER BY id) FROM outbox`); got != `("a1 1.1,a2 ,b1 ")` {
		t.Errorf("standing: %s", got)
	}
}

// The answer that messages were taken can get lost. The sender does not have them, so nobody
// has tried them: they are taken at once, and are as sure as they were.
func TestWhatWasTakenWithoutAnAnswerIsTakenAtOnce(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]outbox.State{"not posted": outbox.Waiting, "perhaps posted": outbox.Unsure} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			b.enqueue(row{name: "a1", key: "a", state: state, looked: 2, attempts: 3})
			epoch := b.acquire("A")
			first := b.take(epoch)
			if _, ok, err := b.next(epoch, monday); ok || err != nil {
				t.Fatalf("what the sender has is taken again: %t, %v", ok, err)
			}
			b.had = nil
			late, err := b.db.Exchange(t.Context(), outbox.Exchange{Holder: "A", Now: monday, Most: 1, Room: roomy, Seen: first.Taken.Add(-1)})
			if err != nil || len(late.Items) > 0 {
				t.Errorf("an exchange that comes late takes %+v, %v", late.Items, err)
			}
			again := b.take(epoch)
			first.Taken = again.Taken
			if diff := gocmp.Diff(first, again); diff != "" || again.Unsure != (state == outbox.Unsure) {
				t.Errorf("unsure %t (-first +again):\n%s", again.Unsure, diff)
			}
			b.had = nil
			next := b.acquire("A") // the same lease
			if i, ok, _ := b.next(next, monday); !ok || i.Attempts != first.Attempts {
				t.Errorf("renewed: %t, %+v", ok, i)
			}
			b.had = nil
			if i, ok, _ := b.next(b.overtake(), monday); ok {
				t.Errorf("another sender takes it as if it had not been tried: %+v", i)
			}
		})
	}
}

// A message that could not begin is as it was, and waits for its channel.
func TestReturned(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]outbox.State{"not posted": outbox.Waiting, "perhaps posted": outbox.Unsure} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			b.enqueue(row{name: "a1", key: "a", state: state, attempts: 2, looked: 1})
			epoch := b.acquire("A")
			before := b.take(epoch)
			e, err := b.db.Exchange(t.Context(), outbox.Exchange{
				Holder: "A", Now: monday, Most: 1, Room: outbox.Room{Posts: 1, PostsElsewhere: 1, PostsIn: map[string]int{"C1": 0}},
				Returned: []outbox.Returned{{Item: before, Destination: "C1"}},
			})
			b.must(nil, err)
			if want := "(" + string(state) + ",2,1,C1)"; b.text(`SELECT state, attempts, looked, destination FROM outbox`) != want {
				t.Errorf("%s, want %s", b.text(`SELECT state, attempts, looked, destination FROM outbox`), want)
			}
			if len(e.Items) > 0 {
				t.Errorf("taken again at once: %+v", e)
			}
			b.exec(`UPDATE outbox SET not_before = NULL`)
			after := b.take(epoch)
			after.Taken = before.Taken
			if diff := gocmp.Diff(before, after); diff != "" {
				t.Errorf("taken again (-before +after):\n%s", diff)
			}
		})
	}
}

// Somebody who changes a ticket locks its messages. A sender does not wait for them, and they
// do not wait for it.
func TestTakeLeavesOutWhatIsLocked(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "a1", key: "a"})
	b.enqueue(row{name: "b1", key: "b", urgency: 1})
	epoch := b.acquire("A")
	tx, err := b.conn.Begin(t.Context())
	b.must(nil, err)
	b.exec(`UPDATE outbox SET desired = desired + 1 WHERE recipient = 'a1'`)
	e, err := b.db.Exchange(t.Context(), outbox.Exchange{Holder: "A", Now: monday, Most: 9, Room: roomy})
	if err != nil || len(e.Items) != 1 || e.Items[0].To != "b1" || !e.More {
		t.Errorf("taken: %+v, %v; want what is not locked", e, err)
	}
	b.must(nil, tx.Commit(t.Context()))
	if i := b.take(epoch); i.To != "a1" || i.Desired != 2 {
		t.Errorf("then %s, version %d", i.To, i.Desired)
	}
}

// The version of a ticket counts what is known of its messages as well: who has decided on an
// older version decides again.
func TestVersionCountsMessages(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(2, "U1")
	version := func() int64 { return b.find(n).Version }
	epoch := b.acquire("A")
	for _, step := range []struct {
		name string
		do   func()
		by   int64
	}{
		{"taken", func() { b.take(epoch); b.had = nil }, 0},
		{"not posted", func() {
			b.must(nil, b.db.RecordFailure(t.Context(), b.take(epoch), outbox.Failure{State: outbox.Waiting}))
		}, 0},
		{"posted", func() { b.post(b.take(epoch), "1.1") }, 1},
		{"edited", func() {
			b.exec(`UPDATE outbox SET desired = desired + 1 WHERE posted_ts <> ''`)
			b.post(b.take(epoch), "1.1")
		}, 0},
		{"dropped", func() {
			b.must(nil, b.db.RecordFailure(t.Context(), b.take(epoch), outbox.Failure{State: outbox.Dropped}))
		}, 1},
	} {
		before := version()
		step.do()
		if got := version() - before; got != step.by {
			t.Errorf("%s: the version grew by %d, want %d", step.name, got, step.by)
		}
	}
}

// What a message goes through on its way changes no indexed column, so Postgres writes no index
// entries for it.
func TestStepsOfAMessageTouchNoIndex(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "a1", key: "a"})
	tx, err := b.conn.Begin(t.Context())
	b.must(nil, err)
	defer tx.Rollback(t.Context())
	b.exec(`UPDATE outbox SET state = 'sending', epoch = 1, tried_at = clock_timestamp(), not_before = clock_timestamp(), attempts = 1`)
	b.exec(`UPDATE outbox SET state = 'unsure', looked = 1, doubted = true, destination = 'C1', reason = 'timeout'`)
	if got := b.text(`SELECT pg_stat_get_xact_tuples_hot_updated('outbox'::regclass)`); got != "(2)" {
		t.Errorf("%s of two steps touched no index", got)
	}
}

// A change that is saved while messages are being taken is left for the next time: the sender
// would word the new version from the ticket as it was.
func TestWhatChangesWhileItIsTakenIsLeft(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(2, "U1")
	b.acquire("A")
	conn, err := pgx.Connect(t.Context(), b.url)
	b.must(nil, err)
	defer conn.Close(context.Background())
	taken := make(chan []map[string]any, 1)
	go func() {
		rows, err := conn.Query(t.Context(), postgres.SlowTake(), pgx.NamedArgs{
			"holder": "A", "now": at(0.2), "lost": outbox.LostAfter, "heads": []string{"card"}, "ephemerals": []string{}, "tries": 3, "seen": at(0),
			"underway": []int64{}, "most": 9, "calls": []string{}, "rooms": []int{}, "channels": []string{}, "rooms_there": []int{}, "elsewhere": 9,
		})
		if err != nil {
			t.Error(err)
		}
		all, err := pgx.CollectRows(rows, pgx.RowToMap)
		if err != nil {
			t.Error(err)
		}
		taken <- all
	}()
	b.until(`SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)
	b.must(b.desk.Claim(t.Context(), b.gesture(n, "U2")))
	for _, row := range <-taken {
		if row["kind"] == "card" {
			t.Errorf("the card is taken in version %v, with its ticket in version %v", row["desired"], row["version"])
		}
	}
}
