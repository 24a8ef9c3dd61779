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

// blocks is a condition on a row of outbox: what follows it in its lane waits for it.
// What stands is only edited, which needs no order. Nothing that fails again and again,
// and nothing that is parked, keeps others waiting; to look for a message is no failure of
// it. But under a message that begins a thread they have nowhere to stand without it.
const blocks = `said_ts = '' AND (kind = ANY (@heads) OR attempts - looked < @tries AND state <> 'parked')`

// heads are the kinds of what begins a thread.
var heads = []desk.NoticeKind{desk.NoticeCard, desk.NoticeDigest}

// A message may be said when it is due, when Slack or a failure does not make it wait,
// and when nothing before it in its lane blocks; of what blocks nothing itself, only the
// head of the lane is waited for, and nothing by what stands. The head comes before all
// else. What blocks is as urgent as the most urgent message that may wait for it, and
// everything gets more so with every minute it waits. What was taken and never heard of
// again, because the connection broke, is unsure.
const selectNext = `
	WITH owed AS (
		SELECT id, lane, state, owed_at, not_before, tried_at, said_ts <> '' AS stands, kind = ANY (@heads) AS head, ` + blocks + ` AS blocks,
			urgency - floor(date_part('epoch', statement_timestamp() - owed_at) / 60) AS urgency
		FROM outbox
		WHERE place = @place AND owed AND due_at <= @now
	), lined AS (
		SELECT *, count(*) FILTER (WHERE blocks AND head) OVER before AS heads, count(*) FILTER (WHERE blocks) OVER before AS blockers,
			min(urgency) FILTER (WHERE NOT stands) OVER one_lane AS most_urgent, min(owed_at) FILTER (WHERE NOT stands) OVER one_lane AS first_owed
		FROM owed
		WINDOW one_lane AS (PARTITION BY lane),
			before AS (PARTITION BY lane ORDER BY NOT head, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
	), line AS (
		SELECT id, state, tried_at, row_number() OVER (ORDER BY greatest(CASE WHEN blocks THEN most_urgent ELSE urgency END, 0),
			CASE WHEN blocks THEN first_owed ELSE owed_at END) AS n
		FROM lined
		WHERE (stands OR CASE WHEN blocks THEN blockers ELSE heads END = 0)
			AND (state IN ('waiting', 'unsure') AND coalesce(not_before <= clock_timestamp(), true)
				OR state = 'sending' AND tried_at < clock_timestamp() - @lost::interval)
	), best AS (
		SELECT id, state, tried_at, ARRAY (SELECT id::text FROM line WHERE n > 1 AND n <= 1 + @behind ORDER BY n) AS behind
		FROM line WHERE n = 1)` + takeBest

// takeBest takes what stands in best, unless another hand was quicker or the lease
// is another's.
const takeBest = `
	UPDATE outbox o
	SET state = 'sending', epoch = @epoch, attempts = attempts + 1, tried_at = clock_timestamp(), not_before = NULL
	FROM best WHERE o.id = best.id
		AND o.owed AND o.state = best.state AND o.tried_at IS NOT DISTINCT FROM best.tried_at
		AND EXISTS (SELECT FROM leases WHERE name = 'sender' AND epoch = @epoch AND until > clock_timestamp())
	RETURNING o.id, o.kind, coalesce(o.ticket, 0) AS ticket, o.lane, o.place, o.recipient, o.due_at, o.urgency, o.details,
		o.wanted, o.epoch, o.tried_at, best.state <> 'waiting' AS unsure, o.looked, o.attempts, o.said_in, o.said_ts, o.said_at, o.upload, best.behind`

// selectBehind finds what was behind, if it may still be said.
const selectBehind = `
	WITH this AS (
		SELECT *, said_ts <> '' AS stands, kind = ANY (@heads) AS head, ` + blocks + ` AS blocks FROM outbox WHERE id = @id
	), best AS (
		SELECT id, state, tried_at, NULL::text[] AS behind FROM this
		WHERE owed AND state IN ('waiting', 'unsure') AND coalesce(not_before <= clock_timestamp(), true)
			AND (stands OR NOT EXISTS (SELECT FROM outbox o
				WHERE o.place = this.place AND o.lane = this.lane AND o.owed AND o.due_at <= @now
					AND (NOT kind = ANY (@heads), o.id) < (NOT this.head, this.id)
					AND ` + blocks + ` AND (this.blocks OR kind = ANY (@heads)))))` + takeBest

// inLine is how many messages Next names behind the one that it takes.
const inLine = 50

// Next implements outbox.Store.
func (db *DB) Next(ctx context.Context, place desk.Queue, epoch int64, now time.Time) (outbox.Item, bool, error) {
	return db.take(ctx, selectNext, pgx.NamedArgs{
		"place": place, "epoch": epoch, "now": now, "lost": outbox.LostAfter, "behind": inLine,
		"heads": heads, "tries": outbox.BlockingTries,
	})
}

// Take implements outbox.Store.
func (db *DB) Take(ctx context.Context, id string, epoch int64, now time.Time) (outbox.Item, bool, error) {
	return db.take(ctx, selectBehind, pgx.NamedArgs{
		"id": rowID(id), "epoch": epoch, "now": now, "heads": heads, "tries": outbox.BlockingTries,
	})
}

func (db *DB) take(ctx context.Context, sql string, args pgx.NamedArgs) (outbox.Item, bool, error) {
	var i outbox.Item
	var id int64
	var saidAt *time.Time
	err := db.pool.QueryRow(ctx, sql, args).Scan(
		&id, &i.Kind, &i.Ticket, &i.OrderingKey, &i.Queue, &i.To, &i.DueAt, &i.Urgency, &i.NoticeDetails,
		&i.Desired, &i.Epoch, &i.Taken, &i.Unsure, &i.Looked, &i.Attempts, &i.Posted.Channel, &i.Posted.TS, &saidAt, &i.Upload, &i.Prefetched)
	if errors.Is(err, pgx.ErrNoRows) {
		return outbox.Item{}, false, nil
	}
	if err != nil {
		return outbox.Item{}, false, fmt.Errorf("taking the next message: %w", err)
	}
	i.ID, i.PostedAt = strconv.FormatInt(id, 10), orZero(saidAt)
	return i, true, nil
}

// HasPending reports whether anything is being said at now, or could be, if only by another
// try.
func (db *DB) HasPending(ctx context.Context, now time.Time) (bool, error) {
	var owes bool
	err := db.pool.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM outbox
			WHERE owed AND state IN ('waiting', 'sending', 'unsure') AND due_at <= $1)`, now).Scan(&owes)
	if err != nil {
		return false, fmt.Errorf("looking for what is owed: %w", err)
	}
	return owes, nil
}

// What the next sender has marked as unsure, and nobody has taken since, is known to
// be said after all. What does not stand in a channel cannot be said anew.
const (
	updatePosted = `
		WITH said AS (
			UPDATE outbox SET shown = CASE WHEN @ts = '' THEN wanted ELSE @wanted END, state = 'waiting', reason = '', attempts = 0, looked = 0,
				said_in = @channel, said_ts = @ts, said_at = CASE WHEN said_ts = @ts AND @ts <> '' THEN said_at ELSE @now END,
				details = CASE WHEN @aloud THEN details || '{"aloud": true}' ELSE details END
			WHERE id = @id AND epoch = @epoch AND state IN ('sending', 'unsure')
			RETURNING 1)
		SELECT expect_one(count(*)) FROM said`
	insertThread = `
		INSERT INTO ticket_threads (channel, ts, ticket, current) VALUES ($1, $2, $3, true)
		ON CONFLICT (channel, ts) DO NOTHING`
)

// RecordPosted implements outbox.Store.
func (db *DB) RecordPosted(ctx context.Context, i outbox.Item, at ticket.Message, now time.Time) error {
	b := &pgx.Batch{}
	b.Queue(updatePosted, pgx.NamedArgs{
		"id": rowID(i.ID), "epoch": i.Epoch, "wanted": i.Desired, "channel": at.Channel, "ts": at.TS, "now": now, "aloud": i.Aloud,
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

// What was taken since is in another hand, though of the same turn. What became
// worth saying again since it was taken is not dropped.
const updateFailed = `
	WITH failed AS (
		UPDATE outbox SET reason = @reason, looked = @looked,
			state = CASE WHEN @state <> 'dropped' OR wanted = @wanted THEN @state WHEN @unsure THEN 'unsure' ELSE 'waiting' END,
			attempts = attempts - CASE WHEN @free THEN 1 ELSE 0 END,
			shown = CASE WHEN @state = 'dropped' AND wanted = @wanted THEN wanted ELSE shown END,
			not_before = clock_timestamp() + @after
		WHERE id = @id AND epoch = @epoch AND tried_at = @taken AND state = 'sending'
		RETURNING 1)
	SELECT expect_one(count(*)) FROM failed`

// An alert, or a step of an escalation, that was not said because its clock had
// stopped counts as never told. If it turns out meanwhile that the clock goes on, it
// is due at once.
const (
	forgetAlert = `
		DELETE FROM alerts WHERE ticket = @ticket AND cycle = @cycle AND clock = @clock AND promise = @promise AND step = @step`
	rearmTicket = `
		UPDATE tickets SET version = version + 1, next_at = least(next_at, @at)
		WHERE number = @ticket AND ended_at IS NULL`
)

// RecordFailure implements outbox.Store. It locks a ticket before its messages, and
// the card before others, as who changes the ticket does.
func (db *DB) RecordFailure(ctx context.Context, i outbox.Item, f outbox.Failure) error {
	b := &pgx.Batch{}
	for _, a := range []*desk.Alert{i.Alert, i.Also, i.Escalation} {
		if f.Forget && a != nil {
			b.Queue(rearmTicket, alertArgs(i.Ticket, *a))
			b.Queue(forgetAlert, alertArgs(i.Ticket, *a))
		}
	}
	if f.AskCard {
		b.Queue(wantAgain, i.Ticket, []desk.NoticeKind{desk.NoticeCard})
	}
	b.Queue(updateFailed, pgx.NamedArgs{
		"id": rowID(i.ID), "epoch": i.Epoch, "taken": i.Taken, "wanted": i.Desired, "unsure": i.Unsure,
		"state": f.State, "reason": f.Reason, "looked": f.Looked, "after": f.After, "free": f.Free,
	})
	if f.File != nil {
		b.Queue(notBrought, pgx.NamedArgs{"id": rowID(i.ID), "why": f.Unbrought, "file": f.File})
	}
	if f.NewCard != nil {
		queueNewCard(b, *f.NewCard)
	}
	queueOwes(b, f)
	err := commitOutcome(db.pool.SendBatch(ctx, b).Close())
	if errors.Is(err, desk.ErrStale) {
		return outbox.ErrOvertaken
	}
	if err != nil {
		return fmt.Errorf("recording a failure: %w", err)
	}
	return nil
}

// rowID is a message's number; 0, which no row has, if it is none of ours.
func rowID(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

// Where implements outbox.Store.
func (db *DB) Where(ctx context.Context, id string) (ticket.Message, error) {
	return db.sent(ctx, `SELECT said_in, said_ts FROM outbox WHERE id = $1`, rowID(id))
}

// Root implements outbox.Store.
func (db *DB) Root(ctx context.Context, lane string) (ticket.Message, error) {
	return db.sent(ctx, `SELECT said_in, said_ts FROM outbox WHERE lane = $1 AND ticket IS NULL ORDER BY id LIMIT 1`, lane)
}

func (db *DB) sent(ctx context.Context, sql string, arg any) (ticket.Message, error) {
	var at ticket.Message
	err := db.pool.QueryRow(ctx, sql, arg).Scan(&at.Channel, &at.TS)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return ticket.Message{}, fmt.Errorf("looking where a message stands: %w", err)
	}
	return at, nil
}

// What may have been said when it was stopped was looked for once more than it was: see
// outbox.Failure.
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

// Of two versions that Slack has shown, the one that it showed later stands. News of them
// can come in any order; where the later one is the older version, it stands over a newer.
const overwritten = `
	UPDATE outbox SET echoed = greatest(echoed, @version), echoed_at = greatest(echoed_at, @shown_at),
		wanted = wanted + CASE WHEN over AND (shown = wanted OR state = 'sending') THEN 1 ELSE 0 END,
		owed_at = CASE WHEN over AND shown = wanted THEN clock_timestamp() ELSE owed_at END
	FROM (SELECT o.id AS row, CASE WHEN echoed > @version THEN coalesce(echoed_at < @shown_at, true)
			WHEN echoed < @version THEN coalesce(echoed_at > @shown_at, false) ELSE false END AS over
		FROM outbox o WHERE said_in = @channel AND said_ts = @ts AND said_ts <> ''
		FOR UPDATE) AS known
	WHERE id = known.row AND (echoed < @version OR coalesce(echoed_at < @shown_at, true))`

// Overwritten implements outbox.Store.
func (db *DB) Overwritten(ctx context.Context, at ticket.Message, version int64, shown time.Time) error {
	_, err := db.pool.Exec(ctx, overwritten, pgx.NamedArgs{"channel": at.Channel, "ts": at.TS, "version": version, "shown_at": shown})
	if err != nil {
		return notSaved(err, "noting an overwritten message")
	}
	return nil
}
