package postgres

import (
	"github.com/jackc/pgx/v5"

	"supporty/internal/outbox"
)

const (
	// A notice that follows from a failure is enqueued only if the message has the state of
	// that failure: if a newer version was desired meanwhile, the message is not dropped.
	insertFollowing = `
		INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, details, due_at)
		SELECT @ordering_key, @queue, @kind, nullif(@ticket::bigint, 0), @recipient, @urgency::smallint, @details::jsonb, @due_at::timestamptz
		FROM outbox WHERE id = @id AND state = @state`
	// When cards stand for the first time, notices that could not link to them do so now, and
	// a notice that their channel takes no messages is over.
	cardsStand = `
		UPDATE outbox SET desired = desired + 1, pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END,
			details = CASE WHEN ticket IS NULL THEN details || '{"over": true}' ELSE details END
		WHERE state <> 'dropped' AND (
			ticket = ANY ($1::bigint[]) AND (kind = 'parked' OR kind = 'escalation' AND recipient <> '')
				AND EXISTS (SELECT FROM ticket_threads h WHERE h.ticket = outbox.ticket AND h.current)
			OR ordering_key = ANY ($2::text[]) AND ticket IS NULL AND NOT details ? 'over')`
)

// queueFollowing queues the notices that a failure enqueues.
func queueFollowing(b *pgx.Batch, i outbox.Item, f outbox.Failure) {
	for _, n := range f.Enqueue {
		args := noticeArgs(n)
		args["id"], args["state"] = rowID(i.ID), f.State
		b.Queue(insertFollowing, args)
	}
}
