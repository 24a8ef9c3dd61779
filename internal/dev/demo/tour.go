package demo

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"supporty/internal/app"
	"supporty/internal/clock"
	"supporty/internal/dev/slacksim"
)

// tour is the life of one ticket, as people in the workspace see it. Every step is
// checked in the simulated workspace, never in the bot.
type tour struct {
	w     io.Writer
	slack *slacksim.Client
	bot   *app.App
	clock *clock.Clock
	card  string // ts of the card
}

// stepWithin bounds how long a step may take until it is visible.
const stepWithin = 20 * time.Second

func (t *tour) play(ctx context.Context) error {
	steps := []struct {
		title string
		run   func(ctx context.Context) error
	}{
		{"Alice files a ticket with /support", t.file},
		{"Bob claims it with 👀", t.claim},
		{"At three quarters of its time, its owner is warned", t.warn},
		{"Past the target, it says so", t.late},
		{"Bob resolves it with ✅", t.resolve},
		{"On Monday the week is told", t.digest},
	}
	t.say("A small Slack, a database and the bot are up. Everything below happens in the simulated workspace.\n")
	for i, s := range steps {
		t.say("%d. %s", i+1, s.title)
		if err := t.step(ctx, s.run); err != nil {
			return fmt.Errorf("the step %q was not seen to happen: %w", s.title, err)
		}
	}
	t.say("Every step was seen to happen in the workspace.")
	return nil
}

func (t *tour) step(ctx context.Context, run func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	return run(ctx)
}

func (t *tour) file(ctx context.Context) error {
	alice := t.slack.As("alice")
	out, err := alice.Command(ctx, "general", "/support", "Checkout fails for US cards")
	if err != nil || out.Error != "" {
		return fmt.Errorf("the command was not taken: %s %w", out.Error, err)
	}
	if _, err := alice.View(ctx); err != nil {
		return err
	}
	sent, err := alice.Submit(ctx, slacksim.FormValues{
		"priority": "P2", "category": "Payments",
		"text": "Since this morning every US card is declined at checkout.\nEU cards work.",
	})
	if err != nil || !sent.Closed {
		return fmt.Errorf("the form did not close: %v %s %w", sent.Errors, sent.Banner, err)
	}
	card, err := t.see(ctx, "Checkout fails for US cards", "Open, no owner")
	if err == nil {
		t.card = card.TS
	}
	return err
}

func (t *tour) claim(ctx context.Context) error {
	if _, err := t.slack.As("bob").React(ctx, "support", t.card, "eyes"); err != nil {
		return err
	}
	if _, err := t.see(ctx, "Bob has it"); err != nil {
		return err
	}
	if err := t.bot.Advance(ctx, 2*time.Minute); err != nil {
		return err
	}
	_, err := t.see(ctx, "@Alice, Bob has #1.")
	return err
}

func (t *tour) warn(ctx context.Context) error {
	if err := t.bot.Advance(ctx, 2*time.Hour+14*time.Minute); err != nil {
		return err
	}
	_, err := t.see(ctx, "is to be solved by")
	return err
}

func (t *tour) late(ctx context.Context) error {
	if err := t.bot.Advance(ctx, 45*time.Minute); err != nil {
		return err
	}
	_, err := t.see(ctx, "passed its 3 h target")
	return err
}

func (t *tour) resolve(ctx context.Context) error {
	if _, err := t.slack.As("bob").Say(ctx, "support", "The card rule for US is lifted.", slacksim.InThread(t.card)); err != nil {
		return err
	}
	if _, err := t.slack.As("bob").React(ctx, "support", t.card, "white_check_mark"); err != nil {
		return err
	}
	if _, err := t.see(ctx, "Bob resolved it"); err != nil {
		return err
	}
	_, err := t.see(ctx, "@Alice, Bob resolved #1")
	return err
}

func (t *tour) digest(ctx context.Context) error {
	now := t.clock.Now()
	due := monday(now).AddDate(0, 0, 7).Add(9 * time.Hour)
	if err := t.bot.Advance(ctx, due.Sub(now)); err != nil {
		return err
	}
	_, err := t.seeIn(ctx, "support-digest", "1 opened", "1 resolved")
	return err
}

// see waits for a message with these texts in the support channel, and prints it.
func (t *tour) see(ctx context.Context, texts ...string) (*slacksim.Message, error) {
	return t.seeIn(ctx, "support", texts...)
}

func (t *tour) seeIn(ctx context.Context, channel string, texts ...string) (*slacksim.Message, error) {
	var seen *slacksim.Message
	_, err := t.slack.Await(ctx, func(s slacksim.State) bool {
		seen = find(s.Channel(channel).Messages, texts)
		return seen != nil
	})
	if err != nil {
		return nil, fmt.Errorf("waiting to read %q in #%s: %w", texts, channel, err)
	}
	t.quote(channel, seen)
	return seen, nil
}

func find(messages []*slacksim.Message, texts []string) *slacksim.Message {
	for _, m := range messages {
		if containsAll(m.Rendered(), texts) {
			return m
		}
	}
	return nil
}

func containsAll(s string, texts []string) bool {
	for _, text := range texts {
		if !strings.Contains(s, text) {
			return false
		}
	}
	return true
}

// quote prints a message with its time: within a step time goes on.
func (t *tour) quote(channel string, m *slacksim.Message) {
	where := t.clock.Now().UTC().Format("Mon 2 Jan 15:04 UTC, #") + channel
	if m.IsReply() {
		where += ", in the thread"
	}
	t.say("   ┌ %s", where)
	for _, line := range strings.Split(strings.TrimSpace(m.Rendered()), "\n") {
		t.say("   │ %s", line)
	}
	t.say("")
}

func (t *tour) say(format string, args ...any) {
	_, _ = fmt.Fprintf(t.w, format+"\n", args...) // a closed terminal ends the demo anyway
}
