package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

// HasPending reports whether a message is being posted at now, or could be, even if it has
// to be tried again.
func (db *DB) HasPending(ctx context.Context, now time.Time) (bool, error) {
	var pending bool
	err := db.pool.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM outbox
			WHERE pending AND state IN ('waiting', 'sending', 'unsure') AND due_at <= $1)`, now).Scan(&pending)
	if err != nil {
		return false, fmt.Errorf("looking for what is pending: %w", err)
	}
	return pending, nil
}

// A message that was taken since belongs to another worker, even under the same lease. A
// message whose newer version was desired since it was taken is not dropped.
const updateFailed = `
	WITH failed AS (
		UPDATE outbox SET reason = @reason, looked = @looked,
			state = CASE WHEN @state <> 'dropped' OR desired = @desired THEN @state WHEN @unsure THEN 'unsure' ELSE 'waiting' END,
			attempts = attempts - CASE WHEN @free THEN 1 ELSE 0 END,
			posted = CASE WHEN @state = 'dropped' AND desired = @desired THEN desired ELSE posted END,
			not_before = clock_timestamp() + @after
		WHERE id = @id AND epoch = @epoch AND tried_at = @taken AND state = 'sending'
		RETURNING 1)
	SELECT expect_one(count(*)) FROM failed`

// An alert, or a step of an escalation, that was not posted because its clock had stopped
// counts as never told. If the clock is running again by now, the step is due at once.
const (
	forgetAlert = `
		DELETE FROM alerts WHERE ticket = @ticket AND cycle = @cycle AND source = @source AND promise = @promise AND step = @step`
	rearmTicket = `
		UPDATE tickets SET version = version + 1, next_at = least(next_at, @at)
		WHERE number = @ticket AND ended_at IS NULL`
)

// bumpTicket notes that something else is known of a ticket than before.
const bumpTicket = `UPDATE tickets SET version = version + 1 WHERE number = $1`

// RecordFailure implements outbox.Store. It locks a ticket before its messages, and the card
// before others, in the same order as a change of the ticket.
func (db *DB) RecordFailure(ctx context.Context, i outbox.Item, f outbox.Failure) error {
	b := &pgx.Batch{}
	if f.ChangesTicket() {
		b.Queue(bumpTicket, i.Ticket)
	}
	for _, a := range []*desk.Alert{i.Alert, i.Also, i.Escalation} {
		if f.Forget && a != nil {
			b.Queue(rearmTicket, alertArgs(i.Ticket, *a))
			b.Queue(forgetAlert, alertArgs(i.Ticket, *a))
		}
	}
	if f.AskCard {
		b.Queue(bumpCard, i.Ticket)
	}
	b.Queue(updateFailed, pgx.NamedArgs{
		"id": rowID(i.ID), "epoch": i.Epoch, "taken": i.Taken, "desired": i.Desired, "unsure": i.Unsure,
		"state": f.State, "reason": f.Reason, "looked": f.Looked, "after": f.After, "free": f.Free,
	})
	if f.File != nil {
		b.Queue(notBrought, pgx.NamedArgs{"id": rowID(i.ID), "why": f.Unbrought, "file": f.File})
	}
	if f.NewCard != nil {
		queueNewCard(b, *f.NewCard)
	}
	queueFollowing(b, i, f)
	err := commitOutcome(db.pool.SendBatch(ctx, b).Close())
	if errors.Is(err, desk.ErrStale) {
		return outbox.ErrOvertaken
	}
	if err != nil {
		return fmt.Errorf("recording a failure: %w", err)
	}
	return nil
}

// rowID is a message's row number. For an id that is not ours it is 0, which no row has.
func rowID(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

func rowIDs(ids []string) []int64 {
	rows := make([]int64, len(ids))
	for i, id := range ids {
		rows[i] = rowID(id)
	}
	return rows
}

// Where implements outbox.Store.
func (db *DB) Where(ctx context.Context, id string) (ticket.Message, error) {
	return db.sent(ctx, `SELECT posted_in, posted_ts FROM outbox WHERE id = $1`, rowID(id))
}

// Root implements outbox.Store.
func (db *DB) Root(ctx context.Context, orderingKey string) (ticket.Message, error) {
	return db.sent(ctx, `SELECT posted_in, posted_ts FROM outbox WHERE ordering_key = $1 AND ticket IS NULL ORDER BY id LIMIT 1`, orderingKey)
}

// Asked implements outbox.Store.
func (db *DB) Asked(ctx context.Context, person string, other ticket.Number, since time.Time) (bool, error) {
	var asked bool
	err := db.pool.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM outbox
			WHERE kind = 'survey' AND recipient = $1 AND posted_at > $2 AND ticket <> $3)`, person, since, other).Scan(&asked)
	if err != nil {
		return false, fmt.Errorf("looking for an earlier survey: %w", err)
	}
	return asked, nil
}

func (db *DB) sent(ctx context.Context, sql string, arg any) (ticket.Message, error) {
	var at ticket.Message
	err := db.pool.QueryRow(ctx, sql, arg).Scan(&at.Channel, &at.TS)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return ticket.Message{}, fmt.Errorf("looking where a message stands: %w", err)
	}
	return at, nil
}

// If a message that may have been posted was stopped, looked is one more than the number of
// looks: see outbox.Failure.
const resumed = `state = CASE WHEN state = 'unsure' OR looked > 0 THEN 'unsure' ELSE 'waiting' END,
	looked = CASE WHEN state = 'unsure' THEN looked ELSE greatest(looked - 1, 0) END, reason = '', not_before = NULL`

// Resume implements outbox.Store.
func (db *DB) Resume(ctx context.Context) (int64, error) {
	tag, err := db.pool.Exec(ctx, `UPDATE outbox SET `+resumed+` WHERE state = 'parked'`)
	if err != nil {
		return 0, notSaved(err, "resuming parked messages")
	}
	return tag.RowsAffected(), nil
}

// The version that Slack showed last stands. Events can arrive in any order, so their times
// decide. If an older version was shown last, it has overwritten a newer one.
const (
	shownBefore = `
		SELECT o.id, CASE WHEN observed > @version THEN coalesce(observed_at < @observed_at, true)
			WHEN observed < @version THEN coalesce(observed_at > @observed_at, false) ELSE false END AS over
		FROM outbox o WHERE posted_in = @channel AND posted_ts = @ts AND posted_ts <> ''
		FOR UPDATE`
	noteShown = `
		UPDATE outbox SET observed = greatest(observed, @version), observed_at = greatest(observed_at, @observed_at),
			desired = desired + CASE WHEN over AND (posted = desired OR state = 'sending') THEN 1 ELSE 0 END,
			pending_since = CASE WHEN over AND posted = desired THEN clock_timestamp() ELSE pending_since END
		FROM known
		WHERE outbox.id = known.id AND (observed < @version OR coalesce(observed_at < @observed_at, true))
		RETURNING over`
	overwritten = `WITH known AS (` + shownBefore + `), noted AS (` + noteShown + `)
		SELECT EXISTS (SELECT FROM known), EXISTS (SELECT FROM noted WHERE over)`
	// A sender waits for nobody who has the message.
	overwrittenIfFree = `WITH known AS (` + shownBefore + ` SKIP LOCKED), noted AS (` + noteShown + `)
		SELECT EXISTS (SELECT FROM known), EXISTS (SELECT FROM noted WHERE over)`
)

func shownArgs(s outbox.Shown) pgx.NamedArgs {
	return pgx.NamedArgs{"channel": s.At.Channel, "ts": s.At.TS, "version": s.Version, "observed_at": s.When}
}

// Overwritten implements outbox.Store.
func (db *DB) Overwritten(ctx context.Context, s outbox.Shown) (bool, error) {
	var known, over bool
	err := db.pool.QueryRow(ctx, overwritten, shownArgs(s)).Scan(&known, &over)
	if err != nil {
		return false, notSaved(err, "noting an overwritten message")
	}
	return over, nil
}
