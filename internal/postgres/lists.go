package postgres

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const selectByCard = `SELECT ticket FROM ticket_threads WHERE channel = $1 AND ts = $2`

// ByCard implements desk.Store.
func (db *DB) ByCard(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	return db.number(ctx, selectByCard, m.Channel, m.TS)
}

const selectCard = `SELECT channel, ts FROM ticket_threads WHERE ticket = $1 AND current`

// Card implements desk.Store.
func (db *DB) Card(ctx context.Context, n ticket.Number) (ticket.Message, error) {
	var at ticket.Message
	err := db.pool.QueryRow(ctx, selectCard, n).Scan(&at.Channel, &at.TS)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return ticket.Message{}, notSaved(err, "looking for a ticket's card")
	}
	return at, nil
}

// Posting implements desk.Store.
func (db *DB) Posting(ctx context.Context, to string) (bool, error) {
	var posting bool
	err := db.pool.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM outbox
			WHERE pending AND posted_ts = '' AND state IN ('sending', 'unsure')
				AND CASE WHEN $1 = '' THEN kind = 'card' ELSE recipient = $1 END)`, to).Scan(&posting)
	if err != nil {
		return false, notSaved(err, "looking for what is on its way")
	}
	return posting, nil
}

// A question where something belongs is about the ticket to which that was passed on. What is written
// below a survey is not for those who read the ticket.
const selectByNotice = `
	SELECT number FROM outbox, coalesce(ticket, CASE WHEN details ->> 'belongs' IN ('ticket', 'new') THEN (details ->> 'into')::bigint END) AS number
	WHERE posted_in = $1 AND posted_ts = $2 AND posted_ts <> '' AND number IS NOT NULL AND kind <> 'survey'`

// ByNotice implements desk.Store.
func (db *DB) ByNotice(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	return db.number(ctx, selectByNotice, m.Channel, m.TS)
}

// ByRoom implements desk.Store.
func (db *DB) ByRoom(ctx context.Context, channel string) (ticket.Number, error) {
	return db.number(ctx, `SELECT ticket FROM outbox WHERE posted_in = $1 AND posted_ts = $2 AND kind = $3`, channel, desk.RoomTS, desk.NoticeRoom)
}

// ByInput implements desk.Store.
func (db *DB) ByInput(ctx context.Context, key string) (ticket.Number, error) {
	return db.number(ctx, `SELECT ticket FROM inputs WHERE key = $1`, key)
}

const selectAskedBy = `
	SELECT number FROM tickets WHERE requester = $1 AND (ended_at IS NULL OR ended_at >= $2)
	ORDER BY number DESC LIMIT 20`

// AskedBy implements desk.Store.
func (db *DB) AskedBy(ctx context.Context, requester string, ended time.Time) ([]ticket.Number, error) {
	numbers, err := all(ctx, db, pgx.RowTo[ticket.Number], selectAskedBy, requester, ended)
	if err != nil {
		return nil, notSaved(err, "looking for somebody's tickets")
	}
	return numbers, nil
}

const selectKept = `
	SELECT (SELECT count(*) FROM tickets WHERE requester = $1),
		(SELECT count(*) FROM tickets WHERE assignee = $1 AND ended_at IS NULL),
		EXISTS (SELECT FROM people WHERE id = $1 AND forgotten = ''), (SELECT count(*) FROM members WHERE person = $1), EXISTS (SELECT FROM homes WHERE person = $1),
		EXISTS (SELECT FROM questions WHERE author = $1), EXISTS (SELECT FROM web_sessions WHERE person = $1),
		EXISTS (SELECT FROM duty_shifts WHERE person = $1) OR EXISTS (SELECT FROM duty_pages WHERE person = $1)
			OR EXISTS (SELECT FROM duty_overrides WHERE $1 IN (person, made_by)) OR EXISTS (SELECT FROM duty_swaps WHERE strpos(swap::text, '"' || $1 || '"') > 0)`

// Kept implements desk.Store.
func (db *DB) Kept(ctx context.Context, person string) (desk.Kept, error) {
	var k desk.Kept
	err := db.pool.QueryRow(ctx, selectKept, person).Scan(&k.Asked, &k.Has, &k.Profile, &k.Places, &k.Home, &k.Question, &k.Session, &k.Duty)
	if err != nil {
		return desk.Kept{}, notSaved(err, "counting what is kept of somebody")
	}
	return k, nil
}

// number returns the one number that a query yields, or 0.
func (db *DB) number(ctx context.Context, sql string, args ...any) (ticket.Number, error) {
	var n ticket.Number
	err := db.pool.QueryRow(ctx, sql, args...).Scan(&n)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, notSaved(err, "looking for a ticket")
	}
	return n, nil
}

// NextDue returns when the next ticket is due for the sweep; the zero time if none is.
func (db *DB) NextDue(ctx context.Context) (time.Time, error) {
	var next *time.Time
	if err := db.pool.QueryRow(ctx, `SELECT min(next_at) FROM tickets WHERE next_at IS NOT NULL`).Scan(&next); err != nil {
		return time.Time{}, notSaved(err, "looking for the next deadline")
	}
	return orZero(next), nil
}

const selectSimilar = `
	SELECT number, opened_at, resolve_due_at, ended_at FROM tickets
	WHERE category = $1 AND channel = $2 AND opened_at >= $3 AND opened_at <= $4 AND NOT private
	ORDER BY opened_at, number`

// Similar implements desk.Store.
func (db *DB) Similar(ctx context.Context, category, channel string, p ticket.Period) ([]desk.Similar, error) {
	similar, err := all(ctx, db, scanSimilar, selectSimilar, category, channel, p.From, p.To)
	if err != nil {
		return nil, notSaved(err, "looking for similar tickets")
	}
	return similar, nil
}

func scanSimilar(row pgx.CollectableRow) (desk.Similar, error) {
	var s desk.Similar
	var due, ended *time.Time
	err := row.Scan(&s.Number, &s.OpenedAt, &due, &ended)
	s.DueAt, s.EndedAt = orZero(due), orZero(ended)
	return s, err
}

const summary = `t.number, t.title, t.category, t.priority, t.state, t.requester, t.assignee,
		t.opened_at, t.resolve_due_at, coalesce(h.channel, ''), coalesce(h.ts, ''), t.withheld`

// Those that have not ended come first. All are counted, and only those that are shown are read.
const selectSummaries = `
	SELECT ` + summary + `, (SELECT count(*) FROM tickets t WHERE ` + selected + `)
	FROM (SELECT * FROM tickets t WHERE ` + selected + ` ORDER BY ` + urgentFirst + ` LIMIT @limit) AS t
		LEFT JOIN ticket_threads h ON h.ticket = t.number AND h.current
	ORDER BY ` + urgentFirst

const urgentFirst = `t.ended_at DESC NULLS FIRST, t.resolve_due_at, t.number`

// List implements desk.Store.
func (db *DB) List(ctx context.Context, f desk.Filter) (list []desk.Summary, total int, err error) {
	args := filterArgs(f)
	args["limit"] = cmp.Or(f.Limit, 20)
	list, err = all(ctx, db, scanSummary(&total), selectSummaries, args)
	if err != nil {
		return nil, 0, notSaved(err, "listing tickets")
	}
	return list, total, nil
}

const selectBelow = `
	SELECT ` + summary + `, 0
	FROM (SELECT * FROM tickets t WHERE ` + selected + ` AND (@below = 0::bigint OR t.number < @below) ORDER BY t.number DESC LIMIT @limit) AS t
		LEFT JOIN ticket_threads h ON h.ticket = t.number AND h.current
	ORDER BY t.number DESC`

// Browse implements desk.Store.
func (db *DB) Browse(ctx context.Context, f desk.Filter, below ticket.Number) (list []desk.Summary, err error) {
	args := filterArgs(f)
	args["limit"], args["below"] = cmp.Or(f.Limit, 20), below
	b, none := &pgx.Batch{}, 0
	b.Queue(forThisList)
	endBefore(ctx, b)
	b.Queue(selectBelow, args).Query(func(rows pgx.Rows) (err error) {
		list, err = pgx.CollectRows(rows, scanSummary(&none))
		return err
	})
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return nil, notSaved(err, "listing tickets")
	}
	return list, nil
}

// Plans for these values: the conditions of a filter decide which index helps.
const forThisList = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)`

var pauses = []ticket.State{ticket.StateWaiting, ticket.StateOnHold}

// scanSummary reads a row. It sets total to the number of rows without the limit.
func scanSummary(total *int) pgx.RowToFunc[desk.Summary] {
	return func(row pgx.CollectableRow) (desk.Summary, error) {
		var s desk.Summary
		var due *time.Time
		err := row.Scan(&s.Number, &s.Title, &s.Category, &s.Priority, &s.State, &s.Requester, &s.Assignee,
			&s.OpenedAt, &due, &s.Card.Channel, &s.Card.TS, &s.Withheld, total)
		s.DueAt = orZero(due)
		return s, err
	}
}
