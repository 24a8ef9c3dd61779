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

// blocks is a condition on a row of outbox: it holds up later rows with the same key. A row
// does not, if it is only an edit, is parked, or failed @tries times; a look for its message
// is no failure. The first message of a thread always does, because replies need it.
const blocks = `posted_ts = '' AND (kind = ANY (@heads) OR attempts - looked < @tries AND state <> 'parked')`

// heads are the kinds of messages that begin a thread.
var heads = []desk.NoticeKind{desk.NoticeCard, desk.NoticeDigest}

// A message may be posted if it is due, if neither Slack nor a failure makes it wait, and if
// no message before it blocks. A message that itself does not block waits only for the head
// of its thread, and an edit for nothing. The head comes first in its key.
//
// A message that blocks is as urgent as the most urgent message that may wait for it. Every
// minute of waiting makes a message more urgent. A message that was taken and has no outcome,
// because the connection broke, is unsure.
const selectNext = `
	WITH pending AS (
		SELECT id, ordering_key, state, pending_since, not_before, tried_at, posted_ts <> '' AS stands, kind = ANY (@heads) AS head, ` + blocks + ` AS blocks,
			urgency - floor(date_part('epoch', statement_timestamp() - pending_since) / 60) AS urgency
		FROM outbox
		WHERE queue = @queue AND pending AND due_at <= @now
	), ordered AS (
		SELECT *, count(*) FILTER (WHERE blocks AND head) OVER before AS heads, count(*) FILTER (WHERE blocks) OVER before AS blockers,
			min(urgency) FILTER (WHERE NOT stands) OVER same_key AS most_urgent, min(pending_since) FILTER (WHERE NOT stands) OVER same_key AS first_pending
		FROM pending
		WINDOW same_key AS (PARTITION BY ordering_key),
			before AS (PARTITION BY ordering_key ORDER BY NOT head, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
	), ready AS (
		SELECT id, state, tried_at, row_number() OVER (ORDER BY greatest(CASE WHEN blocks THEN most_urgent ELSE urgency END, 0),
			CASE WHEN blocks THEN first_pending ELSE pending_since END) AS n
		FROM ordered
		WHERE (stands OR CASE WHEN blocks THEN blockers ELSE heads END = 0)
			AND (state IN ('waiting', 'unsure') AND coalesce(not_before <= clock_timestamp(), true)
				OR state = 'sending' AND tried_at < clock_timestamp() - @lost::interval)
	), best AS (
		SELECT id, state, tried_at, ARRAY (SELECT id::text FROM ready WHERE n > 1 AND n <= 1 + @prefetch ORDER BY n) AS prefetched
		FROM ready WHERE n = 1)` + takeBest

// takeBest takes the message in best, unless another worker was quicker or another copy has
// the lease. The search for a message that was lost in the middle begins anew.
const takeBest = `
	UPDATE outbox o
	SET state = 'sending', epoch = @epoch, tried_at = clock_timestamp(), not_before = NULL,
		attempts = CASE WHEN o.state = 'sending' THEN greatest(attempts - looked, 0) ELSE attempts END + 1,
		looked = CASE WHEN o.state = 'sending' THEN 0 ELSE looked END
	FROM best WHERE o.id = best.id
		AND o.pending AND o.state = best.state AND o.tried_at IS NOT DISTINCT FROM best.tried_at
		AND EXISTS (SELECT FROM leases WHERE name = 'sender' AND epoch = @epoch AND until > clock_timestamp())
	RETURNING o.id, o.kind, coalesce(o.ticket, 0) AS ticket, o.ordering_key, o.queue, o.recipient, o.due_at, o.urgency, o.details,
		o.desired, o.epoch, o.tried_at, best.state <> 'waiting' AS unsure, o.looked, o.attempts, o.posted_in, o.posted_ts, o.posted_at, o.upload, best.prefetched`

// selectPrefetched takes a message that Next has prefetched, if it may still be posted.
const selectPrefetched = `
	WITH this AS (
		SELECT *, posted_ts <> '' AS stands, kind = ANY (@heads) AS head, ` + blocks + ` AS blocks FROM outbox WHERE id = @id
	), best AS (
		SELECT id, state, tried_at, NULL::text[] AS prefetched FROM this
		WHERE pending AND state IN ('waiting', 'unsure') AND coalesce(not_before <= clock_timestamp(), true)
			AND (stands OR NOT EXISTS (SELECT FROM outbox o
				WHERE o.queue = this.queue AND o.ordering_key = this.ordering_key AND o.pending AND o.due_at <= @now
					AND (NOT kind = ANY (@heads), o.id) < (NOT this.head, this.id)
					AND ` + blocks + ` AND (this.blocks OR kind = ANY (@heads)))))` + takeBest

// prefetchSize is the number of messages that Next prefetches after the one that it takes.
const prefetchSize = 50

// Next implements outbox.Store.
func (db *DB) Next(ctx context.Context, queue desk.Queue, epoch int64, now time.Time) (outbox.Item, bool, error) {
	return db.take(ctx, selectNext, pgx.NamedArgs{
		"queue": queue, "epoch": epoch, "now": now, "lost": outbox.LostAfter, "prefetch": prefetchSize,
		"heads": heads, "tries": outbox.BlockingTries,
	})
}

// Take implements outbox.Store.
func (db *DB) Take(ctx context.Context, id string, epoch int64, now time.Time) (outbox.Item, bool, error) {
	return db.take(ctx, selectPrefetched, pgx.NamedArgs{
		"id": rowID(id), "epoch": epoch, "now": now, "heads": heads, "tries": outbox.BlockingTries,
	})
}

func (db *DB) take(ctx context.Context, sql string, args pgx.NamedArgs) (outbox.Item, bool, error) {
	var i outbox.Item
	var id int64
	var postedAt *time.Time
	err := db.pool.QueryRow(ctx, sql, args).Scan(
		&id, &i.Kind, &i.Ticket, &i.OrderingKey, &i.Queue, &i.To, &i.DueAt, &i.Urgency, &i.NoticeDetails,
		&i.Desired, &i.Epoch, &i.Taken, &i.Unsure, &i.Looked, &i.Attempts, &i.Posted.Channel, &i.Posted.TS, &postedAt, &i.Upload, &i.Prefetched)
	if errors.Is(err, pgx.ErrNoRows) {
		return outbox.Item{}, false, nil
	}
	if err != nil {
		return outbox.Item{}, false, fmt.Errorf("taking the next message: %w", err)
	}
	i.ID, i.PostedAt = strconv.FormatInt(id, 10), orZero(postedAt)
	return i, true, nil
}

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

// A message that the next sender marked as unsure, and that nobody has taken since, can
// still be recorded as posted. A message without a ts cannot be edited, so its latest
// version counts as posted.
const (
	updatePosted = `
		WITH posted AS (
			UPDATE outbox SET posted = CASE WHEN @ts = '' THEN desired ELSE @desired END, state = 'waiting', reason = '', attempts = 0, looked = 0,
				posted_in = @channel, posted_ts = @ts, posted_at = CASE WHEN posted_ts = @ts AND @ts <> '' THEN posted_at ELSE @now END,
				details = CASE WHEN @aloud THEN details || '{"aloud": true}' ELSE details END
			WHERE id = @id AND epoch = @epoch AND state IN ('sending', 'unsure')
			RETURNING 1)
		SELECT expect_one(count(*)) FROM posted`
	insertThread = `
		INSERT INTO ticket_threads (channel, ts, ticket, current) VALUES ($1, $2, $3, true)
		ON CONFLICT (channel, ts) DO NOTHING`
)

// RecordPosted implements outbox.Store.
func (db *DB) RecordPosted(ctx context.Context, i outbox.Item, at ticket.Message, now time.Time) error {
	b := &pgx.Batch{}
	b.Queue(updatePosted, pgx.NamedArgs{
		"id": rowID(i.ID), "epoch": i.Epoch, "desired": i.Desired, "channel": at.Channel, "ts": at.TS, "now": now, "aloud": i.Aloud,
	})
	if i.Kind == desk.NoticeCard && !i.Standing() {
		queueCardPosted(b, at, i.Ticket)
	}
	err := commitOutcome(db.pool.SendBatch(ctx, b).Close())
	if errors.Is(err, desk.ErrStale) {
		return outbox.ErrOvertaken
	}
	if err != nil {
		return fmt.Errorf("recording a message: %w", err)
	}
	return nil
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

// RecordFailure implements outbox.Store. It locks a ticket before its messages, and the card
// before others, in the same order as a change of the ticket.
func (db *DB) RecordFailure(ctx context.Context, i outbox.Item, f outbox.Failure) error {
	b := &pgx.Batch{}
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
const overwritten = `
	UPDATE outbox SET observed = greatest(observed, @version), observed_at = greatest(observed_at, @observed_at),
		desired = desired + CASE WHEN over AND (posted = desired OR state = 'sending') THEN 1 ELSE 0 END,
		pending_since = CASE WHEN over AND posted = desired THEN clock_timestamp() ELSE pending_since END
	FROM (SELECT o.id AS row, CASE WHEN observed > @version THEN coalesce(observed_at < @observed_at, true)
			WHEN observed < @version THEN coalesce(observed_at > @observed_at, false) ELSE false END AS over
		FROM outbox o WHERE posted_in = @channel AND posted_ts = @ts AND posted_ts <> ''
		FOR UPDATE) AS known
	WHERE id = known.row AND (observed < @version OR coalesce(observed_at < @observed_at, true))`

// Overwritten implements outbox.Store.
func (db *DB) Overwritten(ctx context.Context, at ticket.Message, version int64, observed time.Time) error {
	_, err := db.pool.Exec(ctx, overwritten, pgx.NamedArgs{"channel": at.Channel, "ts": at.TS, "version": version, "observed_at": observed})
	if err != nil {
		return notSaved(err, "noting an overwritten message")
	}
	return nil
}
