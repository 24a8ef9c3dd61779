package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// A change is stored by the batch of statements that is queued here. The batch is one
// transaction: an error in one statement undoes all of them.

// number is the ticket of a row. A ticket that is being opened has the number that its
// transaction has taken.
const number = `coalesce(nullif(@ticket::bigint, 0), currval('ticket_numbers'))`

const (
	insertTicket = `
		INSERT INTO tickets (number, version, title, body, category, priority, state, requester, assignee,
			withheld, cycle, opened_at, ended_at, solution, replies, people, followers, resolve_due_at, next_at, policy, channel, field_values, private, private_by, incident, deployment, work, thanked_at)
		VALUES (currval('ticket_numbers'), 1, @title, @body, @category, @priority, @state, @requester, @assignee,
			@withheld, @cycle, @opened_at, @ended_at, @solution, @replies, @people, @followers, @due_at, @next_at, @policy, @channel, @field_values, @private, @private_by, @incident, @deployment, @work, @thanked_at)`
	// The key is claimed before the ticket is locked: who gives the same input waits for the
	// key, and knows by that what it waits for. The card is changed after the ticket.
	updateTicket = `
		WITH keyed AS (
			INSERT INTO inputs (key, ticket, seen_at)
			SELECT @key::text, @number::bigint, @now::timestamptz WHERE @key::text <> '' RETURNING 1
		), changed AS (
			UPDATE tickets SET version = version + 1, title = @title, body = @body, field_values = @field_values, category = @category,
				priority = @priority, state = @state, requester = @requester, assignee = @assignee,
				withheld = @withheld, cycle = @cycle, opened_at = @opened_at, ended_at = @ended_at,
				solution = @solution, replies = @replies, people = @people, followers = @followers,
				resolve_due_at = @due_at, next_at = @next_at, policy = @policy, channel = @channel,
				private = @private, private_by = @private_by, incident = @incident, deployment = @deployment, work = @work, thanked_at = @thanked_at
			WHERE number = @number AND version = @version AND (@key::text = '' OR EXISTS (SELECT FROM keyed))
			RETURNING 1
		), card AS (
			` + bumpCardIf + `@bump_card AND ticket = @number AND kind = 'card' AND state <> 'dropped'
		)
		SELECT expect_one(count(*)), ` + bounded + ` FROM changed`
)

func queueInsert(b *pgx.Batch, c desk.Change) { b.Queue(insertTicket, ticketArgs(c)) }

func queueUpdate(b *pgx.Batch, c desk.Change) { b.Queue(updateTicket, ticketArgs(c)) }

func ticketArgs(c desk.Change) pgx.NamedArgs {
	t := c.After.Ticket
	return pgx.NamedArgs{
		"number": t.Number, "version": c.After.Version,
		"title": t.Title, "body": t.Text, "field_values": ticket.FieldWords(t.Fields), "category": t.Category, "priority": t.Priority,
		"state": t.State, "requester": t.Requester, "assignee": t.Assignee, "withheld": t.Withheld,
		"cycle": t.Cycle, "opened_at": t.OpenedAt, "ended_at": nullTime(t.EndedAt), "solution": t.Solution,
		"replies": t.Replies, "people": len(t.People), "followers": append([]string{}, t.Followers...),
		"due_at": nullTime(c.After.Clock(sla.Resolve).Deadline()), "next_at": nullTime(c.NextAt),
		"policy": c.After.Policy, "channel": t.Channel,
		"private": t.Private() || t.Drill != "", "private_by": t.PrivateBy, "incident": t.Incident, "deployment": t.Deployment, "work": t.Work, "thanked_at": nullTime(t.ThankedAt()),
		"key": c.Key, "now": c.Now, "bump_card": c.Card == desk.CardEdited,
	}
}

// queueRest queues everything of a change except the ticket's row. What it returns is
// complete when the batch is done.
func queueRest(b *pgx.Batch, c desk.Change) *desk.IDs {
	n := c.After.Ticket.Number
	fresh, again := c.Outgoing()
	ids := &desk.IDs{Entries: make([]int64, len(c.New)), Notices: make([]string, len(fresh))}
	for i, e := range c.New {
		queueEntry(b, n, e).QueryRow(into(&ids.Entries[i]))
	}
	for _, e := range c.Revoid {
		b.Queue(`UPDATE entries SET void = $2 WHERE id = $1`, e.ID, e.Void)
	}
	switch {
	case c.After.Ticket.Drill != "": // no statistics count it
		queueDrill(b, c.After)
	case len(c.New) > 0:
		queueCycles(b, c.After)
	}
	if len(c.Revoid) > 0 { // a reopening may have become void
		b.Queue(`DELETE FROM cycles WHERE ticket = $1 AND cycle > $2`, n, c.After.Ticket.Cycle)
		b.Queue(`DELETE FROM alerts WHERE ticket = $1 AND cycle > $2`, n, c.After.Ticket.Cycle)
	}
	for _, a := range c.Untrue {
		b.Queue(forgetAlert, alertArgs(n, a))
	}
	for _, a := range c.Alerts {
		b.Queue(insertAlert, alertArgs(n, a))
	}
	queueRoom(b, fresh, ids)
	queueCard(b, c)
	if len(again) > 0 {
		b.Queue(bumpNotices, rowIDs(again))
	}
	for i, notice := range fresh {
		if notice.Kind != desk.NoticeRoom {
			queueFresh(b, notice).QueryRow(into(&ids.Notices[i]))
		}
	}
	if c.Redaction != nil {
		queueRedaction(b, n, *c.Redaction)
	}
	for _, p := range c.Paged {
		queueDutyPage(b, p)
	}
	for _, p := range c.Reworded {
		b.Queue(rewordNotice, rowID(p.ID), p.NoticeDetails)
	}
	return ids
}

// queueRoom queues the room among new notices. The card waits for what comes before it.
func queueRoom(b *pgx.Batch, fresh []desk.Notice, ids *desk.IDs) {
	for i, notice := range fresh {
		if notice.Kind == desk.NoticeRoom {
			queueFresh(b, notice).QueryRow(into(&ids.Notices[i]))
		}
	}
}

// queueFresh queues a notice about a ticket that is stored, or is stored with it.
func queueFresh(b *pgx.Batch, notice desk.Notice) *pgx.QueuedQuery {
	store := insertNotice
	if notice.Ticket == 0 {
		store = insertFirstNotice
	}
	return b.Queue(store, noticeArgs(notice))
}

// into reads the only value of a row.
func into[T any](value *T) func(pgx.Row) error {
	return func(row pgx.Row) error { return row.Scan(value) }
}

const insertEntry = `
	INSERT INTO entries (ticket, kind, actor, role, gesture, happened_at, recorded_at, inexact, void, details)
	VALUES (` + number + `, @kind, @actor, @role, @gesture, @happened_at, @recorded_at, @inexact, @void, @details)
	RETURNING id`

func queueEntry(b *pgx.Batch, n ticket.Number, e ticket.Entry) *pgx.QueuedQuery {
	return b.Queue(insertEntry, pgx.NamedArgs{
		"ticket": n, "kind": e.Kind, "actor": e.Actor, "role": e.Role, "gesture": e.Gesture,
		"happened_at": e.HappenedAt, "recorded_at": e.RecordedAt, "inexact": e.Inexact,
		"void": e.Void, "details": e.Details,
	})
}

const insertCycle = `
	INSERT INTO cycles (ticket, cycle, priority, category, started_at, responded_at,
		respond_due_at, resolve_due_at, ended_at, resolved, owner_at_due, cause, waited, held, stars, first_stars, rated_at)
	VALUES (` + number + `, @cycle, @priority, @category, @started_at, @responded_at,
		@respond_due_at, @resolve_due_at, @ended_at, @resolved, @owner_at_due, @cause, @waited, @held, @stars, @first_stars, @rated_at)`

const upsertCycle = insertCycle + `
	ON CONFLICT (ticket, cycle) DO UPDATE SET
		priority = excluded.priority, category = excluded.category,
		started_at = excluded.started_at, responded_at = excluded.responded_at,
		respond_due_at = excluded.respond_due_at, resolve_due_at = excluded.resolve_due_at,
		ended_at = excluded.ended_at, resolved = excluded.resolved, owner_at_due = excluded.owner_at_due, cause = excluded.cause,
		waited = excluded.waited, held = excluded.held,
		stars = excluded.stars, first_stars = excluded.first_stars, rated_at = excluded.rated_at`

func queueCycles(b *pgx.Batch, r desk.Record) {
	store := upsertCycle
	if r.Ticket.Number == 0 {
		store = insertCycle
	}
	for _, o := range r.Outcomes() {
		b.Queue(store, pgx.NamedArgs{
			"ticket": r.Ticket.Number, "cycle": o.Cycle, "priority": o.Priority, "category": o.Category,
			"started_at": o.StartedAt, "responded_at": nullTime(o.RespondedAt),
			"respond_due_at": nullTime(o.RespondDueAt), "resolve_due_at": nullTime(o.ResolveDueAt),
			"ended_at": nullTime(o.EndedAt), "resolved": o.Resolved, "owner_at_due": o.OwnerAtDue,
			"cause": o.Cause, "waited": o.Waited, "held": o.Held,
			"stars": o.Stars, "first_stars": o.FirstStars, "rated_at": nullTime(o.RatedAt),
		})
	}
}

const insertAlert = `
	INSERT INTO alerts (ticket, cycle, source, promise, step, at, decided_at, notified)
	VALUES (@ticket, @cycle, @source, @promise, @step, @at, @decided_at, @notified)`

// alertArgs are the key and the stored values of an alert.
func alertArgs(n ticket.Number, a desk.Alert) pgx.NamedArgs {
	return pgx.NamedArgs{
		"ticket": n, "cycle": a.Cycle, "source": a.Source, "promise": a.Promise, "step": a.Step,
		"at": a.At, "decided_at": a.DecidedAt, "notified": a.Notified,
	}
}

const (
	bumpCardIf = `
			UPDATE outbox SET desired = desired + 1,
				pending_since = CASE WHEN posted < desired THEN pending_since ELSE clock_timestamp() END
			WHERE `
	bumpCard = bumpCardIf + `ticket = $1 AND kind = 'card' AND state <> 'dropped'`
	// An ephemeral notice that was posted left no trace, and cannot be posted anew. An
	// undeliverable one is tried again, because Slack may take the new words.
	rewordNotice = `
		UPDATE outbox SET details = $2, state = CASE WHEN state = 'undeliverable' AND posted_ts <> '' THEN 'waiting' ELSE state END, desired = CASE WHEN posted_ts <> '' OR pending THEN desired + 1 ELSE desired END,
			pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE id = $1 AND state <> 'dropped'`
	// If a message was dropped since the change was decided, the change is decided again.
	// A message that a sender is about to drop is kept, because a newer version is desired.
	// An ephemeral message that was posted left no trace, and stays as it is.
	bumpNotices = `
		WITH bumped AS (
			UPDATE outbox SET desired = desired + CASE WHEN NOT pending AND posted_ts = '' AND posted_at IS NOT NULL THEN 0 ELSE 1 END,
				pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
			WHERE id = ANY ($1) AND state <> 'dropped'
			RETURNING 1)
		SELECT expect_one(1 + count(*) - cardinality($1::bigint[])) FROM bumped`
	// The old card does not count any more, and neither does a version it should still show.
	dropCard = `
		UPDATE outbox SET state = 'dropped', reason = 'another card takes its place', posted = desired
		WHERE ticket = $1 AND kind = 'card' AND state <> 'dropped'`
	retireThread = `UPDATE ticket_threads SET current = false WHERE ticket = $1 AND current`
)

// queueCard queues a card that is new, unless it was queued with its ticket (queueFirstCard). An
// edited one is desired by updateTicket.
func queueCard(b *pgx.Batch, c desk.Change) {
	card := c.After.CardNotice(c.Now)
	switch {
	case c.Card == desk.CardErased:
		queueErasedCard(b, card, c.Redaction)
	case c.Card == desk.CardRemoved:
		queueRemovedCard(b, card.Ticket, c.Redaction)
	case c.Card != desk.CardNew || waitsForNothing(c):
	case card.Ticket == 0:
		b.Queue(insertFirstNotice, noticeArgs(card))
	default:
		queueNewCard(b, card)
	}
}

// queueNewCard queues a card that replaces the ticket's present one.
func queueNewCard(b *pgx.Batch, card desk.Notice) {
	b.Queue(dropCard, card.Ticket)
	b.Queue(retireThread, card.Ticket)
	queueNotice(b, card)
}

const (
	insertOutbox = `
		INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, details, due_at) VALUES `
	insertNotice = insertOutbox + `
		(@ordering_key, @queue, @kind, nullif(@ticket::bigint, 0), @recipient, @urgency, @details, @due_at) RETURNING id::text`
	// Of a ticket without a number, the ordering key ends with 0.
	insertFirstNotice = insertOutbox + `
		(rtrim(@ordering_key, '0') || currval('ticket_numbers'), @queue, @kind, currval('ticket_numbers'), @recipient, @urgency, @details, @due_at) RETURNING id::text`
)

// queueNotice queues a notice about a stored ticket, or about none.
func queueNotice(b *pgx.Batch, n desk.Notice) {
	b.Queue(insertNotice, noticeArgs(n))
}

func noticeArgs(n desk.Notice) pgx.NamedArgs {
	return pgx.NamedArgs{
		"ordering_key": n.OrderingKey, "queue": n.Queue, "kind": n.Kind, "ticket": n.Ticket, "recipient": n.To, "urgency": n.Urgency,
		"details": n.NoticeDetails, "due_at": n.DueAt,
	}
}

// nullTime stores the zero time as NULL; orZero reads NULL as the zero time.
func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
