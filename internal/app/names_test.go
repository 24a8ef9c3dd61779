package app_test

import (
	"fmt"
	"testing"

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
