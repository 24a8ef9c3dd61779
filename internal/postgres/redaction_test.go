package postgres_test

import (
	"strings"
	"testing"

	"supporty/internal/ticket"
)

// A redaction leaves the words in no row: not in a message that was dropped, and not as the
// digest of a form. The old card is deleted, and a new one is the ticket's only card.
func TestRedaction(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	title := strings.Trim(b.text(`SELECT title FROM tickets`), `()"`)
	b.exec(`UPDATE outbox SET posted = desired, posted_in = 'C1', posted_ts = '1.1', posted_at = clock_timestamp() WHERE kind = 'card'`)
	b.exec(`UPDATE outbox SET state = 'dropped', details = details || jsonb_build_object('text', $1::text) WHERE kind = 'receipt'`, title)
	b.exec(`UPDATE tickets SET version = version + 1`)
	b.must(b.desk.Redact(t.Context(), b.gesture(n, "U1"), title, ""))
	for _, table := range []string{"tickets", "entries", "outbox", "inputs"} {
		if got := b.text(`SELECT count(*) FROM ` + table + ` AS r WHERE strpos(r::text, '` + title + `') > 0`); got != "(0)" {
			t.Errorf("%s rows of %s have it", got, table)
		}
	}
	if got := b.text(`SELECT count(*) FROM inputs WHERE content <> ''`); got != "(0)" {
		t.Errorf("%s digests are left", got)
	}
	if got, want := b.text(`SELECT string_agg(concat_ws(' ', kind, state, pending, details->>'gone'), '; ' ORDER BY id) FROM outbox WHERE kind IN ('card', 'erased')`),
		`("erased waiting t true; card waiting t")`; got != want {
		t.Errorf("the cards: %s, want %s", got, want)
	}
}
