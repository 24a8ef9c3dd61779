package history

import (
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/dev/slacksim"
)

// Bot is what the player needs of the running bot: its time, and whether it has nothing
// left to post.
type Bot interface {
	Advance(ctx context.Context, by time.Duration) error
	NextDeadline(ctx context.Context) (time.Time, error)
	Settled(ctx context.Context) (bool, error)
}

// Player carries out a plan, each step at its time. Only the player may move the business
// clock.
type Player struct {
	Slack *slacksim.Server
	Bot   Bot
	Now   func() time.Time      // the business time
	Start time.Time             // of the plan
	Tell  func(done, total int) // called with the progress; may be nil
	// Deploy reports a deployment that was at a time; nil reports none.
	Deploy   func(ctx context.Context, d Deployment, at time.Time) error
	plan     Plan
	cards    map[int]card // by index in the plan
	stops    []time.Time  // times at which the desk may post
	opinions []opinion    // of solutions, that somebody will give if they are asked
}

// card is the place of a ticket in the workspace.
type card struct {
	number int
	ts     string
}

// patience bounds how long a step may take to have its effect, in real time.
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
		p.plan = plan
		if m.act != nil {
			if err := p.onDuty(ctx, *m.act); err != nil {
				return fmt.Errorf("after %s: %w", m.at, err)
			}
			continue
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
	return p.deploy(ctx, plan)
}

// deploy reports all deployments, as a pipeline does that was offline: incidents are tied to them afterwards.
func (p *Player) deploy(ctx context.Context, plan Plan) error {
	for _, d := range plan.Deployments {
		if p.Deploy == nil || d.At > plan.End {
			break
		}
		if err := p.Deploy(ctx, d, p.Start.Add(d.At)); err != nil {
			return fmt.Errorf("the deployment of %s: %w", d.Service, err)
		}
	}
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
		return p.awaitCard(ctx, plan.Tickets[m.ticket], m.ticket)
	case ClaimEmoji, ClaimButton, ClaimAlert, ClaimAsked, HandOver:
		p.stops = append(p.stops, p.Now().Add(noteAfter))
	case ResolveTick, ResolveMark, ResolveForm, SolvedIt:
		p.opinions = append(p.opinions, opinionOf(m.ticket, p.cards[m.ticket], p.Now()))
	}
	return p.awaitBot(ctx)
}

// noteAfter is a little longer than the desk waits before it posts a note about a claim.
const noteAfter = 61 * time.Second

// advance moves the clock and stops at each time at which the desk may post, so that
// alerts are posted at their times.
func (p *Player) advance(ctx context.Context, to time.Time) error {
	for p.Now().Before(to) {
		next, err := p.nextStop(ctx, to)
		if err != nil {
			return err
		}
		if err := p.Bot.Advance(ctx, next.Sub(p.Now())); err != nil {
			return fmt.Errorf("moving the time: %w", err)
		}
		if err := p.awaitBot(ctx); err != nil {
			return err
		}
		if err := p.rate(ctx); err != nil {
			return err
		}
	}
	return nil
}

// nextStop is the first time after now at which the desk may post, but at most to.
func (p *Player) nextStop(ctx context.Context, to time.Time) (time.Time, error) {
	now := p.Now()
	deadline, err := p.Bot.NextDeadline(ctx)
	if err != nil {
		return to, fmt.Errorf("asking for the next deadline: %w", err)
	}
	p.stops = slices.DeleteFunc(p.stops, func(t time.Time) bool { return !t.After(now) })
	stops := append([]time.Time{deadline}, p.stops...)
	for _, o := range p.opinions {
		stops = append(stops, o.at)
	}
	for _, t := range stops {
		if t.After(now) && t.Before(to) {
			to = t
		}
	}
	return to, nil
}

// lookAgain is the pause between two checks whether the bot is done.
const lookAgain = 2 * time.Millisecond

// awaitBot waits until the bot has handled every event and posted every message.
func (p *Player) awaitBot(ctx context.Context) error {
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
