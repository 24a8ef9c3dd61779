package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

var _ outbox.Store = (*postgres.DB)(nil)

// row is a pending message. A zero field has the value of an ordinary message.
type row struct {
	name      string // kept as the recipient
	key       string
	kind      desk.NoticeKind
	urgency   int
	queue     desk.Queue
	state     outbox.State
	due       time.Duration // from now
	pending   time.Duration // how long ago
	notBefore time.Duration // from now
	attempts  int
	looked    int
	stands    bool // it stands in Slack and is to be edited

	destination string
}

func (b *postgresHarness) enqueue(r row) int64 {
	b.t.Helper()
	if r.kind == "" {
		r.kind = desk.NoticeClaimed
	}
	if r.queue == "" {
		r.queue = desk.QueueSupport
	}
	if r.state == "" {
		r.state = outbox.Waiting
	}
	var id int64
	err := b.conn.QueryRow(b.t.Context(), `
		INSERT INTO outbox (ordering_key, queue, kind, recipient, urgency, due_at, state, pending_since, not_before, attempts, looked, posted_ts, destination)
		VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() - $8::interval, clock_timestamp() + $9::interval, $10, $11,
			CASE WHEN $12 THEN '1.1' ELSE '' END, $13) RETURNING id`,
		r.key, r.queue, r.kind, r.name, r.urgency, monday.Add(r.due), r.state, r.pending, r.notBefore, r.attempts, r.looked, r.stands, r.destination).Scan(&id)
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

func TestOrderOfMessages(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for name, test := range map[string]struct {
		rows []row
		want []string
	}{
		"a key in the order of its ids, whatever their urgency": {
			[]row{{name: "a1", key: "a", urgency: 5}, {name: "a2", key: "a", urgency: 3}, {name: "a3", key: "a", urgency: 5}},
			[]string{"a1", "a2", "a3"}},
		"the most urgent key": {
			[]row{{name: "a1", key: "a", urgency: 5}, {name: "b1", key: "b", urgency: 1}, {name: "c1", key: "c", urgency: 3}},
			[]string{"b1", "c1", "a1"}},
		"a key is as urgent as the most urgent in it": {
			[]row{{name: "a1", key: "a", urgency: 5}, {name: "a2", key: "a", urgency: 0}, {name: "b1", key: "b", urgency: 1}},
			[]string{"a1", "a2", "b1"}},
		"among equals, what waited longer": {
			[]row{{name: "a1", key: "a", pending: 2 * time.Second}, {name: "b1", key: "b", pending: 3 * time.Second}},
			[]string{"b1", "a1"}},
		"a minute makes it more urgent by one": {
			[]row{{name: "a1", key: "a", urgency: 4}, {name: "b1", key: "b", urgency: 5, pending: 61 * time.Second}, {name: "c1", key: "c", urgency: 4, pending: time.Second}},
			[]string{"b1", "c1", "a1"}},
		"half a minute does not": {
			[]row{{name: "a1", key: "a", urgency: 5, pending: 30 * time.Second}, {name: "b1", key: "b", urgency: 4}},
			[]string{"b1", "a1"}},
		"what waited five minutes is as urgent as anything": {
			[]row{{name: "a1", key: "a", urgency: 0}, {name: "b1", key: "b", urgency: 5, pending: 301 * time.Second}},
			[]string{"b1", "a1"}},
		"what is not due keeps nobody waiting": {
			[]row{{name: "a1", key: "a", due: time.Microsecond}, {name: "a2", key: "a"}},
			[]string{"a2"}},
		"what waits for Slack keeps its key waiting": {
			[]row{{name: "a1", key: "a", notBefore: time.Hour}, {name: "a2", key: "a"}, {name: "b1", key: "b", urgency: 7}},
			[]string{"b1"}},
		"so does what is being posted": {[]row{{name: "a1", key: "a", state: outbox.Sending}, {name: "a2", key: "a"}}, nil},
		"what is parked does not":      {[]row{{name: "a1", key: "a", state: outbox.Parked}, {name: "a2", key: "a"}}, []string{"a2"}},
		"but a parked card does":       {[]row{{name: "a1", key: "a", state: outbox.Parked, kind: desk.NoticeCard}, {name: "a2", key: "a"}}, nil},
		"what has failed twice does": {
			[]row{{name: "a1", key: "a", attempts: 2, notBefore: time.Hour}, {name: "a2", key: "a"}}, nil},
		"what has failed again and again does not": {
			[]row{{name: "a1", key: "a", attempts: 3, notBefore: time.Hour}, {name: "a2", key: "a"}}, []string{"a2"}},
		"what was looked for again and again does": {
			[]row{{name: "a1", key: "a", attempts: 4, looked: 3, state: outbox.Unsure, notBefore: time.Hour}, {name: "a2", key: "a"}}, nil},
		"and waits for nothing": {
			[]row{{name: "a1", key: "a", notBefore: time.Hour}, {name: "a2", key: "a", attempts: 3}, {name: "a3", key: "a"}}, []string{"a2"}},
		"but for the card": {
			[]row{{name: "a1", key: "a", attempts: 3}, {name: "a2", key: "a", attempts: 3, kind: desk.NoticeCard, notBefore: time.Hour}}, nil},
		"a digest that fails keeps its details waiting": {
			[]row{{name: "a1", key: "a", attempts: 3, kind: desk.NoticeDigest, notBefore: time.Hour}, {name: "a2", key: "a"}}, nil},
		"what stands keeps nobody waiting": {
			[]row{{name: "a1", key: "a", stands: true, kind: desk.NoticeCard, notBefore: time.Hour}, {name: "a2", key: "a"}}, []string{"a2"}},
		"and waits for nobody": {
			[]row{{name: "a1", key: "a", kind: desk.NoticeCard, state: outbox.Sending}, {name: "a2", key: "a", stands: true}}, []string{"a2"}},
		"what stands is as urgent as it is": {
			[]row{{name: "a1", key: "a", stands: true, urgency: 4}, {name: "a2", key: "a", urgency: 0}, {name: "b1", key: "b", urgency: 2}},
			[]string{"a2", "b1", "a1"}},
		"what cannot be delivered does not": {[]row{{name: "a1", key: "a", state: outbox.Undeliverable}, {name: "a2", key: "a"}}, []string{"a2"}},
		"what was dropped does not":         {[]row{{name: "a1", key: "a", state: outbox.Dropped}, {name: "a2", key: "a"}}, []string{"a2"}},
		"what may have been posted is due":  {[]row{{name: "a1", key: "a", state: outbox.Unsure}}, []string{"a1"}},
		"another queue waits for nothing of this one": {
			[]row{{name: "a1", key: "a", notBefore: time.Hour}, {name: "a2", key: "a", queue: desk.QueuePage}}, []string{"a2"}},
	} {
		t.Run(name, func(t *testing.T) {
			b.exec(`DELETE FROM outbox`)
			for _, r := range test.rows {
				b.enqueue(r)
			}
			epoch := b.acquire("A")
			var got []string
			for {
				i, ok, err := b.next(epoch, monday)
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				got = append(got, i.To)
				b.post(i, "1."+i.ID)
			}
			if diff := gocmp.Diff(test.want, got); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCardComesFirst(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.open(ticket.P2, "U1")
	b.exec(`UPDATE outbox SET id = DEFAULT WHERE kind = 'card'`) // now it is the last of its key
	if i := b.take(b.acquire("A")); i.Kind != desk.NoticeCard {
		t.Errorf("%s is taken first", i.Kind)
	}
}

func TestNextReturnsTheWholeItem(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	epoch := b.acquire("A")
	i := b.take(epoch)
	id := b.text(`SELECT id FROM outbox WHERE kind = 'card'`)
	want := outbox.Item{Notice: b.find(n).CardNotice(monday), Desired: 1, Epoch: epoch, Attempts: 1, Version: 1}
	want.ID = id[1 : len(id)-1]
	byTime := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	untaken := func(i outbox.Item) outbox.Item { i.Taken = time.Time{}; return i }
	if diff := gocmp.Diff(want, untaken(i), byTime); diff != "" {
		t.Errorf("first (-want +got):\n%s", diff)
	}
	b.must(nil, b.db.RecordFailure(t.Context(), i, outbox.Failure{State: outbox.Unsure, Reason: "timeout", Looked: 1}))
	want.Unsure, want.Looked, want.Attempts = true, 1, 2
	i = b.take(epoch)
	if diff := gocmp.Diff(want, untaken(i), byTime); diff != "" {
		t.Errorf("again (-want +got):\n%s", diff)
	}
	b.post(i, "1.1")
	b.exec(`DELETE FROM outbox WHERE kind = 'receipt'`) // it would be posted first
	b.must(b.desk.Claim(t.Context(), b.gesture(n, "U2")))
	want.PostedAt, want.Version = monday, 3 // it stands, and the claim
	want.Unsure, want.Looked, want.Attempts, want.Desired, want.Posted = false, 0, 1, 2, ticket.Message{Channel: "C1", TS: "1.1"}
	if diff := gocmp.Diff(want, untaken(b.take(epoch)), byTime); diff != "" {
		t.Errorf("after a claim (-want +got):\n%s", diff)
	}
}

func (b *postgresHarness) find(n ticket.Number) desk.Record {
	b.t.Helper()
	r, err := b.desk.Find(b.t.Context(), n)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func TestRecordPosted(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	epoch := b.acquire("A")
	posting := func() bool { p, err := b.desk.Posting(t.Context(), ""); b.must(nil, err); return p }
	if posting() {
		t.Error("a card is on its way before anybody has taken it")
	}
	card := b.take(epoch)
	if !posting() {
		t.Error("the card that is being posted is not on its way")
	}
	b.post(card, "1.1")
	if posting() || b.find(n).Card != (ticket.Message{Channel: "C1", TS: "1.1"}) {
		t.Errorf("the card stands at %v", b.find(n).Card)
	}
	b.exec(`DELETE FROM outbox WHERE kind = 'receipt'`) // it would be posted first
	b.must(b.desk.Claim(t.Context(), b.gesture(n, "U2")))
	card = b.take(epoch) // the claim
	b.must(b.desk.Resolve(t.Context(), b.gesture(n, "U2"), "", ""))
	b.post(card, "1.1")
	if got, want := b.text(`SELECT posted, desired, state FROM outbox WHERE kind = 'card'`), "(2,3,waiting)"; got != want {
		t.Errorf("changed while it was posted: %s, want %s", got, want)
	}
	if got := b.text(`SELECT count(*) FROM ticket_threads`); got != "(1)" {
		t.Errorf("%s threads, want one", got)
	}
	if err := b.record(card, ticket.Message{Channel: "C1", TS: "9.9"}, monday); !errors.Is(err, outbox.ErrOvertaken) {
		t.Errorf("recorded a second time: %v", err)
	}
}

// A sender cannot record the outcome of a message that another sender has taken since.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "x", key: "a"})
	old := b.acquire("A")
	ours := b.take(old)
	b.exec(`UPDATE leases SET until = clock_timestamp() - interval '1 second'`)
	now := b.acquire("B")
	b.must(nil, b.db.Recover(t.Context(), now, 35*time.Second))
	b.exec(`UPDATE outbox SET not_before = NULL`)
	theirs := b.take(now)
	before := b.text(`SELECT o FROM outbox o`)
	for name, i := range map[string]outbox.Item{"ours": ours, "nobody's": {Notice: desk.Notice{ID: "x"}, Epoch: now}} {
		err := b.record(i, ticket.Message{Channel: "C1", TS: "1.1"}, monday)
		if !errors.Is(err, outbox.ErrOvertaken) {
			t.Errorf("%s posted: %v", name, err)
		}
		if err := b.db.RecordFailure(t.Context(), i, outbox.Failure{State: outbox.Dropped}); !errors.Is(err, outbox.ErrOvertaken) {
			t.Errorf("%s failed: %v", name, err)
		}
	}
	if _, ok, err := b.next(old, monday); ok || err != nil {
		t.Errorf("the old sender takes another: %v, %v", ok, err)
	}
	if after := b.text(`SELECT o FROM outbox o`); after != before {
		t.Errorf("recorded all the same: %s, was %s", after, before)
	}
	if !theirs.Unsure {
		t.Error("the new sender does not know that it may have been posted")
	}
	b.post(theirs, "2.2")
}

func TestRecordFailure(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for state, want := range map[outbox.State]string{
		outbox.Waiting:       "(waiting,why,2,t,t)",
		outbox.Unsure:        "(unsure,why,2,t,t)",
		outbox.Parked:        "(parked,why,2,t,t)",
		outbox.Dropped:       "(dropped,why,2,f,t)",
		outbox.Undeliverable: "(undeliverable,why,2,t,t)",
	} {
		t.Run(string(state), func(t *testing.T) {
			b.exec(`DELETE FROM outbox`)
			b.enqueue(row{name: "x", key: "a"})
			i := b.take(b.acquire("A"))
			f := outbox.Failure{State: state, Reason: "why", After: time.Minute, Looked: 2}
			b.must(nil, b.db.RecordFailure(t.Context(), i, f))
			got := b.text(`SELECT state, reason, looked, posted < desired,
				not_before - clock_timestamp() BETWEEN interval '50 s' AND interval '60 s' FROM outbox`)
			if got != want {
				t.Errorf("state, reason, looked, pending, in a minute: %s, want %s", got, want)
			}
			if _, ok, err := b.next(i.Epoch, monday); ok || err != nil {
				t.Errorf("taken again at once: %v, %v", ok, err)
			}
		})
	}
}

// If an unsure message is parked, or left to an operator, it is remembered that it may have
// been posted.
func TestStoppedWhileUnsure(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	goOn := map[outbox.State]func(id string) error{
		outbox.Parked:        func(string) error { return second(b.db.Resume(t.Context())) },
		outbox.Undeliverable: func(id string) error { return second(b.db.Retry(t.Context(), []string{id})) },
	}
	for state, on := range goOn {
		for looked := range 3 {
			b.exec(`DELETE FROM outbox`)
			b.enqueue(row{name: "x", key: "a"})
			i := b.take(b.acquire("A"))
			b.must(nil, b.db.RecordFailure(t.Context(), i, outbox.Failure{State: state, Looked: looked}))
			b.must(nil, on(i.ID))
			i = b.take(b.acquire("A"))
			if i.Unsure != (looked > 0) || i.Looked != max(looked-1, 0) {
				t.Errorf("%s, looked for %d times: unsure %v, looked for %d times", state, looked, i.Unsure, i.Looked)
			}
		}
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "a1", key: "a", state: outbox.Parked, notBefore: time.Hour})
	b.enqueue(row{name: "b1", key: "b", state: outbox.Parked})
	b.enqueue(row{name: "c1", key: "c", state: outbox.Dropped})
	n, err := b.db.Resume(t.Context())
	if err != nil || n != 2 {
		t.Errorf("resumed %d, %v; want 2", n, err)
	}
	epoch := b.acquire("A")
	b.take(epoch)
	b.take(epoch)
	if n, err := b.db.Resume(t.Context()); err != nil || n != 0 {
		t.Errorf("resumed again: %d, %v", n, err)
	}
}

func TestOverwritten(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.enqueue(row{name: "x", key: "a"})
	b.exec(`UPDATE outbox SET desired = 5, posted = 5, posted_in = 'C1', posted_ts = '1.1', pending_since = clock_timestamp() - interval '1 hour'`)
	at := ticket.Message{Channel: "C1", TS: "1.1"}
	for _, step := range []struct {
		name    string
		at      ticket.Message
		version int64
		shown   int // the second at which Slack showed it
		want    string
	}{
		{"a late word of an earlier version", at, 3, 3, "(5,5,f)"},
		{"and of the next", at, 4, 4, "(5,5,f)"},
		{"the newest version", at, 5, 5, "(5,5,f)"},
		{"news of an earlier one that comes late", at, 4, 4, "(5,5,f)"},
		{"a newer one than was recorded", at, 6, 6, "(5,5,f)"},
		{"another message", ticket.Message{Channel: "C1", TS: "2.2"}, 1, 7, "(5,5,f)"},
		{"what does not stand", ticket.Message{}, 1, 7, "(5,5,f)"},
		{"an older version, shown later", at, 4, 7, "(5,6,t)"},
		{"the same news again", at, 4, 7, "(5,6,t)"},
		{"once more: it is pending already", at, 4, 8, "(5,6,t)"},
	} {
		b.must(b.db.Overwritten(t.Context(), outbox.Shown{At: step.at, Version: step.version, When: monday.Add(time.Duration(step.shown) * time.Second)}))
		got := b.text(`SELECT posted, desired, pending_since > clock_timestamp() - interval '1 minute' FROM outbox`)
		if got != step.want {
			t.Errorf("%s: posted, desired, pending anew: %s, want %s", step.name, got, step.want)
		}
	}
}

// An older version has overwritten a newer one. The event of the older one can arrive first,
// also while the newer one is being sent.
func TestOverwrittenByNewsInAnotherOrder(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]string{"it was posted": "waiting", "it is being posted": "sending"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			b.enqueue(row{name: "x", key: "a"})
			posted := map[string]int{"waiting": 5, "sending": 4}[state]
			b.exec(fmt.Sprintf(`UPDATE outbox SET desired = 5, posted = %d, state = '%s', observed = 3, posted_in = 'C1', posted_ts = '1.1'`, posted, state))
			at := ticket.Message{Channel: "C1", TS: "1.1"}
			b.must(b.db.Overwritten(t.Context(), outbox.Shown{At: at, Version: 4, When: monday.Add(9 * time.Second)}))
			if got := b.text(`SELECT desired, observed FROM outbox`); got != "(5,4)" {
				t.Errorf("after the later news: desired, observed: %s", got)
			}
			for range 2 { // Slack may send the event twice
				b.must(b.db.Overwritten(t.Context(), outbox.Shown{At: at, Version: 5, When: monday.Add(8 * time.Second)}))
			}
			if got := b.text(`SELECT desired, observed FROM outbox`); got != "(6,5)" {
				t.Errorf("after the earlier news: desired, observed: %s", got)
			}
		})
	}
}

// A deleted card is dropped, together with the version it should still show. The new card is
// the first of its key.
func TestNewCard(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	epoch := b.acquire("A")
	b.post(b.take(epoch), "1.1")
	b.must(b.desk.Claim(t.Context(), b.gesture(n, "U2")))
	old := b.find(n).Card
	a := b.gesture(n, "")
	a.By = ticket.ByDeletion
	b.must(b.desk.Withhold(t.Context(), a, old))
	if got := b.text(`SELECT state, posted = desired FROM outbox WHERE posted_ts = '1.1'`); got != "(dropped,t)" {
		t.Errorf("the deleted card: %s", got)
	}
	if r := b.find(n); r.Card != (ticket.Message{}) || !r.Ticket.Withheld {
		t.Errorf("the ticket has a card at %v, withheld %v", r.Card, r.Ticket.Withheld)
	}
	card := b.take(epoch)
	if card.Kind != desk.NoticeCard || card.Standing() {
		t.Errorf("next is %s at %v, want a new card", card.Kind, card.Posted)
	}
	b.post(card, "2.2")
	for _, ts := range []string{"1.1", "2.2"} {
		if got, err := b.db.ByCard(t.Context(), ticket.Message{Channel: "C1", TS: ts}); got != n || err != nil {
			t.Errorf("the card at %s leads to %v, %v", ts, got, err)
		}
	}
	if got := b.find(n).Card.TS; got != "2.2" {
		t.Errorf("the card stands at %s", got)
	}
}

func TestFailureEnqueuesNotices(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		row  row
		want bool
	}{
		{"waiting", row{}, true},
		{"being sent", row{state: outbox.Sending}, true},
		{"unsure", row{state: outbox.Unsure}, true},
		{"parked", row{state: outbox.Parked}, false},
		{"dropped", row{state: outbox.Dropped}, false},
		{"not due", row{due: time.Hour}, false},
		{"held back", row{notBefore: time.Hour}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			if pending, err := b.db.HasPending(t.Context(), monday); pending || err != nil {
				t.Fatalf("nothing is there, and something is pending: %v, %v", pending, err)
			}
			test.row.key = "a"
			b.enqueue(test.row)
			if pending, err := b.db.HasPending(t.Context(), monday); pending != test.want || err != nil {
				t.Errorf("something is pending: %v, %v", pending, err)
			}
		})
	}
}

// If the connection breaks while a message is taken, no worker knows of it. The message must
// not wait until another copy gets the lease, which can take weeks.
func TestNextTakesAgainWhatWasLostInTheMiddle(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	epoch := b.acquire("one")
	id := b.enqueue(row{name: "lost", key: "a"})
	b.take(epoch)
	if _, ok, err := b.next(epoch, at(0.2)); ok || err != nil {
		t.Fatalf("taken twice at once: %v %v", ok, err)
	}
	b.exec(`UPDATE outbox SET tried_at = tried_at - $1::interval WHERE id = $2`, outbox.LostAfter+time.Second, id)
	b.had = nil
	again := b.take(epoch)
	if !again.Unsure || again.To != "lost" {
		t.Errorf("taken again as %+v, want it unsure", again)
	}
}

// The same holds for a step of an escalation that is told by an alert or a page.
func TestForgottenEscalation(t *testing.T) {
	t.Parallel()
	for _, kind := range []desk.NoticeKind{desk.NoticePage, desk.NoticeAlert} {
		b := newPostgresHarness(t)
		n := b.open(2, "U1")
		b.exec(`DELETE FROM outbox`)
		b.exec(`UPDATE tickets SET next_at = NULL`)
		step := desk.Alert{Cycle: 1, Source: desk.Escalation, Promise: 1, Step: "2.1", At: at(1)}
		late := desk.Alert{Cycle: 1, Source: "resolve", Promise: 1, Step: "late", At: at(3)}
		for _, a := range []desk.Alert{step, late} {
			b.exec(`INSERT INTO alerts VALUES ($1, $2, $3, $4, $5, $6, $6, true)`, n, a.Cycle, a.Source, a.Promise, a.Step, a.At)
		}
		notice := desk.Notice{Kind: kind, Ticket: n, OrderingKey: "a", Queue: desk.QueueSupport, DueAt: monday}
		notice.At, notice.Escalation = step.At, &step
		left := "(late)"
		if kind == desk.NoticeAlert {
			notice.Alert, left = &late, "()"
		}
		b.must(nil, b.db.Schedule(t.Context(), "x", func(desk.Schedule) (desk.Schedule, []desk.Notice) {
			return desk.Schedule{Spec: "x"}, []desk.Notice{notice}
		}))
		i := b.take(b.acquire("A"))
		b.must(nil, b.db.RecordFailure(t.Context(), i, outbox.Failure{State: outbox.Dropped, Reason: "why", Forget: true}))
		if got := b.text(`SELECT string_agg(step, ' ') FROM alerts`); got != left {
			t.Errorf("%s: told are %s, want %s", kind, got, left)
		}
		if got := b.text(`SELECT next_at = $1 FROM tickets`, at(1)); got != "(t)" {
			t.Errorf("%s: the step is not due again: %s", kind, got)
		}
	}
}

// An alert that was not posted because its clock had stopped counts as never told. If the
// clock goes on, the alert is due at once.
func TestForgottenAlert(t *testing.T) {
	t.Parallel()
	for name, resolved := range map[string]bool{"the clock goes on": false, "the clock has stopped": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			n := b.open(2, "U1")
			if _, err := b.desk.Sweep(t.Context(), at(4)); err != nil {
				t.Fatal(err)
			}
			if resolved {
				b.must(b.desk.Resolve(t.Context(), b.gesture(n, "U2"), "", ""))
			}
			b.exec(`UPDATE outbox SET state = 'dropped', posted = desired WHERE kind <> 'alert'`)
			b.exec(`UPDATE tickets SET next_at = NULL`)
			epoch := b.acquire("A")
			i, ok, err := b.next(epoch, at(5))
			if err != nil || !ok || i.Alert == nil {
				t.Fatalf("no alert to take: %+v, %v", i, err)
			}
			version := b.find(n).Version
			b.must(nil, b.db.RecordFailure(t.Context(), i, outbox.Failure{State: outbox.Dropped, Reason: "why", Forget: true}))
			if got := b.text(`SELECT count(*) FROM alerts WHERE step = $1`, i.Alert.Step); got != "(0)" {
				t.Errorf("%s times told", got)
			}
			due := b.text(`SELECT next_at IS NOT NULL AND next_at = $1 FROM tickets`, i.Alert.At)
			if want := map[bool]string{true: "(f)", false: "(t)"}[resolved]; due != want {
				t.Errorf("due again: %s, want %s", due, want)
			}
			if b.find(n).Version == version {
				t.Error("who decides on what was before does not notice")
			}
		})
	}
}

// Somebody is asked once in a while, but again about a ticket that was reopened.
func TestWhoWasAsked(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(2, "U1")
	b.exec(`UPDATE outbox SET kind = 'survey', recipient = 'U1', posted_at = $1`, at(1))
	for _, test := range []struct {
		person string
		about  ticket.Number
		since  float64
		want   bool
	}{{"U1", n + 1, 0, true}, {"U1", n, 0, false}, {"U1", n + 1, 2, false}, {"U2", n + 1, 0, false}} {
		if asked, err := b.db.Asked(t.Context(), test.person, test.about, at(test.since)); err != nil || asked != test.want {
			t.Errorf("%+v: %t, %v", test, asked, err)
		}
	}
}
