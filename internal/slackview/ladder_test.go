package slackview

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// laddered is a P1 that calls people along the ladder: it was opened on a Friday at 09:50, and the
// desk is open on Mondays.
func laddered(t *testing.T, private bool, more ...ticket.Entry) desk.Record {
	t.Helper()
	first := opened()
	first.Priority, first.MakesPrivate = ticket.P1, private
	r := ticket42(t, first, more...)
	var week [7][]sla.Span
	week[time.Monday] = []sla.Span{{From: 540, To: 1080}}
	calendar, err := sla.NewCalendar(sla.Hours{Zone: "UTC", Week: week})
	if err != nil {
		t.Fatal(err)
	}
	r.Laddered, r.Hours = true, calendar
	return r
}

func onLadder(kind desk.NoticeKind, to string, calls ...string) desk.Notice {
	n := notice(kind, to, "")
	n.Escalation, n.Call = &desk.Alert{Cycle: 1, Source: desk.Ladder, Step: "1.2"}, calls
	return n
}

func TestLadder(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", 6*time.Minute, ticket.Details{})
	reached := entry(ticket.Reached, "UDANA", 6*time.Minute, ticket.Details{})
	open, private := laddered(t, false), laddered(t, true)
	thread, direct, lead := onLadder(desk.NoticeEscalation, "", "person:UBOB"), onLadder(desk.NoticeEscalation, "UBOB"), onLadder(desk.NoticeUnreached, "UDANA")
	last := onLadder(desk.NoticeEscalation, "UDANA", "person:UBOB", "person:UALICE")
	silent := laddered(t, false, entry(ticket.Claimed, "UDANA", time.Minute, ticket.Details{}))
	silent.Alerts = []desk.Alert{{Cycle: 1, Source: desk.Source(sla.Resolve), Step: desk.StepSilent, At: after(4 * time.Minute)}}
	again := thread
	again.Escalation = &desk.Alert{Cycle: 1, Source: desk.Ladder, Step: "2.2"}
	for name, test := range map[string]struct {
		n      desk.Notice
		r      desk.Record
		over   bool // it has become obsolete
		called []string
		want   string
	}{
		"thread":                 {thread, open, false, []string{"@UBOB"}, ""},
		"thread_owned":           {again, silent, false, []string{"@UBOB"}, ""},
		"direct":                 {direct, open, false, nil, ""},
		"direct_claimed":         {direct, laddered(t, false, claimed), true, nil, ""},
		"direct_reached":         {direct, laddered(t, false, reached), true, nil, ""},
		"direct_private":         {direct, private, false, nil, "P1 #42, a private ticket, is unanswered."},
		"direct_private_claimed": {direct, laddered(t, true, claimed), true, nil, ""},
		"last_private":           {last, private, false, nil, "P1 #42, a private ticket, is unanswered. Please call Bob and Alice."},
		"unreached":              {onLadder(desk.NoticeUnreached, "UALICE"), open, false, []string{"@UALICE"}, ""},
		"unreached_channel":      {onLadder(desk.NoticeUnreached, ""), open, false, nil, ""},
		"unreached_lead":         {lead, open, false, nil, ""},
		"unreached_lead_private": {lead, private, false, nil, ""},
		"unreached_reached":      {onLadder(desk.NoticeUnreached, "UALICE"), laddered(t, false, reached), true, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sceneAt(after(10 * time.Minute))
			s.Obsolete = test.over
			m := Notice(test.n, test.r, s)
			if name == "last_private" {
				s.MayNotRead = true
				m = Hidden(test.n, test.r, s)
			}
			goldenMessage(t, "ladder_"+name, m, test.called...)
			if test.want != "" && m.Text != test.want {
				t.Errorf("%q, want %q", m.Text, test.want)
			}
			said := mustRead(t, m)
			if private := test.r.Ticket.Private(); private && (strings.Contains(said, "Checkout fails") || strings.Contains(said, "Alice") && name != "last_private") {
				t.Errorf("of a private ticket it says %s", said)
			}
		})
	}
}
