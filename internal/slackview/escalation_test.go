package slackview

import (
	"slices"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// escalating is a policy under which a ticket is escalated at once and when it is late.
func escalating(r desk.Record) desk.Record {
	r.Escalations = []sla.Escalation{{Notify: []string{"duty"}}, {Percent: 100, Notify: []string{"duty"}}}
	return r
}

func TestEscalation(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", 5*time.Minute, ticket.Details{})
	hostileTitle := opened()
	hostileTitle.Title = hostile
	open, owned := escalating(ticket42(t, opened())), escalating(ticket42(t, opened(), claimed))
	withheld := escalating(ticket42(t, opened(), entry(ticket.Withheld, "", time.Minute, ticket.Details{})))
	for name, test := range map[string]struct {
		r      desk.Record
		step   sla.StepName // zero: by hand
		to     string
		calls  []string
		group  string
		now    time.Duration
		called []string // the people whom the alert mentions
		want   string
	}{
		"at_once":      {r: open, step: "1.1", calls: []string{"duty"}, group: "S1", called: []string{"!subteam^S1"}, want: "<!subteam^S1>, #42 Checkout fails for US cards (Alice) is to be solved by 12:50 and has no owner."},
		"everybody":    {r: open, step: "1.1", calls: []string{"duty"}, want: "<https://acme.slack.com/archives/CSUPPORT/p1763632200000100|#42> Checkout fails for US cards (Alice) is to be solved by 12:50 and has no owner."},
		"late":         {r: open, step: "2.1", calls: []string{"group:S7", "person:UDANA", "person:UDANA"}, now: 3 * time.Hour, called: []string{"!subteam^S7", "@UDANA"}, want: "<!subteam^S7>, <@UDANA>, #42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50 and has no owner."},
		"late_owned":   {r: owned, step: "2.1", calls: []string{"person:UDANA", "owner"}, now: 4 * time.Hour, called: []string{"@UBOB", "@UDANA"}, want: "<@UDANA>, <@UBOB>, #42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50, and Bob has not answered."},
		"owner":        {r: owned, step: "2.1", calls: []string{"owner"}, now: 4 * time.Hour, called: []string{"@UBOB"}, want: "<@UBOB>, #42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50, and Bob has not answered."},
		"elsewhere":    {r: escalating(ticket42(t, hostileTitle)), step: "2.1", to: "C7", now: 4 * time.Hour},
		"withheld":     {r: withheld, step: "2.1", to: "C7", now: 4 * time.Hour, want: "P2 <https://acme.slack.com/archives/CSUPPORT/p1763632200000100|#42> (Alice) passed its 3 h target at 12:50 and has no owner."},
		"by_hand":      {r: open, calls: []string{"person:UDANA", "person:UBOB"}, called: []string{"@UDANA"}, want: "<@UDANA>, Bob escalates #42 Checkout fails for US cards (Alice): The bank calls."},
		"by_hand_away": {r: open, to: "UDANA", want: "Bob escalates P2 <https://acme.slack.com/archives/CSUPPORT/p1763632200000100|#42> Checkout fails for US cards (Alice): The bank calls."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := notice(desk.NoticeEscalation, test.to, "")
			n.Call = test.calls
			if test.step != "" {
				n.Escalation = &desk.Alert{Cycle: 1, Source: desk.Escalation, Step: test.step}
			} else {
				n.Actor, n.Note = "UBOB", "The bank calls."
			}
			s := sceneAt(after(test.now))
			s.Group, s.Workspace = test.group, "https://acme.slack.com/"
			m := Notice(n, test.r, s)
			goldenMessage(t, "escalation_"+name, m, test.called...)
			if got := inUTC(m.Text); test.want != "" && got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
			if want := slices.Contains(test.calls, "duty") && test.group == ""; m.Broadcast != want {
				t.Errorf("broadcast = %v, want %v", m.Broadcast, want)
			}
		})
	}
}

// An alert mentions the recipients of an escalation, each once, and nobody after somebody
// has answered.
func TestAlertThatCallsMore(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", 5*time.Minute, ticket.Details{})
	reply := entry(ticket.Replied, "UBOB", 3*time.Hour, ticket.Details{})
	for _, test := range []struct {
		name  string
		r     desk.Record
		calls []string
		want  string
	}{
		{"owned", ticket42(t, opened(), claimed), []string{"owner", "person:UDANA"}, "#42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50. <@UBOB>, please tell Alice when to expect it. <@UDANA>, please look at it with Bob."},
		{"nobody_has_it", ticket42(t, opened()), []string{"duty", "group:S7"}, "<!subteam^S1>, #42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50 and has no owner. <!subteam^S7>, please see that somebody takes it."},
		{"nobody_else", ticket42(t, opened()), []string{"duty"}, "<!subteam^S1>, #42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50 and has no owner."},
		{"answered", ticket42(t, opened(), claimed, reply), []string{"person:UDANA"}, "#42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50. <@UBOB>, please tell Alice when to expect it."},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := notice(desk.NoticeAlert, test.r.Ticket.Assignee, "")
			n.Alert, n.Call = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: sla.Late}, test.calls
			n.Escalation = &desk.Alert{Cycle: 1, Source: desk.Escalation, Step: "2.1"}
			s := sceneAt(after(4 * time.Hour))
			s.Group = "S1"
			m := Notice(n, escalating(test.r), s)
			goldenMessage(t, "alert_calls_"+test.name, m, "@UBOB", "@UDANA", "!subteam^S1", "!subteam^S7")
			if got := inUTC(m.Text); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// A warning that is posted after the deadline, and calls people then, describes the
// present state.
func TestWarningThatIsToldTooLate(t *testing.T) {
	t.Parallel()
	n := notice(desk.NoticeAlert, "", "")
	n.Alert = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: sla.Warn}
	got := Notice(n, ticket42(t, opened()), sceneAt(after(4*time.Hour))).Text
	if want := "#42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50 and has no owner."; inUTC(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPageReason(t *testing.T) {
	t.Parallel()
	open := ticket42(t, opened())
	owned := ticket42(t, opened(), entry(ticket.Claimed, "UDANA", 5*time.Minute, ticket.Details{}))
	longer := ticket42(t, opened(), entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{}), entry(ticket.Expected, "UBOB", time.Hour, ticket.Details{ExpectedAt: after(5 * time.Hour)}))
	step := &desk.Alert{Step: "1.1"}
	for want, test := range map[string]struct {
		r    desk.Record
		step *desk.Alert
		now  time.Duration
	}{
		"It has no owner.":                                       {open, step, 0},
		"It passed its 3 h target and has no owner.":             {open, step, 3 * time.Hour},
		"It is not answered for by Dana <!here> & @channel.":     {owned, step, time.Hour},
		"It was expected by now and is not answered for by Bob.": {longer, step, 6 * time.Hour},
		"Bob: The bank calls.":                                   {open, nil, 0},
	} {
		t.Run(want, func(t *testing.T) {
			n := notice(desk.NoticePage, "ops", "UBOB")
			n.Escalation, n.Note = test.step, "The bank\ncalls."
			if got := PageReason(n, test.r, sceneAt(after(test.now))); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestPageFailed(t *testing.T) {
	t.Parallel()
	n := notice(desk.NoticePageFailed, "ops", "")
	n.Note = "it answered 404"
	m := Notice(n, ticket42(t, opened()), sceneAt(friday))
	goldenMessage(t, "notice_page_failed", m)
	if want := "The page to ops did not get through: it answered 404."; m.Text != want || !m.Broadcast {
		t.Errorf("%q, broadcast %v; want %q to the channel", m.Text, m.Broadcast, want)
	}
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	if Notice(n, ticket42(t, opened(), claimed), sceneAt(friday)).Broadcast {
		t.Error("the owner reads the thread")
	}
}
