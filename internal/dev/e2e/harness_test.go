//go:build unix

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// copies is how many run side by side.
const copies = 3

// tortureHarness is a workspace with people, and copies of the program on one database,
// in which everything goes wrong.
type tortureHarness struct {
	t      *testing.T
	ctx    context.Context
	sim    *slacksim.Server
	slack  *slacksim.Client
	pg     *database
	in     installation
	slots  [copies]*slot
	record *record
	now    atomic.Pointer[slacksim.State] // what can be seen, a moment ago

	handovers []handover
	phone     *phone

	mu         sync.Mutex
	cases      []*ticketCase
	sayings    []*saying // by their number
	nights     []*night
	violations []string
	faults     map[string]int
	made       map[string]int // gestures, by name and outcome
}

// limitScale is by how much Slack's limits are raised, so that hundreds of tickets
// fit into some minutes.
const limitScale = 20

// targets are so short that clocks run out on the way.
const targets = `
priorities:
  - {name: P1, resolve: 12s, respond: 5s}
  - {name: P2, resolve: 40s, respond: 20s}
  - {name: P3, resolve: 120s, respond: 60s}
`

// newTortureHarness prepares a torture of a length.
func newTortureHarness(t *testing.T, d time.Duration) *tortureHarness {
	t.Helper()
	a := &tortureHarness{t: t, ctx: t.Context(), faults: map[string]int{}, made: map[string]int{}}
	a.handovers, a.phone = handoversWithin(time.Now(), d), newPhone(t)
	var err error
	a.sim, err = slacksim.Start(slacksim.Config{
		Workspace: workspace(), Limits: slacksim.Limits{On: true, Scale: limitScale},
		RetryDelays: []time.Duration{0, 45 * time.Second, time.Minute}, // Slack's last one takes five
		Beliefs:     beliefs(),
	})
	a.must(err)
	t.Cleanup(func() { _ = a.sim.Close() })
	a.slack = a.sim.Client()
	a.pg = newDatabase(t)
	file := filepath.Join(t.TempDir(), "supporty.yaml")
	a.must(os.WriteFile(file, []byte(targets+dutySettings(a.handovers, a.phone.server.URL)), 0o600))
	a.in = install(t, a.sim, a.pg.url, "CONFIG="+file, "SLACK_PACE="+fmt.Sprint(limitScale), "SWEEP_INTERVAL=1s", "DIRECT_MESSAGES="+directMessages())
	a.record = newRecord(a.slack)
	for i := range a.slots {
		a.slots[i] = &slot{name: fmt.Sprint("copy-", i+1)}
	}
	return a
}

// begin starts the copies and those who look on.
func (a *tortureHarness) begin() (end func()) {
	ctx, cancel := context.WithCancel(a.ctx)
	var looking sync.WaitGroup
	a.look()
	looking.Go(func() { every(ctx, 50*time.Millisecond, a.look) })
	looking.Go(func() { every(ctx, 300*time.Millisecond, func() { a.record.read(a.ctx) }) })
	for _, s := range a.slots {
		bot, err := a.in.startConnected(a.ctx, s.name, a.sim)
		a.must(err)
		s.bot, s.wanted = bot, true
	}
	looking.Go(func() { every(ctx, 200*time.Millisecond, a.revive) })
	return func() {
		cancel()
		looking.Wait()
		for _, s := range a.slots {
			s.stop()
		}
	}
}

func every(ctx context.Context, d time.Duration, do func()) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			do()
		case <-ctx.Done():
			return
		}
	}
}

func (a *tortureHarness) look() {
	s := a.sim.State()
	a.now.Store(&s)
}

func (a *tortureHarness) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// violate notes that a promise was broken.
func (a *tortureHarness) violate(c *ticketCase, format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	what := fmt.Sprintf(format, args...)
	if c != nil {
		what = c.title + " " + what
		c.broken = true
	}
	a.violations = append(a.violations, what)
}

// slot is where one copy runs, and is started again whenever it ends.
type slot struct {
	name string

	mu     sync.Mutex
	bot    *copyOf
	wanted bool
	frozen bool
	memory float64 // the most that any of its processes held, in MB
	starts int
}

func (s *slot) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = false
	s.weigh()
	s.bot.kill()
}

// kill ends the process; it comes back after a while.
func (s *slot) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.weigh()
	s.frozen = false
	s.bot.kill()
	s.bot.killed = true
}

// freeze stops the process for a while without its knowing.
func (s *slot) freeze(ctx context.Context, d time.Duration) {
	s.mu.Lock()
	bot := s.bot
	s.frozen = true
	s.mu.Unlock()
	bot.signal(syscall.SIGSTOP)
	pause(ctx, d)
	bot.signal(syscall.SIGCONT)
	s.mu.Lock()
	s.frozen = false
	s.mu.Unlock()
}

// weigh notes how much memory the process has held. The lock must be held.
func (s *slot) weigh() {
	if mb, known := s.bot.memory("VmHWM"); known {
		s.memory = max(s.memory, mb)
	}
}

// revive starts copies that have ended. One that ended by itself after it had
// been at work is a defect; one that finds no database is not.
func (a *tortureHarness) revive() {
	for _, s := range a.slots {
		s.mu.Lock()
		if s.wanted && s.bot.hasEnded() {
			if words := s.bot.lastWords(); !s.bot.killed && strings.Contains(words, "panic") {
				a.violate(nil, "%s ended by itself:\n%s", s.name, words)
			}
			if bot, err := a.in.start(s.name); err == nil {
				s.bot = bot
				s.starts++
			}
		}
		s.mu.Unlock()
	}
}

func between(chance *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(chance.Int64N(int64(most-least)+1))
}

// strictly reports whether Slack is to be what it may be at its worst wherever its
// documentation says nothing: STRICT=1.
func strictly() bool { return os.Getenv("STRICT") != "" }

func beliefs() slacksim.Beliefs {
	if !strictly() {
		return slacksim.Beliefs{}
	}
	return slacksim.Beliefs{
		DirectThreadMute: true, DropsMissed: true, TombstoneIsAnothers: true, CompleteAgain: true,
		CommandsEscaped: true, OptionsEscaped: true, EventsLackPayload: true, ReadsLackMetadata: true,
	}
}

// directMessages is the setting for what direct messages do there.
func directMessages() string {
	if strictly() {
		return "messages"
	}
	return "threads"
}
