package postgres

import (
	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Most changes of a sweep are reminders: they tell people of a time, and leave the timeline
// as it is. All reminders of a sweep are stored by one statement for each table, with their
// rows as JSON. A statement for each ticket and table takes most of a sweep's time.
const (
	remindTickets = `
		WITH changed AS (
			UPDATE tickets t SET version = t.version + 1, resolve_due_at = r.due_at, next_at = r.next_at, policy = r.policy
			FROM jsonb_to_recordset($1::jsonb) AS r (number bigint, version bigint, due_at timestamptz, next_at timestamptz, policy integer)
			WHERE t.number = r.number AND t.version = r.version
			RETURNING 1)
		SELECT expect_one(1 + count(*) - jsonb_array_length($1::jsonb)), ` + bounded + ` FROM changed`
	insertAlerts = `
		INSERT INTO alerts (ticket, cycle, source, promise, step, at, decided_at, notified)
		SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (ticket bigint, cycle integer, source text, promise integer,
			step text, at timestamptz, decided_at timestamptz, notified boolean)`
	insertNotices = `
		INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, details, due_at)
		SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (ordering_key text, queue text, kind text, ticket bigint,
			recipient text, urgency smallint, details jsonb, due_at timestamptz)`
	bumpCards = bumpCardIf + `ticket = ANY ($1) AND kind = 'card' AND state <> 'dropped'`
)

// reminders collects rows. Each of them is about a ticket.
type reminders struct {
	tickets, alerts, notices []pgx.NamedArgs
	cards                    []ticket.Number
}

// queueAll queues the changes of a sweep.
func queueAll(b *pgx.Batch, changes []desk.Change) {
	r := reminders{alerts: []pgx.NamedArgs{}, notices: []pgx.NamedArgs{}} // without any, their JSON is no null
	for _, c := range changes {
		if !r.add(c) {
			queueUpdate(b, c)
			queueRest(b, c)
		}
	}
	if len(r.tickets) > 0 {
		b.Queue(remindTickets, r.tickets)
		b.Queue(insertAlerts, r.alerts)
		b.Queue(bumpCards, r.cards)
		b.Queue(insertNotices, r.notices)
	}
}

// add adds a change if it is a reminder.
func (r *reminders) add(c desk.Change) bool {
	fresh, again := c.Outgoing()
	if len(c.New)+len(c.Revoid)+len(c.Untrue)+len(c.Reworded)+len(c.Paged)+len(again) > 0 || c.Card == desk.CardNew {
		return false
	}
	n := c.After.Ticket.Number
	r.tickets = append(r.tickets, pgx.NamedArgs{
		"number": n, "version": c.After.Version, "policy": c.After.Policy,
		"due_at": nullTime(c.After.Clock(sla.Resolve).Deadline()), "next_at": nullTime(c.NextAt),
	})
	for _, a := range c.Alerts {
		r.alerts = append(r.alerts, alertArgs(n, a))
	}
	for _, notice := range fresh {
		r.notices = append(r.notices, noticeArgs(notice))
	}
	if c.Card == desk.CardEdited {
		r.cards = append(r.cards, n)
	}
	return true
}
