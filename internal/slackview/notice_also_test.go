package slackview

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// If there is no answer and the time to solve also runs out, one message says both. Later
// it shows which of the two is still true.
func TestTwoStepsInOneMessage(t *testing.T) {
	t.Parallel()
	const min = time.Minute
	answered := entry(ticket.Replied, "UBOB", 136*min, ticket.Details{})
	claimed := entry(ticket.Claimed, "UBOB", 5*min, ticket.Details{})
	const it = "#42 Checkout fails for US cards (Alice) "
	for name, test := range map[string]struct {
		rest    []ticket.Entry
		clock   sla.Name
		step    sla.StepName
		now     time.Duration
		want    string
		buttons string
	}{
		"unanswered":       {nil, sla.Respond, "again3", 135 * min, it + "still has no answer: it was to be answered by 10:35. It is to be solved by 12:50, in 45 minutes.", "claim"},
		"answered_since":   {[]ticket.Entry{answered}, sla.Respond, "again3", 137 * min, it + "has no owner and is to be solved by 12:50.", "claim"},
		"late_since":       {nil, sla.Respond, "again3", 181 * min, it + "still has no answer: it was to be answered by 10:35.", "claim"},
		"the_next_answers": {[]ticket.Entry{claimed}, sla.Reply, sla.Late, 135 * min, "<@UBOB>, Alice has been waiting for an answer on #42 Checkout fails for US cards since Fri 20 Nov 10:50. It is to be solved by 12:50, in 45 minutes.", "on_it expect hand_over"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := ticket42(t, opened(), test.rest...)
			r.Cycles[0].Clocks = append(r.Cycles[0].Clocks,
				sla.Clock{Name: sla.Reply, Target: time.Hour, StartedAt: after(time.Hour), DueAt: after(2 * time.Hour)})
			n := notice(desk.NoticeAlert, r.Ticket.Assignee, "")
			n.Alert = &desk.Alert{Cycle: 1, Source: desk.Source(test.clock), Step: test.step}
			n.Also = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: sla.Warn, At: after(135 * min)}
			m := Notice(n, r, sceneAt(after(test.now)))
			if got := inUTC(m.Text); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
			for button := range strings.FieldsSeq(test.buttons) {
				if !strings.Contains(asJSON(t, m.Blocks), `"action_id":"`+button+`"`) {
					t.Errorf("there is no button %s", button)
				}
			}
			goldenMessage(t, "alert_both_"+name, m, "@"+n.To)
		})
	}
}
