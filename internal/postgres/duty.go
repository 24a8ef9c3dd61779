package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/ticket"
)

const (
	selectShift = `SELECT person, since FROM duty_shifts WHERE squad = $1 ORDER BY since DESC LIMIT 1`
	insertShift = `INSERT INTO duty_shifts (squad, since, person) VALUES ($1, $2, $3)`

	// One copy at a time, until the end of its transaction; the others wait, and see what it did.
	lockDuty = `SELECT pg_advisory_xact_lock(hashtextextended('duty:' || $1, 0))`
)

// LastOnDuty implements desk.Store.
func (db *DB) LastOnDuty(ctx context.Context, squad string) (duty.Change, error) {
	last, err := lastOnDuty(db.pool.QueryRow(ctx, selectShift, squad))
	if err != nil {
		return duty.Change{}, notSaved(err, "reading who is on duty")
	}
	return last, nil
}

// HandOver implements desk.Store.
func (db *DB) HandOver(ctx context.Context, squad string, ended time.Time, decide func(desk.Handover) ([]duty.Change, []desk.Notice)) error {
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		h, err := handover(ctx, tx, squad, ended)
		if err != nil {
			return err
		}
		changes, notices := decide(h)
		b := &pgx.Batch{}
		for _, c := range changes {
			b.Queue(insertShift, squad, c.At, c.Person)
		}
		for _, n := range notices {
			queueNotice(b, n)
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return notSaved(err, "recording who is on duty")
	}
	return nil
}

// handover reads what a handover is decided with, after everybody who was about to change it.
func handover(ctx context.Context, tx pgx.Tx, squad string, ended time.Time) (h desk.Handover, err error) {
	if _, err := tx.Exec(ctx, lockDuty, squad); err != nil {
		return h, err
	}
	if h.DutyState, err = dutyState(ctx, tx, squad, "", ended); err != nil {
		return h, err
	}
	if h.Last, err = lastOnDuty(tx.QueryRow(ctx, selectShift, squad)); err != nil {
		return h, err
	}
	rows, err := tx.Query(ctx, selectCalendars)
	if err != nil {
		return h, err
	}
	calendars, err := pgx.CollectRows(rows, scanCalendar)
	h.Made.Calendars = map[string]int64{}
	for _, c := range calendars {
		h.Made.Calendars[c.Key] = c.Version
	}
	if err != nil {
		return h, err
	}
	return h, tx.QueryRow(ctx, selectDutySettings).Scan(&h.Made.Settings)
}

const (
	// A copy with newer settings that has ended soon after its start must not keep the others from handing over.
	selectDutySettings = `SELECT coalesce((SELECT mark FROM duty_settings WHERE since > clock_timestamp() - interval '10 minutes'), '')`
	noteDutySettings   = `
		INSERT INTO duty_settings AS d (mark, since) VALUES ($1, clock_timestamp())
		ON CONFLICT (only_one) DO UPDATE SET mark = $1, since = clock_timestamp() WHERE d.mark <> $1`
)

// NoteDutySettings records that this copy has read the rotas of its settings, of which there is a mark.
func (db *DB) NoteDutySettings(ctx context.Context, mark string) error {
	_, err := db.pool.Exec(ctx, noteDutySettings, mark)
	return notSavedIf(err, "noting the rotas of the settings")
}

func lastOnDuty(row pgx.Row) (duty.Change, error) {
	var last duty.Change
	err := row.Scan(&last.Person, &last.At)
	if errors.Is(err, pgx.ErrNoRows) {
		return duty.Change{}, nil
	}
	last.At = last.At.UTC()
	return last, err
}

const (
	selectOverrides = `SELECT id, squad, person, since, until, made_by FROM duty_overrides WHERE until > $1 AND until > since ORDER BY id`
	insertOverride  = `INSERT INTO duty_overrides (squad, person, since, until, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)`
	endOverride     = `UPDATE duty_overrides SET until = greatest(since, $2) WHERE id = $1`

	selectOverridesOf = `SELECT id, squad, person, since, until, made_by FROM duty_overrides WHERE squad = $1 AND until > $2 AND until > since ORDER BY id`
)

// Overrides implements desk.Store.
func (db *DB) Overrides(ctx context.Context, ended time.Time) ([]desk.Override, error) {
	list, err := all(ctx, db, scanOverride, selectOverrides, ended)
	if err != nil {
		return nil, notSaved(err, "listing overrides")
	}
	return list, nil
}

func scanOverride(row pgx.CollectableRow) (desk.Override, error) {
	var o desk.Override
	err := row.Scan(&o.ID, &o.Squad, &o.Person, &o.From, &o.Until, &o.MadeBy)
	o.From, o.Until = o.From.UTC(), o.Until.UTC()
	return o, err
}

// ChangeDuty implements desk.Store.
func (db *DB) ChangeDuty(ctx context.Context, squad, swap string, now time.Time, decide func(desk.DutyState) (desk.DutyChange, error)) error {
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockDuty, squad); err != nil {
			return err
		}
		state, err := dutyState(ctx, tx, squad, swap, now)
		if err != nil {
			return err
		}
		c, err := decide(state)
		if err != nil {
			return err
		}
		return tx.SendBatch(ctx, dutyBatch(c, now)).Close()
	})
	if err == nil || ticket.CodeOf(err) != "" {
		return err
	}
	return notSaved(err, "changing who is on duty")
}

func dutyState(ctx context.Context, tx pgx.Tx, squad, swap string, now time.Time) (state desk.DutyState, err error) {
	rows, err := tx.Query(ctx, selectOverridesOf, squad, now)
	if err != nil {
		return state, err
	}
	if state.Overrides, err = pgx.CollectRows(rows, scanOverride); err != nil {
		return state, err
	}
	if rows, err = tx.Query(ctx, selectRotasOf, squad); err != nil {
		return state, err
	}
	if state.Rotas, err = pgx.CollectRows(rows, scanRota); err != nil {
		return state, err
	}
	state.Swap, err = scanSwap(tx.QueryRow(ctx, selectSwap, swap))
	return state, err
}

func dutyBatch(c desk.DutyChange, now time.Time) *pgx.Batch {
	b := &pgx.Batch{}
	for _, o := range c.Made {
		b.Queue(insertOverride, o.Squad, o.Person, o.From, o.Until, o.MadeBy, now)
	}
	if c.Ended != 0 {
		b.Queue(endOverride, c.Ended, now)
	}
	if m := c.Rota; m != nil {
		b.Queue(insertRota, m.Key, m.Squad, m.Made, m.From, m.MadeBy, now)
	}
	if c.Asked != nil {
		b.Queue(insertSwap, c.Asked.Key, c.Asked, now)
	}
	if c.Answered != "" {
		b.Queue(answerSwap, c.Answered, now, len(c.Made) > 0)
	}
	for _, n := range c.Notices {
		queueNotice(b, n)
	}
	return b
}

const (
	selectSwap = `SELECT swap, answered_at IS NOT NULL FROM duty_swaps WHERE key = $1`
	insertSwap = `INSERT INTO duty_swaps (key, swap, asked_at) VALUES ($1, $2, $3)`
	answerSwap = `UPDATE duty_swaps SET answered_at = $2, accepted = $3 WHERE key = $1`
)

// Swap implements desk.Store.
func (db *DB) Swap(ctx context.Context, key string) (desk.Swap, error) {
	s, err := scanSwap(db.pool.QueryRow(ctx, selectSwap, key))
	if err != nil {
		return desk.Swap{}, notSaved(err, "reading a swap")
	}
	return s, nil
}

func scanSwap(row pgx.Row) (desk.Swap, error) {
	var s desk.Swap
	err := row.Scan(&s, &s.Answered)
	if errors.Is(err, pgx.ErrNoRows) {
		return desk.Swap{}, nil
	}
	return s, err
}

// The change before the period tells who was on duty at its beginning.
const selectChanges = `
	SELECT d.squad, d.person, d.since, coalesce(p.name, '')
	FROM duty_shifts d LEFT JOIN people p ON p.id = d.person
	WHERE d.since < @until AND d.since >= coalesce((SELECT max(since) FROM duty_shifts e WHERE e.squad = d.squad AND e.since <= @from), @from)
	ORDER BY d.squad, d.since`

// DutyServed returns what is recorded of the squads for a period, and the names of the people in
// it, by their ids.
func (db *DB) DutyServed(ctx context.Context, from, until time.Time) (records []duty.Record, names map[string]string, err error) {
	rows, err := db.pool.Query(ctx, selectChanges, pgx.NamedArgs{"from": from, "until": until})
	if err != nil {
		return nil, nil, notSaved(err, "reading who was on duty")
	}
	records, names, err = collectServed(rows)
	if err != nil {
		return nil, nil, notSaved(err, "reading who was on duty")
	}
	return records, names, nil
}

// collectServed reads the rows of selectChanges.
func collectServed(rows pgx.Rows) (records []duty.Record, names map[string]string, err error) {
	var squad, name string
	var c duty.Change
	names = map[string]string{}
	_, err = pgx.ForEachRow(rows, []any{&squad, &c.Person, &c.At, &name}, func() error {
		if last := len(records) - 1; last < 0 || records[last].Squad != squad {
			records = append(records, duty.Record{Squad: squad})
		}
		of := &records[len(records)-1]
		of.Changes = append(of.Changes, duty.Change{Person: c.Person, At: c.At.UTC()})
		names[c.Person] = name
		return nil
	})
	return records, names, err
}
