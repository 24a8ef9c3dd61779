//go:build unix

package e2e

import (
	"fmt"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/slacksim"
)

// copiedTickets copies the first ticket, which nobody has, and the second, which has an
// owner, in turn: one copy for each card.
var copiedTickets = []string{`
	CREATE TEMP TABLE cards AS
	SELECT ts, n + 2 AS number, 1 + n % 2 AS model, (@people::text[])[1 + n % cardinality(@people::text[])] AS requester
	FROM unnest(@cards::text[]) WITH ORDINALITY AS c (ts, n)`, `
	INSERT INTO tickets SELECT (jsonb_populate_record(t, jsonb_build_object('number', c.number, 'requester', c.requester))).*
	FROM tickets t JOIN cards c ON c.model = t.number`, `
	INSERT INTO entries (ticket, kind, actor, role, gesture, happened_at, recorded_at, details)
	SELECT c.number, kind, CASE WHEN role = 'requester' THEN c.requester ELSE actor END, role,
		replace(gesture, 'emoji', 'button'), happened_at, recorded_at, details - 'emoji'
	FROM entries e JOIN cards c ON c.model = e.ticket ORDER BY c.number, e.id`, `
	INSERT INTO ticket_threads SELECT h.channel, c.ts, c.number, true FROM ticket_threads h JOIN cards c ON c.model = h.ticket`, `
	ANALYZE`,
}

func (m *machine) measureCatchup(f figures) { f["catchup_20k_s"] = m.catchup(20_000) }

// catchup is how long it takes after a start until the cards of so many open tickets are
// read, in s. Slack's limits are on. Half of the tickets have an owner. While no copy ran,
// 100 others were claimed, and 50 had replies.
func (m *machine) catchup(tickets int) (seconds float64) {
	o := m.open(500, slacksim.Config{RetryDelays: []time.Duration{0, time.Millisecond, time.Millisecond}})
	o.begin()
	o.fileModels()
	o.bot.signal(syscall.SIGTERM)
	<-o.bot.ended
	o.copyTickets(tickets - 2)
	claimed, answered := o.cardsOf("number %% %d = 3", tickets/100), o.cardsOf("number %% %d = 5", tickets/50)
	for _, ts := range claimed {
		o.claim(ts)
	}
	for _, ts := range answered {
		_, err := o.slack.As("bob").Say(o.ctx, "support", "On it.", slacksim.InThread(ts))
		o.must(err)
	}
	o.must(o.slack.SetLimits(o.ctx, slacksim.Limits{On: true}))

	began := time.Now()
	o.begin()
	o.until(`SELECT seen_until >= unbroken_since FROM watermarks`)
	seconds = time.Since(began).Seconds()
	o.until(fmt.Sprintf(`SELECT count(*) = %d FROM entries WHERE kind = 'claimed' AND inexact`, len(claimed)))
	mb, _ := o.bot.memory("VmHWM")
	m.t.Logf("the cards of %d tickets: %.1f s, at most %.0f MB", tickets, seconds, mb)
	o.until(`SELECT NOT EXISTS (SELECT FROM unread WHERE changed)`)
	m.t.Logf("%d threads with news: %.1f s", len(answered), time.Since(began).Seconds())
	o.end()
	return round(seconds, 10)
}

// fileModels files two tickets. The second has an owner.
func (o *benchHarness) fileModels() {
	o.t.Helper()
	o.must(openForms(o.ctx, o.sim, 2))
	for i := range 2 {
		_, err := o.slack.As(filer(i)).Submit(o.ctx, problem(titleOf(i)))
		o.must(err)
	}
	o.until(nothingPending)
	o.claim(o.cardsOf("number = %d", 2)[0])
	o.until(`SELECT state = 'claimed' FROM tickets WHERE number = 2`)
	o.until(nothingPending)
}

func (o *benchHarness) claim(card string) {
	o.t.Helper()
	_, err := o.slack.As("bob").React(o.ctx, "support", card, "eyes")
	o.must(err)
}

// cardsOf returns the cards of the tickets for which a condition holds.
func (o *benchHarness) cardsOf(condition string, arg int) []string {
	o.t.Helper()
	rows, _ := o.db.Query(o.ctx, `SELECT ts FROM ticket_threads JOIN tickets ON number = ticket WHERE `+fmt.Sprintf(condition, arg))
	cards, err := pgx.CollectRows(rows, pgx.RowTo[string])
	o.must(err)
	return cards
}

// copyTickets makes so many more tickets, each with a card in Slack.
func (o *benchHarness) copyTickets(n int) {
	o.t.Helper()
	var cards, people []string
	for i := range n {
		card, err := o.slack.Incoming(o.ctx, slacksim.AppMessage{Channel: "support", Text: fmt.Sprintf("Card %d", i)})
		o.must(err)
		cards = append(cards, card.TS)
	}
	s := o.sim.State()
	for i := range 500 {
		people = append(people, s.Person(filer(i)).ID)
	}
	for _, sql := range copiedTickets {
		_, err := o.db.Exec(o.ctx, sql, pgx.NamedArgs{"cards": cards, "people": people})
		o.must(err)
	}
}
