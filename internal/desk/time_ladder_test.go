package desk_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// laddered is a policy with a ladder, and a desk that is open on Tuesdays from ten to twelve.
func laddered(t testing.TB) sla.Policy {
	t.Helper()
	calendar, err := sla.NewCalendar(sla.Hours{Zone: "UTC", Week: [7][]sla.Span{time.Tuesday: {{From: 600, To: 720}}}})
	if err != nil {
		t.Fatal(err)
	}
	p1, p3 := promise.Targets[1], promise.Targets[3]
	p1.AlertRespond, p3.Calendar = false, calendar
	return sla.Policy{Targets: sla.Targets{1: p1, 2: promise.Targets[2], 3: p3}, Ladder: []string{"Billing"}}
}

// turns is a rota whose people take turns of a day that end at nine.
func turns(people ...string) duty.Roster {
	return duty.Roster{{Name: "Checkout", Categories: []string{"Billing"}, Rota: duty.Rota{Layers: []duty.Layer{{
		People: people, First: nine, Turn: 24 * time.Hour,
	}}}}}
}

// climbing has the desk call who is on duty, then Zoe, who leads, and Olga, who is the last. Ann
// and Olga have pages.
func (h *deskHarness) climbing(roster duty.Roster, people desk.LadderPeople) {
	h.Desk = h.OnDuty(roster, desk.RosterMark{}).Climbing(map[string]desk.LadderPeople{"Billing": people}, map[string][]string{ann: {"ann's phone"}, olga: {"olga's phone"}})
}

var usualLadder = desk.LadderPeople{Lead: zoe, Last: olga}

func reach(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Reach(h.t.Context(), h.gesture(n, who, m))
	}
}

// What is said when the ladder calls somebody who reads the thread, or only a direct message.
func inThreadToo(who, step string) string {
	return "escalation to " + who + " for " + step + "; escalation for " + step + " calls person:" + who
}

const (
	annCalled   = "escalation to UANN for 1.1; page to ann's phone for 1.1 calls person:UANN; escalation for 1.1 calls person:UANN"
	annAgain    = "escalation to UANN for 1.2; page to ann's phone for 1.2 calls person:UANN; escalation for 1.2 calls person:UANN"
	olgaCalled  = "escalation to UOLGA for 1.5; page to olga's phone for 1.5 calls person:UOLGA"
	nobodyThere = "unreached for 1.unreached; unreached to URITA for 1.unreached; unreached to UZOE for 1.unreached"
)

func TestLadder(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		roster   duty.Roster
		people   desk.LadderPeople
		priority ticket.Priority
		beats    []beat
	}{
		"nobody answers": {turns(ann, bob), usualLadder, ticket.P1, []beat{
			{m: 0, said: annCalled, next: 5}, {m: 0, next: 5},
			{m: 5, said: annAgain, next: 7},
			{m: 7, said: inThreadToo(bob, "1.3"), next: 9},
			{m: 9, said: inThreadToo(zoe, "1.4"), next: 11},
			{m: 11, said: olgaCalled, next: 14},
			{m: 14, said: nobodyThere, next: 45}}},
		"a P2 waits for the morning": {turns(ann, bob), usualLadder, ticket.P2, []beat{{m: 0, next: 135}}},
		"pressed: it is theirs":      {turns(ann, bob), usualLadder, ticket.P1, []beat{{m: 0, said: annCalled, next: 5}, {m: 1, do: reach(ann, 1), next: 45}}},
		"pressed by who cannot take it": {turns(ann, bob), usualLadder, ticket.P1, []beat{
			{m: 11, said: "escalation to UANN for 1.5; page to ann's phone for 1.5 calls person:UANN; " +
				"escalation to UBOB for 1.5; escalation to UZOE for 1.5; " + olgaCalled +
				"; escalation for 1.5 calls person:UANN person:UBOB person:UZOE", next: 14},
			{m: 12, do: reach(olga, 12), next: 45}}},
		"answered before the first sweep": {turns(ann, bob), usualLadder, ticket.P1, []beat{{m: 1, do: reply(bob, 0.5), next: 45}}},
		"the requester's word is no answer": {turns(ann, bob), usualLadder, ticket.P1, []beat{
			{m: 0, said: annCalled, next: 5}, {m: 1, do: reply(rita, 1), next: 5}}},
		"after an outage, the missed steps at once": {turns(ann, bob), usualLadder, ticket.P1, []beat{
			{m: 8, said: "escalation to UANN for 1.3; page to ann's phone for 1.3 calls person:UANN; escalation to UBOB for 1.3; escalation for 1.3 calls person:UANN person:UBOB", next: 9},
			{m: 30, said: "escalation to UZOE for 1.5; " + olgaCalled + "; escalation for 1.5 calls person:UZOE", next: 33}}},
		"after an outage, the desk is open": {turns(ann, bob), usualLadder, ticket.P1, []beat{
			{m: 25*60 + 5, said: "1/resolve/0/late", also: 6}}},
		"put back": {turns(ann, bob), usualLadder, ticket.P1, []beat{
			{m: 1, do: claim(ann, 1), next: 45},
			{m: 3, do: putBack(ann, 2), said: strings.ReplaceAll(annCalled, "1.1", "2.1"), next: 7}}},
		"the owner does not answer the warning": {turns(bob, ann), usualLadder, ticket.P1, []beat{
			{m: 1, do: claim(ann, 1), next: 45},
			{m: 45, said: "1/resolve/0/warn to UANN", next: 60},
			{m: 60, said: "1/resolve/0/late to UANN, silent", also: 1, next: 60},
			{m: 60.1, said: inThreadToo(bob, "2.1"), next: 65},
			{m: 61, do: onIt(ann, 61)}}},
		"raised": {turns(ann, bob), usualLadder, ticket.P2, []beat{
			{m: 1, do: reprioritise(bob, ticket.P1, "", 1), said: strings.ReplaceAll(annCalled, "1.1", "2.1"), next: 6}}},
		"a squad of one": {turns(bob), desk.LadderPeople{Lead: bob, Last: bob}, ticket.P1, []beat{
			{m: 0, said: inThreadToo(bob, "1.1"), next: 5},
			{m: 9, said: inThreadToo(bob, "1.4"), next: 11}, {m: 11, said: inThreadToo(bob, "1.5"), next: 14}}},
		"the last has left: who is on duty is called": {turns(bob), desk.LadderPeople{Last: gus}, ticket.P1, []beat{
			{m: 12, said: inThreadToo(bob, "1.5"), next: 15}}},
		"the squad has left": {turns(gus), desk.LadderPeople{Lead: gus, Last: olga}, ticket.P1, []beat{
			{m: 0, said: "escalation to UOLGA for 1.1; page to olga's phone for 1.1 calls person:UOLGA", next: 5}}},
		"nobody is there": {nil, desk.LadderPeople{Last: gus}, ticket.P1, []beat{
			{m: 0, said: "escalation for 1.1 calls duty", next: 5}}},
		"who is on duty asks": {turns(rita, ann), usualLadder, ticket.P1, []beat{{m: 0, said: annCalled, next: 5}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarnessWith(t, laddered(t))
			h.climbing(test.roster, test.people)
			h.live(h.open(test.priority), test.beats)
		})
	}
}

// While the desk is open nobody is called; a P1 that is unanswered when it closes calls then.
func TestLadderBeginsWhenTheDeskCloses(t *testing.T) {
	t.Parallel()
	p := laddered(t)
	calendar, err := sla.NewCalendar(sla.Hours{Zone: "UTC", Week: [7][]sla.Span{time.Monday: {{From: 480, To: 570}}}})
	if err != nil {
		t.Fatal(err)
	}
	p3 := p.Targets[3]
	p3.Calendar = calendar
	p.Targets[3] = p3
	h := newHarnessWith(t, p)
	h.climbing(turns(ann, bob), usualLadder)
	h.live(h.open(ticket.P1), []beat{{m: 0, next: 30}, {m: 30, said: annCalled, next: 35}})
}

// Guests wake nobody, unless the settings say so.
func TestGuestsPage(t *testing.T) {
	t.Parallel()
	for _, guests := range []bool{false, true} {
		h := newHarnessWith(t, laddered(t))
		people := usualLadder
		people.Guests = guests
		h.climbing(turns(ann, bob), people)
		everyone := staff{}
		for id, p := range everybody {
			p.Guest = id == rita
			everyone[id] = p
		}
		h.Desk = desk.New(h.db, everyone, h.policies, categories).OnDuty(turns(ann, bob), desk.RosterMark{}).
			Climbing(map[string]desk.LadderPeople{"Billing": people}, map[string][]string{ann: {"ann's phone"}})
		h.open(ticket.P1)
		h.enqueued()
		h.sweep(0)
		if said := h.alerts(); strings.Contains(said, "page") != guests || !strings.Contains(said, "escalation to UANN") {
			t.Errorf("guests page: %v; said %q", guests, said)
		}
	}
}

// Whatever is done, by whichever copy: no step is taken twice, nobody is called once somebody of
// the desk has answered, and a quarter of an hour after somebody was needed either has somebody
// answered or it is told that nobody has.
func TestLadderProperties(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, laddered(t))
	copies := []*desk.Desk{}
	for range 2 {
		h.Desk = desk.New(h.connect(), everybody, h.policies, categories).Remembering()
		h.climbing(turns(ann, bob), usualLadder)
		copies = append(copies, h.Desk)
	}
	rapid.Check(t, func(rt *rapid.T) {
		h.exec(`UPDATE tickets SET next_at = NULL, category = ''`) // those of earlier rounds, which would be a flood
		n := h.open(ticket.P1)
		h.enqueued()
		acts := map[int]gesture{}
		for range rapid.IntRange(0, 3).Draw(rt, "acts") {
			m := rapid.IntRange(1, 17).Draw(rt, "minute")
			acts[m] = drawCall(rt, float64(m))
		}
		for m := range 20 {
			h.Desk = copies[rapid.IntRange(0, 1).Draw(rt, "copy")]
			if act := acts[m]; act != nil {
				if _, err := act(h, n); err != nil && ticket.CodeOf(err) == "" {
					rt.Fatal(err)
				}
			}
			answered := h.answered(n)
			h.enqueued()
			h.sweep(float64(m))
			if said := h.alerts(); answered && strings.Contains(said, "escalation") {
				rt.Fatalf("%d min: %s, though it is answered", m, said)
			}
			h.checkLadder(rt, n, m)
		}
	})
}

func drawCall(rt *rapid.T, m float64) gesture {
	who := rapid.SampledFrom([]string{ann, bob, zoe}).Draw(rt, "who")
	return rapid.SampledFrom([]gesture{
		claim(who, m), putBack(who, m), reach(who, m), reach(olga, m), reply(who, m), reply(rita, m), expect(who, m+30, m), tick(who, m), untick(who, m),
	}).Draw(rt, "act")
}

// answered reports whether somebody has answered for a ticket since it lost its owner last.
func (h *deskHarness) answered(n ticket.Number) bool {
	r := h.find(n)
	since := nine
	for _, e := range r.Timeline {
		if e.Kind == ticket.PutBack && e.Void == "" {
			since = e.HappenedAt
		}
	}
	return answerAfter(r, since) != "" || r.Ticket.State.Ended()
}

func (h *deskHarness) checkLadder(rt *rapid.T, n ticket.Number, m int) {
	if twice := h.number(`SELECT count(*) - count(DISTINCT (kind, recipient, details->'escalation'->>'step')) FROM outbox
		WHERE ticket = $1 AND kind IN ('escalation', 'unreached', 'page')`, n); twice > 0 {
		rt.Fatalf("%d min: %d calls too many", m, twice)
	}
	if told := h.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'unreached'`, n); m == 15 && told == 0 && !h.everAnswered(n) {
		rt.Fatal("nobody has answered, and nobody was told")
	}
}

// everAnswered reports whether anybody has answered for a ticket, or ended it.
func (h *deskHarness) everAnswered(n ticket.Number) bool {
	r := h.find(n)
	return answerAfter(r, nine) != "" || h.number(`SELECT count(*) FROM entries WHERE ticket = $1 AND kind IN ('resolved', 'put_back')`, n) > 0
}
