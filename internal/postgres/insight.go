package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// ofSelection holds for the rows of selected tickets.
const ofSelection = `(@categories::text[] IS NULL OR category = ANY (@categories))`

// Of private tickets nothing but their number is told: none of them is the oldest.
// The oldest ticket is looked for by its time, which is known then: a scan by started_at would
// pass all cycles that have ended before it finds an open one.
const selectStanding = `
	WITH standing AS (
		SELECT count(*) AS open, min(started_at) FILTER (WHERE ticket NOT IN (SELECT number FROM tickets WHERE private)) AS started_at FROM cycles
		WHERE started_at < @to AND (ended_at IS NULL OR ended_at >= @to) AND ` + ofSelection + `)
	SELECT open, coalesce(oldest.ticket, 0), coalesce(started_at, 'epoch'), coalesce(channel, ''), coalesce(ts, '')
	FROM standing CROSS JOIN LATERAL (
		SELECT min(ticket) AS ticket FROM cycles
		WHERE started_at = standing.started_at AND (ended_at IS NULL OR ended_at >= @to) AND ` + ofSelection + ` AND ticket NOT IN (SELECT number FROM tickets WHERE private)) AS oldest
	LEFT JOIN ticket_threads t ON t.ticket = oldest.ticket AND t.current
	WHERE open > 0`

// countAvoided reads the few forms that were not sent.
const countAvoided = `
	SELECT count(*) FROM avoided_tickets a WHERE at >= @from AND at < @to AND (@categories::text[] IS NULL
		OR EXISTS (SELECT FROM tickets WHERE number = a.ticket AND NOT private AND category = ANY (@categories)))`

// Numbers implements insight.Source. It adds up the counts of days, and counts what lies
// between them. It sees the database at one moment, so that the numbers agree with each
// other.
func (db *DB) Numbers(ctx context.Context, q insight.Question) (insight.Numbers, error) {
	var n insight.Numbers
	err := pgx.BeginTxFunc(ctx, db.pool, snapshot, func(tx pgx.Tx) error {
		days, err := countedDays(ctx, tx, q.Period, q.Pause)
		if err != nil {
			return err
		}
		n, err = numbersIn(ctx, tx, q, days)
		return err
	})
	if err != nil {
		return insight.Numbers{}, fmt.Errorf("reading the numbers of a period: %w", err)
	}
	return n, nil
}

var snapshot = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// numbersIn adds up the counts of these days, and counts what else is in the period.
func numbersIn(ctx context.Context, tx pgx.Tx, q insight.Question, days []time.Time) (n insight.Numbers, err error) {
	t, c := newTally(), newCosts()
	var carried carried
	b := &pgx.Batch{}
	queueCounts(b, q, days, t, &c)
	queueDelivery(b, q, &n.Delivery)
	queueWork(b, q.Period, q.Of, &n.Work)
	b.Queue(selectStanding, pgx.NamedArgs{"to": q.Period.To, "categories": q.Of.Categories}).Query(func(rows pgx.Rows) error { return scanStanding(rows, &n) })
	of := pgx.NamedArgs{"from": q.Period.From, "to": q.Period.To, "categories": q.Of.Categories}
	b.Queue(countAvoided, of).QueryRow(func(row pgx.Row) error { return row.Scan(&n.Avoided) })
	if !q.Earlier {
		queueCarried(b, q, &carried)
		queueSatisfaction(b, q, &n.Satisfaction)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return n, err
	}
	rows, err := tx.Query(ctx, describeThreads, pgx.NamedArgs{"tickets": c.costliest()})
	if err != nil {
		return n, err
	}
	if err := c.describe(rows); err != nil {
		return n, err
	}
	t.addTo(&n)
	c.addTo(&n)
	n.Load = carried.load(q)
	return n, nil
}

// queueCounts queues the statements that read the counts of days, and count the gaps between
// them.
func queueCounts(b *pgx.Batch, q insight.Question, days []time.Time, t tally, c *costs) {
	b.Queue(withoutJIT)
	b.Queue(planEachTime)
	queueTally(b, q.Period, q.Of, days, t)
	b.Queue(selectDayCosts, pgx.NamedArgs{"days": days, "categories": q.Of.Categories}).Query(c.add)
	for _, gap := range gaps(q.Period, days) {
		args := pgx.NamedArgs{"from": gap.From, "to": gap.To, "categories": q.Of.Categories, "pause": q.Pause}
		b.Queue(countCosts, args).Query(c.add)
	}
}

// queueTally queues the statements that count facts.
func queueTally(b *pgx.Batch, p ticket.Period, of insight.Selection, days []time.Time, t tally) {
	ofDays := selectCategoryCounts
	if of.All() {
		ofDays = selectDayCounts
	}
	b.Queue(ofDays, pgx.NamedArgs{"days": days, "categories": of.Categories}).Query(t.add)
	for _, gap := range gaps(p, days) {
		b.Queue(countFacts, pgx.NamedArgs{"from": gap.From, "to": gap.To, "categories": of.Categories}).Query(t.add)
	}
}

// gaps are the parts of a period outside of some of its days, which are in order.
func gaps(p ticket.Period, days []time.Time) []ticket.Period {
	var gaps []ticket.Period
	for _, d := range days {
		if p.From.Before(d) {
			gaps = append(gaps, ticket.Period{From: p.From, To: d})
		}
		p.From = d.Add(day)
	}
	if p.From.Before(p.To) {
		gaps = append(gaps, p)
	}
	return gaps
}

func scanStanding(rows pgx.Rows, n *insight.Numbers) error {
	for rows.Next() {
		if err := rows.Scan(&n.Open, &n.Oldest.Number, &n.Oldest.OpenedAt, &n.Oldest.Card.Channel, &n.Oldest.Card.TS); err != nil {
			return err
		}
		if n.Oldest.Number == 0 { // all of them are private
			n.Oldest = insight.OldTicket{}
		}
		n.Oldest.OpenedAt = n.Oldest.OpenedAt.UTC()
	}
	return rows.Err()
}
