package postgres

import (
	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

const (
	// A notice that follows from a failure is enqueued only if the message has the state of
	// that failure: if a newer version was desired meanwhile, the message is not dropped.
	insertFollowing = `
		INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, details, due_at)
		SELECT @ordering_key, @queue, @kind, nullif(@ticket::bigint, 0), @recipient, @urgency::smallint, @details::jsonb, @due_at::timestamptz
		FROM outbox WHERE id = @id AND state = @state`
	// A notice that a channel takes no messages is over once a card stands there.
	channelReached = `
		UPDATE outbox SET details = details || '{"over": true}', desired = desired + 1,
			pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE ordering_key = $1 AND ticket IS NULL AND state <> 'dropped' AND NOT details ? 'over'`
	// Notices that could not link to the card do so now.
	cardStands = `
		UPDATE outbox SET desired = desired + 1, pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE ticket = $1 AND (kind = 'parked' OR kind = 'escalation' AND recipient <> '') AND state <> 'dropped'`
)

// queueFollowing queues the notices that a failure enqueues.
func queueFollowing(b *pgx.Batch, i outbox.Item, f outbox.Failure) {
	for _, n := range f.Enqueue {
		args := noticeArgs(n)
		args["id"], args["state"] = rowID(i.ID), f.State
		b.Queue(insertFollowing, args)
	}
}

// queueCardPosted queues the effects of a card that stands for the first time.
func queueCardPosted(b *pgx.Batch, card ticket.Message, n ticket.Number) {
	b.Queue(insertThread, card.Channel, card.TS, n)
	b.Queue(cardStands, n)
	b.Queue(channelReached, desk.UnreachableKey(card.Channel))
}
