package postgres_test

import (
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/ticket"
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

func TestChangeDuty(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	past := desk.Override{Squad: "Checkout", MadeBy: "U1", Override: duty.Override{Person: "U1", From: at(-5), Until: at(-4)}}
	later := desk.Override{Squad: "Checkout", MadeBy: "U1", Override: duty.Override{Person: "U2", From: at(2), Until: at(3)}}
	sooner := desk.Override{Squad: "Other", MadeBy: "U2", Override: duty.Override{Person: "U2", From: at(-1), Until: at(2)}}
	n := desk.Notice{Kind: desk.NoticeOverridden, OrderingKey: "duty:U1", Queue: desk.QueueSupport, To: "U1", DueAt: monday}
	change := func(squad string, c desk.DutyChange) (state desk.DutyState) {
		b.must(nil, b.db.ChangeDuty(t.Context(), squad, "form:V1", monday, func(s desk.DutyState) (desk.DutyChange, error) {
			state = s
			return c, nil
		}))
		return state
	}
	for _, o := range []desk.Override{past, later, sooner} {
		change(o.Squad, desk.DutyChange{Made: []desk.Override{o}, Notices: []desk.Notice{n}})
	}
	got, err := b.db.Overrides(t.Context(), monday)
	later.ID, sooner.ID = 2, 3
	if diff := gocmp.Diff([]desk.Override{later, sooner}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got := b.text(`SELECT count(*) FROM outbox WHERE kind = 'overridden'`); got != "(3)" {
		t.Errorf("told %s times", got)
	}
	change("Checkout", desk.DutyChange{Ended: later.ID})
	change("Other", desk.DutyChange{Ended: sooner.ID})
	if got := b.text(`SELECT count(*) FILTER (WHERE until = since), count(*) FILTER (WHERE until = $1) FROM duty_overrides`, monday); got != "(1,1)" {
		t.Errorf("ended %s", got)
	}
	swap := desk.Swap{Key: "form:V1", Squad: "Checkout", Swap: duty.Swap{Gives: duty.Shift{Person: "U1", From: at(1), Until: at(2)}, To: "U2"}}
	if state := change("Checkout", desk.DutyChange{Asked: &swap}); state.Swap.Key != "" || len(state.Overrides) > 0 {
		t.Errorf("before: %+v", state)
	}
	if state := change("Checkout", desk.DutyChange{Answered: swap.Key}); !gocmp.Equal(swap, state.Swap) {
		t.Errorf("asked: %s", gocmp.Diff(swap, state.Swap))
	}
	swap.Answered = true
	if got, err := b.db.Swap(t.Context(), swap.Key); err != nil || !gocmp.Equal(swap, got) {
		t.Errorf("answered: %v %s", err, gocmp.Diff(swap, got))
	}
	refused := ticket.Errorf(ticket.Conflict, "No.")
	err = b.db.ChangeDuty(t.Context(), "Checkout", "", monday, func(desk.DutyState) (desk.DutyChange, error) {
		return desk.DutyChange{Made: []desk.Override{later}}, refused
	})
	if got := b.text(`SELECT count(*) FROM duty_overrides`); got != "(3)" || ticket.SentenceOf(err) != "No." {
		t.Errorf("after a refusal: %s, %v", got, err)
	}
}

func TestDutyServed(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.exec(`INSERT INTO people (id, name, zone, fetched_at) VALUES ('U1', 'Kim', 'UTC', now())`)
	b.exec(`INSERT INTO duty_shifts (squad, since, person) VALUES ('A', $1, 'U2'), ('A', $2, 'U1'), ('A', $3, ''), ('B', $4, 'U2')`, at(-9), at(-3), at(2), at(1))
	records, names, err := b.db.DutyServed(t.Context(), monday, at(2))
	want := []duty.Record{
		{Squad: "A", Changes: []duty.Change{{Person: "U1", At: at(-3)}}},
		{Squad: "B", Changes: []duty.Change{{Person: "U2", At: at(1)}}},
	}
	if diff := gocmp.Diff(want, records); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if diff := gocmp.Diff(map[string]string{"U1": "Kim", "U2": ""}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}
