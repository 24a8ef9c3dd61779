package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/ticket"
)

// facts are what the numbers of a period count, each at its time, from @from inclusive to @to
// exclusive. Package insight defines the numbers. A fact depends on its time and its ticket
// alone. So the counts of the days of a period add up to those of the period. Who changes a
// fact also changes the triggers that note its day, and has all days counted anew. Its category
// is the one that its ticket has now, empty for a private one, which no selection has.
const facts = `
	SELECT started_at AS at, category, CASE WHEN cycle = 1 THEN 'opened' ELSE 'reopened' END AS kind,
		0 AS priority, '' AS name, 1 AS n, NULL::interval AS took
	FROM cycles WHERE started_at >= @from AND started_at < @to
	UNION ALL
	SELECT responded_at, category, 'responded', priority, '', 1, responded_at - started_at
	FROM cycles WHERE responded_at >= @from AND responded_at < @to
	UNION ALL
	SELECT ended_at, category, CASE WHEN ended_at <= resolve_due_at THEN 'kept' ELSE 'resolved' END,
		priority, '', 1, ended_at - started_at - waited - held
	FROM cycles WHERE resolved AND ended_at >= @from AND ended_at < @to
	UNION ALL
	SELECT ended_at, category, 'closed', 0, '', 1, NULL
	FROM cycles WHERE NOT resolved AND ended_at >= @from AND ended_at < @to
	UNION ALL
	SELECT resolve_due_at, category, CASE WHEN owner_at_due = '' THEN 'late_unowned' ELSE 'late' END, priority, cause, 1, NULL
	FROM cycles WHERE (ended_at IS NULL OR resolved AND ended_at > resolve_due_at)
		AND resolve_due_at >= @from AND resolve_due_at < @to
	UNION ALL
	SELECT opened_at, category, CASE WHEN solution = 'code' THEN 'changed_code' ELSE 'filed' END, 0, category, 1, NULL
	FROM tickets WHERE opened_at >= @from AND opened_at < @to AND NOT private`

const (
	countFacts = `
		SELECT kind, priority, name, sum(n) AS n, array_agg(took) FILTER (WHERE took IS NOT NULL) AS took
		FROM (SELECT kind, priority, name, n, (extract(epoch FROM took) * 1000000)::bigint AS took FROM (` + facts + `) AS f
			WHERE ` + ofSelection + `) AS f
		GROUP BY kind, priority, name`

	insertDayCounts = `
		WITH counted AS MATERIALIZED (
			SELECT (at AT TIME ZONE 'UTC')::date AS day, category, kind, priority, name, n, (extract(epoch FROM took) * 1000000)::bigint AS took
			FROM (` + facts + `) AS f
		), by_category AS (
			INSERT INTO category_counts (day, category, kind, priority, name, n, took)
			SELECT day, category, kind, priority, name, sum(n), array_agg(took ORDER BY took) FILTER (WHERE took IS NOT NULL)
			FROM counted WHERE day = ANY (@days) AND category <> '' GROUP BY day, category, kind, priority, name
		)
		INSERT INTO day_counts (day, kind, priority, name, n, took)
		SELECT day, kind, priority, name, sum(n), array_agg(took ORDER BY took) FILTER (WHERE took IS NOT NULL)
		FROM counted WHERE day = ANY (@days) GROUP BY day, kind, priority, name`

	// The days to count that lie close to the newest of them.
	selectDaysToCount = `
		WITH due AS (
			SELECT day::date FROM generate_series(
				(SELECT (min(started_at) AT TIME ZONE 'UTC')::date FROM cycles), @today::date - 1, interval '1 day') AS day
			WHERE day::date NOT IN (SELECT day FROM counted_days WHERE pause = @pause)
			UNION
			SELECT day FROM changed_days WHERE day < @today::date)
		SELECT day FROM due WHERE day > (SELECT max(day) FROM due) - @batch::integer ORDER BY day`

	insertCountedDays = `
		INSERT INTO counted_days (day, pause) SELECT unnest(@days::date[]), @pause
		ON CONFLICT (day) DO UPDATE SET pause = excluded.pause`
	deleteDayCounts   = `DELETE FROM day_counts WHERE day = ANY (@days)`
	deleteCategories  = `DELETE FROM category_counts WHERE day = ANY (@days)`
	deleteChangedDays = `DELETE FROM changed_days WHERE day = ANY (@days)`

	selectCountedDays = `
		SELECT day FROM counted_days
		WHERE day >= @first::date AND day < @end::date AND pause = @pause AND day NOT IN (SELECT day FROM changed_days)
		ORDER BY day`
	selectDayCounts = `
		SELECT kind, priority, name, sum(n)::bigint AS n, NULL::bigint[] AS took
		FROM day_counts WHERE day = ANY (@days) AND took IS NULL GROUP BY kind, priority, name
		UNION ALL
		SELECT kind, priority, name, n, took FROM day_counts WHERE day = ANY (@days) AND took IS NOT NULL`
	selectCategoryCounts = `
		SELECT kind, priority, name, sum(n)::bigint AS n, NULL::bigint[] AS took
		FROM category_counts WHERE day = ANY (@days) AND category = ANY (@categories) AND took IS NULL GROUP BY kind, priority, name
		UNION ALL
		SELECT kind, priority, name, n, took
		FROM category_counts WHERE day = ANY (@days) AND category = ANY (@categories) AND took IS NOT NULL`

	// The server guesses what the statements cost by the length of a period that it does not
	// know, or that others had before. It would read all tickets for a day, or compile a
	// statement for longer than it runs.
	planEachTime = `SET LOCAL plan_cache_mode = force_custom_plan`
	withoutJIT   = `SET LOCAL jit = off`
)

// countBatch is how many days are counted in one transaction.
const countBatch = 31

const day = 24 * time.Hour

// CountDays counts days for the statistics: those before today (UTC) that were not counted
// before, or with another longest pause (see insight.Question), or of which something has changed
// since. It counts the newest of them, up to 31, and returns their number. Numbers are right without it, but slower. A transaction that
// changes something at the same moment leaves a note that this one does not see: so the day
// is counted again.
func (db *DB) CountDays(ctx context.Context, now time.Time, pause time.Duration) (int, error) {
	var days []time.Time
	err := pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectDaysToCount, pgx.NamedArgs{"today": now.UTC(), "batch": countBatch, "pause": pause})
		if err != nil {
			return err
		}
		if days, err = pgx.CollectRows(rows, pgx.RowTo[time.Time]); err != nil || len(days) == 0 {
			return err
		}
		return tx.SendBatch(ctx, countDays(days, pause)).Close()
	})
	if err != nil {
		return 0, fmt.Errorf("counting days: %w", err)
	}
	return len(days), nil
}

func countDays(days []time.Time, pause time.Duration) *pgx.Batch {
	args := pgx.NamedArgs{"days": days, "from": days[0], "to": days[len(days)-1].Add(day), "pause": pause}
	b := &pgx.Batch{}
	for _, sql := range []string{
		withoutJIT, deleteChangedDays, deleteDayCounts, deleteCategories, deleteDayCosts, deleteDayThreads,
		insertDayCounts, insertDayCosts, insertCountedDays,
	} {
		b.Queue(sql, args)
	}
	return b
}

// countedDays are the whole days of a period that have counts, in order.
func countedDays(ctx context.Context, tx pgx.Tx, p ticket.Period, pause time.Duration) ([]time.Time, error) {
	first := p.From.UTC().Add(day - 1).Truncate(day)
	rows, err := tx.Query(ctx, selectCountedDays, pgx.NamedArgs{"first": first, "end": p.To.UTC().Truncate(day), "pause": pause})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[time.Time])
}
