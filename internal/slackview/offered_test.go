package slackview

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Of a private ticket an offer has the number and the priority alone. Nobody is pinged in it.
func TestOffered(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", 5*time.Minute, ticket.Details{})
	n := notice(desk.NoticeOffered, "UDANA", "")
	passed, over := n, n
	passed.Over, passed.Passed, over.Over = true, true, true
	for name, test := range map[string]struct {
		n    desk.Notice
		r    desk.Record
		want string
	}{
		"new":            {n, ticket42(t, opened()), ""},
		"private":        {n, laddered(t, true), ""},
		"claimed":        {n, ticket42(t, opened(), claimed), "Bob has it."},
		"passed":         {passed, ticket42(t, opened()), "You passed"},
		"passed_claimed": {passed, ticket42(t, opened(), claimed), "on. Bob has it."},
		"nobody":         {over, ticket42(t, opened()), "It has no owner: whoever can takes it."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := Notice(test.n, test.r, sceneAt(after(10*time.Minute)))
			goldenMessage(t, "offered_"+name, m)
			if !strings.Contains(m.Text, test.want) {
				t.Errorf("%q, want %q", m.Text, test.want)
			}
			if said := mustRead(t, m); name == "private" && strings.Contains(said, "Checkout fails") {
				t.Errorf("of a private ticket it says %s", said)
			}
		})
	}
}
