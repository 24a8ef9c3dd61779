package desk_test

import (
	"testing"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Whatever a clock can tell has its severity, and no row of the table is without use.
func TestEveryAlertHasASeverity(t *testing.T) {
	t.Parallel()
	replies := promise.Targets[2]
	replies.NextReply = 20 * time.Minute
	o := newOfficeWith(t, sla.Policy{Targets: sla.Targets{1: promise.Targets[1], 2: replies}})
	unanswered, silent, asked, longer := o.open(ticket.P1), o.open(ticket.P2), o.open(ticket.P2), o.open(ticket.P2)
	o.do(longer, claim(ann, 1), expect(ann, 300, 2))
	o.do(silent, claim(ann, 1))
	o.do(asked, claim(ann, 1), reply(rita, 5))
	o.sweep(140)
	used := map[int]bool{}
	for _, n := range []ticket.Number{unanswered, silent, asked, longer} {
		rows, all := o.find(n).Severities()
		for _, row := range rows {
			if used[row] = true; row == all {
				t.Errorf("an alert of %s has no severity", n)
			}
		}
	}
	if _, all := o.find(asked).Severities(); len(used) != all {
		t.Errorf("%d of %d severities are used: %v", len(used), all, used)
	}
}
