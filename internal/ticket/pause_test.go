package ticket_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/ticket"
)

var (
	question = ticket.Message{Channel: "C1", TS: "1772443000.000100"}
	asks     = with(ticket.Details{Message: question, Text: "Which card?"})
	parks    = with(ticket.Details{Text: "A part", ReviewAt: minute(7 * 24 * 60)})
	waited   = entry(ticket.Waited, bob, minute(20), asks)
	held     = entry(ticket.Held, bob, minute(20), parks)
)

func TestEveryKindInAPause(t *testing.T) {
	t.Parallel()
	now := minute(30)
	for name, test := range map[string]struct {
		entry         ticket.Entry
		waiting, held string // the state afterwards, or why it is not possible
	}{
		"the same question":            {entry(ticket.Waited, bob, now, asks), "same", "waiting"},
		"another question":             {entry(ticket.Waited, bob, now, with(ticket.Details{Text: "Which bank?"})), "waiting", "waiting"},
		"a question of another":        {entry(ticket.Waited, carol, now, asks), "conflict", "conflict"},
		"the same hold":                {entry(ticket.Held, bob, now, parks), "on_hold", "same"},
		"held for longer":              {entry(ticket.Held, bob, now, with(ticket.Details{Text: "A part", ReviewAt: minute(20000)})), "on_hold", "on_hold"},
		"resume":                       {entry(ticket.Resumed, carol, now), "claimed", "claimed"},
		"the emoji taken back":         {entry(ticket.Resumed, bob, now, by(ticket.ByEmoji), asks), "claimed", "same"},
		"another emoji taken back":     {entry(ticket.Resumed, bob, now, by(ticket.ByEmoji)), "same", "claimed"},
		"reply of the requester":       {entry(ticket.Replied, alice, now), "claimed", "on_hold"},
		"reply of the owner":           {entry(ticket.Replied, bob, now), "waiting", "on_hold"},
		"reply of another":             {entry(ticket.Replied, dan, now), "waiting", "on_hold"},
		"claim by the owner":           {entry(ticket.Claimed, bob, now), "same", "same"},
		"claim by another":             {entry(ticket.Claimed, carol, now), "conflict", "conflict"},
		"hand over":                    {entry(ticket.HandedOver, bob, now, to(carol)), "waiting", "on_hold"},
		"put back":                     {entry(ticket.PutBack, bob, now), "open", "open"},
		"raise":                        {entry(ticket.Reprioritised, bob, now, at(ticket.P1)), "waiting", "on_hold"},
		"resolve":                      {entry(ticket.Resolved, bob, now), "resolved", "resolved"},
		"close":                        {entry(ticket.Closed, alice, now), "closed", "closed"},
		"close because nobody answers": {entry(ticket.Closed, "", now, by(ticket.ByClock), with(ticket.Details{CloseReason: ticket.NoAnswer})), "closed", "conflict"},
		"reopen":                       {entry(ticket.Reopened, alice, now), "same", "same"},
		"withhold":                     {entry(ticket.Withheld, "", now), "waiting", "on_hold"},
	} {
		t.Run(name, func(t *testing.T) {
			for i, pause := range []ticket.Entry{waited, held} {
				before := play(t, opened(), claimed, pause)
				next, err := before.Apply(test.entry)
				if want := []string{test.waiting, test.held}[i]; outcome(next, err) != want {
					t.Errorf("%s when %s: %s, want %s", name, before.State, outcome(next, err), want)
				}
				if paused := next.Pause != (ticket.Pause{}); err == nil && !next.State.Ended() && paused != next.Paused() {
					t.Errorf("%s when %s: %s with the pause %+v", name, before.State, next.State, next.Pause)
				}
				if diff := cmp.Diff(before, next); err != nil && diff != "" {
					t.Errorf("a refused entry changed the ticket (-before +after):\n%s", diff)
				}
			}
		})
	}
}

func TestWhatAPauseKnows(t *testing.T) {
	t.Parallel()
	first := play(t, opened(), claimed, waited)
	if want := (ticket.Pause{State: ticket.StateWaiting, Number: 1, Since: minute(20), Question: question, Text: "Which card?"}); first.Pause != want {
		t.Errorf("%+v, want %+v", first.Pause, want)
	}
	second := play(t, opened(), claimed, waited, entry(ticket.Replied, alice, minute(21)), entry(ticket.Held, bob, minute(22), parks))
	if want := (ticket.Pause{State: ticket.StateOnHold, Number: 2, Since: minute(22), Text: "A part", ReviewAt: minute(7 * 24 * 60)}); second.Pause != want {
		t.Errorf("%+v, want %+v", second.Pause, want)
	}
}

func TestOnlyTheOwnerPauses(t *testing.T) {
	t.Parallel()
	if _, err := play(t, opened()).Apply(waited); outcome(ticket.Ticket{}, err) != "conflict" {
		t.Errorf("a question about what nobody has: %v", err)
	}
}

// After an undone resolution a pause goes on, unless the requester has answered meanwhile.
func TestUndoneInAPause(t *testing.T) {
	t.Parallel()
	tick := entry(ticket.Resolved, bob, minute(25), by(ticket.ByEmoji))
	untick := entry(ticket.Undone, bob, minute(29), by(ticket.ByEmoji))
	if got := play(t, opened(), claimed, waited, tick, untick); got.State != ticket.StateWaiting || got.Pause.Number != 1 {
		t.Errorf("%s, %+v", got.State, got.Pause)
	}
	answered := play(t, opened(), claimed, waited, tick, entry(ticket.Replied, alice, minute(27)), untick)
	if answered.State != ticket.StateClaimed || answered.Pause != (ticket.Pause{}) {
		t.Errorf("answered meanwhile: %s, %+v", answered.State, answered.Pause)
	}
	reopened := play(t, opened(), claimed, waited, tick, entry(ticket.Reopened, alice, minute(29).Add(time.Hour)))
	if reopened.State != ticket.StateClaimed || reopened.Pause != (ticket.Pause{}) {
		t.Errorf("reopened: %s, %+v", reopened.State, reopened.Pause)
	}
}
