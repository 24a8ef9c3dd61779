package postgres_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"supporty/internal/insight"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

// The numbers are those of a plain count, whichever days were counted before and whatever
// changed since: tickets opened, ended, reopened, and changes of the past.
func TestCountedDaysAgreeWithAPlainCount(t *testing.T) {
	t.Parallel()
	db, conn := insightDB(t)
	rapid.Check(t, func(rt *rapid.T) {
		lives := stretched(drawLives(rt))
		fill(rt, conn, lives)
		for range rapid.IntRange(1, 4).Draw(rt, "changes") {
			if rapid.Bool().Draw(rt, "counts") {
				countAll(rt, db, moment(rapid.IntRange(-10, 50).Draw(rt, "today")))
			}
			changed := stretched(drawLives(rt))
			changed = changed[:rapid.IntRange(0, len(changed)).Draw(rt, "changed")]
			rewrite(rt, conn, changed)
			lives = slices.Concat(changed, lives[min(len(lives), len(changed)):])
			cuts := rapid.SliceOfN(rapid.IntRange(-10, 50), 2, 2).Draw(rt, "cuts")
			agree(rt, db, lives, ticket.Period{From: moment(slices.Min(cuts)), To: moment(slices.Max(cuts))})
		}
	})
}

func agree(t test, db *postgres.DB, lives []life, p ticket.Period) {
	t.Helper()
	for _, of := range []insight.Selection{{}, {Categories: []string{"Billing", "a"}}, {Categories: []string{"a", "B"}}, {Categories: []string{}}} {
		n, err := db.Numbers(context.Background(), insight.Question{Period: p, Of: of, Pause: pause})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(count(lives, p, of), n, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(p, of, "(-plain +SQL):\n", diff)
		}
		agreeInSeries(t, db, lives, p, of)
	}
}

// agreeInSeries compares a series of two periods with the numbers of each.
func agreeInSeries(t test, db *postgres.DB, lives []life, p ticket.Period, of insight.Selection) {
	t.Helper()
	middle := p.From.Add(p.To.Sub(p.From) / 3)
	periods := []ticket.Period{{From: p.From, To: middle}, {From: middle, To: p.To}}
	series, err := db.Series(context.Background(), periods, of)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range periods {
		n := count(lives, p, of)
		want := insight.Week{Period: p, Priorities: n.Priorities, Categories: n.Categories}
		if diff := cmp.Diff(want, series[i], cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(p, of, "(-plain +series):\n", diff)
		}
	}
}

// Each value that is counted is counted again when it alone changes.
func TestEachChangeOfACountedDay(t *testing.T) {
	t.Parallel()
	db, conn := insightDB(t)
	said := []reply{{who: "U1", at: at(2)}, {who: "U1", at: at(2.1)}, {who: "U2", at: at(3)}}
	kept := life{number: 1, category: "Billing", solution: ticket.SolvedByData, replies: said, cycles: []cycle{
		{priority: 2, started: at(24), responded: at(48), due: at(240), ended: at(72), resolved: true}}}
	late := life{number: 1, category: "Billing", replies: said, cycles: []cycle{
		{priority: 2, started: at(0), responded: at(24), due: at(48), ended: at(72), resolved: true, owner: "U1", cause: ticket.CauseUnclaimed},
		{priority: 2, started: at(96), responded: at(120), due: at(144), owner: "U1", cause: ticket.CauseUnclaimed}}}
	for name, change := range map[string]func(*life, *cycle){
		"category":  func(l *life, _ *cycle) { l.category = "Data" },
		"private":   func(l *life, _ *cycle) { l.private = true },
		"solution":  func(l *life, _ *cycle) { l.solution = ticket.SolvedByCode },
		"replies":   func(l *life, _ *cycle) { l.replies = append(slices.Clone(said), reply{who: "U1", at: at(4)}) },
		"people":    func(l *life, _ *cycle) { l.replies = append(slices.Clone(said), reply{who: "U3", at: at(4)}) },
		"deleted":   func(l *life, _ *cycle) { l.replies = []reply{said[0], {who: "U1", at: at(2.1), gone: true}, said[2]} },
		"priority":  func(_ *life, c *cycle) { c.priority = 1 },
		"started":   func(_ *life, c *cycle) { c.started = c.started.Add(-25 * time.Hour) },
		"responded": func(_ *life, c *cycle) { c.responded = c.responded.Add(25 * time.Hour) },
		"silent":    func(_ *life, c *cycle) { c.responded = time.Time{} },
		"earlier":   func(_ *life, c *cycle) { c.due = c.due.Add(-200 * time.Hour) },
		"later":     func(_ *life, c *cycle) { c.due = c.due.Add(25 * time.Hour) },
		"ended":     func(_ *life, c *cycle) { c.ended, c.resolved = at(150), true },
		"not ended": func(_ *life, c *cycle) { c.ended, c.resolved = time.Time{}, false },
		"closed":    func(_ *life, c *cycle) { c.ended, c.resolved = at(160), false },
		"resolved":  func(_ *life, c *cycle) { c.resolved = !c.resolved && !c.ended.IsZero() },
		"waited":    func(_ *life, c *cycle) { c.waited += time.Hour },
		"held":      func(_ *life, c *cycle) { c.held += time.Hour },
		"owner":     func(_ *life, c *cycle) { c.owner = "" },
		"cause":     func(_ *life, c *cycle) { c.cause = ticket.CauseReopened },
		"reopened": func(l *life, _ *cycle) {
			l.cycles = append(l.cycles, cycle{priority: 2, started: at(200), due: at(300)})
		},
		"forgotten": func(l *life, _ *cycle) { l.cycles = l.cycles[:1] },
	} {
		for i, l := range []life{kept, late, late} {
			fill(t, conn, []life{l})
			countAll(t, db, at(24*20))
			l.cycles = slices.Clone(l.cycles)
			change(&l, &l.cycles[i/2])
			rewrite(t, conn, []life{l})
			t.Log(name, i)
			agree(t, db, []life{l}, ticket.Period{From: at(-24 * 10), To: at(24 * 20)})
		}
	}
}

// moment is one of three times of a day, among them its beginning.
func moment(n int) time.Time {
	return monday.Truncate(24 * time.Hour).Add(time.Duration(n) * 8 * time.Hour)
}

// stretched lets the hours of tickets be a third of a day long.
func stretched(lives []life) []life {
	long := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return moment(int(t.Sub(monday).Hours()))
	}
	for _, l := range lives {
		for i, c := range l.cycles {
			c.started, c.responded, c.due, c.ended = long(c.started), long(c.responded), long(c.due), long(c.ended)
			l.cycles[i] = c
		}
	}
	return lives
}

func countAll(t test, db *postgres.DB, now time.Time) {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = db.CountDays(context.Background(), now, pause); err != nil {
			t.Fatal(err)
		}
	}
}

// Days are counted when they are over: the newest first, a month of them at a time, and again
// only if something has changed.
func TestCountDays(t *testing.T) {
	t.Parallel()
	db, conn := insightDB(t)
	counts := func(now time.Time, want ...int) {
		t.Helper()
		var got []int
		for n := 1; n > 0; {
			var err error
			if n, err = db.CountDays(t.Context(), now, pause); err != nil {
				t.Fatal(err)
			}
			got = append(got, n)
		}
		if diff := cmp.Diff(append(want, 0), got); diff != "" {
			t.Errorf("counted at %v (-want +got):\n%s", now, diff)
		}
	}
	counts(at(0))
	l := life{number: 1, category: "Billing", cycles: []cycle{{priority: 2, started: at(0), due: at(3)}}}
	fill(t, conn, []life{l})
	counts(at(14.9))
	counts(at(15), 1)
	counts(at(24*40), 31, 8)

	l.cycles[0].responded, l.cycles[0].cause = at(50), ticket.CauseUnclaimed
	rewrite(t, conn, []life{l})
	counts(at(24*40), 2)
	l.replies = []reply{{who: "U1", at: at(1)}}
	rewrite(t, conn, []life{l})
	counts(at(24 * 40))
	l.cycles[0].ended, l.cycles[0].resolved = at(24*38), true
	rewrite(t, conn, []life{l})
	counts(at(24*40), 1)
	l.cycles[0].started, l.cycles[0].priority = at(-24*50), 1
	rewrite(t, conn, []life{l})
	counts(at(24*40), 1, 30, 22)
}

// What is not committed while its day is counted is not lost.
func TestCountDaysBesideAChange(t *testing.T) {
	t.Parallel()
	db, conn := insightDB(t)
	l := life{number: 1, category: "Billing", cycles: []cycle{{priority: 2, started: at(0), due: at(3)}}}
	fill(t, conn, []life{l})
	countAll(t, db, at(24))
	b := &pgx.Batch{}
	b.Queue("BEGIN")
	l.category = "Data"
	l.cycles[0].started = at(1)
	l.cycles[0].responded = at(1.5)
	queueLives(b, []life{l})
	send(t, conn, b)
	countAll(t, db, at(48))
	if _, err := conn.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	p := ticket.Period{From: at(-24), To: at(48)}
	for range 2 {
		agree(t, db, []life{l}, p)
		countAll(t, db, at(48))
	}
}

func TestCountDaysWithoutADatabase(t *testing.T) {
	t.Parallel()
	db, _ := insightDB(t)
	db.Close()
	if _, err := db.CountDays(t.Context(), at(0), pause); err == nil {
		t.Error("no error from a closed pool")
	}
}
