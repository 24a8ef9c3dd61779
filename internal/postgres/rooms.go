package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/outbox"
)

const (
	// Of a ticket whose room is archived nothing is due any more.
	selectStandingRooms = `
		SELECT o.id::text, o.posted_in, t.number, t.category, t.requester, t.assignee, t.private_by, coalesce(o.details->'brought', '[]')
		FROM tickets t JOIN outbox o ON o.ticket = t.number
		WHERE t.private AND (t.ended_at IS NULL OR t.next_at IS NOT NULL)
			AND o.kind = 'room' AND o.posted_ts <> '' AND NOT o.details ? 'gone' AND o.state <> 'dropped'
		ORDER BY o.id`
	keepRooms = `
		UPDATE outbox SET desired = desired + 1, pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE id = ANY ($1) AND state <> 'dropped' AND NOT details ? 'gone'`
	// recordBrought takes effect only for the worker that has the room. What is known of the
	// ticket is another then. The ticket is locked first, as by every change of it.
	recordBrought = `
		WITH noted AS (
			UPDATE outbox SET details = details || jsonb_build_object('brought', @people::jsonb)
			WHERE id = @id AND epoch = @epoch AND tried_at = @taken AND state = 'sending'
			RETURNING 1)
		SELECT expect_one(count(*)) FROM noted`
)

// StandingRooms implements outbox.Store.
func (db *DB) StandingRooms(ctx context.Context) ([]outbox.StandingRoom, error) {
	list, err := all(ctx, db, scanStandingRoom, selectStandingRooms)
	if err != nil {
		return nil, notSaved(err, "listing the channels of private tickets")
	}
	return list, nil
}

func scanStandingRoom(row pgx.CollectableRow) (r outbox.StandingRoom, err error) {
	err = row.Scan(&r.ID, &r.Channel, &r.Ticket.Number, &r.Ticket.Category, &r.Ticket.Requester, &r.Ticket.Assignee, &r.Ticket.PrivateBy, &r.Brought)
	return r, err
}

// KeepRooms implements outbox.Store.
func (db *DB) KeepRooms(ctx context.Context, ids []string) error {
	if _, err := db.pool.Exec(ctx, keepRooms, rowIDs(ids)); err != nil {
		return notSaved(err, "having channels of private tickets kept")
	}
	return nil
}

// RecordBrought implements outbox.Store.
func (db *DB) RecordBrought(ctx context.Context, i outbox.Item, people []string) error {
	b := &pgx.Batch{}
	b.Queue(bumpTicket, i.Ticket)
	b.Queue(recordBrought, pgx.NamedArgs{"id": rowID(i.ID), "epoch": i.Epoch, "taken": i.Taken, "people": append([]string{}, people...)})
	err := commitOutcome(db.pool.SendBatch(ctx, b).Close())
	if errors.Is(err, desk.ErrStale) {
		return outbox.ErrOvertaken
	}
	if err != nil {
		return fmt.Errorf("recording who is in a channel: %w", err)
	}
	return nil
}
