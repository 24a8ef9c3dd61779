package postgres

import (
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
		UPDATE outbox SET kind = 'erased', details = details || '{"gone": true}', desired = desired + 1,
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
}

// queueErasedCard queues a card that replaces one which is deleted.
func queueErasedCard(b *pgx.Batch, card desk.Notice) {
	queueRemovedCard(b, card.Ticket)
	queueNotice(b, card)
}

func queueRemovedCard(b *pgx.Batch, n ticket.Number) {
	b.Queue(eraseCard, n)
	b.Queue(retireThread, n)
}
