package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/outbox"
)

const (
	// A number is taken only if the ticket is new, or if the same input arrives twice at the
	// same moment.
	claimInput = `
		WITH claimed AS (
			INSERT INTO inputs (key, ticket, content, seen_at)
			SELECT $1, nextval('ticket_numbers'), $2, $3
			WHERE NOT EXISTS (SELECT FROM inputs WHERE key = $1) AND NOT EXISTS (SELECT FROM inputs WHERE key = $4)
			RETURNING ticket)
		SELECT max(ticket), expect_one(count(*)), ` + bounded + ` FROM claimed`
	claimSource = `INSERT INTO inputs (key, ticket, seen_at) VALUES ($1, currval('ticket_numbers'), $2)`

	touchOpened = `
		WITH known AS (
			UPDATE inputs SET seen_at = $3 WHERE key = $1 OR key = $2 RETURNING key, ticket, content)
		SELECT ticket, content, key <> $1 AS taken FROM known ORDER BY taken LIMIT 1`
)

// Open implements desk.Store. It is one batch, so one transaction and one round trip. If it
// fails because the key or the source is known, a second one returns their ticket.
func (db *DB) Open(ctx context.Context, in desk.Submission, c desk.Change) (desk.Opened, error) {
	var out desk.Opened
	err := again(ctx, func() error {
		var err error
		out, err = db.open(ctx, in, c)
		return err
	})
	return out, err
}

func (db *DB) open(ctx context.Context, in desk.Submission, c desk.Change) (desk.Opened, error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return desk.Opened{}, notSaved(err, "connecting")
	}
	defer conn.Release()
	out, err := db.openNew(ctx, conn.Conn(), in, c)
	if errors.Is(err, desk.ErrStale) || errors.Is(err, desk.ErrDuplicate) {
		return openedBefore(ctx, conn.Conn(), in)
	}
	return out, err
}

func (db *DB) openNew(ctx context.Context, conn *pgx.Conn, in desk.Submission, c desk.Change) (desk.Opened, error) {
	out := desk.Opened{Fresh: true, Content: in.Content}
	b := &pgx.Batch{}
	b.Queue(claimInput, in.Key, in.Content, in.Now, in.Source).QueryRow(func(row pgx.Row) error { return row.Scan(&out.Number, nil, nil) })
	if in.Source != "" {
		b.Queue(claimSource, in.Source, in.Now)
	}
	queueInsert(b, c)
	var card *outbox.Item
	if waitsForNothing(c) {
		card = queueFirstCard(b, c.After.CardNotice(c.Now), db.holder())
	}
	ids := queueRest(b, c)
	began := time.Now()
	if err := commit(ctx, conn, b); err != nil {
		return out, err
	}
	out.IDs = *ids
	db.tell(out, card, began)
	return out, nil
}

// openedBefore returns the ticket of a key that was used before, or of a source that has
// one. The keys are written again, so that this commit also waits for a synchronous replica.
func openedBefore(ctx context.Context, conn *pgx.Conn, in desk.Submission) (desk.Opened, error) {
	var out desk.Opened
	b := &pgx.Batch{}
	b.Queue(touchOpened, in.Key, in.Source, in.Now).QueryRow(func(row pgx.Row) error {
		return row.Scan(&out.Number, &out.Content, &out.Taken)
	})
	err := commit(ctx, conn, b)
	if errors.Is(err, pgx.ErrNoRows) {
		return desk.Opened{}, fmt.Errorf("%w: the key has been forgotten meanwhile", desk.ErrNotSaved)
	}
	return out, err
}
