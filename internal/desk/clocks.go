package desk

import (
	"context"
	"fmt"
	"slices"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// compute folds the timeline and adds all that follows from it. Withheld words are left
// out here and nowhere else, so that no reader of a record has them.
func (d *Desk) compute(ctx context.Context, r Record) (Record, error) {
	t, timeline := ticket.Fold(r.Ticket.Number, r.Timeline)
	r.Ticket, r.Timeline = t.WithoutWithheld(), timeline
	events, err := d.events(ctx, r.Timeline)
	if err != nil {
		return Record{}, unavailable(err)
	}
	r.Cycles = sla.Cycles(events)
	policy, err := d.policy(ctx, r.Timeline)
	if err != nil {
		return Record{}, unavailable(err)
	}
	r.Hours, r.Escalations = policy.Hours(r.Ticket.Category), policy.Escalations
	r.Offered = d.offerTime(r)
	r.Laddered = slices.Contains(policy.Ladder, r.Ticket.Category)
	return r, nil
}

// events returns the events of a timeline that concern the clocks.
func (d *Desk) events(ctx context.Context, timeline []ticket.Entry) ([]sla.Event, error) {
	var events []sla.Event
	var t ticket.Ticket
	var promised sla.Target
	for _, e := range timeline {
		before := t
		t, _ = t.Apply(e)
		if e.Void != "" {
			continue
		}
		if t.Pause.Number != before.Pause.Number {
			events = append(events, sla.Event{At: e.HappenedAt, Kind: pauseKind(t.Pause)})
		}
		kind, ok := eventKind(e, t)
		if !ok {
			continue
		}
		target, err := d.target(ctx, e.Policy, t)
		if err != nil {
			return nil, err
		}
		if e.Kind == ticket.Edited && (t.Category == before.Category || target.Equal(promised)) {
			continue // what was promised stays promised
		}
		if promises(kind) {
			promised = target
		}
		if keepsTarget(kind) {
			target = promised
		}
		events = append(events, sla.Event{At: e.HappenedAt, Kind: kind, Target: target, Turn: turn(before.Priority, t.Priority), By: later(e.ExpectedAt, e.DueAt)})
		if kind == sla.Restart && t.Owned() {
			events = append(events, sla.Event{At: e.HappenedAt, Kind: sla.Answer})
		}
	}
	return events, nil
}

// promises reports whether an event brings a target with it.
func promises(kind sla.EventKind) bool {
	return kind == sla.Start || kind == sla.Restart || kind == sla.Retarget || kind == sla.AdoptPolicy
}

// keepsTarget reports whether an event goes by the target that was promised last.
func keepsTarget(kind sla.EventKind) bool { return kind == sla.Ask || kind == sla.Join }

// turn is where the priority goes; 1 is the most urgent.
func turn(before, after ticket.Priority) sla.Turn {
	switch {
	case after < before:
		return sla.Raised
	case after > before:
		return sla.Lowered
	default:
		return 0
	}
}

// pauseKind is the event for the beginning of a pause, or for its end.
func pauseKind(p ticket.Pause) sla.EventKind {
	switch p.State {
	case ticket.StateWaiting:
		return sla.Wait
	case ticket.StateOnHold:
		return sla.Hold
	default:
		return sla.Resume
	}
}

// policy returns the newest policy that a timeline names; one that promises nothing
// if it names none.
func (d *Desk) policy(ctx context.Context, timeline []ticket.Entry) (sla.Policy, error) {
	for _, e := range slices.Backward(timeline) {
		if e.Policy == 0 || e.Void != "" {
			continue
		}
		policy, err := d.policies.Policy(ctx, e.Policy)
		if err != nil {
			return sla.Policy{}, fmt.Errorf("reading policy %d: %w", e.Policy, err)
		}
		return policy, nil
	}
	return sla.Policy{}, nil
}

// target returns the target of a ticket by a version of the policy; nothing for version
// 0, which entries without a promise have.
func (d *Desk) target(ctx context.Context, version int, t ticket.Ticket) (sla.Target, error) {
	if version == 0 {
		return sla.Target{}, nil
	}
	policy, err := d.policies.Policy(ctx, version)
	if err != nil {
		return sla.Target{}, fmt.Errorf("reading policy %d: %w", version, err)
	}
	return policy.Target(t.Category, int(t.Priority)), nil
}

// eventKind is the event that an entry is to the clocks; t is the ticket after it.
func eventKind(e ticket.Entry, t ticket.Ticket) (sla.EventKind, bool) {
	switch e.Kind {
	case ticket.Opened:
		return sla.Start, true
	case ticket.Reopened:
		return sla.Restart, true
	case ticket.Claimed, ticket.HandedOver:
		return sla.Answer, true
	case ticket.Replied:
		if e.Role == ticket.RoleRequester {
			return sla.Ask, true
		}
		return sla.Answer, e.Role == ticket.RoleOwner || e.Role == ticket.RoleResponder
	case ticket.Reprioritised:
		return sla.Retarget, true
	case ticket.Edited:
		return sla.Retarget, e.Policy > 0 // to another category; see events
	case ticket.Retargeted:
		return sla.AdoptPolicy, true
	case ticket.Expected:
		return sla.Expect, true
	case ticket.FoldedIn:
		return sla.Join, !e.DueAt.IsZero()
	case ticket.Resolved, ticket.Closed:
		return sla.Stop, true
	case ticket.Undone:
		return sla.Unstop, !t.State.Ended() // it can stay resolved, by another's emoji
	case ticket.Waited, ticket.Held, ticket.Resumed, ticket.Retracted: // see pauseKind
	case ticket.Acknowledged, ticket.Reached, ticket.Escalated, ticket.Noted, ticket.PutBack, ticket.Explained, ticket.Withheld, ticket.Shown, ticket.Redacted, ticket.MadePrivate, ticket.Amended, ticket.Assessed, ticket.Classed, ticket.Thanked, ticket.Unthanked,
		ticket.Followed, ticket.Unfollowed, ticket.Parted, ticket.Agreed, ticket.Declined, ticket.Rated: // the promise does not notice
	}
	return 0, false
}
