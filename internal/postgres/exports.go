package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
)

// The statements of the exports. Their columns are those of the file, in the words of
// docs/exporting.md. Those about tickets are about the ones that were opened since @since and are not
// private, in the order of their numbers, so that the files fit together. The server sends rows as it
// reads them: neither side holds all of them.
const (
	// exportedSolved is the time from the beginning of each cycle to its end, less pauses, as
	// insight.Thread has it; exportedOnTime is the result of the last promise, as insight.Attainment
	// defines it.
	exportedSolved = `extract(epoch FROM sum(c.ended_at - c.started_at - c.waited - c.held) FILTER (WHERE c.resolved))::float8`
	exportedOnTime = `CASE WHEN c.resolved THEN c.ended_at <= c.resolve_due_at WHEN c.ended_at IS NULL AND c.resolve_due_at < @now THEN false END`

	exportTickets = `
		SELECT t.number, ` + unnamedTitle + ` AS title, ` + unnamedText + ` AS text, t.category, 'P' || t.priority AS priority, t.state, t.solution,
			t.opened_at, t.ended_at, ` + exportedFigures + `,
			CASE WHEN t.field_values = '' THEN '{}' ELSE regexp_replace(` + exportedFields + ` AND f.kind <> 'person')::text, ` + named + `) END AS fields
		FROM tickets t ` + exportedCycles + `
		WHERE t.opened_at >= @since AND NOT t.private ORDER BY t.number`
	exportTicketsWithPeople = `
		SELECT t.number, t.title, t.body AS text, t.category, 'P' || t.priority AS priority, t.state, t.solution,
			t.opened_at, t.ended_at, ` + exportedFigures + `,
			CASE WHEN t.withheld THEN '{}' ELSE ` + exportedFields + `)::text END AS fields,
			t.requester, coalesce(r.name, '') AS requester_name, t.assignee AS owner, coalesce(o.name, '') AS owner_name
		FROM tickets t ` + exportedCycles + ` LEFT JOIN people r ON r.id = t.requester LEFT JOIN people o ON o.id = t.assignee
		WHERE t.opened_at >= @since AND NOT t.private ORDER BY t.number`

	exportedFigures = `t.cycle - 1 AS reopened, t.replies, t.people, c.answered_seconds, c.solved_seconds, c.waited_seconds, c.on_hold_seconds, c.on_time, c.late_because`
	exportedCycles  = `
		CROSS JOIN LATERAL (
			SELECT extract(epoch FROM min(c.responded_at - c.started_at) FILTER (WHERE c.cycle = 1))::float8 AS answered_seconds,
				` + exportedSolved + ` AS solved_seconds,
				extract(epoch FROM sum(c.waited))::float8 AS waited_seconds, extract(epoch FROM sum(c.held))::float8 AS on_hold_seconds,
				bool_and(` + exportedOnTime + `) FILTER (WHERE c.cycle = t.cycle) AS on_time,
				coalesce(max(c.cause) FILTER (WHERE c.cycle = t.cycle), '') AS late_because
			FROM cycles c WHERE c.ticket = t.number) AS c`

	// exportedFields are the fields of a ticket that hold something, as ticket.Refilled has them: each as
	// it was filled in last. A condition and a parenthesis follow.
	exportedFields = `(SELECT coalesce(jsonb_object_agg(f.name, f.held), '{}') FROM (
				SELECT DISTINCT ON (f->>'name', f->>'kind') f->>'name' AS name, f->>'kind' AS kind, f->'values' AS held
				FROM entries e CROSS JOIN jsonb_array_elements(e.details->'fields') AS f
				WHERE e.ticket = t.number AND e.void = '' AND e.kind IN ('opened', 'edited')
				ORDER BY f->>'name', f->>'kind', e.happened_at DESC, e.id DESC) AS f
			WHERE f.held IS NOT NULL`

	// What people typed can name somebody by a mention or by an address.
	named        = `'<(@|mailto:)[^>]*>|[[:alnum:]._%+-]+@[[:alnum:]-]+(\.[[:alnum:]-]+)+', '[person]', 'g'`
	unnamedTitle = `CASE WHEN strpos(t.title, '@') > 0 THEN regexp_replace(t.title, ` + named + `) ELSE t.title END`
	unnamedText  = `CASE WHEN strpos(t.body, '@') > 0 THEN regexp_replace(t.body, ` + named + `) ELSE t.body END`

	// What people wrote is in no timeline, and who replied in none: see exportReplies. What they say of the
	// help of others is in none either, thanks included.
	exportTimeline = `
		SELECT t.number AS ticket, ` + exportedEntry + `
		FROM tickets t CROSS JOIN LATERAL (` + exportedEntries + `) AS e
		WHERE t.opened_at >= @since AND NOT t.private ORDER BY t.number, e.happened_at, e.id`
	exportTimelineWithPeople = `
		SELECT t.number AS ticket, ` + exportedEntry + `,
			e.actor AS person, coalesce(p.name, '') AS person_name, coalesce(e.details->>'assignee', '') AS new_owner
		FROM tickets t CROSS JOIN LATERAL (` + exportedEntries + `) AS e LEFT JOIN people p ON p.id = e.actor
		WHERE t.opened_at >= @since AND NOT t.private ORDER BY t.number, e.happened_at, e.id`
	exportedEntries = `SELECT * FROM entries e WHERE e.ticket = t.number AND e.kind NOT IN ('replied', 'amended', 'retracted', 'rated', 'thanked', 'unthanked')`
	exportedEntry   = `e.happened_at AS at, e.recorded_at AS known_since, e.inexact, e.kind AS what, e.gesture AS by, e.void = '' AS counts,
			coalesce(e.details->>'category', '') AS category, coalesce('P' || (e.details->>'priority'), '') AS priority,
			coalesce(e.details->>'solution', '') AS solution, coalesce(e.details->>'close_reason', '') AS close_reason`

	// Nobody's replies can be counted: people have numbers that say nothing beyond their ticket, and
	// there is no export in which they have names.
	exportReplies = `
		SELECT t.number AS ticket, w.at, w.writer
		FROM tickets t CROSS JOIN LATERAL (
			SELECT id, at, dense_rank() OVER (ORDER BY began, actor) AS writer FROM (
				SELECT e.id, e.happened_at AS at, e.actor, min(e.happened_at) OVER (PARTITION BY e.actor) AS began
				FROM entries e WHERE e.ticket = t.number AND e.kind = 'replied' AND e.void = '' AND NOT EXISTS (
					SELECT FROM entries gone WHERE gone.ticket = t.number AND gone.kind = 'retracted' AND gone.void = ''
						AND gone.details->'message' = e.details->'message')) AS said) AS w
		WHERE t.opened_at >= @since AND NOT t.private ORDER BY t.number, w.at, w.id`

	// What is not about tickets is in a view, which says what may be told.
	exportRatings = `
		SELECT week, category, first_stars, stars, until FROM insight.ratings WHERE week >= @since ORDER BY week, until, category, first_stars, stars`
	exportDeployments = `
		SELECT deployment, service, version, url, deployed_at, known_since, incidents FROM insight.deployments
		WHERE deployed_at >= @since ORDER BY deployed_at, deployment`

	countExported = `
		SELECT count(*) FILTER (WHERE NOT private), count(*) FILTER (WHERE private AND number NOT IN (SELECT ticket FROM drills)), 0 FROM tickets WHERE opened_at >= @since`
	countRatings = `
		SELECT 0, 0, (SELECT coalesce(sum(answers), 0)::bigint FROM insight.satisfaction WHERE date_trunc('week', at, 'UTC') >= @since)
			- (SELECT count(*) FROM insight.ratings WHERE week >= @since)`

	selectPeopleNamed = `SELECT EXISTS (SELECT FROM schedules WHERE name = $1 AND last_at IS NOT NULL)`

	// An export takes longer than what people wait for, and whoever reads it may be slow.
	withoutBounds = `SELECT set_config('statement_timeout', '0', true), set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)`
)

// Export is a file that the database can be written to.
type Export string

// The exports.
const (
	ExportTickets     Export = "tickets"
	ExportTimeline    Export = "timeline"
	ExportReplies     Export = "replies"
	ExportRatings     Export = "ratings"
	ExportDeployments Export = "deployments"
)

// exports has the statement of each export, without and with people. Replies and ratings have no people.
var exports = map[Export][2]string{
	ExportTickets:  {exportTickets, exportTicketsWithPeople},
	ExportTimeline: {exportTimeline, exportTimelineWithPeople},
	ExportReplies:  {exportReplies, exportReplies},

	ExportRatings:     {exportRatings, exportRatings},
	ExportDeployments: {exportDeployments, exportDeployments},
}

// counts has what is said beside an export. Deployments have nothing.
var counts = map[Export]string{
	ExportTickets: countExported, ExportTimeline: countExported, ExportReplies: countExported, ExportRatings: countRatings,
}

// Exporting is what is to be exported.
type Exporting struct {
	What   Export
	Since  time.Time // tickets opened, weeks begun or services deployed since; the zero time for all
	Now    time.Time // by which an open ticket is late or not
	People bool      // with those whom the tickets name, but never with who replied
}

// Exported is how many tickets an export is about, and what it leaves out.
type Exported struct {
	Tickets int
	Private int // tickets left out
	Answers int // of ratings: answers left out, because there are too few or they can still change
}

// Rows takes the rows of an export. A value is a string, int64, int32, int16, float64, bool, a time.Time
// in UTC, or nil if it is not known.
type Rows interface {
	Begin(columns []string) error
	Row(values []any) error
}

// Export hands the names of the columns and each row to w, in order. It reads the database at one
// moment, and keeps one row at a time in memory.
func (db *DB) Export(ctx context.Context, e Exporting, w Rows) (Exported, error) {
	var of Exported
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, db.pool, snapshot, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, withoutBounds); err != nil {
			return err
		}
		args := pgx.NamedArgs{"since": e.Since, "now": e.Now}
		if count := counts[e.What]; count != "" {
			if err := tx.QueryRow(ctx, count, args).Scan(&of.Tickets, &of.Private, &of.Answers); err != nil {
				return err
			}
		}
		sql := exports[e.What][0]
		if e.People {
			sql = exports[e.What][1]
		}
		rows, err := tx.Query(ctx, sql, args)
		if err != nil {
			return err
		}
		defer rows.Close()
		return handOver(rows, w)
	})
	if err != nil {
		return of, fmt.Errorf("exporting %s: %w", e.What, err)
	}
	return of, nil
}

func handOver(rows pgx.Rows, w Rows) error {
	var columns []string
	for _, f := range rows.FieldDescriptions() {
		columns = append(columns, f.Name)
	}
	if err := w.Begin(columns); err != nil {
		return err
	}
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		for i, v := range values {
			if at, ok := v.(time.Time); ok {
				values[i] = at.UTC()
			}
		}
		if err := w.Row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// PeopleNamed reports whether the channel was told that exports name people.
func (db *DB) PeopleNamed(ctx context.Context) (bool, error) {
	var named bool
	if err := db.pool.QueryRow(ctx, selectPeopleNamed, desk.SchedulePeopleNamed).Scan(&named); err != nil {
		return false, notSaved(err, "asking whether exports name people")
	}
	return named, nil
}
