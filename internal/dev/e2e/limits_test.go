//go:build unix

package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// TestTrueLimits: under Slack's own limits and a load that is more than they let
// through, Slack never has to ask us to slow down.
func TestTrueLimits(t *testing.T) {
	t.Parallel()
	const people = 12
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	sim, err := slacksim.Start(slacksim.Config{Workspace: crowd(people), Limits: slacksim.Limits{On: true}})
	must(t, err)
	t.Cleanup(func() { _ = sim.Close() })
	slack := sim.Client()
	bot, err := install(t, sim, pgtest.New(t, pgtest.Migrate)).startConnected(ctx, "copy", sim)
	must(t, err)
	t.Cleanup(bot.kill)
	must(t, openForms(ctx, sim, people))
	if filed := count(together(people, func(i int) bool { return submits(ctx, slack.As(filer(i)), titleOf(i)) })); filed != people {
		t.Fatalf("%d of %d people could file", filed, people)
	}
	err = wait(ctx, "all cards", func() bool {
		cards := 0
		for _, m := range sim.State().Channel("support").Roots() {
			if m.BotID != "" {
				cards++
				_, _ = slack.As("bob").React(ctx, m.Channel, m.TS, "eyes") // once; after that it is there
			}
		}
		return cards >= people
	})
	must(t, err)
	entries, err := slack.Journal(ctx, 0)
	must(t, err)
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && fmt.Sprint(e.Error) == "ratelimited" {
			t.Errorf("Slack refused %s", e.Method)
		}
	}
}
