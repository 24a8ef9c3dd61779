package slackview

import (
	"cmp"
	"fmt"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// offered offers a new ticket to one person, who takes it or passes it on, and later tells what became
// of that. Of a private ticket it has the number and the priority alone, because it shows on locked phones.
func offered(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	s.Direct = true
	t := r.Ticket
	about := t.Priority.String() + " " + named(r, s)
	if t.Private() {
		about = fmt.Sprintf("%s %s, a private ticket,", t.Priority, number(r, s))
	}
	switch {
	case n.Passed:
		return say("You passed " + about + " on." + outcome(t, s))
	case r.Pressable(n):
		return say(fmt.Sprintf("%s is new. Do you take it?%s", about, target(r, s)),
			buttonSaying(ActionClaim, "Take it", t.Number).WithStyle(slack.StylePrimary), button(ActionPassOn, t.Number))
	}
	return say(about + " was offered to you." + cmp.Or(outcome(t, s), " It has no owner: whoever can takes it."))
}
