//go:build unix

package e2e

import (
	"maps"
	"slices"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// failover is what came of it.
type failover struct {
	tally
	InCommit    int            // transactions in the middle of their commit when the primary was killed
	Presses     map[string]int // of Submit, by what the person saw
	PromotedMS  int64
	FirstFormMS int64 // from promotion until the first form closed
	AllFormsMS  int64 // until everybody had seen a form close
}

// outageWithin is how long after the promotion everybody can file again.
const outageWithin = 5 * time.Second

// TestFailover kills the primary database while people file, in the middle of
// commits for which the standby, being frozen, gives no receipt. Whoever sees
// "Still saving" presses Submit again.
func TestFailover(t *testing.T) {
	t.Parallel()
	for name, recovers := range map[string]func(*member){
		"the standby wakes up": (*member).thaw,
		// What was sent to it and not received is gone.
		"the standby starts again": func(m *member) { m.kill(); m.start() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := failOver(t, recovers)
			t.Logf("%+v", f)
			if !f.holds() || f.InCommit == 0 || f.Presses[sawSaving] == 0 {
				t.Errorf("it does not hold")
			}
			if f.AllFormsMS > outageWithin.Milliseconds() {
				t.Errorf("people waited longer than %v", outageWithin)
			}
		})
	}
}

const hanging = `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`

func failOver(t *testing.T, recovers func(*member)) failover {
	t.Helper()
	const people = 12
	ctx := t.Context()
	sim, err := slacksim.Start(slacksim.Config{Workspace: crowd(people)})
	must(t, err)
	t.Cleanup(func() { _ = sim.Close() })
	databases := newPair(t)
	bot, err := install(t, sim, databases.url(), "SLACK_PACE=1000").startConnected(ctx, "copy", sim)
	must(t, err)
	t.Cleanup(bot.kill)

	filing := startStream(ctx, sim.Client(), people)
	await := func(what string, so func() bool) { t.Helper(); must(t, wait(ctx, what, so)) }
	await("forms to close", func() bool { return filing.seen(sawClosed) >= 3*people })
	databases.standby.freeze()
	await("somebody to press Submit again", func() bool { return filing.seen(sawSaving) >= people/2 })
	// An operator who ends what hangs lets it be committed on the primary alone.
	databases.primary.asks(`SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)
	await("commits to hang again", func() bool { return databases.primary.asks(hanging) > 0 })
	f := failover{InCommit: databases.primary.asks(hanging)}
	killed := time.Now()
	databases.primary.kill()
	recovers(databases.standby)
	databases.standby.promote()
	promoted := time.Now()
	await(everyoneFiles, func() bool { return len(filing.since(promoted)) == people })
	filing.end()
	waited := slices.Sorted(maps.Values(filing.since(promoted)))
	f.PromotedMS = promoted.Sub(killed).Milliseconds()
	f.FirstFormMS, f.AllFormsMS = waited[0].Milliseconds(), waited[people-1].Milliseconds()
	f.Presses = filing.presses
	db := databases.standby.connect()
	defer db.Close(ctx)
	f.tally = filing.tally(ctx, t, db)
	return f
}
