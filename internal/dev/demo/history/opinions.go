package history

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"supporty/internal/dev/slacksim"
)

// opinion is what a requester will say of a solution, if they are asked.
type opinion struct {
	at     time.Time
	ticket int
	stars  int
	again  bool // they have said something else before
}

// surveyAfter is a little longer than the desk waits before it asks.
const surveyAfter = 11 * time.Minute

// starsOf are the stars for a ticket by the last digit of its number.
var starsOf = [10]int{1, 5, 4, 5, 3, 5, 4, 2, 5, 4}

func opinionOf(ticket int, c card, solved time.Time) opinion {
	return opinion{at: solved.Add(surveyAfter), ticket: ticket, stars: starsOf[c.number%len(starsOf)]}
}

// rate has those say their opinion whose time has come.
func (p *Player) rate(ctx context.Context) error {
	now := p.Now()
	for {
		i := slices.IndexFunc(p.opinions, func(o opinion) bool { return !o.at.After(now) })
		if i < 0 {
			return nil
		}
		o := p.opinions[i]
		p.opinions = slices.Delete(p.opinions, i, i+1)
		if err := p.say(ctx, o); err != nil {
			return fmt.Errorf("the opinion of %q: %w", p.plan.Tickets[o.ticket].Title, err)
		}
	}
}

// say answers the question about a solution; nothing if there is none. Who gives one star is told so kindly
// that they give five the next day.
func (p *Player) say(ctx context.Context, o opinion) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	who, c := p.plan.Tickets[o.ticket].Requester, p.cards[o.ticket]
	if o.again {
		return p.rateAgain(ctx, who, c, o.stars)
	}
	if offered(p.Slack.State(), who, c, "fixed") == nil {
		return nil
	}
	stars := "stars_" + strconv.Itoa(o.stars)
	for _, press := range [][2]string{{"fixed", stars}, {stars, "rate"}} {
		if err := p.press(ctx, who, c, press[0], press[1]); err != nil {
			return err
		}
	}
	if o.stars == 1 {
		p.opinions = append(p.opinions, opinion{at: p.Now().Add(26 * time.Hour), ticket: o.ticket, stars: 5, again: true})
	}
	return nil
}

// press presses a button of a direct message about a ticket, and waits until there is the next one.
func (p *Player) press(ctx context.Context, who string, c card, button, next string) error {
	on := offered(p.Slack.State(), who, c, button)
	if on == nil {
		return fmt.Errorf("there is no button %q", button)
	}
	if err := p.click(slacksim.Action{As: who, Channel: on.Channel, TS: on.TS}, button); err != nil {
		return err
	}
	if _, err := p.Slack.Await(ctx, func(s slacksim.State) bool { return offered(s, who, c, next) != nil }); err != nil {
		return fmt.Errorf("what follows %q: %w", button, err)
	}
	return p.awaitBot(ctx)
}

// rateAgain changes the stars in the form behind them.
func (p *Player) rateAgain(ctx context.Context, who string, c card, stars int) error {
	given := offered(p.Slack.State(), who, c, "rate")
	if given == nil {
		return nil
	}
	err := p.form(ctx, who, slacksim.FormValues{"stars": strconv.Itoa(stars)}, func() error {
		return p.click(slacksim.Action{As: who, Channel: given.Channel, TS: given.TS}, "rate")
	})
	if err != nil {
		return err
	}
	return p.awaitBot(ctx)
}

// offered is the newest direct message about a ticket that has a button; nil for none.
func offered(s slacksim.State, who string, c card, button string) *slacksim.Message {
	return newest(s.DMs(who), func(m *slacksim.Message) bool { return about(m, c) && offers(m, button) })
}
