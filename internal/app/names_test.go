package app_test

import (
	"fmt"
	"strings"
	"testing"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/slacksim"
)

// However many channels a workspace has, the bot asks for its own, and once.
func TestManyChannelsCostNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, escalates(step(150, to(config.ToChannel, "support-digest"))), func(_ *config_, s *simConfig) {
		for i := range 500 {
			s.Workspace.Channels = append(s.Workspace.Channels, slacksim.Channel{Name: fmt.Sprintf("team-%d", i), Members: []string{"bob"}})
		}
	})
	w.start()
	calls := map[string]int{}
	entries, err := w.slack.Journal(w.ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Kind == slacksim.KindCall {
			calls[e.Method]++
		}
	}
	if calls["users.conversations"] != 1 || calls["conversations.list"] != 0 {
		t.Errorf("Slack was asked: %v", calls)
	}
}

// Only the support channel is essential: what else leads nowhere is told in the log, and
// by the doctor.
func TestDeskStartsWithoutWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := setup(t, escalates(step(150, to(config.ToPerson, "U0NOBODY"))), func(c *config_, _ *simConfig) {
		c.Channels.Digest, c.Operators = "no-longer", []string{"U0GONE"}
	})
	w.as("alice").opens(usual("Checkout fails"))
	says(t, w.log.String(), `channels.digest: the bot is in no channel \"no-longer\"`, "operators[0]", "escalations[0].notify[0]")
	var report strings.Builder
	if app.Doctor(w.ctx, w.cfg, &report) {
		t.Errorf("the doctor finds all in order:\n%s", report.String())
	}
	says(t, report.String(), "FAIL  digest channel", "FAIL  escalations")
}
