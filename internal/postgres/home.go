package postgres

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// shelfStatements select a page of a shelf, and count all of it. Each reads only what has not
// ended, or what one person asked for or follows, by an index.
var shelfStatements = map[desk.ShelfName]string{
	desk.ShelfOwned: `
		SELECT number, count(*) OVER () FROM tickets
		WHERE assignee = @reader AND ended_at IS NULL AND state <> ALL (@pauses) AND ` + chosen + `
		ORDER BY resolve_due_at, number LIMIT @limit OFFSET @from`,
	desk.ShelfAsksMe: `
		SELECT number, count(*) OVER () FROM tickets
		WHERE requester = @reader AND coalesce(ended_at, 'infinity') = 'infinity' AND state = 'waiting'
		ORDER BY number LIMIT @limit OFFSET @from`,
	desk.ShelfUnowned: `
		SELECT number, count(*) OVER () FROM tickets
		WHERE assignee = '' AND ended_at IS NULL AND ` + chosen + `
		ORDER BY resolve_due_at, number LIMIT @limit OFFSET @from`,
	desk.ShelfPaused: `
		SELECT number, count(*) OVER () FROM tickets
		WHERE ended_at IS NULL AND state = ANY (@pauses) AND ` + chosen + `
		ORDER BY assignee <> @reader, number LIMIT @limit OFFSET @from`,
	desk.ShelfSquad: `
		SELECT number, count(*) OVER () FROM tickets
		WHERE ended_at IS NULL AND (assignee = '' OR state = ANY (@pauses) OR resolve_due_at < @now) AND ` + chosen + `
		ORDER BY coalesce(resolve_due_at < @now, false) DESC, assignee <> '', state = ANY (@pauses), resolve_due_at, number
		LIMIT @limit OFFSET @from`,
	desk.ShelfOthers: `
		SELECT number, count(*) OVER () FROM tickets
		WHERE ended_at IS NULL AND assignee NOT IN ('', @reader) AND state <> ALL (@pauses) AND ` + chosen + `
		ORDER BY resolve_due_at, number LIMIT @limit OFFSET @from`,
	desk.ShelfAsked: `
		SELECT number, count(*) OVER () FROM tickets
		WHERE requester = @reader AND coalesce(ended_at, 'infinity') >= @since
		ORDER BY coalesce(ended_at, 'infinity') DESC, state <> 'waiting', number DESC LIMIT @limit OFFSET @from`,
	// The index holds what anybody follows: without the first condition it would not be used.
	desk.ShelfFollowed: `
		SELECT number, count(*) OVER () FROM tickets
		WHERE followers <> '{}' AND followers @> ARRAY[@reader::text] AND coalesce(ended_at, 'infinity') >= @since
		ORDER BY coalesce(ended_at, 'infinity') DESC, number DESC LIMIT @limit OFFSET @from`,
}

// chosen is a desk.HomeFilter.
const chosen = `(NOT private OR ` + readable + `) AND (@categories::text[] IS NULL OR category = ANY (@categories)) AND (@priority::smallint = 0 OR priority = @priority)
	AND (@channels::text[] IS NULL OR channel = ANY (@channels))`

// Shelves implements desk.Store.
func (db *DB) Shelves(ctx context.Context, queries []desk.ShelfQuery) ([]desk.ShelfIndex, error) {
	found := make([]desk.ShelfIndex, len(queries))
	b := &pgx.Batch{}
	for i, q := range queries {
		args := readerArgs(q.Private)
		maps.Copy(args, pgx.NamedArgs{
			"reader": q.Reader, "now": q.Now, "since": q.Now.Add(-desk.EndedLately), "pauses": pauses, "limit": q.Limit, "from": q.From,
			"categories": q.Categories, "priority": q.Priority, "channels": q.Channels,
		})
		b.Queue(shelfStatements[q.Name], args).Query(func(rows pgx.Rows) error {
			var n ticket.Number
			_, err := pgx.ForEachRow(rows, []any{&n, &found[i].Total}, func() error {
				found[i].Numbers = append(found[i].Numbers, n)
				return nil
			})
			return err
		})
	}
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return nil, notSaved(err, "looking for what Home shows")
	}
	return found, nil
}

const countFigures = `
	SELECT count(*), count(*) FILTER (WHERE assignee = ''), count(*) FILTER (WHERE resolve_due_at < @now), count(*) FILTER (WHERE state = ANY (@pauses))
	FROM tickets WHERE ended_at IS NULL AND ` + chosen

// Figures implements desk.Store.
func (db *DB) Figures(ctx context.Context, of desk.HomeFilter, now time.Time) (desk.Figures, error) {
	var f desk.Figures
	args := readerArgs(of.Private)
	maps.Copy(args, pgx.NamedArgs{"now": now, "pauses": pauses, "categories": of.Categories, "priority": of.Priority, "channels": of.Channels})
	row := db.pool.QueryRow(ctx, countFigures, args)
	if err := row.Scan(&f.Open, &f.Unowned, &f.Late, &f.Paused); err != nil {
		return desk.Figures{}, notSaved(err, "counting what Home shows")
	}
	return f, nil
}

// AnyTicket implements desk.Store.
func (db *DB) AnyTicket(ctx context.Context) (bool, error) {
	var any bool
	if err := db.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM tickets)`).Scan(&any); err != nil {
		return false, notSaved(err, "looking for tickets")
	}
	return any, nil
}

const (
	selectChoice = `SELECT choice FROM homes WHERE person = $1`
	saveChoice   = `INSERT INTO homes (person, choice) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET choice = $2`
)

const countOpenOf = `
	SELECT assignee, count(*) FROM tickets
	WHERE ended_at IS NULL AND assignee = ANY (@people) AND (NOT private OR ` + readable + `) GROUP BY assignee`

// OpenOf implements desk.Store.
func (db *DB) OpenOf(ctx context.Context, people []string, reader desk.Reader) (map[string]int, error) {
	open := map[string]int{}
	args := readerArgs(&reader)
	args["people"] = people
	rows, err := db.pool.Query(ctx, countOpenOf, args)
	if err == nil {
		var person string
		var n int
		_, err = pgx.ForEachRow(rows, []any{&person, &n}, func() error { open[person] = n; return nil })
	}
	return open, err
}

// HomeChoice implements desk.Store.
func (db *DB) HomeChoice(ctx context.Context, person string) (desk.HomeChoice, error) {
	var c desk.HomeChoice
	err := db.pool.QueryRow(ctx, selectChoice, person).Scan(&c)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return desk.HomeChoice{}, notSaved(err, "reading what somebody chose to see")
	}
	return c, nil
}

// SaveHomeChoice implements desk.Store.
func (db *DB) SaveHomeChoice(ctx context.Context, person string, c desk.HomeChoice) error {
	if _, err := db.pool.Exec(ctx, saveChoice, person, c); err != nil {
		return notSaved(err, "saving what somebody chose to see")
	}
	return nil
}

// LoadAll implements desk.Store.
func (db *DB) LoadAll(ctx context.Context, numbers []ticket.Number) ([]desk.Record, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	records, err := load(ctx, db.pool, numbers)
	if err != nil {
		return nil, notSaved(err, "loading several tickets")
	}
	return records, nil
}
