package desk_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/postgres"
)

// locks is a database that knows whether something is decided under one of its locks.
type locks struct {
	*postgres.DB
	held    atomic.Bool
	decided int
}

func (l *locks) decides() (done func()) {
	l.held.Store(true)
	l.decided++
	return func() { l.held.Store(false) }
}

func (l *locks) HandOver(ctx context.Context, squad string, ended time.Time, decide func(desk.Handover) ([]duty.Change, []desk.Notice)) error {
	return l.DB.HandOver(ctx, squad, ended, func(h desk.Handover) ([]duty.Change, []desk.Notice) {
		defer l.decides()()
		return decide(h)
	})
}

func (l *locks) ChangeDuty(ctx context.Context, squad, swap string, now time.Time, decide func(desk.DutyState) (desk.DutyChange, error)) error {
	return l.DB.ChangeDuty(ctx, squad, swap, now, func(s desk.DutyState) (desk.DutyChange, error) {
		defer l.decides()()
		return decide(s)
	})
}

func (l *locks) Schedule(ctx context.Context, name string, decide func(desk.Schedule) (desk.Schedule, []desk.Notice)) error {
	return l.DB.Schedule(ctx, name, func(s desk.Schedule) (desk.Schedule, []desk.Notice) {
		defer l.decides()()
		return decide(s)
	})
}

// slow are people about whom nobody may ask under a lock: the answer may take longer than the database waits.
type slow struct {
	desk.People
	t     *testing.T
	locks *locks
}

func (s slow) Person(ctx context.Context, id string) (desk.Person, error) {
	if s.locks.held.Load() {
		s.t.Errorf("%s is asked about under a lock", id)
	}
	return s.People.Person(ctx, id)
}

// Whatever is decided about duty under a lock asks nobody. Who has left is known all the same, and takes no turns.
func TestNobodyIsAskedAboutUnderALock(t *testing.T) {
	t.Parallel()
	const day, gone = 24 * 60, "UGONE"
	c, ctx := newTwoCopies(t), t.Context()
	c.exec(`INSERT INTO duty_shifts (squad, since, person) VALUES ('Checkout', $1, $2)`, nine.AddDate(0, 0, -100), bob)
	locked := &locks{DB: c.db}
	people := c.people()
	people[gone] = desk.Person{ID: gone, Deactivated: true, Squads: []string{"Checkout"}}
	roster := turns(ann, bob, gone)
	roster[0].Hours = c.always()
	c.Desk = desk.New(locked, slow{people, t, locked}, c.policies, categories).OnDuty(roster, desk.RosterMark{}).Weighing(duty.Days{Zone: time.UTC})
	swap := desk.Swap{Key: "form:V1", Squad: "Checkout", Swap: duty.Swap{Gives: duty.Shift{Person: ann, From: minutes(3 * day), Until: minutes(4 * day)}, To: bob}}
	for i, does := range []func() error{
		func() error { return c.ComeOnDuty(ctx, minutes(0)) },
		func() error {
			return c.TakeOver(ctx, desk.Override{Squad: "Checkout", MadeBy: bob, Override: duty.Override{Person: bob, From: minutes(10), Until: minutes(60)}}, minutes(10))
		},
		func() error { return c.ComeOnDuty(ctx, minutes(10)) },
		func() error { _, err := c.TakeBack(ctx, 1, ann, minutes(20)); return err },
		func() error { return c.ComeOnDuty(ctx, minutes(20)) },
		func() error { return c.AskSwap(ctx, swap, minutes(30)) },
		func() error { _, err := c.AnswerSwap(ctx, swap.Key, bob, true, minutes(30)); return err },
		func() error { return c.WatchFairness(ctx, 1.5, minutes(40)) },
		func() error { return c.ComeOnDuty(ctx, minutes(day)) },
		func() error { _, err := c.PassMorning(ctx, "Checkout", bob, minutes(day+5)); return err },
		func() error { return c.WatchFairness(ctx, 1.5, minutes(day+40)) },
		func() error { return c.ComeOnDuty(ctx, minutes(2*day)) },
		func() error { return c.rota("form:V2", nine.Truncate(24*time.Hour), bob, ann) },
		func() error { return c.ComeOnDuty(ctx, minutes(2*day+20)) },
	} {
		if err := does(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if told := c.number(`SELECT count(*) FROM outbox WHERE kind = 'unfair'`); told == 0 {
		t.Error("nobody heard that the rota is unfair")
	}
	if on := c.number(`SELECT count(*) FROM duty_shifts WHERE person = 'UGONE'`); on != 0 {
		t.Error("somebody is on duty who has left")
	}
	if locked.decided < 14 {
		t.Errorf("decided %d times under a lock", locked.decided)
	}
}
