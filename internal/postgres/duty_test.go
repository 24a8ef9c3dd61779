package postgres_test

import (
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/duty"
)

// Each change of a squad is recorded once with its notice, however many copies decide at once.
func TestComeOnDuty(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first, second := duty.Change{Person: "U1", At: at(1)}, duty.Change{Person: "U2", At: at(2)}
	become := func(changes ...duty.Change) func(duty.Change) ([]duty.Change, []desk.Notice) {
		return func(last duty.Change) ([]duty.Change, []desk.Notice) {
			if last == changes[len(changes)-1] {
				return nil, nil
			}
			n := desk.Notice{Kind: desk.NoticeOnDuty, OrderingKey: "duty:U", Queue: desk.QueueSupport, To: "U2", DueAt: monday}
			return changes, []desk.Notice{n}
		}
	}
	var copies sync.WaitGroup
	for range 4 {
		copies.Go(func() { b.must(nil, b.db.ComeOnDuty(t.Context(), "Checkout", become(first, second))) })
	}
	copies.Wait()
	if got := b.text(`SELECT count(*), count(*) FILTER (WHERE person = 'U2') FROM duty_shifts WHERE squad = 'Checkout'`); got != "(2,1)" {
		t.Errorf("recorded %s", got)
	}
	if got := b.text(`SELECT count(*) FROM outbox WHERE kind = 'on_duty'`); got != "(1)" {
		t.Errorf("told %s times", got)
	}
	b.must(nil, b.db.ComeOnDuty(t.Context(), "Other", func(last duty.Change) ([]duty.Change, []desk.Notice) {
		if diff := gocmp.Diff(duty.Change{}, last); diff != "" {
			t.Errorf("of another squad: %s", diff)
		}
		return nil, nil
	}))
}
