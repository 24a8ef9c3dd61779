package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/outbox"
)

// recordUpload takes effect only for the worker that has the message.
const recordUpload = `
	WITH noted AS (
		UPDATE outbox SET upload = @upload
		WHERE id = @id AND epoch = @epoch AND tried_at = @taken AND state = 'sending'
		RETURNING 1)
	SELECT expect_one(count(*)) FROM noted`

// RecordUpload implements outbox.Store.
func (db *DB) RecordUpload(ctx context.Context, i outbox.Item, upload string) error {
	_, err := db.pool.Exec(ctx, recordUpload, pgx.NamedArgs{"id": rowID(i.ID), "epoch": i.Epoch, "taken": i.Taken, "upload": upload})
	if err = commitOutcome(err); errors.Is(err, desk.ErrStale) {
		return outbox.ErrOvertaken
	}
	if err != nil {
		return fmt.Errorf("recording an upload: %w", err)
	}
	return nil
}

// A sentence stands in place of a file that is not brought along.
const notBrought = `
	UPDATE outbox SET upload = '', details = jsonb_set(jsonb_set(details, '{unbrought}', to_jsonb(@why::text)), '{file}', @file::jsonb)
	WHERE id = @id`
