package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// The numbers of a period, from @from inclusive to @to exclusive. Package insight defines
// them. Conditions are ranges of indexed times. So the cost of a week depends on what
// happened in it and on the open tickets, not on all tickets.
const (
	countMoves = `
		SELECT * FROM
			(SELECT count(*) FILTER (WHERE cycle = 1) AS opened, count(*) FILTER (WHERE cycle > 1) AS reopened
			FROM cycles WHERE started_at >= @from AND started_at < @to) AS started,
			(SELECT count(*) FILTER (WHERE resolved) AS resolved, count(*) FILTER (WHERE NOT resolved) AS closed
			FROM cycles WHERE ended_at >= @from AND ended_at < @to) AS ended`

	// Materialized, because a scan by started_at would pass all cycles that have ended
	// before it finds the oldest open ones.
	selectStanding = `
		WITH standing AS MATERIALIZED (
			SELECT ticket, started_at FROM cycles
			WHERE started_at < @to AND (ended_at IS NULL OR ended_at >= @to))
		SELECT open, oldest.ticket, started_at, coalesce(channel, ''), coalesce(ts, '')
		FROM (SELECT count(*) OVER () AS open, ticket, started_at FROM standing ORDER BY started_at, ticket LIMIT 1) AS oldest
		LEFT JOIN ticket_threads t ON t.ticket = oldest.ticket AND t.current`

	selectPromises = `
		SELECT priority, count(*) AS counted, count(*) FILTER (WHERE kept) AS kept,
			count(*) FILTER (WHERE NOT kept AND owner_at_due = '') AS unowned
		FROM (
			SELECT priority, owner_at_due, true AS kept FROM cycles
			WHERE resolved AND ended_at <= resolve_due_at AND ended_at >= @from AND ended_at < @to
			UNION ALL
			SELECT priority, owner_at_due, false FROM cycles
			WHERE (ended_at IS NULL OR resolved AND ended_at > resolve_due_at)
				AND resolve_due_at >= @from AND resolve_due_at < @to) AS decided
		GROUP BY priority`

	// The cycles that selectPromises counts as not kept.
	selectCauses = `
		SELECT cause, count(*) FROM cycles
		WHERE (ended_at IS NULL OR resolved AND ended_at > resolve_due_at)
			AND resolve_due_at >= @from AND resolve_due_at < @to
		GROUP BY cause`

	// The row of priority 0 is for all priorities together. Nobody answers after the end of
	// a cycle, so the condition on ended_at replaces an index of responded_at.
	selectSpreads = `
		SELECT clock, coalesce(priority, 0) AS priority, count(*),
			percentile_disc(0.5) WITHIN GROUP (ORDER BY took) AS median,
			percentile_disc(0.9) WITHIN GROUP (ORDER BY took) AS p90
		FROM (
			SELECT 'respond' AS clock, priority, responded_at - started_at AS took FROM cycles
			WHERE responded_at >= @from AND responded_at < @to AND (ended_at >= @from OR ended_at IS NULL)
			UNION ALL
			SELECT 'resolve', priority, ended_at - started_at - waited - held FROM cycles
			WHERE resolved AND ended_at >= @from AND ended_at < @to) AS done
		GROUP BY GROUPING SETS ((clock), (clock, priority))`

	// COLLATE "C" gives the same order in every database and in Go.
	selectCategories = `
		SELECT category AS name, count(*) AS tickets, count(*) FILTER (WHERE solution = 'code') AS code_changes
		FROM tickets WHERE opened_at >= @from AND opened_at < @to
		GROUP BY category ORDER BY tickets DESC, category COLLATE "C"`

	selectCost = `
		SELECT count(*) AS tickets, coalesce(sum(replies), 0) AS replies, coalesce(sum(people), 0) AS people
		FROM tickets WHERE state = 'resolved' AND ended_at >= @from AND ended_at < @to`
)

// Numbers implements insight.Source. It takes one round trip and sees the database at one
// moment, so that the numbers agree with each other.
func (db *DB) Numbers(ctx context.Context, p ticket.Period) (insight.Numbers, error) {
	var n insight.Numbers
	var promises []promiseRow
	var spreads []spreadRow
	var causes []insight.Lateness
	period := pgx.NamedArgs{"from": p.From, "to": p.To}
	b := &pgx.Batch{}
	b.Queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	b.Queue(countMoves, period).QueryRow(func(row pgx.Row) error {
		return row.Scan(&n.Opened, &n.Reopened, &n.Resolved, &n.Closed)
	})
	b.Queue(selectStanding, period).Query(func(rows pgx.Rows) error { return scanStanding(rows, &n) })
	b.Queue(selectPromises, period).Query(collect(&promises))
	b.Queue(selectCauses, period).Query(collect(&causes))
	b.Queue(selectSpreads, period).Query(collect(&spreads))
	b.Queue(selectCategories, period).Query(collect(&n.Categories))
	b.Queue(selectCost, period).QueryRow(func(row pgx.Row) error {
		return row.Scan(&n.Cost.Tickets, &n.Cost.Replies, &n.Cost.People)
	})
	b.Queue("COMMIT")
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return insight.Numbers{}, fmt.Errorf("reading the numbers of a period: %w", err)
	}
	addPriorities(&n, promises, spreads)
	n.Causes = slices.SortedFunc(slices.Values(causes), insight.ByWeight)
	return n, nil
}

func collect[T any](into *[]T) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var err error
		*into, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	}
}

func scanStanding(rows pgx.Rows, n *insight.Numbers) error {
	for rows.Next() {
		if err := rows.Scan(&n.Open, &n.Oldest.Number, &n.Oldest.OpenedAt, &n.Oldest.Card.Channel, &n.Oldest.Card.TS); err != nil {
			return err
		}
		n.Oldest.OpenedAt = n.Oldest.OpenedAt.UTC()
	}
	return rows.Err()
}

type promiseRow struct {
	Priority               ticket.Priority
	Kept, Counted, Unowned int
}

type spreadRow struct {
	Clock       sla.Name
	Priority    ticket.Priority // 0: all
	Count       int
	Median, P90 time.Duration
}

// addPriorities combines the results of the statements by priority.
func addPriorities(n *insight.Numbers, promises []promiseRow, spreads []spreadRow) {
	rows := map[ticket.Priority]*insight.Attainment{}
	at := func(p ticket.Priority) *insight.Attainment {
		if rows[p] == nil {
			rows[p] = &insight.Attainment{Priority: p}
		}
		return rows[p]
	}
	for _, r := range promises {
		at(r.Priority).Kept, at(r.Priority).Counted = r.Kept, r.Counted
		n.LateUnowned += r.Unowned
	}
	for _, r := range spreads {
		spread := insight.Spread{Median: r.Median, P90: r.P90, Count: r.Count}
		if r.Clock == sla.Respond {
			at(r.Priority).Respond = spread
		} else {
			at(r.Priority).Resolve = spread
		}
	}
	n.Respond, n.Resolve = at(0).Respond, at(0).Resolve
	for _, p := range ticket.Priorities {
		if a, ok := rows[p]; ok {
			n.Priorities = append(n.Priorities, *a)
		}
	}
}
