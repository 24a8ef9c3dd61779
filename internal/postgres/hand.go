package postgres

import (
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/outbox"
)

// Sender is the sender of this copy, as far as the store tells it of the messages of a new
// ticket. *outbox.Sender implements it.
type Sender interface {
	// Free returns under whose lease a message may be stored as taken; empty if it may not,
	// because others wait.
	Free() (holder string)
	// Hand gives the sender a message that was stored as taken for it, no later than
	// outbox.HandedFor after it was stored.
	Hand(i outbox.Item, stored time.Time)
	// Enqueued tells the sender that other messages were stored, for whoever takes them.
	Enqueued()
}

// TellSender has the messages of new tickets told to a sender. Call it before the first ticket
// is opened.
func (db *DB) TellSender(s Sender) { db.sender = s }

// holder is under whose lease a message may be stored as taken; empty if it may not.
func (db *DB) holder() string {
	if db.sender == nil {
		return ""
	}
	return db.sender.Free()
}

// waitsForNothing reports whether a change has a first card that can be posted at once. That of a
// private ticket waits for its room.
func waitsForNothing(c desk.Change) bool {
	return c.Card == desk.CardNew && c.After.Ticket.Number == 0 && !c.After.Ticket.Private()
}

// If this copy holds the lease, the card is stored as taken: nobody has to look for it. The try
// is dated later, so that it counts as one that nobody has (see takeNext) only after its sender
// has left it.
const insertFirstCard = `
	WITH lease AS (
		SELECT epoch FROM leases WHERE name = 'sender' AND holder = @holder AND until > clock_timestamp()
	)
	INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, details, due_at, state, epoch, attempts, tried_at)
	SELECT rtrim(@ordering_key, '0') || currval('ticket_numbers'), @queue, @kind, currval('ticket_numbers'), @recipient, @urgency, @details, @due_at,
		CASE WHEN epoch IS NULL THEN 'waiting' ELSE 'sending' END, coalesce(epoch, 0), count(epoch) OVER (),
		CASE WHEN epoch IS NOT NULL THEN clock_timestamp() + @handed::interval END
	FROM (SELECT) AS one LEFT JOIN lease ON true
	RETURNING id, epoch, tried_at`

// queueFirstCard queues the card of a new ticket, for the holder of a lease. What it returns is
// complete when the batch is done; its Epoch is 0 if nobody has the card.
func queueFirstCard(b *pgx.Batch, card desk.Notice, holder string) *outbox.Item {
	stored := &outbox.Item{Notice: card, Version: 1, Desired: 1, Attempts: 1}
	args := noticeArgs(card)
	args["holder"], args["handed"] = holder, outbox.HandedFor
	b.Queue(insertFirstCard, args).QueryRow(func(row pgx.Row) error {
		var id int64
		var taken *time.Time
		err := row.Scan(&id, &stored.Epoch, &taken)
		stored.ID, stored.Taken = strconv.FormatInt(id, 10), orZero(taken)
		return err
	})
	return stored
}

// tell tells the sender of a new ticket's card, and whether there is anything else.
func (db *DB) tell(o desk.Opened, card *outbox.Item, began time.Time) {
	if db.sender == nil {
		return
	}
	handed := card != nil && card.Epoch > 0
	if handed {
		card.Notice = card.Numbered(o.Number)
		db.sender.Hand(*card, began)
	}
	if !handed || len(o.IDs.Notices) > 0 {
		db.sender.Enqueued()
	}
}
