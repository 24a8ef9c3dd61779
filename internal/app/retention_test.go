package app_test

import (
	"strings"
	"testing"
	"time"
)

// Expired data are deleted, with no visible change for people.
func TestRetention(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.HTTP.Addr = "127.0.0.1:0" })
	alice, bob, carol := h.as("alice"), h.as("bob"), h.as("carol")
	card, receipt := h.outsider("VPN is down")
	h.advance(2*time.Hour + 30*time.Minute) // a warning
	h.reads("support", "is to be solved by")
	carol.answers(receipt, "It is the one in Berlin.")
	h.reads("support", "It is the one in Berlin.")
	bob.reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.allPosted()
	why := func() string {
		before := len(alice.ephemerals())
		alice.types("/support why 1")
		h.poll("an answer", func() bool { return len(alice.ephemerals()) > before })
		return alice.ephemerals()[before].Rendered()
	}

	h.advance(91 * 24 * time.Hour)
	explained := why()
	h.until(`SELECT count(*) > 0 FROM alerts`)
	h.poll("it to go", func() bool {
		if err := h.bot.Forget(h.ctx); err != nil {
			t.Fatal(err)
		}
		return strings.Contains(h.log.String(), "what had its time is gone")
	})
	h.until(`SELECT count(*) = 0 FROM alerts`)
	h.until(`SELECT count(*) = 0 FROM outbox WHERE NOT pending AND posted_ts = '' AND due_at < (SELECT ended_at FROM tickets)`)
	h.until(`SELECT count(*) = 0 FROM inputs`)
	seen := h.scrape()
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
	bob.ok(bob.actor.Delete(h.ctx, card.Channel, card.TS))
	h.drops("support", "VPN is down")
	h.reads("support", "#1 · P2")
	h.allPosted()
}
