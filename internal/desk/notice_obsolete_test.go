package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// swept is the sweep as a gesture.
func swept(m float64) gesture {
	return func(h *deskHarness, _ ticket.Number) (desk.Record, error) {
		h.sweep(m)
		return desk.Record{}, nil
	}
}

func TestObsolete(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, escalating(step(120, "duty", "page:ops")))
	annHasIt := []gesture{claim(ann, 1)}
	seen := map[desk.NoticeKind]bool{}
	for name, test := range map[string]struct {
		kind     desk.NoticeKind
		setup    []gesture
		enqueues gesture // nil: opening
		then     []gesture
		now      float64
		want     string
	}{
		"card":                         {desk.NoticeCard, nil, nil, []gesture{tick(ann, 5)}, 6, ""},
		"receipt":                      {desk.NoticeReceipt, nil, nil, nil, 1, ""},
		"receipt of what is edited":    {desk.NoticeReceipt, nil, nil, []gesture{edit(rita, "Other", 2)}, 3, ""},
		"receipt of what is claimed":   {desk.NoticeReceipt, nil, nil, []gesture{claim(ann, 2)}, 3, "the ticket has moved on"},
		"receipt of what has ended":    {desk.NoticeReceipt, nil, nil, []gesture{tick(ann, 2)}, 3, "the ticket has moved on"},
		"claim":                        {desk.NoticeClaimed, nil, claim(ann, 2), nil, 3, ""},
		"claim, others wrote":          {desk.NoticeClaimed, nil, claim(ann, 2), []gesture{reply(bob, 2)}, 3, ""},
		"claim, the owner wrote":       {desk.NoticeClaimed, nil, claim(ann, 2), []gesture{reply(ann, 2)}, 3, "the owner has written to them"},
		"claim, put back":              {desk.NoticeClaimed, nil, claim(ann, 2), []gesture{putBack(ann, 2.5)}, 3, "it was put back or handed over"},
		"claim, handed over":           {desk.NoticeClaimed, nil, claim(ann, 2), []gesture{handOver(ann, bob, "", 2.5)}, 3, "it was put back or handed over"},
		"claim, put back and again":    {desk.NoticeClaimed, nil, claim(ann, 2), []gesture{putBack(ann, 2.2), claim(ann, 2.4)}, 3, "it was put back or handed over"},
		"claim, resolved":              {desk.NoticeClaimed, nil, claim(ann, 2), []gesture{tick(ann, 2.5)}, 3, "the ticket has ended"},
		"claim, another was earlier":   {desk.NoticeClaimed, nil, eyes(bob, 2), []gesture{eyes(ann, 1)}, 3, "it was put back or handed over"},
		"hand-over":                    {desk.NoticeHandedOver, annHasIt, handOver(ann, bob, "", 2), nil, 3, ""},
		"hand-over, handed on":         {desk.NoticeHandedOver, annHasIt, handOver(ann, bob, "", 2), []gesture{handOver(bob, ann, "", 3)}, 3, "the ticket has moved on"},
		"hand-over, ended":             {desk.NoticeHandedOver, annHasIt, handOver(ann, bob, "", 2), []gesture{tick(ann, 3)}, 3, "the ticket has moved on"},
		"priority":                     {desk.NoticePriority, annHasIt, reprioritise(bob, ticket.P1, "", 2), nil, 3, ""},
		"priority, ended":              {desk.NoticePriority, annHasIt, reprioritise(bob, ticket.P1, "", 2), []gesture{tick(ann, 3)}, 3, "the ticket has ended"},
		"solution":                     {desk.NoticeResolved, nil, tick(ann, 2), nil, 3, ""},
		"solution, explained":          {desk.NoticeResolved, nil, tick(ann, 2), []gesture{explain(ann, ticket.SolvedByCode, 3)}, 3, ""},
		"solution, taken back":         {desk.NoticeResolved, nil, tick(ann, 2), []gesture{untick(ann, 3)}, 3, "it was taken back"},
		"solution, ticked again":       {desk.NoticeResolved, nil, tick(ann, 2), []gesture{untick(ann, 3), tick(ann, 4)}, 5, "it was taken back"},
		"solution, reopened":           {desk.NoticeResolved, nil, tick(ann, 2), []gesture{reopen(rita, 3)}, 3, "it was taken back"},
		"solution, not told":           {desk.NoticeUndone, []gesture{tick(ann, 1)}, untick(ann, 2), nil, 3, "the requester was not told that it is resolved"},
		"solution, ended again":        {desk.NoticeUndone, []gesture{tick(ann, 1)}, untick(ann, 2), []gesture{tick(ann, 3)}, 4, "the ticket has moved on"},
		"question how":                 {desk.NoticeAskSolution, nil, tick(ann, 2), nil, 3, ""},
		"question how, answered":       {desk.NoticeAskSolution, nil, tick(ann, 2), []gesture{explain(ann, ticket.SolvedByCode, 3)}, 3, "it was taken back"},
		"question how, taken back":     {desk.NoticeAskSolution, nil, tick(ann, 2), []gesture{untick(ann, 3)}, 3, "it was taken back"},
		"end":                          {desk.NoticeClosed, nil, closeAs(ann, ticket.NotAnIssue, 0, 2), nil, 3, ""},
		"end, reopened":                {desk.NoticeClosed, nil, closeAs(ann, ticket.NotAnIssue, 0, 2), []gesture{reopen(rita, 3)}, 3, "it was taken back"},
		"reopening":                    {desk.NoticeReopened, []gesture{tick(ann, 1)}, reopen(rita, 2), nil, 3, ""},
		"reopening, ended":             {desk.NoticeReopened, []gesture{tick(ann, 1)}, reopen(rita, 2), []gesture{tick(ann, 3)}, 3, "the ticket has moved on"},
		"reopening, ended and again":   {desk.NoticeReopened, []gesture{tick(ann, 1)}, reopen(rita, 2), []gesture{tick(ann, 3), reopen(rita, 4)}, 5, "the ticket has moved on"},
		"question whose it is":         {desk.NoticeAnsweredUnowned, nil, reply(bob, 2), nil, 3, ""},
		"question whose it is, Bob's":  {desk.NoticeAnsweredUnowned, nil, reply(bob, 2), []gesture{claim(bob, 3)}, 3, "the ticket has moved on"},
		"question whose it is, nobody": {desk.NoticeAnsweredUnowned, nil, reply(bob, 2), []gesture{tick(rita, 3)}, 3, "the ticket has moved on"},
		"quote":                        {desk.NoticeQuote, annHasIt, quoted(rita, "Thanks.", 2), []gesture{tick(ann, 3)}, 4, ""},
		"warning":                      {desk.NoticeAlert, annHasIt, swept(135), nil, 180, ""},
		"warning, late":                {desk.NoticeAlert, annHasIt, swept(135), nil, 180.1, "it is late already"},
		"repetition":                   {desk.NoticeAlert, []gesture{reprioritise(bob, ticket.P1, "", 1), swept(16)}, swept(26), nil, 27, ""},
		"repetition, answered":         {desk.NoticeAlert, []gesture{reprioritise(bob, ticket.P1, "", 1), swept(16)}, swept(26), []gesture{reply(bob, 26)}, 27, "the clock has stopped"},
		"warning, solved":              {desk.NoticeAlert, annHasIt, swept(135), []gesture{tick(ann, 136)}, 137, "the clock has stopped"},
		"warning, another promise":     {desk.NoticeAlert, annHasIt, swept(135), []gesture{reprioritise(ann, ticket.P3, "A detail.", 136)}, 137, "another promise holds"},
		"lateness":                     {desk.NoticeAlert, annHasIt, swept(180), nil, 500, ""},
		"lateness that was none":       {desk.NoticeAlert, annHasIt, swept(180), []gesture{tick(ann, 179)}, 181, "the clock has stopped"},
		"lateness, reopened":           {desk.NoticeAlert, annHasIt, swept(180), []gesture{tick(ann, 181), reopen(rita, 182)}, 183, "another promise holds"},
		"delay":                        {desk.NoticeDelayed, annHasIt, swept(180), nil, 500, ""},
		"delay, answered":              {desk.NoticeDelayed, nil, swept(180), []gesture{claim(ann, 182)}, 183, ""},
		"delay, another time":          {desk.NoticeDelayed, annHasIt, swept(180), []gesture{expect(ann, 300, 182)}, 183, "another promise holds"},
		"delay, solved":                {desk.NoticeDelayed, annHasIt, swept(180), []gesture{tick(ann, 182)}, 183, "the clock has stopped"},
		"delay, paused":                {desk.NoticeDelayed, annHasIt, swept(180), []gesture{wait(ann, "Which?", 182)}, 183, "the clock stands still"},
		"delay, paused in time":        {desk.NoticeDelayed, annHasIt, swept(180), []gesture{wait(ann, "Which?", 170)}, 183, "it is not late"},
		"delay, reopened":              {desk.NoticeDelayed, annHasIt, swept(180), []gesture{tick(ann, 181), reopen(rita, 182)}, 183, "another promise holds"},
		"another time":                 {desk.NoticeExpected, annHasIt, expect(ann, 300, 2), nil, 3, ""},
		"another time, and another":    {desk.NoticeExpected, annHasIt, expect(ann, 300, 2), []gesture{expect(ann, 400, 3)}, 4, "another time holds"},
		"another time, solved":         {desk.NoticeExpected, annHasIt, expect(ann, 300, 2), []gesture{tick(ann, 3)}, 4, "another time holds"},
		"escalation":                   {desk.NoticeEscalation, []gesture{swept(180)}, swept(216), nil, 217, ""},
		"escalation, claimed earlier":  {desk.NoticeEscalation, []gesture{swept(180)}, swept(216), []gesture{claim(ann, 215)}, 217, "somebody has answered, or another promise holds"},
		"page":                         {desk.NoticePage, nil, swept(216), []gesture{reply(rita, 217)}, 218, ""},
		"page, answered":               {desk.NoticePage, nil, swept(216), []gesture{reply(ann, 217)}, 218, "somebody has answered, or another promise holds"},
		"page, paused":                 {desk.NoticePage, annHasIt, swept(216), []gesture{hold(ann, "A part.", 217)}, 218, "somebody has answered, or another promise holds"},
		"page, solved":                 {desk.NoticePage, nil, swept(216), []gesture{tick(ann, 217)}, 218, "the ticket has ended"},
	} {
		t.Run(name, func(t *testing.T) {
			h.t = t
			h.exec(`UPDATE tickets SET next_at = NULL, category = ''`) // many of one category would be a flood
			h.enqueued()
			n := h.open(ticket.P2)
			h.do(n, test.setup...)
			if test.enqueues != nil {
				h.enqueued()
				h.do(n, test.enqueues)
			}
			notice := h.notice(n, test.kind)
			h.do(n, test.then...)
			if got := desk.Obsolete(notice, h.find(n), minutes(test.now)); got != test.want {
				t.Errorf("obsolete: %q, want %q", got, test.want)
			}
			seen[test.kind] = true
		})
	}
	for _, k := range []desk.NoticeKind{desk.NoticeDigest, desk.NoticePicture, desk.NoticeBreakdown} {
		if got := desk.Obsolete(desk.Notice{Kind: k}, desk.Record{}, nine); got != "" {
			t.Errorf("%s is obsolete: %s", k, got)
		}
		seen[k] = true
	}
	if len(seen) != 20 {
		t.Errorf("%d kinds of notices are looked at, want 20: %v", len(seen), seen)
	}
}

// notice returns the notice of a kind that was enqueued.
func (h *deskHarness) notice(n ticket.Number, kind desk.NoticeKind) desk.Notice {
	h.t.Helper()
	if kind == desk.NoticeCard {
		return h.find(n).CardNotice(nine)
	}
	for _, notice := range h.enqueued() {
		if notice.Kind == kind {
			return notice
		}
	}
	h.t.Fatalf("no %s is enqueued", kind)
	return desk.Notice{}
}

// A resolution that is taken back has never been: what it kept from being told is
// told after all.
func TestForgotten(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, escalating(step(120, "duty", "page:ops")))
	n := h.open(ticket.P2)
	h.enqueued()
	h.sweep(217)
	enqueued := h.enqueued()
	h.do(n, escalate(rita, "The bank calls.", 218, "page:ops"), tick(ann, 219))
	forgotten := map[desk.NoticeKind]bool{}
	for _, notice := range append(enqueued, h.enqueued()...) {
		obsolete := desk.Obsolete(notice, h.find(n), minutes(220))
		if notice.Escalation == nil && desk.Forgotten(notice, obsolete) != (notice.Kind == desk.NoticeAlert) {
			t.Errorf("%s, which no step asks for, is forgotten", notice.Kind)
		}
		if desk.Forgotten(notice, obsolete) {
			forgotten[notice.Kind] = true
		}
		if desk.Forgotten(notice, "somebody has answered, or another promise holds") {
			t.Errorf("%s is forgotten though it was answered", notice.Kind)
		}
	}
	if !forgotten[desk.NoticeAlert] || !forgotten[desk.NoticePage] {
		t.Errorf("forgotten: %v, want the alert, which calls, and the page", forgotten)
	}
}

// A page that was not called because of a resolution that is taken back is called.
func TestEscalationAfterAResolutionThatIsTakenBack(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, escalating(step(50, "channel:COPS", "page:ops")))
	n := h.open(ticket.P2)
	h.enqueued()
	h.sweep(91)
	h.send(`UPDATE outbox SET posted = desired, posted_in = 'COPS', posted_ts = '1.1' WHERE recipient = 'COPS'`) // said, unlike the page
	h.do(n, tick(ann, 92))
	h.send(`UPDATE outbox SET posted = desired, state = 'dropped' WHERE kind = 'page'`) // and so its step counts as never told
	h.send(`DELETE FROM alerts WHERE source = 'escalation'`)
	h.enqueued()
	h.do(n, untick(ann, 93))
	h.sweep(94)
	kinds := map[desk.NoticeKind]int{}
	for _, notice := range h.enqueued() {
		kinds[notice.Kind]++
	}
	if kinds[desk.NoticePage] != 1 || kinds[desk.NoticeEscalation] != 0 {
		t.Errorf("enqueued again: %v, want the page alone", kinds)
	}
}
