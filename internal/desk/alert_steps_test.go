package desk_test

import (
	"fmt"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Whatever time can bring has its row in the table of steps, and no row is without use.
func TestEveryAlertHasASeverity(t *testing.T) {
	t.Parallel()
	replies := promise.Targets[2]
	replies.NextReply = 20 * time.Minute
	h := newHarnessWith(t, sla.Policy{
		Targets:     sla.Targets{1: promise.Targets[1], 2: replies, 3: laddered(t).Targets[3]},
		Escalations: []sla.Escalation{{Percent: 100, Notify: []string{desk.RecipientDuty}}},
		Ladder:      []string{"Billing"},
	})
	h.Desk = h.Offering(desk.Offers{Categories: map[string]desk.Offering{"Billing": {Owner: bob, For: time.Hour}}})
	unanswered, silent, asked, longer := h.open(ticket.P1), h.open(ticket.P2), h.open(ticket.P2), h.open(ticket.P2)
	waits, held := h.open(ticket.P2), h.open(ticket.P2)
	h.do(longer, claim(ann, 1), expect(ann, 300, 2))
	h.do(silent, claim(ann, 1))
	h.do(asked, claim(ann, 1), reply(rita, 5))
	h.do(waits, claim(ann, 1), wait(ann, "Which card?", 5))
	h.do(held, claim(ann, 1), hold(ann, "The bank.", 5))
	h.sweep(140)
	used := map[int]bool{}
	for _, n := range []ticket.Number{unanswered, silent, asked, longer, waits, held} {
		rows, all := h.find(n).Severities()
		for _, row := range rows {
			if used[row] = true; row == all {
				t.Errorf("an alert of %s has no severity", n)
			}
		}
	}
	if _, all := h.find(asked).Severities(); len(used) != all {
		t.Errorf("%d of %d severities are used: %v", len(used), all, used)
	}
}

// A clock that is added without its severities is told of here.
func TestEveryStepOfAClockIsKnown(t *testing.T) {
	t.Parallel()
	for _, name := range sla.Names() {
		c := sla.Clock{Name: name, Alerts: true, Target: time.Hour, DueAt: minutes(60), WarnAt: minutes(45)}
		steps := c.Steps()
		if len(steps) == 0 {
			t.Errorf("the clock %s brings nothing", name)
		}
		for _, s := range steps {
			if !desk.Known(desk.Source(name), s.Name) {
				t.Errorf("the step %s of the clock %s has no row", s.Name, name)
			}
		}
	}
	for source, step := range map[desk.Source]sla.StepName{"another": sla.Late, desk.Source(sla.Resolve): "another", desk.Pause: "another"} {
		t.Run(fmt.Sprint(source), func(t *testing.T) {
			if desk.Known(source, step) {
				t.Errorf("the step %s of %s has a row", step, source)
			}
		})
	}
}
