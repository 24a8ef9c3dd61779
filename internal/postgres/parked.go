package postgres

import (
	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

const (
	// An operator is told once that a channel takes no messages, until it takes some:
	// then what told it is over.
	insertUnreachable = `
		INSERT INTO outbox (ordering_key, queue, kind, recipient, urgency, details, due_at)
		SELECT @ordering_key, @queue, @kind, @recipient, @urgency::smallint, @details::jsonb, @due_at::timestamptz
		WHERE NOT EXISTS (SELECT FROM outbox
			WHERE ordering_key = @ordering_key AND ticket IS NULL AND recipient = @recipient AND state <> 'dropped' AND NOT details ? 'over')`
	channelReached = `
		UPDATE outbox SET details = details || '{"over": true}', desired = desired + 1,
			pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE ordering_key = $1 AND ticket IS NULL AND state <> 'dropped' AND NOT details ? 'over'`
	// What could not lead to the card does so now.
	cardStands = `
		UPDATE outbox SET desired = desired + 1, pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE ticket = $1 AND (kind = 'parked' OR kind = 'escalation' AND recipient <> '') AND state <> 'dropped'`
)

// queueOwes queues what a failure owes. Cards are parked by several hands at a time:
// of those that owe the operators the same, one waits for the other.
func queueOwes(b *pgx.Batch, f outbox.Failure) {
	for _, n := range f.Enqueue {
		if n.Kind != desk.NoticeUnreachable {
			queueNotice(b, n)
			continue
		}
		b.Queue(lockLane, n.OrderingKey)
		b.Queue(insertUnreachable, noticeArgs(n))
	}
}

// queueCardPosted queues what follows from a card that stands for the first time.
func queueCardPosted(b *pgx.Batch, card ticket.Message, n ticket.Number) {
	b.Queue(insertThread, card.Channel, card.TS, n)
	b.Queue(cardStands, n)
	b.Queue(channelReached, desk.UnreachableKey(card.Channel))
}
