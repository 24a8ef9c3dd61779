package postgres_test

import (
	"fmt"
	"testing"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// At any moment those carry open tickets who have them now, or had them last: of all tickets, and of a category
// without private ones.
func TestWhoCarriedOpenTickets(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for i := range 8 {
		n := b.open(ticket.P2, "U9")
		owner := fmt.Sprint("U", i)
		b.must(b.desk.Claim(t.Context(), b.later(n, owner, 1+float64(i))))
		if i%2 == 0 {
			b.must(b.desk.Resolve(t.Context(), b.later(n, owner, 10+float64(i)), "", ""))
		}
		if i%4 == 0 {
			b.must(b.desk.Reopen(t.Context(), b.later(n, "U9", 20+float64(i))))
		}
	}
	b.exec(`UPDATE tickets SET private = true WHERE number = 2`)
	seen := map[int]bool{}
	for hour := range 32 {
		for _, of := range []insight.Selection{{}, {Categories: []string{"Billing"}}, {Categories: []string{"Other"}}} {
			to := at(float64(hour))
			n, err := b.db.Numbers(t.Context(), insight.Question{Period: ticket.Period{From: at(-1), To: to}, Of: of})
			b.must(nil, err)
			var want int
			b.must(nil, b.conn.QueryRow(t.Context(), `
				SELECT count(DISTINCT assignee) FROM cycles c JOIN tickets t ON t.number = c.ticket
				WHERE c.started_at < $1 AND (c.ended_at IS NULL OR c.ended_at >= $1) AND ($2::text[] IS NULL OR c.category = ANY ($2) AND NOT t.private)`,
				to, of.Categories).Scan(&want))
			if got := n.Load.People; got != want {
				t.Errorf("after %d h, of %v: %d people, want %d", hour, of.Categories, got, want)
			}
			seen[want] = true
		}
	}
	if len(seen) < 5 {
		t.Errorf("only %v are seen", seen)
	}
}
