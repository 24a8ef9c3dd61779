package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/clock"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// livesBegin and livesEnd are the time that the test covers. Tickets are filed until
// newLivesEnd.
var (
	livesBegin  = time.Date(2027, time.March, 15, 0, 0, 0, 0, time.UTC)
	newLivesEnd = livesBegin.AddDate(0, 0, 18)
	livesEnd    = livesBegin.AddDate(0, 0, 32)
	calendarEnd = livesBegin.AddDate(0, 0, 90)
)

// livesPerWorkspace is how many tickets share a workspace.
const livesPerWorkspace = 200

// TestClockConformance lets people act at random on tickets. It compares the clocks'
// messages and their times with a plain reading of the rules. LIVES is the number of
// tickets; SEED repeats a workspace.
func TestClockConformance(t *testing.T) {
	t.Parallel()
	lives, seed := fromEnvironment(t, "LIVES", livesPerWorkspace/2), fromEnvironment(t, "SEED", 1)
	for begun := 0; begun < lives; begun += livesPerWorkspace {
		workspace := uint64(seed + begun/livesPerWorkspace)
		t.Run(fmt.Sprintf("seed %d", workspace), func(t *testing.T) {
			t.Parallel()
			c := newCompany(t, workspace)
			c.populate(min(livesPerWorkspace, lives-begun))
			c.live()
			c.compare()
		})
	}
}

func fromEnvironment(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s is not a number: %v", name, err)
	}
	return n
}

// company is a workspace with many tickets.
type company struct {
	t     *testing.T
	h     *harness
	seed  uint64
	rng   *rand.Rand
	rules map[string]rules // by category
	lives []*life
	acted *life // the last that was acted on

	heard   map[string]string   // the latest text, by message
	sayings map[string][]saying // by card

	talks  bool // outsiders are requesters too, and people write more
	spoken int  // how many times they wrote so
}

const livesConfig = livesHours + `
categories:
  - name: Payments
  - name: Product
  - name: Data
    targets:
      - {name: P3, resolve: 1 working day}
  - name: Gardening
    clock: none
`

func newCompany(t *testing.T, seed uint64, choices ...choice) *company {
	t.Helper()
	c := &company{
		t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 0)), rules: promisedRules(),
		heard: map[string]string{}, sayings: map[string][]saying{},
	}
	now := &clock.Clock{}
	usual := func(cfg *config_, sim *simConfig) {
		setting, err := app.BeginClock(t.Context(), cfg.Database.URL.Reveal(), livesBegin)
		if err != nil {
			t.Fatal(err)
		}
		now.Set(setting)
		sim.Now, sim.Workspace = now.Now, staff()
		theirs := configOf(t, livesConfig)
		cfg.Hours, cfg.Categories, cfg.Sweep = theirs.Hours, theirs.Categories, theirs.Sweep
	}
	c.h = newHarness(t, append([]choice{usual}, choices...)...)
	c.h.clock = now
	ctx, cancel := context.WithTimeout(t.Context(), 7*time.Minute)
	t.Cleanup(cancel)
	c.h.ctx = ctx
	c.h.start()
	if err := c.h.bot.SetRate(ctx, 0); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *company) populate(lives int) {
	for i := range lives {
		c.lives = append(c.lives, c.born(i))
	}
}

// staff are the requester Alice and the responders. Erin is a guest. Where people write
// more, Carol is a requester too; she is not in the channel.
func staff() slacksim.Workspace {
	names := []string{"alice", "bob", "dana", "frida", "erin"}
	all := slacksim.Workspace{Team: "Acme"}
	for _, name := range names {
		all.People = append(all.People, slacksim.Person{Name: name, TZ: "Europe/London", Restricted: name == "erin"})
	}
	for _, channel := range []string{"general", "support", "support-digest"} {
		all.Channels = append(all.Channels, slacksim.Channel{Name: channel, Members: append([]string{"supporty"}, names...)})
	}
	carol := slacksim.Person{Name: "carol", TZ: "Europe/London"}
	all.People = append(all.People, carol)
	all.Channels[0].Members = append(all.Channels[0].Members, carol.Name)
	return all
}

func configOf(t *testing.T, text string) config.Config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "supporty.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.LoadOffline(file, []string{"HOME=" + t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// promisedRules are the table of "The clocks", and the further categories of livesConfig.
func promisedRules() map[string]rules {
	desk := deskHours(livesBegin, calendarEnd)
	usual := rules{
		1: {solve: time.Hour, answer: 15 * time.Minute, silence: 15 * time.Minute, repeats: true},
		2: {solve: 3 * time.Hour, answer: 45 * time.Minute, silence: 30 * time.Minute, hours: desk},
		3: {solve: 24 * time.Hour, answer: 6 * time.Hour, silence: 4 * time.Hour, hours: desk},
	}
	data := rules{1: usual[1], 2: usual[2], 3: usual[3]}
	data[3] = rule{days: 1, answer: 6 * time.Hour, silence: 4 * time.Hour, hours: desk}
	gardening := rules{1: {}, 2: {hours: desk}, 3: {hours: desk}}
	return map[string]rules{"Payments": usual, "Product": usual, "Data": data, "Gardening": gardening}
}

func (c *company) born(i int) *life {
	at := livesBegin.Add(time.Duration(c.rng.Int64N(newLivesEnd.Sub(livesBegin).Milliseconds())) * time.Millisecond)
	l := &life{
		title: fmt.Sprintf("Life %d.", i), requester: "alice", next: at, left: 2 + c.rng.IntN(10),
		category: pickOne(c.rng, []string{"Payments", "Payments", "Product", "Product", "Data", "Gardening"}),
	}
	if c.talks {
		l.requester = pickOne(c.rng, []string{"alice", "carol"})
	}
	return l
}

// live lets time pass until the end of all lives.
func (c *company) live() {
	for now := c.h.clock.Now(); now.Before(livesEnd); now = c.h.clock.Now() {
		to, l := livesEnd, c.nextLife()
		if l != nil {
			to = earlier(to, l.next)
		}
		if due := c.deadline(now); !due.IsZero() {
			to = earlier(to, due)
		}
		if c.talks {
			to = c.minutes(now, to)
		}
		c.advance(to.Sub(now))
		c.settles()
		if l != nil && !c.h.clock.Now().Before(l.next) {
			c.act(l)
			c.settles()
		}
	}
}

// advance lets time pass. On a busy machine a sweep may hit the timeout of the database;
// it is then repeated, as the bot would do.
func (c *company) advance(by time.Duration) {
	c.t.Helper()
	err := c.h.bot.Advance(c.h.ctx, by)
	for range 5 {
		if err == nil {
			return
		}
		c.t.Logf("seed %d: again, after %v", c.seed, err)
		err = c.h.bot.Sweep(c.h.ctx)
	}
	c.t.Fatalf("seed %d: moving the clock: %v", c.seed, err)
}

func (c *company) nextLife() (next *life) {
	for _, l := range c.lives {
		if l.left > 0 && (next == nil || l.next.Before(next.next)) {
			next = l
		}
	}
	return next
}

// deadline is the time of the bot's next alert. Alerts that are due now are posted first.
func (c *company) deadline(now time.Time) time.Time {
	for range 100 { // a sweep leaves out the rows that the bot's own sweep has locked
		due, err := c.h.bot.NextDeadline(c.h.ctx)
		if err != nil {
			c.t.Fatal(err)
		}
		if due.IsZero() || due.After(now) {
			c.settles() // the result of the bot's own sweep
			return due
		}
		c.advance(0)
		c.settles()
	}
	c.t.Errorf("seed %d: at %s the bot has something to say, and does not", c.seed, now)
	return time.Time{}
}

// settles waits until the bot has handled every event and posted every message.
func (c *company) settles() {
	c.t.Helper()
	c.await("the bot to know all", func(s slacksim.State) bool { return s.Pending == 0 })
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if settled, err := c.h.bot.Settled(c.h.ctx); err != nil || settled {
			c.listens()
			return
		}
		select {
		case <-tick.C:
		case <-c.h.ctx.Done():
			c.t.Fatal("the bot does not come to an end")
		}
	}
}

func (c *company) await(what string, so func(slacksim.State) bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.h.ctx, patience)
	defer cancel()
	if _, err := c.h.sim.Await(ctx, so); err != nil {
		c.stops("waiting for %s: %v", what, err)
	}
}

// stops ends the test with the story of the ticket that was acted on last.
func (c *company) stops(format string, args ...any) {
	c.t.Helper()
	what := fmt.Sprintf(format, args...)
	if l := c.acted; l != nil {
		what += "\n" + l.story() + lists(c.read(l, c.h.clock.Now()).tellings, c.alerts()[l.number])
	}
	c.t.Fatalf("SEED=%d LIVES=%d: %s", c.seed, len(c.lives), what)
}

// act makes a person act on a ticket.
func (c *company) act(l *life) {
	c.t.Helper()
	now := c.h.clock.Now()
	c.acted = l
	l.left--
	l.next = now.Add(pause(c.rng))
	if len(l.actions) == 0 {
		c.files(l)
		return
	}
	d := choose(c.rng, l, c.read(l, now))
	if c.talks {
		d = c.talk(l, d)
	}
	l.actions = append(l.actions, d)
	if !c.does(l, d) {
		l.actions = l.actions[:len(l.actions)-1]
	}
	if c.t.Failed() {
		c.t.Fatal(l.story())
	}
}

func (c *company) read(l *life, until time.Time) *reading {
	return read(c.rules[l.category], l.requester, l.actions, until)
}

func (c *company) files(l *life) {
	d := action{at: c.h.clock.Now(), what: "file", who: l.requester, priority: pickOne(c.rng, []int{1, 1, 2, 2, 2, 3, 3})}
	c.opens(slacksim.Action{Do: "command", As: l.requester, Channel: "general", Command: "/support"}, "form_new")
	c.submits(l.requester, "form_new", slacksim.FormValues{
		"priority": fmt.Sprintf("P%d", d.priority), "title": l.title, "text": "It fails.", "category": l.category,
	})
	c.await("the card", func(s slacksim.State) bool {
		for _, m := range slices.Backward(s.Channel("support").Messages) {
			if !m.IsReply() && strings.Contains(m.Text, l.title) {
				_, err := fmt.Sscanf(m.Text, "#%d ", &l.number)
				l.card = m.TS
				return err == nil
			}
		}
		return false
	})
	l.actions = append(l.actions, d)
}
