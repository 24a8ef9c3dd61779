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
	b := newPostgresHarness(t)
	for _, r := range []row{
		{name: "fine", key: "a"},
		{name: "dropped", key: "b", state: outbox.Dropped},
		{name: "refused", key: "c", state: outbox.Undeliverable},
		{name: "parked", key: "d", state: outbox.Parked},
		{name: "often tried", key: "e"},
		{name: "being sent", key: "f", state: outbox.Sending},
	} {
		b.enqueue(r)
	}
	b.exec(`UPDATE outbox SET attempts = 5 WHERE recipient = 'often tried'`)
	b.exec(`UPDATE outbox SET reason = 'is_archived', pending_since = pending_since - interval '1 h' WHERE recipient = 'parked'`)
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
	b := newPostgresHarness(t)
	var ids []string
	for _, r := range []row{
		{key: "a", state: outbox.Undeliverable}, {key: "b", state: outbox.Parked}, {key: "c", state: outbox.Unsure, notBefore: time.Hour},
		{key: "d", notBefore: time.Hour}, {key: "e", state: outbox.Sending}, {key: "f", state: outbox.Dropped},
	} {
		ids = append(ids, fmt.Sprint(b.enqueue(r)))
	}
	done, err := b.db.Retry(t.Context(), append([]string{"none", "4711"}, ids...))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ids[:4], done); diff != "" {
		t.Errorf("tried again (-want +got):\n%s", diff)
	}
	if got := b.text(`SELECT string_agg(state, ' ' ORDER BY ordering_key) FROM outbox`); got != `("waiting waiting unsure waiting sending dropped")` {
		t.Errorf("they are %s", got)
	}
	if got := b.text(`SELECT count(*) FROM outbox WHERE pending AND coalesce(not_before <= clock_timestamp(), true) AND state <> 'sending'`); got != "(4)" {
		t.Errorf("%s can be posted now", got)
	}
}

func TestWhatIsStuckIsGivenUp(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	notice := fmt.Sprint(b.enqueue(row{key: "a", state: outbox.Undeliverable}))
	card := fmt.Sprint(b.enqueue(row{key: "b", state: outbox.Parked}))
	b.exec(`UPDATE outbox SET kind = 'card' WHERE ordering_key = 'b'`)
	done, err := b.db.Drop(t.Context(), []string{notice, card}, "she was told by phone")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{notice}, done); diff != "" {
		t.Errorf("given up (-want +got):\n%s", diff)
	}
	if got := b.text(`SELECT state, reason, posted = desired FROM outbox WHERE ordering_key = 'a'`); got != "(dropped,\"she was told by phone\",t)" {
		t.Errorf("it is %s", got)
	}
}

// stuck returns the recipients of the stuck messages.
func (b *postgresHarness) stuck() []string {
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
