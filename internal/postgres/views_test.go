package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// The numbers of a period as somebody asks the views for them: of all tickets, and of a category.
const (
	flowOfAll = `SELECT coalesce(sum(opened) FILTER (WHERE at >= @from), 0), coalesce(sum(reopened) FILTER (WHERE at >= @from), 0),
			coalesce(sum(resolved) FILTER (WHERE at >= @from), 0), coalesce(sum(closed) FILTER (WHERE at >= @from), 0),
			coalesce(sum(opened + reopened - resolved - closed), 0)
		FROM insight.flow WHERE at < @to`
	flowOfSome = `SELECT count(*) FILTER (WHERE started_at >= @from AND cycle = 1), count(*) FILTER (WHERE started_at >= @from AND cycle > 1),
			count(*) FILTER (WHERE ended_at >= @from AND ended_at < @to AND resolved), count(*) FILTER (WHERE ended_at >= @from AND ended_at < @to AND NOT resolved),
			count(*) FILTER (WHERE ended_at IS NULL OR ended_at >= @to)
		FROM insight.cycles WHERE started_at < @to AND category = ANY (@categories)`

	promisesOfAll  = `SELECT priority, late_because, kept, late, late_without_owner FROM insight.promises WHERE at >= @from AND at < @to`
	promisesOfSome = `SELECT priority, CASE WHEN on_time THEN '' ELSE late_because END, on_time::integer, (NOT on_time)::integer, (NOT on_time AND NOT had_owner_when_late)::integer
		FROM insight.cycles WHERE on_time IS NOT NULL AND category = ANY (@categories)
			AND CASE WHEN on_time THEN ended_at ELSE solve_by END >= @from AND CASE WHEN on_time THEN ended_at ELSE solve_by END < @to`

	answersOfAll    = `SELECT priority, seconds FROM insight.answers WHERE at >= @from AND at < @to`
	answersOfSome   = `SELECT priority, answered_seconds FROM insight.cycles WHERE answered_at >= @from AND answered_at < @to AND category = ANY (@categories)`
	solutionsOfAll  = `SELECT priority, seconds FROM insight.solutions WHERE at >= @from AND at < @to`
	solutionsOfSome = `SELECT priority, ended_seconds FROM insight.cycles WHERE resolved AND ended_at >= @from AND ended_at < @to AND category = ANY (@categories)`

	spreadOf = `SELECT coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds), 0), coalesce(percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds), 0), count(*)
		FROM (%s) AS s (priority, seconds) WHERE @priority = '' OR priority = @priority`

	oldest = `SELECT ticket, started_at FROM insight.cycles WHERE started_at < @to AND (ended_at IS NULL OR ended_at >= @to)
			AND (@categories::text[] IS NULL OR category = ANY (@categories)) ORDER BY started_at, ticket LIMIT 1`
	categories = `SELECT category, sum(tickets)::bigint, sum(code_changes)::bigint FROM insight.categories
		WHERE at >= @from AND at < @to AND (@categories::text[] IS NULL OR category = ANY (@categories)) GROUP BY category ORDER BY 2 DESC, 1`

	costOfAll  = `SELECT coalesce(sum(tickets), 0), coalesce(sum(replies), 0), coalesce(sum(people), 0) FROM insight.costs WHERE at >= @from AND at < @to`
	costOfSome = `SELECT count(*), coalesce(sum(replies), 0), coalesce(sum(people), 0) FROM insight.threads
		WHERE ended_at >= @from AND ended_at < @to AND category = ANY (@categories)`
)

// asker asks the views.
type asker struct {
	t    test
	conn *pgx.Conn
	args pgx.NamedArgs
	some bool
}

func (a asker) or(all, some string) string {
	if a.some {
		return some
	}
	return all
}

func (a asker) row(sql string, into ...any) {
	a.t.Helper()
	if err := a.conn.QueryRow(context.Background(), sql, a.args).Scan(into...); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		a.t.Fatal(sql, err)
	}
}

func (a asker) spread(sql string, p ticket.Priority) (s insight.Spread) {
	a.t.Helper()
	a.args["priority"] = ""
	if p > 0 {
		a.args["priority"] = p.String()
	}
	var median, p90 float64
	a.row(fmt.Sprintf(spreadOf, sql), &median, &p90, &s.Count)
	seconds := func(f float64) time.Duration {
		return time.Duration(f * float64(time.Second)).Round(time.Microsecond)
	}
	s.Median, s.P90 = seconds(median), seconds(p90)
	return s
}

// numbersByViews are the numbers that the views give, without those that no view has.
func numbersByViews(t test, conn *pgx.Conn, q insight.Question) (n insight.Numbers) {
	t.Helper()
	a := asker{t, conn, pgx.NamedArgs{"from": q.Period.From, "to": q.Period.To, "categories": q.Of.Categories}, !q.Of.All()}
	a.row(a.or(flowOfAll, flowOfSome), &n.Opened, &n.Reopened, &n.Resolved, &n.Closed, &n.Open)
	a.promises(&n)
	answers, solutions := a.or(answersOfAll, answersOfSome), a.or(solutionsOfAll, solutionsOfSome)
	n.Respond, n.Resolve = a.spread(answers, 0), a.spread(solutions, 0)
	for _, p := range ticket.Priorities {
		of := n.Priority(p)
		of.Respond, of.Resolve = a.spread(answers, p), a.spread(solutions, p)
		n.Priorities = slices.DeleteFunc(n.Priorities, func(old insight.Attainment) bool { return old.Priority == p })
		if of.Counted+of.Respond.Count+of.Resolve.Count > 0 {
			n.Priorities = append(n.Priorities, of)
		}
	}
	a.row(oldest, &n.Oldest.Number, &n.Oldest.OpenedAt)
	n.Oldest.OpenedAt = n.Oldest.OpenedAt.UTC()
	a.categories(&n)
	a.row(a.or(costOfAll, costOfSome), &n.Cost.Tickets, &n.Cost.Replies, &n.Cost.People)
	return n
}

func (a asker) promises(n *insight.Numbers) {
	a.t.Helper()
	rows, err := a.conn.Query(context.Background(), a.or(promisesOfAll, promisesOfSome), a.args)
	var priority string
	var cause ticket.Cause
	var kept, late, unowned int
	by, causes := map[ticket.Priority]insight.Attainment{}, map[ticket.Cause]int{}
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&priority, &cause, &kept, &late, &unowned}, func() error {
			p, err := ticket.ParsePriority(priority)
			of := by[p]
			of.Priority, of.Kept, of.Counted = p, of.Kept+kept, of.Counted+kept+late
			by[p] = of
			n.LateUnowned += unowned
			causes[cause] += late
			return err
		})
	}
	if err != nil {
		a.t.Fatal(err)
	}
	for _, of := range by {
		n.Priorities = append(n.Priorities, of)
	}
	for cause, count := range causes {
		if count > 0 {
			n.Causes = append(n.Causes, insight.Lateness{Cause: cause, Count: count})
		}
	}
	slices.SortFunc(n.Causes, insight.ByWeight)
}

func (a asker) categories(n *insight.Numbers) {
	a.t.Helper()
	rows, err := a.conn.Query(context.Background(), categories, a.args)
	if err == nil {
		n.Categories, err = pgx.CollectRows(rows, pgx.RowToStructByPos[insight.Category])
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

// sameByViews compares what the views say with the definition. Active time, and with it the costliest
// threads, is in no view, nor are the kinds of work, what people carry and the places of cards.
func sameByViews(t test, conn *pgx.Conn, q insight.Question, want insight.Numbers) {
	t.Helper()
	want.Work, want.Load = nil, insight.Load{}
	want.Cost.Active, want.Cost.Telling, want.Costs, want.Costliest, want.Oldest.Card = 0, false, nil, nil, ticket.Message{}
	if diff := gocmp.Diff(want, numbersByViews(t, conn, q), cmpopts.EquateEmpty()); diff != "" {
		t.Fatal(q, "by the views (-definition +views):\n"+diff)
	}
}

// On any history, the views say what the statistics say: of all tickets and of a category, in periods that
// begin and end on a quarter of an hour.
func TestViewsAgreeWithNumbers(t *testing.T) {
	t.Parallel()
	db, conn := insightDB(t)
	if _, err := conn.Exec(t.Context(), `UPDATE business_clock SET business_at = $1, rate = 0`, at(40)); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		fill(rt, conn, rapid.Custom(drawLives).Draw(rt, "lives"))
		cuts := rapid.SliceOfN(rapid.IntRange(0, 40), 2, 2).Draw(rt, "cuts")
		slices.Sort(cuts)
		for _, of := range []insight.Selection{{}, {Name: "a", Categories: []string{"a", "B"}}} {
			q := insight.Question{Period: span(cuts[0], cuts[1]), Of: of, Pause: pause}
			n, err := db.Numbers(t.Context(), q)
			if err != nil {
				rt.Fatal(err)
			}
			sameByViews(rt, conn, q, n)
		}
	})
}

// Every view and column says what it is, and docs/exporting.md has every view.
func TestViewsAreDescribed(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	text, err := os.ReadFile("../../docs/exporting.md")
	b.must(text, err)
	page := string(text)
	rows, err := b.conn.Query(t.Context(), `
		SELECT c.relname, coalesce(a.attname, ''), coalesce(col_description(c.oid, coalesce(a.attnum, 0)), obj_description(c.oid, 'pg_class'), '')
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'insight'
		LEFT JOIN LATERAL (SELECT attname, attnum FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 UNION ALL SELECT NULL, NULL) AS a ON true
		WHERE c.relkind = 'v'`)
	b.must(rows, err)
	views := map[string]bool{}
	var view, column, says string
	_, err = pgx.ForEachRow(rows, []any{&view, &column, &says}, func() error {
		views[view] = true
		if says == "" {
			t.Errorf("insight.%s.%s has no comment", view, column)
		}
		return nil
	})
	b.must(nil, err)
	for view := range views {
		if !strings.Contains(page, "`insight."+view+"`") {
			t.Errorf("docs/exporting.md does not have insight.%s", view)
		}
	}
	if len(views) < 10 {
		t.Errorf("only %d views", len(views))
	}
}
