package desk_test

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// due is a notice about a P2 ticket, to be posted so many minutes after nine.
func due(kind desk.NoticeKind, to string, m float64, d desk.NoticeDetails) desk.Notice {
	return desk.Notice{Kind: kind, To: to, DueAt: minutes(m), Urgency: 4, NoticeDetails: d}
}

func asks(kind desk.NoticeKind, to string, m float64, d desk.NoticeDetails) desk.Notice {
	n := due(kind, to, m, d)
	n.Urgency = desk.UrgencyAsk
	return n
}

func by(actor string, at time.Time) desk.NoticeDetails {
	return desk.NoticeDetails{Actor: actor, At: at, Cycle: 1}
}

func with(d desk.NoticeDetails, change func(*desk.NoticeDetails)) desk.NoticeDetails {
	change(&d)
	return d
}

// words bring to Rita, who is not in the channel, what somebody wrote in the thread.
func words(who string) desk.Notice {
	return due(desk.NoticeCarried, rita, 9, with(by(who, minutes(9)), func(d *desk.NoticeDetails) { d.Thread = inThread }))
}

// gathered brings her what others wrote, together.
func gathered(who string) desk.Notice {
	w := desk.Word{Message: inThread, Author: who}
	return due(desk.NoticeGathered, rita, 9, desk.NoticeDetails{At: minutes(9), Cycle: 1, Words: []desk.Word{w}})
}

// called is an owner who does not follow the thread in which Rita has written at 9.
func called(who string) desk.Notice { return calledAt(who, 9) }

func calledAt(who string, m float64) desk.Notice {
	return due(desk.NoticeWroteAbove, who, m+1, with(by(rita, minutes(m)), func(d *desk.NoticeDetails) { d.Thread = inThread }))
}

func TestNoticesOfAGesture(t *testing.T) {
	t.Parallel()
	const (
		same = iota
		edited
		renewed
	)
	annHasIt := []gesture{claim(ann, 1)}
	annSolved := []gesture{claim(ann, 1), resolve(ann, ticket.SolvedByCode, "", 5)}
	h := newHarness(t)
	cycle2 := func(d *desk.NoticeDetails) { d.Cycle = 2 }
	raised := func(d *desk.NoticeDetails) { d.Raised = true }
	priority := func(to string, urgency desk.Urgency, d desk.NoticeDetails) desk.Notice {
		return desk.Notice{Kind: desk.NoticePriority, To: to, DueAt: minutes(9), Urgency: urgency, NoticeDetails: d}
	}
	for name, test := range map[string]struct {
		setup    []gesture
		do       gesture
		card     int
		enqueues []desk.Notice
	}{
		"claim": {nil, claim(ann, 9), edited, []desk.Notice{
			due(desk.NoticeClaimed, rita, 10, by(ann, minutes(9)))}},
		"claim by emoji": {nil, eyes(ann, 9), edited, []desk.Notice{
			due(desk.NoticeClaimed, rita, 10, by(ann, minutes(9)))}},
		"claim again": {annHasIt, claim(ann, 9), same, nil},
		"put back":    {annHasIt, putBack(ann, 9), edited, nil},
		"hand over": {annHasIt, handOver(ann, bob, " You know this.\x00 ", 9), edited, []desk.Notice{
			due(desk.NoticeHandedOver, bob, 9, with(by(ann, minutes(9)), func(d *desk.NoticeDetails) { d.From, d.Note = ann, "You know this." })),
			due(desk.NoticeClaimed, rita, 10, by(bob, minutes(9)))}},
		"take over": {annHasIt, handOver(bob, bob, "", 9), edited, []desk.Notice{
			due(desk.NoticeHandedOver, ann, 9, with(by(bob, minutes(9)), func(d *desk.NoticeDetails) { d.From = ann })),
			due(desk.NoticeClaimed, rita, 10, by(bob, minutes(9)))}},
		"take what nobody has": {nil, handOver(bob, bob, "", 9), edited, []desk.Notice{
			due(desk.NoticeClaimed, rita, 10, by(bob, minutes(9)))}},
		"resolve": {annHasIt, resolve(ann, "", "Key renewed.", 9), edited, []desk.Notice{
			due(desk.NoticeResolved, rita, 9, with(by(ann, minutes(9)), func(d *desk.NoticeDetails) { d.Note = "Key renewed." })),
			asks(desk.NoticeAskSolution, ann, 9, desk.NoticeDetails{At: minutes(9), Cycle: 1})}},
		"resolve, and say how": {annHasIt, resolve(ann, ticket.SolvedByCode, "", 9), edited, []desk.Notice{
			due(desk.NoticeResolved, rita, 9, by(ann, minutes(9)))}},
		"resolve for the owner": {annHasIt, resolve(bob, ticket.SolvedByCode, "", 9), edited, []desk.Notice{
			due(desk.NoticeResolved, rita, 9, by(bob, minutes(9)))}},
		"that solved it": {annHasIt, resolve(rita, "", "", 9), edited, []desk.Notice{
			due(desk.NoticeResolved, ann, 9, by(rita, minutes(9)))}},
		"that solved it, to nobody": {nil, resolve(rita, "", "", 9), edited, nil},
		"take a tick back": {[]gesture{tick(ann, 8)}, untick(ann, 9), edited, []desk.Notice{
			due(desk.NoticeUndone, rita, 9+1.0/60, by(ann, minutes(9)))}},
		"explain": {[]gesture{tick(ann, 8)}, explain(ann, ticket.SolvedByData, 9), edited, nil},
		"close": {annHasIt, closeAs(ann, ticket.NotAnIssue, 0, 9), edited, []desk.Notice{
			due(desk.NoticeClosed, rita, 9, with(by(ann, minutes(9)), func(d *desk.NoticeDetails) { d.Note = "Sorry." }))}},
		"withdraw": {annHasIt, closeAs(rita, ticket.Withdrawn, 0, 9), edited, []desk.Notice{
			due(desk.NoticeClosed, ann, 9, with(by(rita, minutes(9)), func(d *desk.NoticeDetails) { d.Note = "Sorry." }))}},
		"reopen": {annSolved, reopen(rita, 9), edited, []desk.Notice{
			due(desk.NoticeReopened, ann, 9, with(by(rita, minutes(9)), cycle2))}},
		"reopen one's own work": {annSolved, reopen(ann, 9), edited, []desk.Notice{
			due(desk.NoticeReopened, rita, 9, with(by(ann, minutes(9)), cycle2))}},
		"reopen another's": {annSolved, reopen(bob, 9), edited, []desk.Notice{
			due(desk.NoticeReopened, ann, 9, with(by(bob, minutes(9)), cycle2)),
			due(desk.NoticeReopened, rita, 9, with(by(bob, minutes(9)), cycle2))}},
		"reopen what nobody has": {[]gesture{tick(bob, 5)}, reopen(rita, 9), edited, []desk.Notice{
			due(desk.NoticeReopened, "", 9, with(by(rita, minutes(9)), cycle2))}},
		"edit":         {annHasIt, edit(rita, "Other", 9), edited, nil},
		"edit nothing": {[]gesture{edit(rita, "Other", 1)}, edit(rita, "Other", 9), same, nil},
		"raise for Ann": {annHasIt, reprioritise(bob, ticket.P1, "", 9), edited, []desk.Notice{
			priority(rita, 3, with(by(bob, minutes(9)), raised)), priority(ann, 3, with(by(bob, minutes(9)), raised))}},
		"raise one's own":       {annHasIt, reprioritise(ann, ticket.P1, "", 9), edited, []desk.Notice{priority(rita, 3, with(by(ann, minutes(9)), raised))}},
		"raise what nobody has": {nil, reprioritise(bob, ticket.P1, "", 9), edited, []desk.Notice{priority(rita, 3, with(by(bob, minutes(9)), raised))}},
		"lower": {annHasIt, reprioritise(ann, ticket.P3, "A detail.", 9), edited, []desk.Notice{
			priority(rita, 5, with(by(ann, minutes(9)), func(d *desk.NoticeDetails) { d.Note = "A detail." }))}},
		"delete the card":       {[]gesture{post}, withhold(9), renewed, nil},
		"delete it again":       {[]gesture{post, withhold(8)}, withhold(9), same, nil},
		"delete some other":     {nil, withhold(9), same, nil},
		"show it again":         {[]gesture{post, withhold(8)}, show(rita, 9), edited, nil},
		"reply of the owner":    {annHasIt, reply(ann, 9), same, []desk.Notice{words(ann)}},
		"reply of Rita":         {annHasIt, reply(rita, 9), same, []desk.Notice{called(ann)}},
		"another reply of Rita": {append(annHasIt, reply(rita, 8)), reply(rita, 9), same, nil},
		"reply to who wrote":    {append(annHasIt, reply(ann, 8)), reply(rita, 9), same, nil},
		"reply from outside":    {nil, reply(olga, 9), same, []desk.Notice{gathered(olga)}},
		"reply to what Ann has": {annHasIt, reply(bob, 9), same, []desk.Notice{gathered(bob)}},
		"answer": {nil, reply(bob, 9), same, []desk.Notice{
			words(bob),
			asks(desk.NoticeAnsweredUnowned, bob, 9, desk.NoticeDetails{At: minutes(9), Cycle: 1, Thread: inThread})}},
		"answer again":    {[]gesture{reply(bob, 8)}, reply(bob, 9), same, []desk.Notice{words(bob)}},
		"answer too late": {[]gesture{tick(ann, 8)}, reply(bob, 9), same, []desk.Notice{words(bob)}},
		"ask": {annHasIt, wait(ann, " Which card? ", 9), edited, []desk.Notice{
			due(desk.NoticeQuestion, rita, 9, with(by(ann, minutes(9)), func(d *desk.NoticeDetails) { d.Text, d.Pause = "Which card?", 1 }))}},
		"mark a question": {annHasIt, hourglass(ann, inThread, 9), edited, []desk.Notice{
			due(desk.NoticeQuestion, rita, 9+1.0/60, with(by(ann, minutes(9)), func(d *desk.NoticeDetails) {
				d.Text, d.Pause, d.Thread = "Which card?", 1, inThread
			}))}},
		"mark it no more":              {[]gesture{claim(ann, 1), hourglass(ann, inThread, 2)}, noHourglass(ann, inThread, 9), edited, nil},
		"mark another no more":         {[]gesture{claim(ann, 1), hourglass(ann, inThread, 2)}, noHourglass(ann, cardOf(1), 9), same, nil},
		"answer to the question":       {[]gesture{claim(ann, 1), hourglass(ann, inThread, 2)}, reply(rita, 9), edited, nil},
		"somebody else's answer":       {[]gesture{claim(ann, 1), hourglass(ann, inThread, 2)}, reply(bob, 9), same, []desk.Notice{gathered(bob)}},
		"an answer to what is on hold": {[]gesture{claim(ann, 1), hold(ann, "A part.", 2)}, reply(rita, 9), same, []desk.Notice{called(ann)}},
		"on it":                        {annHasIt, onIt(ann, 9), same, nil},
		"needs longer": {annHasIt, expect(ann, 300, 9), edited, []desk.Notice{
			due(desk.NoticeExpected, rita, 9, with(by(ann, minutes(9)), func(d *desk.NoticeDetails) {
				d.Note, d.By = "The bank is slow.", minutes(300)
			}))}},
		"hold": {annHasIt, hold(ann, "A part.", 9), edited, []desk.Notice{
			due(desk.NoticeHeld, rita, 9, with(by(ann, minutes(9)), func(d *desk.NoticeDetails) { d.Pause = 1 }))}},
		"resume": {[]gesture{claim(ann, 1), hold(ann, "A part.", 2)}, resume(rita, 9), edited, nil},
		"write after the end": {annSolved, reply(rita, 9), same, []desk.Notice{
			called(ann),
			asks(desk.NoticeStillBroken, rita, 9, desk.NoticeDetails{At: minutes(9), Cycle: 1, Thread: inThread})}},
		"write again": {append(annSolved, reply(rita, 8)), reply(rita, 9), same, []desk.Notice{
			asks(desk.NoticeStillBroken, rita, 9, desk.NoticeDetails{At: minutes(9), Cycle: 1, Thread: inThread})}},
		"write after one's own end": {[]gesture{claim(ann, 1), tick(rita, 5)}, reply(rita, 9), same, []desk.Notice{called(ann)}},
		"write a week after the end": {annSolved, reply(rita, 7*24*60+6), same, []desk.Notice{
			calledAt(ann, 7*24*60+6),
			asks(desk.NoticeStillBroken, rita, 7*24*60+6, desk.NoticeDetails{At: minutes(7*24*60 + 6), Cycle: 1, Thread: inThread})}},
		"answer in private": {annHasIt, quoted(rita, " It\x00 works. ", 9), same, []desk.Notice{
			due(desk.NoticeQuote, ann, 9, with(by(rita, minutes(9)), func(d *desk.NoticeDetails) { d.Text, d.Thread = "It works.", inThread })),
			asks(desk.NoticePassedOn, rita, 9, desk.NoticeDetails{At: minutes(9), Cycle: 1, Thread: inThread})}},
	} {
		t.Run(name, func(t *testing.T) {
			h.t = t
			n := h.open(ticket.P2)
			h.do(n, test.setup...)
			h.enqueued()
			cards, wanted := h.cards(n)
			h.do(n, test.do)
			ignored := cmpopts.IgnoreFields(desk.Notice{}, "Ticket", "OrderingKey", "Queue")
			enqueued := h.enqueued()
			if diff := gocmp.Diff(test.enqueues, enqueued, ignored, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("enqueued (-want +got):\n%s", diff)
			}
			for _, notice := range enqueued {
				if notice.Ticket != n || notice.OrderingKey != desk.OrderingKey(n) || notice.Queue != desk.QueueSupport {
					t.Errorf("%s is enqueued for %v in %s of %s", notice.Kind, notice.Ticket, notice.OrderingKey, notice.Queue)
				}
			}
			switch c, w := h.cards(n); {
			case test.card == same && (c != cards || w != wanted),
				test.card == edited && (c != cards || w != wanted+1),
				test.card == renewed && (c != cards+1 || w != 1):
				t.Errorf("cards went from %d to %d, versions from %d to %d", cards, c, wanted, w)
			}
		})
	}
}

// cards returns how many cards the ticket has had, and which version is wanted
// of the newest.
func (h *deskHarness) cards(n ticket.Number) (int64, int64) {
	h.t.Helper()
	return h.number(`SELECT count(*) FROM outbox WHERE kind = 'card' AND ticket = $1`, n),
		h.number(`SELECT desired FROM outbox WHERE kind = 'card' AND ticket = $1 ORDER BY id DESC LIMIT 1`, n)
}

func TestNoticesOfAnOpening(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, p := range ticket.Priorities {
		n := h.open(p)
		want := []desk.Notice{{
			Kind: desk.NoticeReceipt, Ticket: n, OrderingKey: desk.OrderingKey(n), Queue: desk.QueueSupport, To: rita,
			DueAt: nine, Urgency: desk.Urgency(p) + 2, NoticeDetails: desk.NoticeDetails{At: nine, Cycle: 1},
		}}
		if diff := gocmp.Diff(want, h.enqueued()); diff != "" {
			t.Errorf("%s enqueues (-want +got):\n%s", p, diff)
		}
		if c, w := h.cards(n); c != 1 || w != 1 {
			t.Errorf("%d cards, wanted in version %d, want 1 and 1", c, w)
		}
	}
}

// A requester who answers tickets is told nothing of what they do themselves.
func TestRequesterWhoAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		gestures []gesture
		enqueues []desk.NoticeKind
	}{
		"does it all": {[]gesture{claim(ann, 1), reply(ann, 2), reprioritise(ann, ticket.P3, "A detail.", 3),
			resolve(ann, "", "", 4), reopen(ann, 5), putBack(ann, 6), closeAs(ann, ticket.Withdrawn, 0, 7)}, nil},
		"hands it over": {[]gesture{handOver(ann, bob, "", 1)}, []desk.NoticeKind{desk.NoticeHandedOver}},
		"is given it":   {[]gesture{handOver(bob, ann, "", 1)}, []desk.NoticeKind{desk.NoticeHandedOver}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			f := h.newTicket(ticket.P2)
			f.Requester = ann
			r, err := h.Open(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			h.enqueued()
			h.do(r.Ticket.Number, test.gestures...)
			var kinds []desk.NoticeKind
			for _, n := range h.enqueued() {
				kinds = append(kinds, n.Kind)
			}
			if diff := gocmp.Diff(test.enqueues, kinds); diff != "" {
				t.Errorf("enqueued (-want +got):\n%s", diff)
			}
		})
	}
}

// A tick that is taken back changes what was said of it; what was said of an
// earlier cycle was true, and stays.
func TestTickTakenBackIsReworded(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, tick(ann, 1), reopen(rita, 2), tick(ann, 3))
	h.send(`UPDATE outbox SET posted = desired`)
	h.do(n, untick(ann, 4))
	rows, err := h.conn.Query(t.Context(), `SELECT desired - posted FROM outbox WHERE kind = 'resolved' ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	var enqueued []int64
	for rows.Next() {
		var v int64
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		enqueued = append(enqueued, v)
	}
	if diff := gocmp.Diff([]int64{0, 1}, enqueued); diff != "" || rows.Err() != nil {
		t.Errorf("versions pending of each (-want +got):\n%s", diff)
	}
}

func TestRoleOfAReply(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, reply(bob, 1), claim(ann, 2), reply(rita, 3), reply(ann, 4), reply(bob, 5), reply(olga, 6))
	r := h.find(n)
	var roles []ticket.Role
	for _, e := range r.Timeline {
		if e.Kind == ticket.Replied {
			roles = append(roles, e.Role)
		}
	}
	want := []ticket.Role{ticket.RoleResponder, ticket.RoleRequester, ticket.RoleOwner, ticket.RoleResponder, ticket.RoleOther}
	if diff := gocmp.Diff(want, roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff([]string{bob, rita, ann, olga}, r.Ticket.People); diff != "" || r.Ticket.Replies != 5 {
		t.Errorf("%d replies, want 5; people (-want +got):\n%s", r.Ticket.Replies, diff)
	}
	if at := r.Clock(sla.Respond).StoppedAt; !at.Equal(minutes(1)) {
		t.Errorf("answered at %v, want by Bob's reply", at)
	}
}

// A message that would fit among those gathered first stands below what was written
// before it all the same.
func TestWhatIsGatheredStaysInOrder(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 1))
	for i, length := range []int{desk.MaxText, 2 * desk.MaxText, 1} {
		m := float64(2 + i)
		said := desk.Written{Message: ticket.Message{Channel: "C", TS: string(rune('1' + i))}, Text: strings.Repeat("é", length)}
		if _, err := h.Reply(h.t.Context(), h.gesture(n, bob, m), said); err != nil {
			t.Fatal(err)
		}
	}
	var order []string
	for _, notice := range h.enqueued() {
		for _, w := range notice.Words {
			order = append(order, w.Message.TS)
		}
	}
	if got := strings.Join(order, ""); got != "123" {
		t.Errorf("they stand in the order %s", got)
	}
}
