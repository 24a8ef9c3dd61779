package app_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// TestNoRefusalSilencesAnAlert makes Slack refuse one message of each ticket for ever,
// with every documented error. Every other message about the ticket is posted.
func TestNoRefusalSilencesAnAlert(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ method, page string }{
		"post": {"chat.postMessage", "chat.postMessage"}, "post, as any method": {"chat.postMessage", "*"},
		"update": {"chat.update", "chat.update"}, "update, as any method": {"chat.update", "*"},
		"ephemeral": {"chat.postEphemeral", "chat.postEphemeral"},
		"delete":    {"chat.delete", "chat.delete"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			codes := refusals(t, test.page)
			if testing.Short() { // a full run takes them all
				codes = codes[:min(len(codes), 6)]
			}
			h := setup(t, inCategoriesOfTheirOwn(len(codes)))
			for i, code := range codes {
				h.refusesOneOf(i+1, test.method, slacksim.Fault{Kind: slacksim.FaultError, Error: code})
			}
			h.tellsAllAlerts(codes)
		})
	}
}

// refusals are the errors that Slack documents for a method, without rate limits, which
// do not concern one message.
func refusals(t *testing.T, method string) []string {
	t.Helper()
	pages, err := os.ReadFile("../slackapi/testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(pages)) {
		if codes, ok := strings.CutPrefix(line, method+":"); ok {
			return slices.DeleteFunc(strings.Fields(codes), func(code string) bool {
				return code == "ratelimited" || code == "rate_limited"
			})
		}
	}
	t.Fatalf("nothing is known of %s", method)
	return nil
}

// Slack limits the rate of the method for so long that an alert would be late.
func TestNoLimitSilencesAnAlert(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.refusesOneOf(1, "chat.update", slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 20})
	began := time.Now()
	h.tellsAllAlerts([]string{"a limit"})
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("the alerts took %v", took)
	}
}

// inCategoriesOfTheirOwn keeps many tickets at once from counting as a flood.
func inCategoriesOfTheirOwn(n int) choice {
	return func(c *config_, _ *simConfig) {
		c.Categories = nil
		for i := range n {
			c.Categories = append(c.Categories, config.Category{Name: categoryOf(i + 1)})
		}
	}
}

func categoryOf(number int) string { return fmt.Sprint("Service ", number) }

// refusesOneOf opens a P1 and makes a method fail for ever for one of its messages.
func (h *harness) refusesOneOf(number int, method string, f slacksim.Fault) {
	h.t.Helper()
	f.Method, f.Text = method, fmt.Sprintf("Site %d.", number)
	p1 := newTicket{priority: "P1", title: f.Text, text: "500 everywhere.", category: h.cfg.Categories[number-1].Name}
	if method == "chat.update" { // everything about the ticket that is edited: its card, and a repeated alert
		alice := h.as("alice")
		card := alice.opens(p1)
		h.fault(f)
		alice.chooses(card, fmt.Sprintf("edit:%d", number))
		alice.submits(slacksim.FormValues{"text": "501 everywhere."})
		return
	}
	carol := h.as("carol") // she is not in the channel, so her messages are copied there
	carol.types("/support")
	carol.submits(p1.values())
	receipt := carol.gets(f.Text)
	words := fmt.Sprintf("Words %d.", number)
	switch method {
	case "chat.postMessage":
		f.Text = words
		h.fault(f)
		carol.answers(receipt, words)
	case "chat.postEphemeral": // that it was passed on
		f.Text = receipt.TS
		h.fault(f)
		carol.answers(receipt, words)
	case "chat.delete": // what repeats it
		said := carol.answers(receipt, words)
		f.Text = h.reads("support", words).TS
		h.fault(f)
		carol.ok(carol.actor.Delete(h.ctx, receipt.Channel, said.TS))
	}
}

// tellsAllAlerts lets time pass. It waits until each ticket has all its alerts: the
// warning, the lateness, the repetitions, and the missed target to solve it.
func (h *harness) tellsAllAlerts(of []string) {
	h.t.Helper()
	for _, step := range []struct {
		after time.Duration
		tells string
	}{
		{12 * time.Minute, "has no answer yet and is to be answered by"},
		{3*time.Minute + time.Second, "has no answer yet and was to be answered by"},
		{10 * time.Minute, "still has no answer"},
		{35 * time.Minute, "passed its 1 h target"},
	} {
		h.advance(step.after)
		for i, what := range of {
			h.await(fmt.Sprintf("%s: %q of #%d", what, step.tells, i+1), func(s slacksim.State) bool {
				for _, m := range s.Channel("support").Messages {
					said := withoutAddresses(m)
					if strings.Contains(said, step.tells) && strings.Contains(said, fmt.Sprintf("#%d ", i+1)) {
						return true
					}
				}
				return false
			})
		}
	}
}
