//go:build unix

package e2e

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// tortured is what came of it.
type tortured struct {
	Seed       uint64         `json:"seed"`
	Seconds    int64          `json:"seconds"`
	Faults     map[string]int `json:"faults"`
	Tickets    int            `json:"tickets"`
	Gestures   int            `json:"gestures"`
	Messages   int            `json:"messages"`
	Awaited    int            `json:"lateness_awaited"` // that had to be told, although it ended later
	Extras     int            `json:"posted_again_and_deleted"`
	MemoryMB   float64        `json:"rss_mb"`
	Violations int            `json:"violations"`
}

// TestTorture lets people work with three copies of the program while everything
// goes wrong: SECONDS of it, with the chances of SEED. Then all becomes quiet, and
// what people see is compared with what they did.
func TestTorture(t *testing.T) {
	if os.Getenv("SECONDS") == "" {
		t.Skip("NOT TORTURED: make torture does it, for SECONDS")
	}
	t.Parallel()
	seconds, seed := number(t, "SECONDS", 0), seedOf(t)
	a := newTortureHarness(t, time.Duration(seconds)*time.Second)
	end := a.begin()
	a.run(time.Duration(seconds)*time.Second, seed)
	a.awaitQuiet()
	k := a.check()
	end()
	a.report(k, seed, seconds)
}

func (a *tortureHarness) run(d time.Duration, seed uint64) {
	ctx, cancel := context.WithTimeout(a.ctx, d)
	defer cancel()
	var running sync.WaitGroup
	for i, name := range append([]string{"carol"}, responders...) {
		p := a.player(name, seed+uint64(i))
		running.Go(func() { p.play(ctx) })
	}
	running.Go(func() { a.files(ctx, a.player("henry", seed)) })
	running.Go(func() { a.presses(ctx, a.player(onDuty[0], seed)) })
	running.Go(func() { a.harass(ctx, rand.New(rand.NewPCG(seed, 0))) })
	running.Wait()
}

// quietWithin is enough for what was left in the middle to be looked for twice, for Slack's
// last try of an event, and for what was missed to be read.
const quietWithin = 8 * time.Minute

// awaitQuiet waits until nothing is under way, nothing is pending, nor due to be, and all that
// was missed is read.
func (a *tortureHarness) awaitQuiet() {
	ctx, cancel := context.WithTimeout(a.ctx, quietWithin)
	defer cancel()
	quiet := 0
	err := wait(ctx, "everything to become quiet", func() bool {
		var pending bool
		err := a.pg.ask(ctx, &pending, `
			SELECT EXISTS (SELECT FROM outbox WHERE pending AND due_at <= clock_timestamp())
				OR EXISTS (SELECT FROM tickets WHERE next_at <= clock_timestamp())
				OR EXISTS (SELECT FROM unread) OR EXISTS (SELECT FROM watermarks WHERE unbroken_since > seen_until)`)
		if quiet++; err != nil || pending || a.sim.State().Pending > 0 || a.record.waiting() > 0 {
			quiet = 0
		}
		return quiet > 20
	})
	if err != nil {
		var left string
		_ = a.pg.ask(a.ctx, &left, `SELECT string_agg(concat_ws(' ', id, kind, state, attempts, reason), '; ') FROM outbox WHERE pending AND due_at <= clock_timestamp()`)
		a.violate(nil, "it does not become quiet: %s", left)
	}
}

func (a *tortureHarness) report(k *checker, seed uint64, seconds int64) {
	result := tortured{
		Seed: seed, Seconds: seconds, Faults: a.faults, Tickets: len(a.cases), Messages: len(k.posted), Extras: k.extras, Awaited: k.awaited,
		Violations: len(a.violations),
	}
	for _, n := range a.made {
		result.Gestures += n
	}
	for _, s := range a.slots {
		result.MemoryMB = max(result.MemoryMB, round(s.memory, 10))
	}
	a.t.Logf("SEED=%d, %d s: %d tickets, %d gestures, %d messages, %d calls; posted once more and deleted: %d; memory at most %.0f MB\n%s\n%s",
		seed, seconds, result.Tickets, result.Gestures, result.Messages, a.record.calls, result.Extras, result.MemoryMB,
		table("fault", a.faults), table("gesture", a.made))
	for _, v := range a.violations {
		a.t.Errorf("VIOLATION (SEED=%d): %s", seed, v)
	}
	for _, c := range a.cases {
		if c.broken {
			a.t.Logf("timeline of %s\n    %s", c.title, k.timeline(c))
		}
	}
	if summary == nil {
		summary = result
	}
}

func table(head string, counts map[string]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | times |\n|---|---|\n", head)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "| %s | %d |\n", name, counts[name])
	}
	return b.String()
}
