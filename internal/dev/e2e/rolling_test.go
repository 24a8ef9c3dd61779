//go:build unix

package e2e

import (
	"context"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// rolling is what came of it.
type rolling struct {
	tally
	Restarts int
	Claimed  int            // tickets, by an emoji
	Presses  map[string]int // of Submit, by what the person saw
	LeftInMS int64
}

// leaveWithin is how long a copy may take to end after SIGTERM.
const leaveWithin = 20 * time.Second

// TestRollingRestart replaces the copies one by one while people file and claim:
// the new one is connected before the old one is asked to leave.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	roll(t, program(t))
}

// TestUpgrade does the same with the version before: its copies go on with the new
// schema, beside those of the new version. It begins with version 0.1.0: the one migration
// before it that needs a stop (postgres.TestRenamingWaitsForAStop) no copy survives.
func TestUpgrade(t *testing.T) {
	before := versionBefore(t)
	t.Parallel()
	roll(t, programOf(t, before))
}

// roll begins with two copies of a program, and ends with two of this one.
func roll(t *testing.T, first string) {
	t.Helper()
	const people, restarts = 12, 3
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	sim, err := slacksim.Start(slacksim.Config{Workspace: crowd(people)})
	must(t, err)
	t.Cleanup(func() { _ = sim.Close() })
	url := pgtest.New(t, pgtest.Migrate)
	db, err := pgx.Connect(ctx, url)
	must(t, err)
	t.Cleanup(func() { _ = db.Close(context.WithoutCancel(ctx)) })
	in := install(t, sim, url, "SLACK_PACE=1000")
	r := rolling{Restarts: restarts}
	before := in
	before.program = first
	old := before.connected(ctx, t, sim)
	beside := before.connected(ctx, t, sim)

	filing := startStream(ctx, sim.Client(), people)
	end := claimAll(ctx, sim)
	for range restarts {
		next := in.connected(ctx, t, sim)
		pause(ctx, 300*time.Millisecond) // all work side by side
		r.LeftInMS = max(r.LeftInMS, old.leave(t).Milliseconds())
		old, beside = beside, next
	}
	filing.end()
	must(t, wait(ctx, "everything to be said", func() bool {
		return isTrue(ctx, db, `SELECT NOT EXISTS (SELECT FROM outbox WHERE pending AND due_at <= now())`)
	}))
	must(t, wait(ctx, "every claim", func() bool { return isTrue(ctx, db, `SELECT NOT EXISTS (SELECT FROM tickets WHERE state = 'open')`) }))
	end()
	must(t, db.QueryRow(ctx, `SELECT count(*) FROM tickets WHERE state = 'claimed'`).Scan(&r.Claimed))
	r.Presses, r.tally = filing.presses, filing.tally(ctx, t, db)
	t.Logf("%+v", r)
	if !r.holds() || r.Claimed != r.Stored || r.Stored == 0 {
		t.Error("it does not hold")
	}
	// What Slack sends in the instant in which a socket closes has no answer.
	if again := sum(r.Presses) - r.Presses[sawClosed]; again > restarts || again > r.Presses[sawNoAnswer] {
		t.Errorf("people had to press Submit again %d times: %v", again, r.Presses)
	}
}

// connected is a copy that ends with the test at the latest.
func (in installation) connected(ctx context.Context, t *testing.T, sim *slacksim.Server) *copyOf {
	t.Helper()
	c, err := in.startConnected(ctx, "copy", sim)
	must(t, err)
	t.Cleanup(c.kill)
	return c
}

// leave asks the process to end, waits until it has, and returns how long it took.
func (c *copyOf) leave(t *testing.T) time.Duration {
	t.Helper()
	asked := time.Now()
	c.signal(syscall.SIGTERM)
	select {
	case <-c.ended:
	case <-time.After(leaveWithin):
		t.Fatalf("a copy is there %v after SIGTERM\n%s", leaveWithin, c.lastWords())
	}
	if code := c.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("a copy left with status %d\n%s", code, c.lastWords())
	}
	return time.Since(asked)
}

// claimAll has Bob put 👀 on every card as soon as it stands.
func claimAll(ctx context.Context, sim *slacksim.Server) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	slack, claimed := sim.Client(), map[string]bool{}
	var claiming sync.WaitGroup
	claiming.Go(func() {
		every(ctx, 100*time.Millisecond, func() {
			for _, m := range sim.State().Channel("support").Roots() {
				if m.BotID == "" || claimed[m.TS] {
					continue
				}
				out, err := slack.As("bob").React(ctx, m.Channel, m.TS, "eyes")
				claimed[m.TS] = err == nil && out.Error == ""
			}
		})
	})
	return func() { cancel(); claiming.Wait() }
}

func sum(counts map[string]int) int {
	all := 0
	for _, n := range counts {
		all += n
	}
	return all
}

func isTrue(ctx context.Context, db *pgx.Conn, sql string) bool {
	var yes bool
	return db.QueryRow(ctx, sql).Scan(&yes) == nil && yes
}
