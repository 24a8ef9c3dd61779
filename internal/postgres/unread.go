package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/catchup"
)

// BeginLap implements catchup.Store.
func (db *DB) BeginLap(ctx context.Context, channel string, l catchup.Lap) error {
	_, err := db.pool.Exec(ctx, `UPDATE watermarks SET lap = $2 WHERE channel = $1`, channel, l)
	if err != nil {
		return notSaved(err, "beginning to read cards")
	}
	return nil
}

// What is unread already stays so since then. A lap that another one has replaced records
// nothing.
const advance = `
	WITH kept AS (
		INSERT INTO unread AS u (channel, ts, ticket, changed, since, until)
		SELECT * FROM unnest(@channels::text[], @ts::text[], @tickets::bigint[], @changed::boolean[], @since::timestamptz[], @until::timestamptz[])
		WHERE EXISTS (SELECT FROM watermarks WHERE channel = @channel AND lap -> 'until' = @lap::jsonb -> 'until')
		ON CONFLICT (channel, ts) DO UPDATE SET changed = u.changed OR excluded.changed,
			since = least(u.since, excluded.since), until = greatest(u.until, excluded.until), failures = 0)
	UPDATE watermarks SET lap = CASE WHEN NOT @ended THEN @lap::jsonb END,
		seen_until = CASE WHEN @ended THEN greatest(seen_until, @end) ELSE seen_until END
	WHERE channel = @channel AND lap -> 'until' = @lap::jsonb -> 'until'`

// Advance implements catchup.Store.
func (db *DB) Advance(ctx context.Context, channel string, l catchup.Lap, found []catchup.Unread) error {
	return db.advance(ctx, channel, l, found, false)
}

// EndLap implements catchup.Store.
func (db *DB) EndLap(ctx context.Context, channel string, l catchup.Lap, found []catchup.Unread) error {
	return db.advance(ctx, channel, l, found, true)
}

func (db *DB) advance(ctx context.Context, channel string, l catchup.Lap, found []catchup.Unread, ended bool) error {
	var in, ts []string
	var tickets []int64
	var changed []bool
	var since, until []time.Time
	for _, u := range found {
		in, ts, tickets, changed = append(in, u.In.Channel), append(ts, u.In.TS), append(tickets, int64(u.Ticket)), append(changed, u.Changed)
		since, until = append(since, u.Since), append(until, u.Until)
	}
	tag, err := db.pool.Exec(ctx, advance, pgx.NamedArgs{
		"channel": channel, "lap": l, "ended": ended, "end": l.Until,
		"channels": in, "ts": ts, "tickets": tickets, "changed": changed, "since": since, "until": until,
	})
	if err != nil {
		return notSaved(err, "recording which cards are read")
	}
	if tag.RowsAffected() == 0 {
		return catchup.ErrOtherLap
	}
	return nil
}

// The order is described at catchup.Store.
const selectUnread = `
	SELECT u.channel, u.ts, u.ticket, u.changed, u.since, u.until
	FROM unread u JOIN tickets t ON t.number = u.ticket
	ORDER BY u.failures / 3, NOT u.changed, u.since, ` + byUrgency + `, u.channel, u.ts LIMIT $1`

// Unread implements catchup.Store.
func (db *DB) Unread(ctx context.Context, limit int) ([]catchup.Unread, error) {
	list, err := all(ctx, db, scanUnread, selectUnread, limit)
	if err != nil {
		return nil, notSaved(err, "listing what is unread")
	}
	return list, nil
}

func scanUnread(row pgx.CollectableRow) (catchup.Unread, error) {
	var u catchup.Unread
	err := row.Scan(&u.In.Channel, &u.In.TS, &u.Ticket, &u.Changed, &u.Since, &u.Until)
	u.Since, u.Until = u.Since.UTC(), u.Until.UTC()
	return u, err
}

// Read implements catchup.Store.
func (db *DB) Read(ctx context.Context, u catchup.Unread) error {
	_, err := db.pool.Exec(ctx, `DELETE FROM unread WHERE channel = $1 AND ts = $2 AND until = $3`, u.In.Channel, u.In.TS, u.Until)
	if err != nil {
		return notSaved(err, "recording what is read")
	}
	return nil
}

// FailedIn implements catchup.Store. The order of selectUnread counts failures by threes.
func (db *DB) FailedIn(ctx context.Context, channel string) error {
	_, err := db.pool.Exec(ctx, `UPDATE unread SET failures = failures + 3 WHERE channel = $1`, channel)
	if err != nil {
		return notSaved(err, "recording that a channel could not be read")
	}
	return nil
}

// Failed implements catchup.Store.
func (db *DB) Failed(ctx context.Context, u catchup.Unread) error {
	_, err := db.pool.Exec(ctx, `UPDATE unread SET failures = failures + 1 WHERE channel = $1 AND ts = $2`, u.In.Channel, u.In.TS)
	if err != nil {
		return notSaved(err, "recording what could not be read")
	}
	return nil
}
