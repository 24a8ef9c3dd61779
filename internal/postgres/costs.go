package postgres

import (
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// solvedThreads is what the tickets took that were resolved from @from inclusive to @to exclusive:
// solved has the tickets, said what their timelines have of replies, wrote each reply that stands,
// each the sums of a ticket.
// Package insight defines the sums. They are read from the timeline, so that storing a reply costs
// nothing more.
const solvedThreads = `
	solved AS MATERIALIZED (
		SELECT number, ended_at, CASE WHEN private THEN '' ELSE category END AS category
		FROM tickets WHERE state = 'resolved' AND ended_at >= @from AND ended_at < @to AND number NOT IN (SELECT ticket FROM drills)
	), said AS MATERIALIZED (
		SELECT s.number, s.category, s.ended_at, e.id, e.kind, e.actor, e.happened_at, e.details->'message' AS message
		FROM solved s JOIN entries e ON e.ticket = s.number
		WHERE e.kind IN ('replied', 'retracted') AND e.void = ''
	), wrote AS MATERIALIZED (
		SELECT number, category, ended_at, actor,
			happened_at - lag(happened_at) OVER (PARTITION BY number, actor ORDER BY happened_at, id) AS pause
		FROM said WHERE kind = 'replied' AND happened_at <= ended_at AND NOT EXISTS (
			SELECT FROM said gone WHERE gone.number = said.number AND gone.kind = 'retracted' AND gone.message = said.message)
	), each AS MATERIALIZED (
		SELECT s.number, s.ended_at, s.category, count(w.actor) AS replies, count(DISTINCT w.actor) AS people,
			coalesce(sum((extract(epoch FROM w.pause) * 1000000)::bigint) FILTER (WHERE w.pause <= @pause), 0)::bigint AS active
		FROM solved s LEFT JOIN wrote w USING (number) GROUP BY s.number, s.ended_at, s.category
	)`

// who is a mark of a person. Days keep up to three of them, to know whether three different people
// wrote: no names, and nothing about how much anybody wrote.
const who = `('x' || substr(md5(actor), 1, 8))::bit(32)::integer`

// notable are the threads that are candidates for the costliest: of a category that is told, and
// of enough people.
const notable = `category <> '' AND people >= 3`

const (
	countCosts = `
		WITH ` + solvedThreads + `, marks AS (
			SELECT category, (array_agg(DISTINCT ` + who + `))[1:3] AS marks FROM wrote GROUP BY category)
		SELECT 0 AS number, category, count(*) AS tickets, sum(replies)::bigint AS replies, sum(people)::bigint AS people,
			sum(active)::bigint AS active, coalesce(marks, '{}') AS marks
		FROM each LEFT JOIN marks USING (category) WHERE ` + ofSelection + ` GROUP BY category, marks
		UNION ALL
		(SELECT number, category, 1, replies, people, active, '{}' FROM each WHERE ` + notable + ` AND ` + ofSelection + `
		ORDER BY active DESC, replies DESC, number LIMIT 3)`

	insertDayCosts = `
		WITH ` + solvedThreads + `, dated AS (
			SELECT (ended_at AT TIME ZONE 'UTC')::date AS day, * FROM each
		), marks AS (
			SELECT (ended_at AT TIME ZONE 'UTC')::date AS day, category, (array_agg(DISTINCT ` + who + `))[1:3] AS marks
			FROM wrote GROUP BY 1, 2
		), threads AS (
			INSERT INTO day_threads (day, category, ticket, replies, people, active)
			SELECT day, category, number, replies, people, active FROM (
				SELECT *, row_number() OVER (PARTITION BY day, category ORDER BY active DESC, replies DESC, number) AS rank
				FROM dated WHERE ` + notable + ` AND day = ANY (@days)) AS ranked
			WHERE rank <= 3
		)
		INSERT INTO day_costs (day, category, tickets, replies, people, active, marks)
		SELECT day, category, count(*), sum(replies), sum(people), sum(active), coalesce(marks, '{}')
		FROM dated LEFT JOIN marks USING (day, category) WHERE day = ANY (@days) GROUP BY day, category, marks`
	deleteDayCosts   = `DELETE FROM day_costs WHERE day = ANY (@days)`
	deleteDayThreads = `DELETE FROM day_threads WHERE day = ANY (@days)`

	selectDayCosts = `
		SELECT 0 AS number, category, tickets, replies, people, active, marks
		FROM day_costs WHERE day = ANY (@days) AND ` + ofSelection + `
		UNION ALL
		(SELECT ticket, category, 1, replies, people, active, '{}' FROM day_threads WHERE day = ANY (@days) AND ` + ofSelection + `
		ORDER BY active DESC, replies DESC, ticket LIMIT 3)`

	describeThreads = `
		SELECT c.ticket, coalesce(t.channel, ''), coalesce(t.ts, ''),
			(extract(epoch FROM sum(ended_at - started_at - waited - held)) * 1000000)::bigint
		FROM cycles c LEFT JOIN ticket_threads t ON t.ticket = c.ticket AND t.current
		WHERE c.ticket = ANY (@tickets) AND ended_at IS NOT NULL GROUP BY c.ticket, t.channel, t.ts`
)

// costs adds up what threads took.
type costs struct {
	by      map[string]insight.Cost // by category; that of private tickets is empty
	marks   map[string][]int32
	threads []insight.Thread
}

func newCosts() costs {
	return costs{by: map[string]insight.Cost{}, marks: map[string][]int32{}}
}

// costRow is what a category took, or one thread of it.
type costRow struct {
	Number                           ticket.Number // of the thread; 0 for all of them together
	Category                         string
	Tickets, Replies, People, Active int64
	Marks                            []int32
}

// add adds the costs that a statement returns.
func (c *costs) add(rows pgx.Rows) error {
	read, err := pgx.CollectRows(rows, pgx.RowToStructByName[costRow])
	for _, r := range read {
		if r.Number != 0 {
			c.threads = append(c.threads, insight.Thread{Number: r.Number, Replies: int(r.Replies), People: int(r.People), Active: micros(r.Active)})
			continue
		}
		c.by[r.Category] = plus(c.by[r.Category], insight.Cost{
			Tickets: int(r.Tickets), Replies: int(r.Replies), People: int(r.People), Active: micros(r.Active),
		})
		c.marks[r.Category] = marked(c.marks[r.Category], r.Marks)
	}
	return err
}

func micros(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

func plus(a, b insight.Cost) insight.Cost {
	return insight.Cost{Tickets: a.Tickets + b.Tickets, Replies: a.Replies + b.Replies, People: a.People + b.People, Active: a.Active + b.Active}
}

// marked are different marks of both lists, as many as are of interest.
func marked(a, b []int32) []int32 {
	for _, m := range b {
		if len(a) < insight.TellingPeople && !slices.Contains(a, m) {
			a = append(a, m)
		}
	}
	return a
}

// costliest keeps the costliest threads, and returns their numbers.
func (c *costs) costliest() []ticket.Number {
	slices.SortFunc(c.threads, insight.Costlier)
	c.threads = c.threads[:min(len(c.threads), insight.MostThreads)]
	var numbers []ticket.Number
	for _, t := range c.threads {
		numbers = append(numbers, t.Number)
	}
	return numbers
}

// describe adds where threads stand, and how long they took.
func (c *costs) describe(rows pgx.Rows) error {
	defer rows.Close()
	for rows.Next() {
		var of insight.Thread
		var took int64
		if err := rows.Scan(&of.Number, &of.Card.Channel, &of.Card.TS, &took); err != nil {
			return err
		}
		i := slices.IndexFunc(c.threads, func(t insight.Thread) bool { return t.Number == of.Number })
		c.threads[i].Card, c.threads[i].Took = of.Card, micros(took)
	}
	return rows.Err()
}

// addTo sets the numbers about costs.
func (c *costs) addTo(n *insight.Numbers) {
	var all []int32
	for category, cost := range c.by {
		n.Cost = plus(n.Cost, cost)
		all = marked(all, c.marks[category])
		if cost := told(cost, c.marks[category]); category != "" && cost.Telling {
			n.Costs = append(n.Costs, insight.CategoryCost{Name: category, Cost: cost})
		}
	}
	n.Cost = told(n.Cost, all)
	slices.SortFunc(n.Costs, insight.ByActivity)
	n.Costliest = c.threads
}

// told is a cost without its estimate, if that would be about few people.
func told(c insight.Cost, marks []int32) insight.Cost {
	c.Telling = c.Tickets >= insight.TellingTickets && len(marks) >= insight.TellingPeople
	if !c.Telling {
		c.Active = 0
	}
	return c
}
