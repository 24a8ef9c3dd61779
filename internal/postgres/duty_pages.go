package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/duty"
)

const (
	insertDutyPage = `
		INSERT INTO duty_pages (squad, person, called_at, ticket, priority, step, night, woke)
		VALUES (@squad, @person, @at, ` + number + `, @priority, @step, @night, @woke)`
	selectDutyPages = `
		SELECT p.id, p.squad, p.person, p.called_at, p.ticket, p.priority, p.step, p.night, coalesce(w.woke, p.woke), w.woke IS NOT NULL
		FROM duty_pages p LEFT JOIN LATERAL (SELECT woke FROM duty_page_words WHERE page = p.id ORDER BY id DESC LIMIT 1) w ON true `
	dutyPagesBetween = selectDutyPages + `
		WHERE p.called_at >= @from AND p.called_at < @until AND (@person = '' OR p.person = @person) ORDER BY p.called_at, p.id`
	dutyPageOf = selectDutyPages + `WHERE p.id = @id AND p.person = @by`
	// Who presses twice says it once.
	sayWoken = `
		INSERT INTO duty_page_words (page, woke, said_at)
		SELECT p.id, @woke, @now FROM duty_pages p WHERE p.id = @id AND p.person = @by
			AND (SELECT woke FROM duty_page_words WHERE page = p.id ORDER BY id DESC LIMIT 1) IS DISTINCT FROM @woke`
)

func queueDutyPage(b *pgx.Batch, p desk.DutyPage) {
	b.Queue(insertDutyPage, pgx.NamedArgs{
		"squad": p.Squad, "person": p.Person, "at": p.At, "ticket": p.Ticket, "priority": p.Priority,
		"step": p.Step, "night": p.Night, "woke": p.Woke,
	})
}

// DutyPages implements desk.Store.
func (db *DB) DutyPages(ctx context.Context, f desk.DutyPages) ([]desk.DutyPage, error) {
	list, err := all(ctx, db, scanDutyPage, dutyPagesBetween, pgx.NamedArgs{"from": f.From, "until": f.Until, "person": f.Person})
	if err != nil {
		return nil, notSaved(err, "reading who was called")
	}
	return list, nil
}

func scanDutyPage(row pgx.CollectableRow) (p desk.DutyPage, err error) {
	err = row.Scan(&p.ID, &p.Squad, &p.Person, &p.At, &p.Ticket, &p.Priority, &p.Step, &p.Night, &p.Woke, &p.Said)
	p.At = p.At.UTC()
	return p, err
}

// SayWoken implements desk.Store.
func (db *DB) SayWoken(ctx context.Context, id int64, by string, woke bool, now time.Time) (p desk.DutyPage, err error) {
	args := pgx.NamedArgs{"id": id, "by": by, "woke": woke, "now": now}
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sayWoken, args); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, dutyPageOf, args)
		if err != nil {
			return err
		}
		p, err = pgx.CollectExactlyOneRow(rows, scanDutyPage)
		return err
	})
	if err == nil || errors.Is(err, pgx.ErrNoRows) {
		return p, nil
	}
	return p, notSaved(err, "saying whether a call woke somebody")
}

// Served implements desk.Store.
func (db *DB) Served(ctx context.Context, from, until time.Time) ([]duty.Record, error) {
	records, _, err := db.DutyServed(ctx, from, until)
	return records, err
}

const selectCalledNames = `SELECT DISTINCT p.id, p.name FROM duty_pages d JOIN people p ON p.id = d.person WHERE d.called_at >= $1 AND d.called_at < $2`

// CalledNames returns the names of those who were called in a period, by their ids.
func (db *DB) CalledNames(ctx context.Context, from, until time.Time) (map[string]string, error) {
	names := map[string]string{}
	rows, err := db.pool.Query(ctx, selectCalledNames, from, until)
	if err == nil {
		var id, name string
		_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error { names[id] = name; return nil })
	}
	if err != nil {
		return nil, notSaved(err, "reading who was called")
	}
	return names, nil
}
