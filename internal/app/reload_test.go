package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// reconfigures changes the settings of the copy that reads them first, and waits
// until its log says something.
func (w *world) reconfigures(says string, change func(*config.Config)) {
	w.t.Helper()
	before := strings.Count(w.log.String(), says)
	change(&w.cfg)
	w.settings = func() (config.Config, error) { return w.cfg, nil }
	w.rereadUntil(says, before)
}

func (w *world) rereadUntil(says string, before int) {
	w.t.Helper()
	select {
	case w.rereads <- struct{}{}:
	case <-w.ctx.Done():
		w.t.Fatal("nobody reads the settings again")
	}
	w.awaitLogs(says, before+1)
}

// awaitLogs waits until the log has said something so many times.
func (w *world) awaitLogs(says string, times int) {
	w.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for strings.Count(w.log.String(), says) < times {
		select {
		case <-tick.C:
		case <-w.ctx.Done():
			w.t.Fatalf("the log does not say %q:\n%s", says, w.log)
		}
	}
}

const readAgain = "the settings were read again"

func resolveP2(within time.Duration) func(*config.Config) {
	return func(c *config.Config) {
		c.Priorities = append([]config.Priority(nil), c.Priorities...)
		c.Priorities[1].Resolve = config.Target{Open: within}
	}
}

func TestTargetsChangeWhileItRuns(t *testing.T) {
	t.Parallel()
	w := setup(t)
	alice, bob := w.as("alice"), w.as("bob")
	done := alice.opens(usual("Ended before"))
	bob.reacts(done, "white_check_mark")
	w.reads("support", "Bob resolved it · on time")
	open := alice.opens(usual("Checkout fails"))
	w.advance(30 * time.Minute)
	w.reconfigures(readAgain, resolveP2(time.Hour))
	w.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'repromised'`)

	alice.ok(alice.actor.Command(w.ctx, "general", "/support", "why 2"))
	says(t, alice.hears("Why #2 has these times").Rendered(),
		"The settings were changed, and with them the target. Within 1 h from here, which is nearer than before")
	w.advance(time.Hour + time.Second)
	w.await("the lateness by the new target", func(s slacksim.State) bool {
		return first(s.Thread(open.TS)[1:], "#2 Checkout fails (Alice) passed its 1 h target") != nil
	})

	alice.ok(alice.actor.Command(w.ctx, "general", "/support", "Another one"))
	if form, err := alice.actor.View(w.ctx); err != nil || !strings.Contains(form.Rendered(), "solved within 1 h") {
		t.Errorf("the form promises something else (%v):\n%s", err, form.Rendered())
	}
}

// What was told by the old target is not told again by the new one, and a
// lateness stays.
func TestChangedTargetsRepeatNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.advance(2*time.Hour + 20*time.Minute)
	w.reads("support", "#1 Checkout fails (Alice) has no owner and is to be solved")
	w.reconfigures(readAgain, resolveP2(6*time.Hour))
	w.advance(3 * time.Hour)
	w.reconfigures(readAgain, resolveP2(5*time.Hour+30*time.Minute))
	w.advance(24 * time.Hour)
	w.reads("support", "#1 Checkout fails (Alice) passed its")
	w.reconfigures(readAgain, resolveP2(100*time.Hour))
	w.advance(time.Minute)
	w.reads("support", "late since")
	thread := w.thread(card)
	if warned, late := w.posted("is to be solved"), count(thread, "passed its"); warned != 1 || late != 1 {
		t.Errorf("warned %d times, late %d times:\n%s", warned, late, texts(thread))
	}
}

func TestWrongSettingsAreRefusedWhole(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.settings = func() (config.Config, error) {
		return config.Config{}, config.Problems{{Path: "warn_at", Value: "2", Want: "is not between 0 and 1"}, {Path: "command", Want: "is missing"}}
	}
	w.rereadUntil("the changed settings are refused", 0)
	says(t, w.log.String(), "warn_at: 2 is not between 0 and 1", "command: is missing")
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
}

func TestOtherSettingsChangeWhileItRuns(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.reconfigures(readAgain, func(c *config.Config) {
		c.Emoji["claim"], c.Alerts.Group = []string{"hand"}, "oncall"
		c.Categories = append([]config.Category{{Name: "Gardening", NoClock: true}}, c.Categories...)
	})
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("alice").opens(filing{priority: "P3", title: "Flaky test", text: "Once a day.", category: "Gardening"})
	w.advance(3*time.Hour + time.Second)
	if late := w.reads("support", "#1 Checkout fails (Alice) passed its 3 h target"); !strings.Contains(late.Text, "<!subteam^S") {
		t.Errorf("the group is not pinged: %q", late.Text)
	}
	w.as("bob").reacts(card, "eyes") // no gesture any more
	w.as("dana").reacts(card, "raised_hand")
	w.reads("support", "Dana has it")
	w.reconfigures("hold after a restart only", func(c *config.Config) { c.Channels.Support, c.Slack.BotToken = "general", "xoxb-other" })
	says(t, w.log.String(), "channels.support", "slack")
}

// A copy that reads nothing again follows the one that has.
func TestOtherCopiesFollow(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	other := *w
	other.rereads, other.cfg.Sweep.Interval = make(chan struct{}), time.Second
	other.start()
	other.reconfigures(readAgain, resolveP2(time.Hour))
	w.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'repromised'`)
	w.awaitLog("another copy has changed the policy")
	w.advance(time.Hour + time.Second)
	w.reads("support", "#1 Checkout fails (Alice) passed its 1 h target")
	w.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'repromised'`)
	if n := count(w.thread(card), "passed its"); n != 1 {
		t.Errorf("lateness was told %d times", n)
	}
}
