package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// A new language has all tickets read again, and forgets the words as the old one wrote them.
	changeLanguage = `
		WITH changed AS (
			UPDATE word_index SET language = $1, (older, collected) = (SELECT coalesce(max(number), 0), coalesce(max(number), 0) FROM tickets)
			WHERE language <> $1 RETURNING 1)
		DELETE FROM known_words WHERE EXISTS (SELECT FROM changed)`

	// Who reads a part of the tickets keeps the others from it.
	selectWordIndex = `
		SELECT older, collected, unmarked, (SELECT coalesce(max(ticket), 0) FROM ticket_words) FROM word_index FOR UPDATE SKIP LOCKED`
	readOlder = `
		WITH next AS (SELECT number FROM tickets WHERE number <= $1 ORDER BY number DESC LIMIT $2), written AS (
			INSERT INTO ticket_words SELECT t.number, found_by(t) FROM tickets t JOIN next USING (number)
			ON CONFLICT (ticket) DO UPDATE SET words = EXCLUDED.words RETURNING ticket)
		SELECT coalesce(min(ticket), 0) FROM written`
	// What has no meaning as a word of a language is not collected: numbers, addresses, secrets;
	// nor what only the people of a private ticket may read.
	collectWords = `
		INSERT INTO known_words SELECT word, ndoc
		FROM ts_stat(format('SELECT words FROM ticket_words WHERE ticket > %s AND ticket <= %s AND ticket NOT IN (SELECT number FROM tickets WHERE private)', $1::bigint, $2::bigint))
		WHERE word !~ '[#@~%0-9./:_]' AND length(word) BETWEEN 3 AND 40
		ON CONFLICT (word) DO UPDATE SET tickets = known_words.tickets + EXCLUDED.tickets`
	// The mark may be there already: who ended a ticket meanwhile has set it. The tickets are locked, so
	// that none is reopened before its mark is there to be taken away.
	markOwners = `
		WITH next AS (
			SELECT t FROM tickets t WHERE number <= $1 AND ended_at IS NOT NULL AND assignee <> '' ORDER BY number DESC LIMIT $2 FOR SHARE),
		marked AS (UPDATE ticket_words w SET words = w.words || owner_mark(t) FROM next WHERE w.ticket = (t).number)
		UPDATE word_index SET unmarked = (SELECT coalesce(min((t).number) - 1, 0) FROM next)`
	noteRead   = `UPDATE word_index SET older = $1, collected = $2`
	sortWords  = `SELECT gin_clean_pending_list('ticket_words_words')`
	selectWord = `SELECT language, older, to_regclass('known_words_alike') IS NOT NULL FROM word_index`
)

// Words is how tickets are found by their words.
type Words struct {
	Language string // a text search configuration of Postgres
	Older    int64  // tickets up to this number are not found by words yet; 0 for none
	Alike    bool   // words that are spelled alike are found too
}

// Words returns how tickets are found.
func (db *DB) Words(ctx context.Context) (Words, error) {
	var w Words
	if err := db.pool.QueryRow(ctx, selectWord).Scan(&w.Language, &w.Older, &w.Alike); err != nil {
		return Words{}, fmt.Errorf("asking how tickets are found: %w", err)
	}
	return w, nil
}

// SearchIn sets the language in which tickets are found. After a change, ReadWords has to read
// all of them again, the newest first.
func (db *DB) SearchIn(ctx context.Context, language string) error {
	if _, err := db.pool.Exec(ctx, changeLanguage, language); err != nil {
		return fmt.Errorf("setting the language of the search: %w", err)
	}
	w, err := db.Words(ctx)
	db.trigrams.Store(w.Alike)
	return err
}

// readAtOnce is how many tickets are read in one transaction.
const readAtOnce = 1000

// ReadWords reads some tickets that cannot be found by their words yet, collects the words of new
// ones, and marks the owners of ended ones. It reports whether there is more to read.
func (db *DB) ReadWords(ctx context.Context) (more bool, err error) {
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		var older, collected, unmarked, newest int64
		err := tx.QueryRow(ctx, selectWordIndex).Scan(&older, &collected, &unmarked, &newest)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // another copy is at it
		}
		if err != nil {
			return err
		}
		if more, err = readSome(ctx, tx, older, collected, newest); err != nil || more || unmarked == 0 {
			return err
		}
		more = true
		_, err = tx.Exec(ctx, markOwners, unmarked, readAtOnce)
		return err
	})
	if err == nil && !more {
		err = db.sortWords(ctx)
	}
	if err != nil {
		return false, fmt.Errorf("reading the words of tickets: %w", err)
	}
	return more, nil
}

func readSome(ctx context.Context, tx pgx.Tx, older, collected, newest int64) (more bool, err error) {
	if newest > collected {
		newest = min(newest, collected+readAtOnce)
		if _, err := tx.Exec(ctx, collectWords, collected, newest); err != nil {
			return false, err
		}
		_, err = tx.Exec(ctx, noteRead, older, newest)
		return true, err
	}
	if older == 0 {
		return false, nil
	}
	var first int64
	if err := tx.QueryRow(ctx, readOlder, older, readAtOnce).Scan(&first); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, collectWords, max(0, first-1), older); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, noteRead, max(0, first-1), collected)
	return first > 1, err
}

// sortWords spares who opens a ticket the sorting. Only the index's owner may do it; else
// Postgres does it by itself, a little later.
func (db *DB) sortWords(ctx context.Context) error {
	_, err := db.pool.Exec(ctx, sortWords)
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == insufficientPrivilege {
		return nil
	}
	return err
}
