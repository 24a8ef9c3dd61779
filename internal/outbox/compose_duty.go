package outbox

import (
	"context"
	"fmt"
	"time"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackview"
)

// onDuty returns who is on duty for a ticket and can be called in its thread: neither the
// owner, who is called anyway, nor somebody who does not read it. It is "" for nobody.
func (c *Composer) onDuty(ctx context.Context, r desk.Record, now time.Time) string {
	person, err := c.Desk.OnDutyFor(ctx, r.Ticket.Category, now)
	if err != nil || person == "" || person == r.Ticket.Assignee {
		return "" // the group is called, or the channel is told
	}
	if p, err := c.People.Person(ctx, person); err != nil || !r.Inside(p) || !desk.MayRead(p, r.Ticket) {
		return ""
	}
	return person
}

// composeOnDuty briefs who has come on duty, if they still are.
func (c *Composer) composeOnDuty(ctx context.Context, i Item, now time.Time) (Plan, error) {
	roster, err := c.Desk.Roster(ctx, now)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for who is on duty: %w", err)
	}
	squad, _ := roster.Named(i.Squad)
	shift, _ := squad.Rota.Now(now)
	if shift.Person != i.To && !i.Unsure {
		return Plan{Drop: "somebody else is on duty"}, nil
	}
	brief, err := c.Desk.Brief(ctx, i.To, squad, now)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for what a squad has: %w", err)
	}
	return Plan{Channel: i.To, Message: slackview.Brief(brief, i.Squad, i.To, shift.Until, c.scene(ctx, now))}, nil
}

// composeLeftUnowned tells a lead what is pressing and has no owner, if anything still is.
func (c *Composer) composeLeftUnowned(ctx context.Context, i Item, now time.Time) (Plan, error) {
	roster, err := c.Desk.Roster(ctx, now)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for who is on duty: %w", err)
	}
	squad, _ := roster.Named(i.Squad)
	pressing, err := c.Desk.Pressing(ctx, i.To, squad, now)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for what has no owner: %w", err)
	}
	if len(pressing) == 0 && !i.Unsure {
		return Plan{Drop: "nothing that is pressing has no owner"}, nil
	}
	return Plan{Channel: i.To, Message: slackview.LeftUnowned(pressing, i.Squad, squad.Rota.At(now), c.scene(ctx, now))}, nil
}

// composeOverridden tells who is on duty in the place of somebody else, and what is hard about that.
func (c *Composer) composeOverridden(ctx context.Context, i Item, now time.Time) (Plan, error) {
	var strain duty.Strain
	if i.To == i.From && !i.Over {
		var err error
		if strain, err = c.Desk.Strain(ctx, i.Squad, duty.Shift{Person: i.To, From: i.At, Until: i.By}, nil, now); err != nil {
			return Plan{}, fmt.Errorf("looking for other shifts: %w", err)
		}
	}
	return Plan{Channel: i.To, Message: slackview.Overridden(i.Notice, strain, c.scene(ctx, now))}, nil
}

// composeSwap asks for a swap, or tells what became of it, with what is hard about it for its reader.
func (c *Composer) composeSwap(ctx context.Context, i Item, now time.Time) (Plan, error) {
	var strain duty.Strain
	if takes, with := swapStrains(i.Kind, *i.Swap); takes.Person != "" {
		var err error
		if strain, err = c.Desk.Strain(ctx, i.Swap.Squad, takes, with, now); err != nil {
			return Plan{}, fmt.Errorf("looking for other shifts: %w", err)
		}
	}
	return Plan{Channel: i.To, Message: slackview.Swap(i.Notice, strain, c.scene(ctx, now))}, nil
}

// swapStrains returns the shift that the reader takes, and what is not in effect yet.
func swapStrains(kind desk.NoticeKind, s desk.Swap) (takes duty.Shift, with []duty.Override) {
	switch {
	case kind == desk.NoticeSwapAsked:
		return duty.Shift{Person: s.To, From: s.Gives.From, Until: s.Gives.Until}, s.Overrides()
	case kind == desk.NoticeSwapAccepted && s.Exchanges():
		return duty.Shift{Person: s.Gives.Person, From: s.Takes.From, Until: s.Takes.Until}, nil
	}
	return duty.Shift{}, nil
}

// composeWoken asks who was called at night whether it woke them.
func (c *Composer) composeWoken(ctx context.Context, i Item, now time.Time) (Plan, error) {
	asked := desk.DutyPages{Person: i.To, From: i.At, Until: i.By}
	pages, err := c.Desk.PagesOf(ctx, asked)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for who was called: %w", err)
	}
	mornings, err := c.Desk.Mornings(ctx, i.To, now)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for who is on duty: %w", err)
	}
	return Plan{Channel: i.To, Message: slackview.Woken(pages, asked, mornings, nil, c.scene(ctx, now))}, nil
}

// composeOffDuty asks who was on duty before for a note, if anything is open.
func (c *Composer) composeOffDuty(ctx context.Context, i Item, now time.Time) (Plan, error) {
	roster, err := c.Desk.Roster(ctx, now)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for who is on duty: %w", err)
	}
	squad, _ := roster.Named(i.Squad)
	brief, err := c.Desk.Brief(ctx, i.To, squad, now)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for what a squad has: %w", err)
	}
	if brief.Figures.Open == 0 && !i.Unsure {
		return Plan{Drop: "nothing is open"}, nil
	}
	return Plan{Channel: i.To, Message: slackview.OffDuty(i.Notice, brief.Figures, c.scene(ctx, now))}, nil
}

// composeRotaMade tells whom it concerns that another rota counts, and when they are on duty by it.
func (c *Composer) composeRotaMade(ctx context.Context, i Item, now time.Time) (Plan, error) {
	const weeks = 12 * 7 * 24 * time.Hour
	roster, err := c.Desk.Roster(ctx, now)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for who is on duty: %w", err)
	}
	squad, _ := roster.Named(i.Squad)
	var first duty.Shift
	for _, s := range squad.Rota.Between(i.At, i.At.Add(weeks)) {
		if s.Person == i.To {
			first = s
			break
		}
	}
	return Plan{Channel: i.To, Message: slackview.RotaMade(i.Notice, first, c.scene(ctx, now))}, nil
}
