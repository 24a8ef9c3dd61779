package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/outbox"
)

func TestWatch(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	if w, err := b.db.Watch(t.Context(), monday); err != nil || len(w.Pending)+len(w.Stuck)+len(w.Tickets) > 0 || w.Late != 0 {
		t.Fatalf("of nothing it counts %+v, %v", w, err)
	}
	one := b.open(1, "U1")
	b.open(2, "U1")
	b.must(b.desk.Resolve(t.Context(), b.gesture(one, "U2"), "", ""))
	b.exec(`DELETE FROM outbox`)
	b.exec(`UPDATE tickets SET next_at = $1 WHERE state = 'open'`, monday.Add(-time.Minute))
	for _, r := range []row{
		{key: "a", urgency: 1, pending: time.Hour}, {key: "b", urgency: 1}, {key: "c", urgency: 3, state: outbox.Parked},
		{key: "d", urgency: 1, due: time.Hour}, {key: "e", urgency: 1, state: outbox.Undeliverable}, {key: "f", state: outbox.Dropped},
		{key: "g", urgency: 3, attempts: outbox.ManyTries},
	} {
		b.enqueue(r)
	}
	b.exec(`UPDATE outbox SET due_at = due_at - interval '10 years' WHERE ordering_key <> 'd'`) // the real clock is not at the Monday of the tests
	w, err := b.db.Watch(t.Context(), monday)
	if err != nil {
		t.Fatal(err)
	}
	if age := w.Pending[0].Age; age < time.Hour || age > time.Hour+time.Minute {
		t.Errorf("the oldest is %v old", age)
	}
	w.Pending[0].Age, w.Pending[1].Age = 0, 0
	if diff := cmp.Diff(map[string]int{"parked": 1, "undeliverable": 1, "retried": 1}, w.Stuck); diff != "" {
		t.Errorf("stuck (-want +got):\n%s", diff)
	}
	if len(w.Pending) != 2 || w.Pending[0].Urgency != 1 || w.Pending[0].Messages != 2 || w.Pending[1].Messages != 2 {
		t.Errorf("pending: %+v", w.Pending)
	}
	if w.Tickets["open"] != 1 || len(w.Tickets) != 1 || w.Late != time.Minute {
		t.Errorf("open %v, late %v", w.Tickets, w.Late)
	}
}
