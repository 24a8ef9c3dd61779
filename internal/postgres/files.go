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

// A picture that was dropped without a call, because there was nothing to draw, has a sentence as its reason,
// and Slack's reasons are single words.
const selectLeftOut = `
	SELECT CASE WHEN state = 'dropped' THEN reason ELSE '' END FROM outbox
	WHERE kind = 'picture' AND (posted_ts <> '' OR state = 'dropped' AND reason NOT LIKE '% %') ORDER BY id DESC LIMIT 1`

// PictureLeftOut returns Slack's word for why the newest picture was not uploaded; "" if it was, or there
// is none.
func (db *DB) PictureLeftOut(ctx context.Context) (string, error) {
	var why string
	err := db.pool.QueryRow(ctx, selectLeftOut).Scan(&why)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("looking for pictures that were left out: %w", err)
	}
	return why, nil
}

// A sentence stands in place of a file that is not brought along.
const notBrought = `
	UPDATE outbox SET upload = '', details = jsonb_set(jsonb_set(details, '{unbrought}', to_jsonb(@why::text)), '{file}', @file::jsonb)
	WHERE id = @id`
