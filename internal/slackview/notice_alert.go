package slackview

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// alert tells what a clock has to say. Where nobody can be called by name it is
// sent to the channel as well: a thread that nobody follows tells nobody.
func alert(n desk.Notice, r desk.Record, s Scene) Message {
	t, c := r.Ticket, r.Clock(n.Alert.Clock)
	if s.Retracted && n.Alert.Step == sla.Late && n.Alert.Promise == c.Promise && n.Cycle == t.Cycle && !c.Late(s.Now) {
		return say(t.Number.String() + " " + notLate(c, t))
	}
	m := say(alertText(*n.Alert, c, t, s), alertButton(t))
	m.Broadcast = !t.Owned() && s.Group == ""
	return m
}

func alertText(a desk.Alert, c sla.Clock, t ticket.Ticket, s Scene) string {
	due := at(c.DueAt, s.Now)
	late := fmt.Sprintf("%s target %s", within(c.Target, c.Days), due)
	switch {
	case a.Clock == sla.Respond && a.Step == sla.Late:
		return fmt.Sprintf("%s%s has no answer yet and passed its %s.", s.callOwner(t), t.Number, late)
	case a.Clock == sla.Respond:
		return fmt.Sprintf("%s%s has no answer yet and is due %s.", s.callOwner(t), t.Number, due)
	case a.Step == sla.Late && t.Assignee == t.Requester:
		return fmt.Sprintf("%s%s passed its %s.", s.callOwner(t), t.Number, late)
	case a.Step == sla.Late && t.Owned():
		return fmt.Sprintf("%s passed its %s. %splease tell %s when to expect it.",
			t.Number, late, s.callOwner(t), s.name(t.Requester))
	case a.Step == sla.Late:
		return fmt.Sprintf("%s%s passed its %s and has no owner.", s.callOwner(t), t.Number, late)
	case t.Owned():
		return fmt.Sprintf("%s%s is due %s, %s.", s.callOwner(t), t.Number, due, left(c, s.Now))
	}
	return fmt.Sprintf("%s%s has no owner and is due %s.", s.callOwner(t), t.Number, due)
}

// left says how far away the deadline is: in open hours, if the desk closes
// before it.
func left(c sla.Clock, now time.Time) string {
	if open := c.Left(now); open != c.DueAt.Sub(now) {
		return in(open) + " of opening hours"
	}
	return in(c.DueAt.Sub(now))
}

func alertButton(t ticket.Ticket) slack.BlockElement {
	if t.Owned() {
		return button(ActionHandOver, "Hand over…", t.Number)
	}
	return claimButton(t)
}

// notLate takes back that a clock was late: what stopped it in time was learned of
// afterwards.
func notLate(c sla.Clock, t ticket.Ticket) string {
	switch {
	case c.Running():
		return "is not late: its clock stood still for a while."
	case c.Name == sla.Respond:
		return "was not late: it was answered on time."
	case t.State == ticket.StateClosed:
		return "was not late: it was closed before."
	}
	return "was not late: it was solved on time."
}
