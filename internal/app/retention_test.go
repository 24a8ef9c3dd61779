package app_test

import (
	"strings"
	"testing"
	"time"
)

// What has had its time goes from the database, and nothing that people see or do is
// another for it.
func TestRetention(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config_, _ *simConfig) { c.HTTP.Addr = "127.0.0.1:0" })
	alice, bob, carol := w.as("alice"), w.as("bob"), w.as("carol")
	card, receipt := w.outsider("VPN is down")
	w.advance(2*time.Hour + 30*time.Minute) // a warning
	w.reads("support", "is to be solved by")
	carol.answers(receipt, "It is the one in Berlin.")
	w.reads("support", "It is the one in Berlin.")
	bob.reacts(card, "white_check_mark")
	w.reads("support", "Bob resolved it")
	w.saidAll()
	why := func() string {
		before := len(alice.whispers())
		alice.types("/support why 1")
		w.poll("an answer", func() bool { return len(alice.whispers()) > before })
		return alice.whispers()[before].Rendered()
	}

	w.advance(91 * 24 * time.Hour)
	explained := why()
	w.until(`SELECT count(*) > 0 FROM alerts`)
	w.poll("it to go", func() bool {
		if err := w.bot.Forget(w.ctx); err != nil {
			t.Fatal(err)
		}
		return strings.Contains(w.log.String(), "what had its time is gone")
	})
	w.until(`SELECT count(*) = 0 FROM alerts`)
	w.until(`SELECT count(*) = 0 FROM outbox WHERE NOT owed AND said_ts = '' AND due_at < (SELECT ended_at FROM tickets)`)
	w.until(`SELECT count(*) = 0 FROM inputs`)
	seen := w.scrape()
	for _, what := range []string{"inputs", "words", "alerts", "messages"} {
		if n := seen[`supporty_retention_rows_total{what="`+what+`"}`]; n < 1 {
			t.Errorf("%v %s are gone", n, what)
		}
	}

	if again := why(); again != explained {
		t.Errorf("the times are explained otherwise:\n%s\nand before:\n%s", again, explained)
	}
	carol.answers(receipt, "It is broken again.")
	carol.hears("A new ticket will follow it.")
	bob.ok(bob.actor.Delete(w.ctx, card.Channel, card.TS))
	w.drops("support", "VPN is down")
	w.reads("support", "#1 · P2")
	w.saidAll()
}
