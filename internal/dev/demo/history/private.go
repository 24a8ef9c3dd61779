package history

import (
	"context"
	"fmt"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// The private category, and who answers its tickets.
const (
	Confidential = "People"
	Trusted      = "grace"
)

// confidant asks about something private.
const confidant = "ines"

// Confide has a private ticket filed and answered, after the plan: who asks and who is trusted with
// the category read it, and nobody else.
func (p *Player) Confide(ctx context.Context) error {
	for _, act := range []func(context.Context) error{
		p.fileInPrivate,
		p.inRoom("claiming", slacksim.Action{Do: "react", As: Trusted, Emoji: "eyes"}),
		p.inRoom("asking", slacksim.Action{Do: "say", As: Trusted, Text: "Is it the bonus, or the tax? A photo of the line helps."}),
		p.inRoom("answering", slacksim.Action{Do: "say", As: confidant, Text: "The bonus: it has last year's amount."}),
	} {
		if err := p.confide(ctx, act); err != nil {
			return fmt.Errorf("the private ticket: %w", err)
		}
	}
	return nil
}

// confide does one thing, and lets a few minutes pass.
func (p *Player) confide(ctx context.Context, act func(context.Context) error) error {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := act(within); err != nil {
		return err
	}
	if err := p.awaitBot(within); err != nil {
		return err
	}
	return p.advance(ctx, p.Now().Add(3*time.Minute))
}

func (p *Player) fileInPrivate(ctx context.Context) error {
	values := slacksim.FormValues{
		"priority": "P3", "title": "My payslip is wrong", "text": "The amount of last month is too low.", "category": Confidential,
	}
	return p.form(ctx, confidant, values, func() error {
		return p.act(slacksim.Action{Do: "command", As: confidant, Channel: "general", Command: "/support"})
	})
}

// inRoom does something with the card of the private ticket: in the channel that the bot has made.
func (p *Player) inRoom(what string, a slacksim.Action) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.Slack.Await(ctx, func(s slacksim.State) bool {
			a.Channel, a.TS = roomCard(s)
			return a.TS != ""
		})
		if err != nil {
			return fmt.Errorf("%s: the card: %w", what, err)
		}
		if a.Do == "say" {
			a.Thread, a.TS = a.TS, ""
		}
		return p.act(a)
	}
}

// roomCard is the newest card in a channel that the bot has made.
func roomCard(s slacksim.State) (channel, ts string) {
	for _, c := range s.Channels {
		for _, m := range c.Messages {
			if c.Creator == s.BotUserID && m.User == s.BotUserID && !m.IsReply() && strings.HasPrefix(m.Text, "#") {
				channel, ts = c.ID, m.TS
			}
		}
	}
	return channel, ts
}
