package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/outbox"
)

func TestStuck(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, r := range []row{
		{name: "fine", lane: "a"},
		{name: "dropped", lane: "b", state: outbox.Dropped},
		{name: "refused", lane: "c", state: outbox.Undeliverable},
		{name: "parked", lane: "d", state: outbox.Parked},
		{name: "often tried", lane: "e"},
		{name: "being sent", lane: "f", state: outbox.Sending},
	} {
		b.owe(r)
	}
	b.exec(`UPDATE outbox SET attempts = 5 WHERE recipient = 'often tried'`)
	b.exec(`UPDATE outbox SET reason = 'is_archived', owed_at = owed_at - interval '1 h' WHERE recipient = 'parked'`)
	if diff := cmp.Diff([]string{"(parked)", "(refused)", `("often tried")`}, b.stuck()); diff != "" {
		t.Errorf("stuck (-want +got):\n%s", diff)
	}
	list, err := b.db.Stuck(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s := list[0]; s.State != outbox.Parked || s.Reason != "is_archived" || s.Kind != desk.NoticeClaimed || time.Since(s.Since) < time.Hour {
		t.Errorf("the oldest is %+v", s)
	}
}

func TestWhatIsStuckIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var ids []string
	for _, r := range []row{
		{lane: "a", state: outbox.Undeliverable}, {lane: "b", state: outbox.Parked}, {lane: "c", state: outbox.Unsure, notBefore: time.Hour},
		{lane: "d", notBefore: time.Hour}, {lane: "e", state: outbox.Sending}, {lane: "f", state: outbox.Dropped},
	} {
		ids = append(ids, fmt.Sprint(b.owe(r)))
	}
	done, err := b.db.Retry(t.Context(), append([]string{"none", "4711"}, ids...))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ids[:4], done); diff != "" {
		t.Errorf("tried again (-want +got):\n%s", diff)
	}
	if got := b.text(`SELECT string_agg(state, ' ' ORDER BY lane) FROM outbox`); got != `("waiting waiting unsure waiting sending dropped")` {
		t.Errorf("they are %s", got)
	}
	if got := b.text(`SELECT count(*) FROM outbox WHERE owed AND coalesce(not_before <= clock_timestamp(), true) AND state <> 'sending'`); got != "(4)" {
		t.Errorf("%s can be said now", got)
	}
}

func TestWhatIsStuckIsGivenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	notice := fmt.Sprint(b.owe(row{lane: "a", state: outbox.Undeliverable}))
	card := fmt.Sprint(b.owe(row{lane: "b", state: outbox.Parked}))
	b.exec(`UPDATE outbox SET kind = 'card' WHERE lane = 'b'`)
	done, err := b.db.Drop(t.Context(), []string{notice, card}, "she was told by phone")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{notice}, done); diff != "" {
		t.Errorf("given up (-want +got):\n%s", diff)
	}
	if got := b.text(`SELECT state, reason, shown = wanted FROM outbox WHERE lane = 'a'`); got != "(dropped,\"she was told by phone\",t)" {
		t.Errorf("it is %s", got)
	}
}

// stuck names who the messages that are stuck are for.
func (b *bench) stuck() []string {
	b.t.Helper()
	list, err := b.db.Stuck(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	var names []string
	for _, s := range list {
		names = append(names, b.text(`SELECT recipient FROM outbox WHERE id::text = $1`, s.ID))
	}
	return names
}
