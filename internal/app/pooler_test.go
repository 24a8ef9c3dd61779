package app_test

import (
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// TestThroughPgBouncer: copies that reach the database through a pooler in
// transaction mode only. It starts with an empty database, lives through a
// ticket's whole life, and has another copy take over in the middle.
func TestThroughPgBouncer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config.Config, _ *slacksim.Config) { c.Database.Migrate = true })
	w.dbURL = pgtest.New(t, nil)
	w.admin(`ALTER DATABASE %s SET lock_timeout = '1s'`)
	w.admin(`ALTER DATABASE %s SET idle_in_transaction_session_timeout = '3s'`)
	w.cfg.Database.URL = config.Secret(pgtest.Pooled(t, w.dbURL))
	leave := w.startOne()
	card := w.as("alice").opens(usual("Cards fail"))
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	question := w.as("bob").asks(card, "Which card type?")
	w.as("bob").reacts(question, "hourglass_flowing_sand")
	w.until(`SELECT state = 'waiting' FROM tickets`)

	w.start()
	w.until(`SELECT epoch = 1 FROM leases`)
	leave()
	w.as("alice").replies(card, "Visa.")
	w.reads("support", "Bob has it · solve by")
	w.until(`SELECT epoch = 2 FROM leases`)
	w.as("bob").clicks(card, "resolve")
	w.as("bob").submits(slacksim.Values{"solution": "code", "note": "fixed"})
	w.reads("support", "Bob resolved")
	w.saidAll()
	w.saysOnce(card, "Bob resolved")
	w.until(`SELECT NOT EXISTS (SELECT FROM outbox WHERE attempts > 1)`)
}
