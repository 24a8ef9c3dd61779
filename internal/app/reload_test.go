package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// reconfigures changes the settings of the copy that reads them first, and waits until
// its log contains a text.
func (h *harness) reconfigures(says string, change func(*config.Config)) {
	h.t.Helper()
	before := strings.Count(h.log.String(), says)
	change(&h.cfg)
	h.settings = func() (config.Config, error) { return h.cfg, nil }
	h.reloadUntil(says, before)
}

func (h *harness) reloadUntil(says string, before int) {
	h.t.Helper()
	select {
	case h.reloads <- struct{}{}:
	case <-h.ctx.Done():
		h.t.Fatal("nobody reads the settings again")
	}
	h.awaitLogs(says, before+1)
}

// awaitLogs waits until the log contains a text so many times.
func (h *harness) awaitLogs(says string, times int) {
	h.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for strings.Count(h.log.String(), says) < times {
		select {
		case <-tick.C:
		case <-h.ctx.Done():
			h.t.Fatalf("the log does not say %q:\n%s", says, h.log)
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
	h := setup(t)
	alice, bob := h.as("alice"), h.as("bob")
	done := alice.opens(usual("Ended before"))
	bob.reacts(done, "white_check_mark")
	h.reads("support", "Bob resolved it · on time")
	open := alice.opens(usual("Checkout fails"))
	h.advance(30 * time.Minute)
	h.reconfigures(readAgain, resolveP2(time.Hour))
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'retargeted'`)

	alice.ok(alice.actor.Command(h.ctx, "general", "/support", "why 2"))
	says(t, alice.hears("Why #2 has these times").Rendered(),
		"The settings were changed, and with them the target. Within 1 h from here, which is nearer than before")
	h.advance(time.Hour + time.Second)
	h.await("the lateness by the new target", func(s slacksim.State) bool {
		return first(s.Thread(open.TS)[1:], "#2 Checkout fails (Alice) passed its 1 h target") != nil
	})

	alice.ok(alice.actor.Command(h.ctx, "general", "/support", "Another one"))
	if form, err := alice.actor.View(h.ctx); err != nil || !strings.Contains(form.Rendered(), "solved within 1 h") {
		t.Errorf("the form promises something else (%v):\n%s", err, form.Rendered())
	}
}

// An alert of the old target is not repeated for the new one, and a lateness stays.
func TestChangedTargetsRepeatNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.advance(2*time.Hour + 20*time.Minute)
	h.reads("support", "#1 Checkout fails (Alice) has no owner and is to be solved")
	h.reconfigures(readAgain, resolveP2(6*time.Hour))
	h.advance(3 * time.Hour)
	h.reconfigures(readAgain, resolveP2(5*time.Hour+30*time.Minute))
	h.advance(24 * time.Hour)
	h.reads("support", "#1 Checkout fails (Alice) passed its")
	h.reconfigures(readAgain, resolveP2(100*time.Hour))
	h.advance(time.Minute)
	h.reads("support", "late since")
	thread := h.thread(card)
	if warned, late := h.posted("is to be solved"), count(thread, "passed its"); warned != 1 || late != 1 {
		t.Errorf("warned %d times, late %d times:\n%s", warned, late, texts(thread))
	}
}

func TestWrongSettingsAreRefusedWhole(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.settings = func() (config.Config, error) {
		return config.Config{}, config.Problems{{Path: "warn_at", Value: "2", Want: "is not between 0 and 1"}, {Path: "command", Want: "is missing"}}
	}
	h.reloadUntil("the changed settings are refused", 0)
	says(t, h.log.String(), "warn_at: 2 is not between 0 and 1", "command: is missing")
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
}

func TestOtherSettingsChangeWhileItRuns(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.reconfigures(readAgain, func(c *config.Config) {
		c.Emoji["claim"], c.Alerts.Group = []string{"hand"}, "oncall"
		c.Categories = append([]config.Category{{Name: "Gardening", NoClock: true}}, c.Categories...)
	})
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("alice").opens(newTicket{priority: "P3", title: "Flaky test", text: "Once a day.", category: "Gardening"})
	h.advance(3*time.Hour + time.Second)
	if late := h.reads("support", "#1 Checkout fails (Alice) passed its 3 h target"); !strings.Contains(late.Text, "<!subteam^S") {
		t.Errorf("the group is not pinged: %q", late.Text)
	}
	h.as("bob").reacts(card, "eyes") // not a gesture any more
	h.as("dana").reacts(card, "raised_hand")
	h.reads("support", "Dana has it")
	h.reconfigures("hold after a restart only", func(c *config.Config) { c.Channels.Support, c.Slack.BotToken = "general", "xoxb-other" })
	says(t, h.log.String(), "channels.support", "slack")
}

// A copy that does not reload its settings follows the policy of the one that does.
func TestOtherCopiesFollow(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	other := *h
	other.reloads, other.cfg.Sweep.Interval = make(chan struct{}), time.Second
	other.start()
	other.reconfigures(readAgain, resolveP2(time.Hour))
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'retargeted'`)
	h.awaitLog("another copy has changed the policy")
	h.advance(time.Hour + time.Second)
	h.reads("support", "#1 Checkout fails (Alice) passed its 1 h target")
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'retargeted'`)
	if n := count(h.thread(card), "passed its"); n != 1 {
		t.Errorf("lateness was told %d times", n)
	}
}
