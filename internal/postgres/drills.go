package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const upsertDrill = `
	INSERT INTO drills (ticket, squad, began_at, answered_at, ended_at)
	VALUES (` + number + `, @squad, @began_at, @answered_at, @ended_at)
	ON CONFLICT (ticket) DO UPDATE SET answered_at = excluded.answered_at, ended_at = excluded.ended_at`

func queueDrill(b *pgx.Batch, r desk.Record) {
	b.Queue(upsertDrill, pgx.NamedArgs{
		"ticket": r.Ticket.Number, "squad": r.Ticket.Drill, "began_at": r.Ticket.OpenedAt,
		"answered_at": nullTime(r.Answered()), "ended_at": nullTime(r.Ticket.EndedAt),
	})
}

const (
	selectDrills     = `SELECT ticket, squad, began_at, answered_at, ended_at FROM drills WHERE squad = ANY ($1) ORDER BY began_at DESC, ticket DESC LIMIT $2`
	selectOpenDrills = `SELECT ticket, squad, began_at, answered_at, ended_at FROM drills WHERE ended_at IS NULL ORDER BY began_at, ticket`
	selectRealP1     = `SELECT coalesce(min(number), 0) FROM tickets t WHERE ended_at IS NULL AND priority = 1 AND category = ANY ($1) AND NOT EXISTS (SELECT FROM drills WHERE ticket = t.number)`
	selectAgreed     = `SELECT person FROM drill_nights WHERE person = ANY ($1)`
	insertAgreed     = `INSERT INTO drill_nights (person, agreed_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	deleteAgreed     = `DELETE FROM drill_nights WHERE person = $1`
	readingDrills    = "reading drills"
)

// Drills implements desk.Store.
func (db *DB) Drills(ctx context.Context, squads []string, limit int) ([]desk.Drill, error) {
	list, err := all(ctx, db, scanDrill, selectDrills, squads, limit)
	if err != nil {
		return nil, notSaved(err, readingDrills)
	}
	return list, nil
}

func scanDrill(row pgx.CollectableRow) (d desk.Drill, err error) {
	var answered, ended *time.Time
	err = row.Scan(&d.Ticket, &d.Squad, &d.BeganAt, &answered, &ended)
	d.BeganAt, d.AnsweredAt, d.EndedAt = d.BeganAt.UTC(), orZero(answered), orZero(ended)
	return d, err
}

// OpenDrills implements desk.Store.
func (db *DB) OpenDrills(ctx context.Context) ([]desk.Drill, error) {
	list, err := all(ctx, db, scanDrill, selectOpenDrills)
	if err != nil {
		return nil, notSaved(err, readingDrills)
	}
	return list, nil
}

// RealP1 implements desk.Store.
func (db *DB) RealP1(ctx context.Context, categories []string) (n ticket.Number, err error) {
	if err := db.pool.QueryRow(ctx, selectRealP1, categories).Scan(&n); err != nil {
		return 0, notSaved(err, "looking for P1s")
	}
	return n, nil
}

// AgreedToDrills implements desk.Store.
func (db *DB) AgreedToDrills(ctx context.Context, people []string) ([]string, error) {
	agreed, err := all(ctx, db, pgx.RowTo[string], selectAgreed, people)
	if err != nil {
		return nil, notSaved(err, readingDrills)
	}
	return agreed, nil
}

// AgreeToDrills implements desk.Store.
func (db *DB) AgreeToDrills(ctx context.Context, person string, agrees bool, now time.Time) (err error) {
	if agrees {
		_, err = db.pool.Exec(ctx, insertAgreed, person, now)
	} else {
		_, err = db.pool.Exec(ctx, deleteAgreed, person)
	}
	if err != nil {
		return notSaved(err, "saving who agrees to drills")
	}
	return nil
}
