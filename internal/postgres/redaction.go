package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const (
	// The digest of a form's content could be compared with guesses.
	eraseContent = `UPDATE inputs SET content = '' WHERE ticket = $1 AND content <> ''`
	// What will not be posted any more needs no words.
	eraseDropped = `UPDATE outbox SET details = details - ARRAY['text', 'words', 'note', 'files', 'file'] WHERE ticket = $1 AND state = 'dropped'`
	eraseEntry   = `UPDATE entries SET details = $2 WHERE id = $1`
	// The card is deleted like any message that goes, and is no card from here on.
	eraseCard = `
		UPDATE outbox SET kind = 'erased', details = details || '{"gone": true}' || CASE WHEN $2::jsonb IS NULL THEN '{}' ELSE jsonb_build_object('left', $2::jsonb) END, desired = desired + 1,
			state = CASE WHEN state IN ('parked', 'undeliverable') THEN 'waiting' ELSE state END,
			pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE ticket = $1 AND kind = 'card' AND state <> 'dropped'`
)

func queueRedaction(b *pgx.Batch, n ticket.Number, r desk.Redaction) {
	b.Queue(eraseContent, n)
	b.Queue(eraseDropped, n)
	for _, e := range r.Entries {
		b.Queue(eraseEntry, e.ID, e.Details)
	}
	for _, notice := range r.Anew {
		queueNotice(b, notice)
	}
	if r.Left != nil {
		b.Queue(removeFlood, n)
		b.Queue(reshowLists, n)
		b.Queue(reshowHomes, r.Informed)
	}
	if s := r.Search; s != nil {
		b.Queue(insertDeletionSearch, s.Key, s.Ticket, s.Actor, s.Sealed, s.Threads, s.Since)
	}
}

const (
	// What a ticket made private may be named in: lists that were posted since it was opened, and
	// Home, also where it was closed long ago, because it stands there until it is opened again.
	reshowLists = `
		UPDATE outbox SET desired = desired + 1, pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE kind IN ('unowned', 'digest', 'breakdown') AND (posted_ts <> '' OR pending) AND state <> 'dropped'
			AND coalesce(posted_at, due_at) >= (SELECT opened_at FROM tickets WHERE number = $1)`
	// The line about a flood is not about its first ticket alone, but names it.
	removeFlood = `
		UPDATE outbox SET desired = desired + 1, details = details || '{"gone": true}', pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE ticket = $1 AND kind = 'flood' AND state <> 'dropped'`
	reshowHomes = `
		UPDATE homes SET desired = desired + 1, opened_at = clock_timestamp(), pending_since = coalesce(pending_since, clock_timestamp())
		WHERE responder OR person = ANY ($1)`

	// The store knows all threads that the ticket had.
	insertDeletionSearch = `
		INSERT INTO deletion_searches (key, ticket, actor, words, threads, since)
		SELECT $1, $2, $3, $4, coalesce($5::jsonb, '[]') || coalesce(
			(SELECT jsonb_agg(jsonb_build_object('channel', channel, 'ts', ts) ORDER BY channel, ts) FROM ticket_threads WHERE ticket = $2), '[]'), $6`
	selectDeletionSearches = `SELECT key, ticket, actor, words, threads, since FROM deletion_searches ORDER BY since, key`
)

// DeletionSearches implements desk.Store.
func (db *DB) DeletionSearches(ctx context.Context) ([]desk.DeletionSearch, error) {
	list, err := all(ctx, db, scanDeletionSearch, selectDeletionSearches)
	if err != nil {
		return nil, notSaved(err, "listing searches for redacted words")
	}
	return list, nil
}

func scanDeletionSearch(row pgx.CollectableRow) (s desk.DeletionSearch, err error) {
	err = row.Scan(&s.Key, &s.Ticket, &s.Actor, &s.Sealed, &s.Threads, &s.Since)
	return s, err
}

// DeletionSearched implements desk.Store.
func (db *DB) DeletionSearched(ctx context.Context, key string) error {
	if _, err := db.pool.Exec(ctx, `DELETE FROM deletion_searches WHERE key = $1`, key); err != nil {
		return notSaved(err, "ending a search for redacted words")
	}
	return nil
}

// queueErasedCard queues a card that replaces one which is deleted.
func queueErasedCard(b *pgx.Batch, card desk.Notice, r *desk.Redaction) {
	queueRemovedCard(b, card.Ticket, r)
	queueNotice(b, card)
}

func queueRemovedCard(b *pgx.Batch, n ticket.Number, r *desk.Redaction) {
	b.Queue(eraseCard, n, r.Left)
	b.Queue(retireThread, n)
}
