package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const (
	selectVersions = `
		SELECT t.number, t.version, t.policy, coalesce(h.channel, ''), coalesce(h.ts, '')
		FROM tickets t LEFT JOIN ticket_threads h ON h.ticket = t.number AND h.current
		WHERE t.number = ANY ($1)`
	selectEntries = `
		SELECT ticket, id, kind, actor, role, gesture, happened_at, recorded_at, inexact, void, details
		FROM entries WHERE ticket = ANY ($1) ORDER BY happened_at, id`
	selectAlerts = `
		SELECT ticket, cycle, source, promise, step, at, decided_at, notified
		FROM alerts WHERE ticket = ANY ($1) ORDER BY decided_at`
	// A flood is told in a ticket's thread, and is not about the ticket. An erased card is gone.
	selectPosted = `
		SELECT ticket, id::text, kind, recipient, posted_in, posted_ts, posted_at, due_at, details
		FROM outbox WHERE ticket = ANY ($1) AND kind NOT IN ('card', 'flood', 'erased') AND state <> 'dropped' ORDER BY outbox.id`
)

// Load implements desk.Store. It reads without a lock, because a change names the version
// that it was decided on.
func (db *DB) Load(ctx context.Context, n ticket.Number) (desk.Record, error) {
	records, err := load(ctx, db.pool, []ticket.Number{n})
	if err != nil {
		return desk.Record{}, notSaved(err, "loading a ticket")
	}
	if len(records) == 0 {
		return desk.Record{}, desk.ErrNotFound
	}
	return records[0], nil
}

// batcher is a pool, a connection or a transaction.
type batcher interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// load returns the records in the order of the numbers. Numbers without a ticket are left
// out.
func load(ctx context.Context, from batcher, numbers []ticket.Number) ([]desk.Record, error) {
	b := &pgx.Batch{}
	found := queueLoad(b, numbers)
	if err := from.SendBatch(ctx, b).Close(); err != nil {
		return nil, err
	}
	records := make([]desk.Record, 0, len(found))
	for _, n := range numbers {
		if r, ok := found[n]; ok {
			records = append(records, *r)
		}
	}
	return records, nil
}

// queueLoad queues the statements that read the records. The records are complete when the
// batch is done.
func queueLoad(b *pgx.Batch, numbers []ticket.Number) map[ticket.Number]*desk.Record {
	found := make(map[ticket.Number]*desk.Record, len(numbers))
	b.Queue(selectVersions, numbers).Query(func(rows pgx.Rows) error { return scanVersions(rows, found) })
	b.Queue(selectEntries, numbers).Query(func(rows pgx.Rows) error { return scanEntries(rows, found) })
	b.Queue(selectAlerts, numbers).Query(func(rows pgx.Rows) error { return scanAlerts(rows, found) })
	b.Queue(selectPosted, numbers).Query(func(rows pgx.Rows) error { return scanPosted(rows, found) })
	return found
}

func scanVersions(rows pgx.Rows, found map[ticket.Number]*desk.Record) error {
	for rows.Next() {
		r := &desk.Record{}
		if err := rows.Scan(&r.Ticket.Number, &r.Version, &r.Policy, &r.Card.Channel, &r.Card.TS); err != nil {
			return err
		}
		found[r.Ticket.Number] = r
	}
	return rows.Err()
}

func scanEntries(rows pgx.Rows, found map[ticket.Number]*desk.Record) error {
	for rows.Next() {
		var n ticket.Number
		var e ticket.Entry
		err := rows.Scan(&n, &e.ID, &e.Kind, &e.Actor, &e.Role, &e.Gesture,
			&e.HappenedAt, &e.RecordedAt, &e.Inexact, &e.Void, &e.Details)
		if err != nil {
			return err
		}
		e.HappenedAt, e.RecordedAt = e.HappenedAt.UTC(), e.RecordedAt.UTC()
		if r, ok := found[n]; ok {
			r.Timeline = append(r.Timeline, e)
		}
	}
	return rows.Err()
}

func scanAlerts(rows pgx.Rows, found map[ticket.Number]*desk.Record) error {
	for rows.Next() {
		var n ticket.Number
		var a desk.Alert
		if err := rows.Scan(&n, &a.Cycle, &a.Source, &a.Promise, &a.Step, &a.At, &a.DecidedAt, &a.Notified); err != nil {
			return err
		}
		a.At, a.DecidedAt = a.At.UTC(), a.DecidedAt.UTC()
		if r, ok := found[n]; ok {
			r.Alerts = append(r.Alerts, a)
		}
	}
	return rows.Err()
}

func scanPosted(rows pgx.Rows, found map[ticket.Number]*desk.Record) error {
	for rows.Next() {
		var n ticket.Number
		var p desk.Posted
		var posted *time.Time
		err := rows.Scan(&n, &p.ID, &p.Kind, &p.To, &p.At.Channel, &p.At.TS, &posted, &p.DueAt, &p.NoticeDetails)
		if err != nil {
			return err
		}
		p.PostedAt, p.DueAt = orZero(posted), p.DueAt.UTC()
		if r, ok := found[n]; ok {
			r.Posted = append(r.Posted, p)
		}
	}
	return rows.Err()
}

// The keys of inputs that a change was checked against: none of them was applied before.
const insertInputs = `
	INSERT INTO inputs (key, ticket, seen_at) SELECT unnest($1::text[]), $2, $3
	ON CONFLICT (key) DO NOTHING`

const touchInput = `UPDATE inputs SET seen_at = $2 WHERE key = $1`

// Save implements desk.Store. The whole change is one batch, so one transaction and one
// round trip.
func (db *DB) Save(ctx context.Context, c desk.Change) (desk.IDs, error) {
	var ids desk.IDs
	err := again(ctx, func() error {
		var err error
		ids, err = db.save(ctx, c)
		return err
	})
	return ids, err
}

func (db *DB) save(ctx context.Context, c desk.Change) (desk.IDs, error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return desk.IDs{}, notSaved(err, "connecting")
	}
	defer conn.Release()
	b := &pgx.Batch{}
	if len(c.Keys) > 0 {
		b.Queue(insertInputs, c.Keys, c.After.Ticket.Number, c.Now)
	}
	queueUpdate(b, c)
	ids := queueRest(b, c)
	err = commit(ctx, conn.Conn(), b)
	if !errors.Is(err, desk.ErrDuplicate) {
		return *ids, err
	}
	if err := db.touch(ctx, conn.Conn(), c); err != nil {
		return desk.IDs{}, err // it was applied, but the standby may not have it
	}
	return desk.IDs{}, desk.ErrDuplicate
}

// SaveAll implements desk.Store. The tickets are locked in the order of their numbers, so that
// nobody waits for each other.
func (db *DB) SaveAll(ctx context.Context, changes []desk.Change) error {
	sorted := slices.SortedFunc(slices.Values(changes), func(a, b desk.Change) int {
		return cmp.Compare(a.After.Ticket.Number, b.After.Ticket.Number)
	})
	return again(ctx, func() error {
		conn, err := db.pool.Acquire(ctx)
		if err != nil {
			return notSaved(err, "connecting")
		}
		defer conn.Release()
		b := &pgx.Batch{}
		for _, c := range sorted {
			queueUpdate(b, c)
			queueRest(b, c)
		}
		return commit(ctx, conn.Conn(), b)
	})
}

func (db *DB) touch(ctx context.Context, conn *pgx.Conn, c desk.Change) error {
	b := &pgx.Batch{}
	b.Queue(touchInput, c.Key, c.Now)
	return commit(ctx, conn, b)
}

// FOR NO KEY UPDATE is the weaker lock: other transactions can still insert rows that refer
// to the ticket. The record of where a card stands does so, while this transaction waits for
// the card's row.
const (
	selectOfDue = `
		SELECT count(*) > 0, coalesce(array_agg(DISTINCT assignee) FILTER (WHERE assignee <> ''), '{}'),
			coalesce(array_agg(DISTINCT category) FILTER (WHERE assignee = ''), '{}'),
			coalesce(array_agg(DISTINCT requester) FILTER (WHERE assignee = ''), '{}')
		FROM (SELECT assignee, category, requester FROM tickets WHERE next_at <= $1 ORDER BY next_at LIMIT $2) AS due`
	selectDue = `
		SELECT number FROM tickets WHERE next_at <= $1
		ORDER BY next_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`
	// With "<>" instead of "or" the index would not be used.
	selectOutdated = `
		SELECT number FROM tickets WHERE ended_at IS NULL AND (policy < $1 OR policy > $1)
		LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`
)

// Due implements desk.Store.
func (db *DB) Due(ctx context.Context, now time.Time, limit int) (due desk.DueTickets, err error) {
	row := db.pool.QueryRow(ctx, selectOfDue, now, limit)
	if err := row.Scan(&due.Any, &due.Owners, &due.Categories, &due.Requesters); err != nil {
		return desk.DueTickets{}, notSaved(err, "looking for what is due")
	}
	return due, nil
}

// Sweep implements desk.Store.
func (db *DB) Sweep(ctx context.Context, now time.Time, limit int, decide func(desk.Record) desk.Change) (int, error) {
	return db.each(ctx, decide, selectDue, now, limit)
}

// Outdated implements desk.Store.
func (db *DB) Outdated(ctx context.Context, current, limit int, decide func(desk.Record) desk.Change) (int, error) {
	return db.each(ctx, decide, selectOutdated, current, limit)
}

// each changes the tickets that a statement selects and locks. If a message that a change
// posts anew was dropped meanwhile, all changes are decided again, once.
func (db *DB) each(ctx context.Context, decide func(desk.Record) desk.Change, selected string, args ...any) (int, error) {
	n, err := db.eachOnce(ctx, decide, selected, args...)
	if errors.Is(err, desk.ErrStale) {
		return db.eachOnce(ctx, decide, selected, args...)
	}
	return n, err
}

// eachOnce keeps the tickets locked until the decisions are stored, so that no two copies do
// the same work.
func (db *DB) eachOnce(ctx context.Context, decide func(desk.Record) desk.Change, selected string, args ...any) (int, error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return 0, notSaved(err, "connecting")
	}
	defer conn.Release() // a connection that is still in a transaction is closed, which rolls back
	numbers, err := lockTickets(ctx, conn.Conn(), selected, args...)
	if err != nil {
		return 0, notSaved(err, "looking for what is due")
	}
	if len(numbers) == 0 {
		return 0, rollback(ctx, conn.Conn())
	}
	records, err := load(ctx, conn.Conn(), numbers)
	if err != nil {
		return 0, notSaved(err, "loading what is due")
	}
	var changes []desk.Change
	for _, r := range records {
		if c := decide(r); c.After.Ticket.Number != 0 {
			changes = append(changes, c)
		}
	}
	b := &pgx.Batch{}
	queueAll(b, changes)
	b.Queue(commitNow)
	return len(numbers), commit(ctx, conn.Conn(), b)
}

func rollback(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "ROLLBACK"); err != nil {
		return notSaved(err, "rolling back")
	}
	return nil
}

// lockTickets begins a transaction and locks the tickets that a statement selects.
func lockTickets(ctx context.Context, conn *pgx.Conn, selected string, args ...any) ([]ticket.Number, error) {
	var numbers []ticket.Number
	b := &pgx.Batch{}
	b.Queue("BEGIN")
	b.Queue(selected, args...).Query(func(rows pgx.Rows) error {
		var err error
		numbers, err = pgx.CollectRows(rows, pgx.RowTo[ticket.Number])
		return err
	})
	err := conn.SendBatch(ctx, b).Close()
	return numbers, err
}
