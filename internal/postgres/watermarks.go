package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/catchup"
)

// watermark are the columns of a watermark.
const watermark = `seen_until, (SELECT min(since) FROM unread), unbroken_since, pulsed_at, coalesce(lap, '{}'),
	(SELECT count(*) FROM connected_copies)`

// The gap, if there is one, is between seen_until and unbroken_since. Without a gap,
// seen_until follows the time. A lost event opens a gap even if the connection held. Events
// that a copy had not handled when it went away, and events before a copy began, may be lost.
const pulse = `
	WITH gone AS (
		DELETE FROM connected_copies
		WHERE copy <> @copy AND channel = @channel AND alive_at < clock_timestamp() - @tolerance::interval
		RETURNING pulsed_at),
	alive AS (
		INSERT INTO connected_copies AS c (copy, channel, pulsed_at, alive_at) VALUES (@copy, @channel, @now, clock_timestamp())
		ON CONFLICT (copy) DO UPDATE SET channel = @channel, pulsed_at = greatest(c.pulsed_at, @now), alive_at = clock_timestamp())
	INSERT INTO watermarks AS w (channel, seen_until, unbroken_since, pulsed_at)
	VALUES (@channel, @now, @now, @now)
	ON CONFLICT (channel) DO UPDATE SET (seen_until, unbroken_since, pulsed_at) = (
		SELECT CASE WHEN since <= seen THEN greatest(seen, @now) ELSE seen END, since, greatest(w.pulsed_at, @now)
		FROM (SELECT least(w.seen_until, lost) AS seen,
			CASE WHEN lost IS NOT NULL THEN @now
				WHEN @since::timestamptz <= w.pulsed_at + @tolerance::interval THEN w.unbroken_since
				ELSE @since END AS since
			FROM (SELECT least(@lost::timestamptz, (SELECT min(pulsed_at) FROM gone),
				CASE WHEN @begins THEN w.pulsed_at END) AS lost) AS l) AS x)
	RETURNING ` + watermark

// Pulse implements catchup.Store.
func (db *DB) Pulse(ctx context.Context, p catchup.Pulse) (catchup.Watermark, error) {
	w, err := scanWatermark(db.pool.QueryRow(ctx, pulse, pgx.NamedArgs{
		"channel": p.Channel, "copy": p.Copy, "begins": p.Begins,
		"since": p.Since, "now": p.Now, "lost": nullTime(p.Lost), "tolerance": catchup.Tolerance,
	}))
	if err != nil {
		return catchup.Watermark{}, fmt.Errorf("moving the watermark: %w", err)
	}
	return w, nil
}

// Leave implements catchup.Store.
func (db *DB) Leave(ctx context.Context, copyID string) error {
	_, err := db.pool.Exec(ctx, `UPDATE connected_copies SET alive_at = '-infinity' WHERE copy = $1`, copyID)
	if err != nil {
		return fmt.Errorf("taking leave: %w", err)
	}
	return nil
}

// Left implements catchup.Store.
func (db *DB) Left(ctx context.Context, channel string, since time.Time) error {
	_, err := db.pool.Exec(ctx, `INSERT INTO absences (channel, since) VALUES ($1, $2) ON CONFLICT DO NOTHING`, channel, since)
	if err != nil {
		return fmt.Errorf("recording that the bot has left a channel: %w", err)
	}
	return nil
}

// One watermark stands for all channels, because connections break for all of them. A gap of one
// channel costs the reading of all cards, 200 a call.
const back = `
	WITH absence AS (DELETE FROM absences WHERE channel = $2 RETURNING since)
	UPDATE watermarks AS w SET seen_until = least(w.seen_until, a.since), unbroken_since = greatest(w.unbroken_since, $3)
	FROM absence AS a WHERE w.channel = $1`

// Back implements catchup.Store.
func (db *DB) Back(ctx context.Context, support, channel string, now time.Time) (missed bool, err error) {
	done, err := db.pool.Exec(ctx, back, support, channel, now)
	if err != nil {
		return false, fmt.Errorf("recording that the bot is back in a channel: %w", err)
	}
	return done.RowsAffected() > 0, nil
}

// Watermark implements catchup.Store.
func (db *DB) Watermark(ctx context.Context, channel string) (catchup.Watermark, error) {
	w, err := scanWatermark(db.pool.QueryRow(ctx,
		`SELECT `+watermark+` FROM watermarks WHERE channel = $1`, channel))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return catchup.Watermark{}, fmt.Errorf("reading the watermark: %w", err)
	}
	return w, nil
}

func scanWatermark(row pgx.Row) (catchup.Watermark, error) {
	var w catchup.Watermark
	var unread *time.Time
	err := row.Scan(&w.SeenUntil, &unread, &w.UnbrokenSince, &w.PulsedAt, &w.Lap, &w.Copies)
	if unread != nil {
		w.UnreadSince = unread.UTC()
	}
	w.SeenUntil, w.UnbrokenSince, w.PulsedAt = w.SeenUntil.UTC(), w.UnbrokenSince.UTC(), w.PulsedAt.UTC()
	return w, err
}

// byUrgency has the ticket with the next step first, because alerts may be waiting for its
// threads.
const byUrgency = `t.ended_at IS NOT NULL, t.next_at NULLS LAST, t.priority, t.number`

const (
	selectThreads = threads + ` ORDER BY ` + byUrgency + `, NOT h.current`
	threadsOf     = threads + ` AND t.requester = $3 ORDER BY ` + byUrgency + `, NOT h.current`
	threads       = `
		SELECT t.number, t.requester, t.opened_at, t.ended_at IS NOT NULL, h.channel, h.ts, h.current,
			t.ended_at IS NULL AND (t.assignee <> '' OR t.state IN ('waiting', 'on_hold'))
		FROM tickets t JOIN ticket_threads h ON h.ticket = t.number
		WHERE (t.ended_at IS NULL OR t.ended_at > $1) AND t.opened_at < $2`
)

// Threads implements catchup.Store.
func (db *DB) Threads(ctx context.Context, of catchup.Missed) ([]catchup.Thread, error) {
	list, err := all(ctx, db, scanThread, selectThreads, of.Ended, of.Opened)
	if err != nil {
		return nil, notSaved(err, "listing threads")
	}
	return list, nil
}

// ThreadsOf implements catchup.Store.
func (db *DB) ThreadsOf(ctx context.Context, requester string, of catchup.Missed) ([]catchup.Thread, error) {
	list, err := all(ctx, db, scanThread, threadsOf, of.Ended, of.Opened, requester)
	if err != nil {
		return nil, notSaved(err, "listing somebody's threads")
	}
	return list, nil
}

func scanThread(row pgx.CollectableRow) (catchup.Thread, error) {
	var t catchup.Thread
	err := row.Scan(&t.Ticket, &t.Requester, &t.OpenedAt, &t.Ended, &t.Root.Channel, &t.Root.TS, &t.Current, &t.Busy)
	return t, err
}
