package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"supporty/internal/home"
)

// A Home counts as open for an hour after it was opened.
const (
	openHome = `
		INSERT INTO homes (person, opened_at, desired, pending_since) VALUES ($1, clock_timestamp(), 1, clock_timestamp())
		ON CONFLICT (person) DO UPDATE SET opened_at = clock_timestamp(), desired = homes.desired + 1,
			pending_since = coalesce(homes.pending_since, clock_timestamp()), shown = CASE WHEN $2 THEN '' ELSE homes.shown END`
	selectHomeNews = `
		SELECT EXISTS (SELECT FROM homes WHERE opened_at > clock_timestamp() - interval '1 hour') AS open,
			entry, message, earlier_entry, earlier_message,
			coalesce((SELECT max(id) FROM entries), 0) AS latest_entry, coalesce((SELECT max(id) FROM outbox), 0) AS latest_message
		FROM home_news`
	// Of several copies that look at the same time, one notes what is new. The arguments are
	// numbers, not queries: Postgres has to know that few rows are above them.
	noteHomeNews = `
		WITH noted AS (
				UPDATE home_news SET entry = @latest_entry, message = @latest_message, earlier_entry = entry, earlier_message = message
				WHERE entry = @entry AND message = @message AND earlier_entry = @earlier_entry AND earlier_message = @earlier_message
				RETURNING true),
			changed AS (
				SELECT ticket FROM entries WHERE id > @since_entry UNION SELECT ticket FROM outbox WHERE id > @since_message)
		UPDATE homes SET desired = desired + 1, pending_since = coalesce(pending_since, clock_timestamp())
		WHERE opened_at > clock_timestamp() - interval '1 hour' AND EXISTS (SELECT FROM noted) AND EXISTS (SELECT FROM changed)
			AND (responder OR person = ANY (ARRAY (
				SELECT unnest(requester || followers) FROM tickets WHERE number = ANY (ARRAY (SELECT ticket FROM changed)))))`
	takeHome = `
		UPDATE homes SET taken_until = clock_timestamp() + interval '15 seconds' WHERE person = (
			SELECT person FROM homes
			WHERE desired > published AND opened_at > clock_timestamp() - interval '1 hour' AND ($1 = '' OR person = $1)
				AND (taken_until IS NULL OR taken_until < clock_timestamp())
			ORDER BY responder DESC, pending_since LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING person, desired, shown`
	putBackHome = `UPDATE homes SET taken_until = NULL WHERE person = $1`
	finishHome  = `
		UPDATE homes SET taken_until = NULL, published = $2, shown = $3, responder = $4,
			pending_since = CASE WHEN desired > $2 THEN pending_since END
		WHERE person = $1`
	// A Home takes 4/3 s, and 15 of them may come at once: 15 and 45 in any minute.
	roomForHome = `
		UPDATE home_news SET free_at = greatest(free_at, clock_timestamp()) + interval '1 second' * 4 / 3
		WHERE free_at < clock_timestamp() + interval '1 second' * 4 / 3 * ($1::int - 1)
		RETURNING true`
)

// OpenHome implements home.Store.
func (db *DB) OpenHome(ctx context.Context, person string, empty bool) error {
	if _, err := db.pool.Exec(ctx, openHome, person, empty); err != nil {
		return notSaved(err, "noting that Home is open")
	}
	return nil
}

// homeNews is how far it was looked for news, and what is newest.
type homeNews struct {
	Open                       bool
	Entry, Message             int64
	EarlierEntry               int64
	EarlierMessage             int64
	LatestEntry, LatestMessage int64
}

// anything reports whether something is new, or was at the last look.
func (n homeNews) anything() bool {
	return n.EarlierEntry != n.LatestEntry || n.EarlierMessage != n.LatestMessage
}

// mostNews is how many entries and messages are read at most. While nobody has Home open there
// is no look, and who opens it sees what is new anyway.
const mostNews = 5000

// NoteHomeNews implements home.Store. Ids are given before their transactions commit, and a
// transaction takes a second or two. So what is new is read twice: since the look before the
// last one.
func (db *DB) NoteHomeNews(ctx context.Context) (open bool, err error) {
	rows, err := db.pool.Query(ctx, selectHomeNews)
	if err != nil {
		return false, orSaying(err, "looking who has Home open")
	}
	n, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[homeNews])
	if err != nil || !n.Open || !n.anything() {
		return n.Open, orSaying(err, "looking who has Home open")
	}
	_, err = db.pool.Exec(ctx, noteHomeNews, pgx.NamedArgs{
		"latest_entry": n.LatestEntry, "latest_message": n.LatestMessage,
		"entry": n.Entry, "message": n.Message, "earlier_entry": n.EarlierEntry, "earlier_message": n.EarlierMessage,
		"since_entry": max(n.EarlierEntry, n.LatestEntry-mostNews), "since_message": max(n.EarlierMessage, n.LatestMessage-mostNews),
	})
	return true, orSaying(err, "looking for what Home shows anew")
}

// TakeHome implements home.Store.
func (db *DB) TakeHome(ctx context.Context, person string) (home.Taken, error) {
	var t home.Taken
	err := db.pool.QueryRow(ctx, takeHome, person).Scan(&t.Person, &t.Version, &t.Shown)
	if errors.Is(err, pgx.ErrNoRows) {
		return home.Taken{}, nil
	}
	return t, orSaying(err, "taking a Home")
}

// PutBackHome implements home.Store.
func (db *DB) PutBackHome(ctx context.Context, t home.Taken) error {
	_, err := db.pool.Exec(ctx, putBackHome, t.Person)
	return orSaying(err, "putting a Home back")
}

// FinishHome implements home.Store.
func (db *DB) FinishHome(ctx context.Context, t home.Taken, shown string, responder bool) error {
	_, err := db.pool.Exec(ctx, finishHome, t.Person, t.Version, shown, responder)
	return orSaying(err, "noting what a Home shows")
}

// RoomForHome implements home.Store.
func (db *DB) RoomForHome(ctx context.Context, atOnce int) (bool, error) {
	var room bool
	err := db.pool.QueryRow(ctx, roomForHome, atOnce).Scan(&room)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return room, orSaying(err, "looking for room for a Home")
}

func orSaying(err error, doing string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
