package app_test

import (
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// TestThroughPgBouncer: the copies reach the database only through a pooler in
// transaction mode. The test starts with an empty database, runs through a ticket's whole
// life, and lets another copy take over in the middle.
func TestThroughPgBouncer(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(c *config.Config, _ *slacksim.Config) { c.Database.Migrate = true })
	h.dbURL = pgtest.New(t, nil)
	h.admin(`ALTER DATABASE %s SET lock_timeout = '1s'`)
	h.admin(`ALTER DATABASE %s SET idle_in_transaction_session_timeout = '3s'`)
	h.cfg.Database.URL = config.Secret(pgtest.Pooled(t, h.dbURL))
	leave := h.startOne()
	card := h.as("alice").opens(usual("Cards fail"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	question := h.as("bob").asks(card, "Which card type?")
	h.as("bob").reacts(question, "hourglass_flowing_sand")
	h.until(`SELECT state = 'waiting' FROM tickets`)

	h.start()
	h.until(`SELECT epoch = 1 FROM leases`)
	leave()
	h.as("alice").replies(card, "Visa.")
	h.reads("support", "Bob has it · solve by")
	h.until(`SELECT epoch = 2 FROM leases`)
	h.as("bob").clicks(card, "resolve")
	h.as("bob").submits(slacksim.FormValues{"solution": "code", "note": "fixed"})
	h.reads("support", "Bob resolved")
	h.allPosted()
	h.postedOnceIn(card, "Bob resolved")
	h.until(`SELECT NOT EXISTS (SELECT FROM outbox WHERE attempts > 1)`)
}
