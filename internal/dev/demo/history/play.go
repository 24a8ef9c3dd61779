package history

import (
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/dev/slacksim"
)

// Bot is what the player needs of the running bot: time, and to know when the
// bot has nothing left to say.
type Bot interface {
	Advance(ctx context.Context, by time.Duration) error
	NextDeadline(ctx context.Context) (time.Time, error)
	Settled(ctx context.Context) (bool, error)
}

// Player lets people do what a plan says, each thing at its time. The business
// clock must stand still but for what the player moves it.
type Player struct {
	Slack *slacksim.Server
	Bot   Bot
	Now   func() time.Time      // the business time
	Start time.Time             // of the plan
	Tell  func(done, total int) // how far it has come; nil for nobody
	cards map[int]card          // by place in the plan
	stops []time.Time           // when the desk may have something to say
}

// card is where a ticket stands in the workspace.
type card struct {
	number int
	ts     string
}

// patience bounds how long one thing may take to have its effect, in real time.
const patience = 30 * time.Second

// Play plays the plan and leaves the clock at its end.
func (p *Player) Play(ctx context.Context, plan Plan) error {
	p.cards = map[int]card{}
	all := plan.moments()
	for i, m := range all {
		p.tell(i, len(all))
		if err := p.advance(ctx, p.Start.Add(m.at)); err != nil {
			return err
		}
		t := plan.Tickets[m.ticket]
		if err := p.moment(ctx, plan, m); err != nil {
			return fmt.Errorf("%q, after %s: %w", t.Title, m.at, err)
		}
	}
	if err := p.advance(ctx, p.Start.Add(plan.End)); err != nil {
		return err
	}
	p.tell(len(all), len(all))
	return nil
}

func (p *Player) tell(done, total int) {
	if p.Tell != nil {
		p.Tell(done, total)
	}
}

func (p *Player) moment(ctx context.Context, plan Plan, m moment) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if m.step == nil {
		return p.file(ctx, plan.Tickets[m.ticket], m.ticket)
	}
	if err := p.step(ctx, plan.Tickets[m.ticket], p.cards[m.ticket], *m.step); err != nil {
		return fmt.Errorf("%s by %s: %w", m.step.Do, m.step.Who, err)
	}
	switch m.step.Do {
	case DeleteCard:
		return p.settleOn(ctx, plan.Tickets[m.ticket], m.ticket)
	case ClaimEmoji, ClaimButton, ClaimAlert, ClaimAsked, HandOver:
		p.stops = append(p.stops, p.Now().Add(noteAfter))
	}
	return p.settle(ctx)
}

// noteAfter is when the desk says that somebody has a ticket, and a little.
const noteAfter = 61 * time.Second

// advance moves the clock, with a halt wherever the desk has something to say:
// what the clocks tell is told at its time.
func (p *Player) advance(ctx context.Context, to time.Time) error {
	for p.Now().Before(to) {
		next, err := p.nextStop(ctx, to)
		if err != nil {
			return err
		}
		if err := p.Bot.Advance(ctx, next.Sub(p.Now())); err != nil {
			return fmt.Errorf("moving the time: %w", err)
		}
		if err := p.settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

// nextStop is the first time after now, and not after to, at which something
// may be said.
func (p *Player) nextStop(ctx context.Context, to time.Time) (time.Time, error) {
	now := p.Now()
	deadline, err := p.Bot.NextDeadline(ctx)
	if err != nil {
		return to, fmt.Errorf("asking for the next deadline: %w", err)
	}
	p.stops = slices.DeleteFunc(p.stops, func(t time.Time) bool { return !t.After(now) })
	for _, t := range append([]time.Time{deadline}, p.stops...) {
		if t.After(now) && t.Before(to) {
			to = t
		}
	}
	return to, nil
}

// lookAgain is the pause between two looks at whether the bot is done.
const lookAgain = 2 * time.Millisecond

// settle waits until the bot has taken in everything and said everything.
func (p *Player) settle(ctx context.Context) error {
	for {
		if _, err := p.Slack.Await(ctx, func(s slacksim.State) bool { return s.Pending == 0 }); err != nil {
			return fmt.Errorf("until the bot has heard everything: %w", err)
		}
		settled, err := p.Bot.Settled(ctx)
		if err != nil || settled {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("until the bot has said everything: %w", ctx.Err())
		case <-time.After(lookAgain):
		}
	}
}
