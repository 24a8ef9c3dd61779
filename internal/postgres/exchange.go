package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

// Exchange implements outbox.Store. What came back is recorded before more is taken, because
// the next message of a thread may then be posted.
func (db *DB) Exchange(ctx context.Context, e outbox.Exchange) (outbox.Exchanged, error) {
	var out outbox.Exchanged
	b := &pgx.Batch{}
	if e.Lease {
		queueLease(b, e, &out.Lease)
	}
	out.Noted = make([]outbox.Noted, len(e.Shown))
	for i, shown := range e.Shown {
		b.Queue(overwrittenIfFree, shownArgs(shown)).QueryRow(func(row pgx.Row) error {
			return row.Scan(&out.Noted[i].Known, &out.Noted[i].Overwritten)
		})
	}
	if len(e.Posted) > 0 {
		queuePosted(b, e, &out)
	}
	if len(e.Returned) > 0 {
		queueReturned(b, e.Returned)
	}
	if e.Most > 0 {
		queueTake(b, e, &out)
	}
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return outbox.Exchanged{}, fmt.Errorf("exchanging messages: %w", commitOutcome(err))
	}
	return out, nil
}

// The lease is a row and not an advisory lock: a frozen process would keep a lock, and a
// pooler in transaction mode would lose it. Who needs nothing does not write. The same
// statement reads all that every copy needs regularly, so that an idle copy makes few queries.
const acquireLease = `
	WITH needed AS (
		SELECT @busy OR EXISTS (SELECT FROM outbox WHERE pending AND due_at <= @now
			AND (state IN ('waiting', 'unsure') AND coalesce(not_before <= clock_timestamp(), true) OR state = 'sending')) AS now
	), taken AS (
		INSERT INTO leases AS l (name, holder, epoch, until)
		SELECT 'sender', @holder, 1, clock_timestamp() + @lease::interval FROM needed WHERE needed.now
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
			epoch = l.epoch + CASE WHEN l.holder = excluded.holder AND l.until > clock_timestamp() THEN 0 ELSE 1 END
		WHERE l.holder = excluded.holder OR l.until <= clock_timestamp()
		RETURNING epoch
	), given_back AS (
		UPDATE leases SET until = clock_timestamp() FROM needed
		WHERE name = 'sender' AND holder = @holder AND until > clock_timestamp() AND NOT needed.now
	)
	SELECT coalesce((SELECT epoch FROM taken), 0),
		greatest((SELECT until - clock_timestamp() FROM leases WHERE name = 'sender' AND holder <> @holder), '0'), -- as it was before
		real_at, business_at, rate,
		(SELECT min(next_at) FROM tickets WHERE next_at IS NOT NULL)
	FROM business_clock`

func queueLease(b *pgx.Batch, e outbox.Exchange, l *outbox.Lease) {
	b.Queue(acquireLease, pgx.NamedArgs{
		"holder": e.Holder, "lease": outbox.LeaseTime, "now": e.Now, "busy": e.Busy,
	}).QueryRow(func(row pgx.Row) error {
		var due *time.Time
		err := row.Scan(&l.Epoch, &l.Left, &l.Clock.Real, &l.Clock.Business, &l.Clock.Rate, &due)
		l.Due = orZero(due)
		if l.Holding = l.Epoch > 0; l.Holding {
			l.Left = outbox.LeaseTime
		}
		return err
	})
}

// A message that the next sender marked as unsure, and that nobody has taken since, can
// still be recorded as posted. A message without a ts cannot be edited, so its latest
// version counts as posted.
//
// The tickets are locked first, as by every change of a ticket, so that two changes never
// wait for each other. A ticket that somebody else has locked is left out: its messages are
// recorded later, and the others do not wait for it. A message that stands for the first time
// changes what is known of its ticket, and so the ticket's version.
//
// Ids, epochs and versions are above 0. Saying so makes the planner expect few rows: then it
// reads by index also while the tables are small, and goes on so when they have grown.
const recordPosted = `
	WITH outcome AS (
		SELECT o.*, about = 0 OR t.number IS NOT NULL AS free
		FROM unnest(@ids::bigint[], @tickets::bigint[], @first::boolean[], @epochs::bigint[], @desired::bigint[],
				@channels::text[], @stamps::text[], @aloud::boolean[])
			AS o (id, about, first, epoch, desired, channel, ts, aloud)
		LEFT JOIN LATERAL (SELECT number FROM tickets WHERE number = about FOR NO KEY UPDATE SKIP LOCKED) AS t ON true
		WHERE id > 0 AND epoch > 0 AND desired > 0
	), changed AS (
		UPDATE tickets SET version = version + 1
		FROM (SELECT DISTINCT about FROM outcome WHERE first AND free) AS o
		WHERE number = about
		RETURNING number, version
	), recorded AS (
		UPDATE outbox SET posted = CASE WHEN outcome.ts = '' THEN outbox.desired ELSE outcome.desired END,
			state = 'waiting', reason = '', attempts = 0, looked = 0,
			posted_in = outcome.channel, posted_ts = outcome.ts,
			posted_at = CASE WHEN posted_ts = outcome.ts AND outcome.ts <> '' THEN posted_at ELSE @now END,
			details = CASE WHEN outcome.aloud THEN details || '{"aloud": true}' ELSE details END
		FROM outcome
		WHERE free AND (SELECT count(*) FROM changed) >= 0
			AND outbox.id = outcome.id AND outbox.epoch = outcome.epoch AND state IN ('sending', 'unsure')
		RETURNING outbox.id, kind, ticket, posted_in, posted_ts, first
	), threads AS (
		INSERT INTO ticket_threads (channel, ts, ticket, current)
		SELECT posted_in, posted_ts, ticket, true FROM recorded WHERE kind = 'card' AND first
		ON CONFLICT (channel, ts) DO NOTHING
	)
	SELECT o.id, NOT o.free AS later, recorded.id IS NOT NULL AS recorded, coalesce(version, 0)
	FROM outcome o LEFT JOIN recorded ON recorded.id = o.id LEFT JOIN changed ON changed.number = o.about AND o.first`

func queuePosted(b *pgx.Batch, e outbox.Exchange, out *outbox.Exchanged) {
	var ids, epochs, desired []int64
	var channels, stamps, cardsIn []string
	var aloud, first []bool
	var tickets, cards []ticket.Number
	for _, p := range e.Posted {
		ids, epochs, desired = append(ids, rowID(p.ID)), append(epochs, p.Epoch), append(desired, p.Desired)
		channels, stamps, aloud = append(channels, p.At.Channel), append(stamps, p.At.TS), append(aloud, p.Aloud)
		tickets, first = append(tickets, p.Ticket), append(first, !p.Standing())
		if p.Kind == desk.NoticeCard && !p.Standing() {
			cards, cardsIn = append(cards, p.Ticket), append(cardsIn, desk.UnreachableKey(p.At.Channel))
		}
	}
	b.Queue(recordPosted, pgx.NamedArgs{
		"ids": ids, "tickets": tickets, "first": first, "epochs": epochs, "desired": desired,
		"channels": channels, "stamps": stamps, "aloud": aloud, "now": e.Now,
	}).Query(func(rows pgx.Rows) error { return scanRecorded(rows, out) })
	for _, p := range e.Posted {
		if p.Kind == desk.NoticeRoom && !p.Standing() {
			cards, cardsIn = append(cards, p.Ticket), append(cardsIn, desk.UnreachableKey(desk.RoomName(p.Notice)))
		}
	}
	if len(cards) > 0 {
		b.Queue(cardsStand, cards, cardsIn)
	}
}

func scanRecorded(rows pgx.Rows, out *outbox.Exchanged) error {
	var id, version int64
	var later, recorded bool
	out.Recorded, out.Later = map[string]int64{}, map[string]bool{}
	_, err := pgx.ForEachRow(rows, []any{&id, &later, &recorded, &version}, func() error {
		switch key := strconv.FormatInt(id, 10); {
		case later:
			out.Later[key] = true
		case recorded:
			out.Recorded[key] = version
		}
		return nil
	})
	return err
}

// Nobody has tried these messages, so they are as they were before they were taken, unless they
// were taken again since. They are not taken again at once: what had no room then has none yet.
const returnUntried = `
	UPDATE outbox SET state = CASE WHEN doubted THEN 'unsure' ELSE 'waiting' END, attempts = attempts - 1, destination = r.destination,
		not_before = clock_timestamp() + @soon::interval
	FROM unnest(@ids::bigint[], @epochs::bigint[], @tries::timestamptz[], @destinations::text[]) AS r (id, epoch, taken, destination)
	WHERE outbox.id = r.id AND outbox.epoch = r.epoch AND tried_at = r.taken AND state = 'sending'`

func queueReturned(b *pgx.Batch, returned []outbox.Returned) {
	var ids, epochs []int64
	var tries []time.Time
	var destinations []string
	for _, r := range returned {
		ids, epochs, tries = append(ids, rowID(r.ID)), append(epochs, r.Epoch), append(tries, r.Taken)
		destinations = append(destinations, r.Destination)
	}
	b.Queue(returnUntried, pgx.NamedArgs{"ids": ids, "epochs": epochs, "tries": tries, "destinations": destinations, "soon": outbox.Soon})
}

// blocks is a condition on a row of outbox: it holds up later rows with the same key. A row
// does not, if it is only an edit, is parked, or failed @tries times; a look for its message
// is no failure. The first message of a thread always does, because replies need it.
const blocks = `posted_ts = '' AND (kind = ANY (@heads) OR attempts - looked < @tries AND state <> 'parked')`

// heads are the kinds of messages that begin a thread, and what those need; ephemerals those that leave no trace.
var (
	heads      = []desk.NoticeKind{desk.NoticeRoom, desk.NoticeCard, desk.NoticeDigest}
	ephemerals = desk.EphemeralKinds()
)

// A message may be posted if it is due, if neither Slack nor a failure makes it wait, and if
// no message before it blocks. A message that itself does not block waits only for the head
// of its thread, and an edit for nothing. The head comes first in its key.
//
// A message that blocks is as urgent as the most urgent message that may wait for it. Every
// minute of waiting makes a message more urgent.
//
// A message that this sender took and does not have was never tried: the answer that it was
// taken got lost. It was taken before the last answer, @seen; else this is an exchange that
// comes late. One that was taken long ago and has no outcome is unsure, and the search for it
// begins anew.
//
// Of posts as many are taken as may begin in their channel, and of these and of each other
// kind of call as many as may begin now. In which channel a message is posted is not known
// before it was taken once. A row that somebody else is changing, or has changed since this
// statement began, is left for the next time: the version of its ticket would be another.
//
// The order and the limit of what is pending, which nothing reaches, have it read in the order
// of the index. Such a reading forgets entries of what is pending no more; a bitmap scan would
// read them all, each time, until the next vacuum.
const takeNext = `
	WITH lease AS (
		SELECT epoch FROM leases WHERE name = 'sender' AND holder = @holder AND until > clock_timestamp()
	), pending AS (
		SELECT o.id, o.queue, o.ordering_key, o.state, o.pending_since, o.not_before, o.tried_at, o.epoch, o.destination, o.desired,
			posted_ts <> '' AS stands, kind = ANY (@heads) AS head, ` + blocks + ` AS blocks,
			CASE WHEN queue = 'page' THEN 'page' WHEN kind = 'picture' OR kind = 'file' AND NOT details ? 'unbrought' THEN 'file'
				WHEN posted_ts <> '' THEN 'edit' WHEN kind = ANY (@ephemerals) THEN 'ephemeral'
				WHEN state = 'waiting' THEN 'post' ELSE 'look' END AS call,
			urgency - floor(date_part('epoch', statement_timestamp() - pending_since) / 60) AS urgency
		FROM (SELECT * FROM outbox WHERE pending AND due_at <= @now ORDER BY due_at LIMIT @all) AS o, lease
	), ordered AS (
		SELECT *, count(*) FILTER (WHERE blocks AND head) OVER before AS heads, count(*) FILTER (WHERE blocks) OVER before AS blockers,
			min(urgency) FILTER (WHERE NOT stands) OVER same_key AS most_urgent, min(pending_since) FILTER (WHERE NOT stands) OVER same_key AS first_pending
		FROM pending
		WINDOW same_key AS (PARTITION BY queue, ordering_key),
			before AS (PARTITION BY queue, ordering_key ORDER BY NOT head, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
	), ready AS (
		SELECT id, state, tried_at, call, destination, desired,
			state = 'sending' AND ordered.epoch = lease.epoch AND tried_at >= clock_timestamp() - @lost::interval AS untried,
			row_number() OVER (ORDER BY greatest(CASE WHEN blocks THEN most_urgent ELSE urgency END, 0),
				CASE WHEN blocks THEN first_pending ELSE pending_since END) AS n
		FROM ordered, lease
		WHERE (stands OR CASE WHEN blocks THEN blockers ELSE heads END = 0)
			AND (state IN ('waiting', 'unsure') AND coalesce(not_before <= clock_timestamp(), true)
				OR state = 'sending' AND id <> ALL (@underway::bigint[])
					AND (ordered.epoch = lease.epoch AND tried_at <= @seen OR tried_at < clock_timestamp() - @lost::interval))
	), there AS (
		SELECT *, row_number() OVER (PARTITION BY call, destination ORDER BY n) AS nth_there FROM ready
	), counted AS (
		SELECT there.*, row_number() OVER (PARTITION BY call ORDER BY n) AS nth FROM there
		LEFT JOIN unnest(@channels::text[], @rooms_there::int[]) AS channels (name, room) ON destination = channels.name
		WHERE call <> 'post' OR destination = '' OR nth_there <= coalesce(channels.room, @elsewhere)
	), best AS (
		SELECT id, state, tried_at, desired, untried, n FROM counted
		LEFT JOIN unnest(@calls::text[], @rooms::int[]) AS calls (name, room) ON call = calls.name
		WHERE nth <= coalesce(calls.room, @most)
		ORDER BY n LIMIT @most
	), free AS (
		SELECT id FROM outbox WHERE id IN (SELECT id FROM best) FOR UPDATE SKIP LOCKED
	), taken AS (
		UPDATE outbox o
		SET state = 'sending', epoch = lease.epoch, tried_at = clock_timestamp(), not_before = NULL,
			doubted = CASE WHEN untried THEN doubted ELSE o.state <> 'waiting' END,
			attempts = CASE WHEN untried THEN attempts WHEN o.state = 'sending' THEN ` + failedTries + ` + 1 ELSE attempts + 1 END,
			looked = CASE WHEN o.state = 'sending' AND NOT untried THEN 0 ELSE looked END
		FROM best, free, lease
		WHERE o.id = best.id AND o.id = free.id
			AND o.pending AND o.state = best.state AND o.tried_at IS NOT DISTINCT FROM best.tried_at AND o.desired = best.desired
		RETURNING best.n, o.id, o.kind, coalesce(o.ticket, 0) AS ticket, o.ordering_key, o.queue, o.recipient, o.due_at, o.urgency, o.details,
			o.desired, o.epoch, o.tried_at, o.doubted, o.looked, o.attempts, o.posted_in, o.posted_ts, o.posted_at, o.upload,
			coalesce((SELECT version FROM tickets WHERE number = o.ticket), 0) AS version
	)
	SELECT clock_timestamp(), (SELECT count(*) FROM ready) AS ready, taken.* FROM (SELECT) AS one LEFT JOIN taken ON true ORDER BY taken.n`

func queueTake(b *pgx.Batch, e outbox.Exchange, out *outbox.Exchanged) {
	calls := map[string]int{
		"post": e.Room.Posts, "edit": e.Room.Edits, "ephemeral": e.Room.Ephemerals, "look": e.Room.Looks, "file": e.Files,
	}
	names, rooms := columns(calls)
	channels, roomsThere := columns(e.Room.PostsIn)
	b.Queue(takeNext, pgx.NamedArgs{
		"holder": e.Holder, "now": e.Now, "lost": outbox.LostAfter, "heads": heads, "ephemerals": ephemerals, "seen": e.Seen, "tries": outbox.BlockingTries,
		"underway": rowIDs(e.Underway), "most": e.Most, "calls": names, "rooms": rooms,
		"channels": channels, "rooms_there": roomsThere, "elsewhere": e.Room.PostsElsewhere, "all": math.MaxInt32,
	}).Query(func(rows pgx.Rows) error {
		ready := 0
		for rows.Next() {
			i, ok, err := scanTaken(rows, &out.At, &ready)
			if err != nil {
				return err
			}
			if ok {
				out.Items = append(out.Items, i)
			}
		}
		out.More = ready > len(out.Items)
		return rows.Err()
	})
}

// columns are the keys and values of a map, as two arrays.
func columns(m map[string]int) (keys []string, values []int) {
	for key, value := range m {
		keys, values = append(keys, key), append(values, value)
	}
	return keys, values
}

// scanTaken reads a row of takeNext: the time, how many messages are ready, and a message if
// there is one. A message that cannot be read is a failed try; it must not stop the others.
func scanTaken(rows pgx.Rows, at *time.Time, ready *int) (outbox.Item, bool, error) {
	values := make([]any, len(rows.FieldDescriptions()))
	values[0], values[1] = at, ready
	if rows.RawValues()[2] == nil {
		return outbox.Item{}, false, rows.Scan(values...)
	}
	var i outbox.Item
	var id int64
	var details []byte
	var postedAt *time.Time
	err := rows.Scan(at, ready, nil, &id, &i.Kind, &i.Ticket, &i.OrderingKey, &i.Queue, &i.To, &i.DueAt, &i.Urgency, &details,
		&i.Desired, &i.Epoch, &i.Taken, &i.Unsure, &i.Looked, &i.Attempts, &i.Posted.Channel, &i.Posted.TS, &postedAt, &i.Upload, &i.Version)
	i.ID, i.PostedAt = strconv.FormatInt(id, 10), orZero(postedAt)
	i.Unreadable = err == nil && json.Unmarshal(details, &i.NoticeDetails) != nil
	return i, err == nil, err
}
