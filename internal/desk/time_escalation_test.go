package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

func escalating(steps ...sla.Escalation) sla.Policy {
	p := promise
	p.Escalations = steps
	return p
}

func step(percent int, notify ...string) sla.Escalation {
	return sla.Escalation{Percent: percent, Notify: notify}
}

func TestEscalation(t *testing.T) {
	t.Parallel()
	policy := []sla.Escalation{
		{Priorities: []int{1}, Notify: []string{"page:ops"}},
		step(100, "duty", "owner"),
		{Percent: 100, After: 30 * time.Minute, Notify: []string{"person:" + ann, "channel:C7"}, Every: time.Hour, Most: 2},
	}
	for name, test := range map[string]struct {
		priority ticket.Priority
		steps    []sla.Escalation
		beats    []beat
	}{
		"a P1 that nobody looks at": {ticket.P1, policy, []beat{
			{m: 0, said: "page to ops for 1.1", next: 11.25},
			{m: 0, next: 11.25},
			{m: 60, said: "1/resolve/0/late for 2.1 calls duty owner", also: 6, next: 90},
			{m: 90, said: "escalation to C7 for 3.1; escalation for 3.1 calls person:UANN", next: 150},
			{m: 150, said: "escalation to C7 for 3.2; escalation for 3.2 calls person:UANN"}}},
		"a P2 is not paged for": {ticket.P2, policy[:1], []beat{{m: 0, next: 135}}},
		"raised: it is a P1 then": {ticket.P2, policy[:1], []beat{
			{m: 100, do: reprioritise(bob, ticket.P1, "", 100), said: "1/respond/1/late; page to ops for 1.1", also: 1, next: 110}}},
		"claimed before the sweep": {ticket.P1, policy[:1], []beat{{m: 0, do: claim(ann, 0), next: 45}}},
		"claimed: nobody is called before it is late": {ticket.P2, []sla.Escalation{step(50, "duty"), step(100, "duty")}, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 135, said: "1/resolve/0/warn to UANN", next: 165},
			{m: 180, said: "1/resolve/0/late to UANN for 2.1 calls duty", also: 1}}},
		"answered after the deadline": {ticket.P2, policy[2:], []beat{
			{m: 180, said: "1/resolve/0/late", also: 1, next: 210},
			{m: 181, do: reply(bob, 181)}}},
		"the requester's word is no answer": {ticket.P2, policy[2:], []beat{
			{m: 180, said: "1/resolve/0/late", also: 1, next: 210},
			{m: 181, do: reply(rita, 181), next: 210}}},
		"answered between two times": {ticket.P2, policy[2:], []beat{
			{m: 215, said: "1/resolve/0/late for 1.1 calls person:UANN; escalation to C7 for 1.1", also: 1, next: 270},
			{m: 216, do: claim(bob, 216)}}},
		"resolved": {ticket.P2, policy[2:], []beat{
			{m: 180, said: "1/resolve/0/late", also: 1, next: 210}, {m: 190, do: tick(rita, 190)}}},
		"it waits": {ticket.P2, []sla.Escalation{step(100, "duty")}, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 10, do: wait(ann, "Which card?", 10), next: 10 + 24*60},
			{m: 30, do: reply(rita, 30), next: 155},
			{m: 200, said: "1/resolve/0/late to UANN for 1.1 calls duty", also: 1}}},
		"another time given": {ticket.P2, []sla.Escalation{step(100, "duty")}, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 140, do: expect(ann, 300, 140), next: 180},
			{m: 310, said: "1/resolve/1/late to UANN for 1.1 calls duty", also: 2}}},
		"after an outage, each recipient once": {ticket.P1, []sla.Escalation{step(0, "page:ops", "duty"), step(50, "page:ops", "channel:C7"), step(120, "duty", "person:"+bob)}, []beat{
			{m: 100, said: "1/resolve/0/late for 3.1 calls duty person:UBOB; page to ops for 3.1; escalation to C7 for 3.1", also: 6}}},
		"who is not in the channel is written to": {ticket.P2, []sla.Escalation{step(0, "person:"+olga, "person:"+ann)}, []beat{
			{m: 0, said: "escalation to UOLGA for 1.1; escalation for 1.1 calls person:UANN", next: 135}}},
		"who is not known is called": {ticket.P2, []sla.Escalation{step(0, "person:U9")}, []beat{
			{m: 0, said: "escalation for 1.1 calls person:U9", next: 135}}},
		"reopened": {ticket.P2, []sla.Escalation{step(10, "duty")}, []beat{
			{m: 1, do: tick(ann, 1)},
			{m: 20, do: reopen(rita, 20), next: 38},
			{m: 38, said: "escalation for 1.1 calls duty", next: 155}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarnessWith(t, escalating(test.steps...))
			h.live(h.open(test.priority), test.beats)
		})
	}
}

// Nothing is said while the desk is closed.
func TestEscalationWaitsForTheHours(t *testing.T) {
	t.Parallel()
	calendar, err := sla.NewCalendar(sla.Hours{Zone: "UTC", Week: [7][]sla.Span{time.Monday: {{From: 600, To: 720}}, time.Tuesday: {{From: 600, To: 720}}}})
	if err != nil {
		t.Fatal(err)
	}
	p := escalating(step(0, "duty"), sla.Escalation{Percent: 100, After: 90 * time.Minute, Notify: []string{"duty"}})
	target := promise.Targets[2]
	target.Resolve, target.Calendar = time.Hour, calendar
	p.Targets = sla.Targets{2: target}
	h := newHarnessWith(t, p)
	h.live(h.open(ticket.P2), []beat{
		{m: 10, next: 60},
		{m: 60, said: "escalation for 1.1 calls duty", next: 105},
		{m: 120, said: "1/resolve/0/late", also: 1, next: 25*60 + 30},
		{m: 25*60 + 30, said: "escalation for 2.1 calls duty"},
	})
}

// live makes a ticket live through some moments.
func (h *deskHarness) live(n ticket.Number, beats []beat) {
	h.t.Helper()
	for _, b := range beats {
		if b.do != nil {
			h.do(n, b.do)
		}
		h.enqueued()
		passed := h.passed()
		h.sweep(b.m)
		if said := h.alerts(); said != b.said {
			h.t.Errorf("%v: said %q, want %q", b.m, said, b.said)
		}
		if also := h.passed() - passed; also != b.also {
			h.t.Errorf("%v: passed over %d, want %d", b.m, also, b.also)
		}
		if next := h.next(n); !next.Equal(orNever(b.next)) {
			h.t.Errorf("%v: next at %v, want %v", b.m, next, orNever(b.next))
		}
	}
}

func TestNoticesOfAnEscalation(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, escalating(step(50, "duty", "channel:C7", "page:ops")))
	n := h.open(ticket.P1)
	h.sweep(29)
	h.enqueued()
	h.sweep(31)
	due := &desk.Alert{Cycle: 1, Source: desk.Escalation, Step: "1.1", At: minutes(30)}
	want := func(kind desk.NoticeKind, key, to string, place desk.Queue, calls ...string) desk.Notice {
		return desk.Notice{
			Kind: kind, Ticket: n, OrderingKey: desk.OrderingKey(n) + key, Queue: place, To: to, DueAt: minutes(31), Urgency: 0,
			NoticeDetails: desk.NoticeDetails{At: minutes(30), Cycle: 1, Escalation: due, Call: calls},
		}
	}
	if diff := gocmp.Diff([]desk.Notice{
		want(desk.NoticeEscalation, ":escalation:C7", "C7", desk.QueueSupport),
		want(desk.NoticePage, ":page:ops", "ops", desk.QueuePage),
		want(desk.NoticeEscalation, "", "", desk.QueueSupport, "duty"),
	}, h.enqueued()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What reaches nobody must not pass in silence.
func TestEscalationToWhoIsNotThere(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, escalating(step(0, "group:S1", "duty", "named:group:heroes", "named:group:nobody"), step(10, "channel:C7"), step(20, "person:"+gus, "page:ops")))
	h.Desk = h.Instead(map[string]string{"group:S1": "duty", "channel:C7": "duty", "named:group:heroes": "group:S2"})
	n := h.open(ticket.P2)
	h.live(n, []beat{
		{m: 0, said: "escalation for 1.1 calls duty group:S2", next: 18},
		{m: 18, said: "escalation for 2.1 calls duty", next: 36},
		{m: 36, said: "page to ops for 3.1; escalation for 3.1 calls duty", next: 135},
	})
	h.enqueued()
	h.do(n, escalate(rita, "The bank calls.", 40, "channel:C7"))
	if enqueued := h.enqueued(); len(enqueued) != 1 || !slices.Equal(enqueued[0].Call, []string{"duty"}) {
		t.Errorf("by hand: %+v", enqueued)
	}
}

func TestEscalatingByHand(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 1))
	h.enqueued()
	h.do(n, escalate(rita, " The bank calls. ", 5, "person:"+bob, "page:ops", "person:"+olga, "page:ops"))
	want := func(kind desk.NoticeKind, key, to string, place desk.Queue, calls ...string) desk.Notice {
		return desk.Notice{
			Kind: kind, Ticket: n, OrderingKey: desk.OrderingKey(n) + key, Queue: place, To: to, DueAt: minutes(5), Urgency: 1,
			NoticeDetails: desk.NoticeDetails{Actor: rita, At: minutes(5), Cycle: 1, Note: "The bank calls.", Call: calls},
		}
	}
	enqueued := h.enqueued()
	if diff := gocmp.Diff([]desk.Notice{
		want(desk.NoticePage, ":page:ops", "ops", desk.QueuePage),
		want(desk.NoticeEscalation, ":escalation:UOLGA", olga, desk.QueueSupport),
		want(desk.NoticeEscalation, "", "", desk.QueueSupport, "person:"+bob),
	}, enqueued); diff != "" {
		t.Errorf("enqueued (-want +got):\n%s", diff)
	}
	h.do(n, reply(ann, 6))
	for _, notice := range enqueued {
		if obsolete := desk.Obsolete(notice, h.find(n), minutes(7)); obsolete != "" {
			t.Errorf("%s to %s: %s, though somebody wants it", notice.Kind, notice.To, obsolete)
		}
	}
	h.do(n, tick(ann, 8))
	for _, notice := range enqueued {
		if obsolete := desk.Obsolete(notice, h.find(n), minutes(9)); obsolete != "the ticket has ended" {
			t.Errorf("%s to %s: %s", notice.Kind, notice.To, obsolete)
		}
	}
}

// Whatever is done: no step is taken twice, none once somebody of the desk has
// answered for the ticket, and none of one that has ended or stands still.
func TestEscalationProperties(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, escalating(
		sla.Escalation{Notify: []string{"page:ops"}, Every: 10 * time.Minute, Most: 3},
		sla.Escalation{Percent: 100, Notify: []string{"duty"}, Every: 30 * time.Minute, Most: 4},
		sla.Escalation{Priorities: []int{1, 2}, Percent: 150, Notify: []string{"owner"}},
	))
	rapid.Check(t, func(rt *rapid.T) {
		h.exec(`UPDATE tickets SET next_at = NULL, category = ''`) // those of earlier rounds, which would be a flood
		n := h.open(rapid.SampledFrom(ticket.Priorities).Draw(rt, "priority"))
		m := 0.0
		taken := map[string]bool{}
		for range rapid.IntRange(1, 8).Draw(rt, "beats") {
			m += float64(rapid.IntRange(1, 200).Draw(rt, "minutes"))
			if _, err := drawAnswer(rt, m)(h, n); err != nil && ticket.CodeOf(err) != ticket.Conflict {
				rt.Fatal(err)
			}
			h.enqueued()
			h.sweep(m)
			r := h.find(n)
			for _, a := range r.Alerts {
				if a.Source != desk.Escalation || taken[a.Key()] {
					continue
				}
				taken[a.Key()] = true
				since := r.Ticket.StartedAt
				if !strings.HasPrefix(string(a.Step), "1.") {
					since = r.Clock(sla.Resolve).Awaited()
				}
				if by := answerAfter(r, since); by != "" || r.Ticket.State.Ended() || r.Ticket.Paused() {
					rt.Fatalf("%v: %s of a ticket that is %s; answered by %q", m, a.Key(), r.Ticket.State, by)
				}
			}
			if twice := h.number(`SELECT count(*) - count(DISTINCT details->'escalation'->>'step') FROM outbox
				WHERE ticket = $1 AND kind = 'page'`, n); twice > 0 && r.Cycle().Number == 1 && r.Clock(sla.Resolve).Promise == 0 {
				rt.Fatalf("%d pages too many", twice)
			}
		}
	})
}

func drawAnswer(rt *rapid.T, m float64) gesture {
	if rapid.Bool().Draw(rt, "about the pause") {
		return rapid.SampledFrom([]gesture{wait(ann, "Which?", m), hold(ann, "A part.", m), resume(ann, m), onIt(ann, m), expect(ann, m+30, m)}).Draw(rt, "pause")
	}
	return drawGesture(rt, m)
}

// answerAfter is what somebody of the desk has done about the ticket since then.
func answerAfter(r desk.Record, then time.Time) string {
	for _, e := range r.Timeline {
		answers := strings.Contains(" claimed handed_over acknowledged reached expected waited held ", fmt.Sprintf(" %s ", e.Kind)) ||
			e.Kind == ticket.Replied && e.Actor != rita
		if answers && e.Void == "" && !e.HappenedAt.Before(then) {
			return fmt.Sprintf("%s at %s", e.Kind, e.HappenedAt)
		}
	}
	return ""
}

// Many tickets about one thing call nobody many times.
func TestOneTicketOfAFloodIsEscalated(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, escalating(step(10, "page:ops"), step(20, "page:ops")))
	first := h.open(ticket.P2)
	for range 4 {
		h.open(ticket.P2)
	}
	h.sweep(18)
	h.do(first, tick(ann, 20))
	h.sweep(36)
	if pages, tickets := h.number(`SELECT count(*) FROM outbox WHERE kind = 'page'`), h.number(`SELECT count(DISTINCT ticket) FROM outbox WHERE kind = 'page'`); pages != 2 || tickets != 2 {
		t.Errorf("%d pages about %d tickets; want one about the first, and once that is solved one about the next", pages, tickets)
	}
}
