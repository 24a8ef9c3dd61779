//go:build unix

package e2e

import (
	"path/filepath"
	"testing"
	"time"

	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// TestDatabaseKilledBetweenTakeAndRecord kills Postgres while many messages are on their way:
// taken, and not recorded. Slack posts them while there is no database. What was taken is
// committed, so that nobody takes it again, and every card stands once.
func TestDatabaseKilledBetweenTakeAndRecord(t *testing.T) {
	t.Parallel()
	const people = 20
	ctx := t.Context()
	sim, err := slacksim.Start(slacksim.Config{Workspace: crowd(people)})
	must(t, err)
	t.Cleanup(func() { _ = sim.Close() })
	m := newMember(t, filepath.Join(pgtest.Dir(t), "one"))
	m.start()
	must(t, m.server.CreateDatabase(ctx, "desk"))
	must(t, pgtest.Migrate(ctx, m.server.URL("desk")))
	bot, err := install(t, sim, m.server.URL("desk"), "SLACK_PACE=1000").startConnected(ctx, "copy", sim)
	must(t, err)
	t.Cleanup(bot.kill)
	must(t, openForms(ctx, sim, people))
	_, err = sim.Client().Fault(ctx, slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: 3000, Method: "chat.postMessage", Count: people})
	must(t, err)

	filed := count(together(people, func(i int) bool {
		out, err := sim.Client().As(filer(i)).Submit(ctx, problem(titleOf(i)))
		return err == nil && out.Closed
	}))
	if filed != people {
		t.Fatalf("%d of %d forms closed", filed, people)
	}
	must(t, wait(ctx, "all cards to be on their way", func() bool {
		return m.asks(`SELECT count(*) FROM outbox WHERE kind = 'card' AND state = 'sending'`) == people
	}))
	m.kill()
	cards := func() int {
		stand := map[string]bool{}
		for _, c := range sim.State().Channel("support").Roots() {
			if c.BotID != "" {
				if title := titleIn(c.Text); stand[title] {
					t.Errorf("the card of %q stands twice", title)
				}
				stand[titleIn(c.Text)] = true
			}
		}
		return len(stand)
	}
	must(t, wait(ctx, "Slack to post them", func() bool { return cards() == people }))
	m.start()
	must(t, wait(ctx, "all cards to be recorded", func() bool {
		return m.asks(`SELECT count(*) FROM outbox WHERE kind = 'card' AND NOT pending AND posted_ts <> ''`) == people
	}))
	pause(ctx, 2*time.Second) // for what would be posted again
	if n := cards(); n != people {
		t.Errorf("%d cards stand", n)
	}
}
