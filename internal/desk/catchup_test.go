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

// stand notes where the ticket's card stands.
func (h *deskHarness) stand(n ticket.Number) {
	h.t.Helper()
	h.send(`INSERT INTO ticket_threads VALUES ($1, $2, $3, true)`, cardOf(n).Channel, cardOf(n).TS, n)
}

func replyAt(m float64) ticket.Message {
	return ticket.Message{Channel: "C1", TS: fmt.Sprintf("reply.%v", m)}
}

// wrote is a reply with the emoji that are on it, each "emoji:person".
func wrote(who string, m float64, marks ...string) desk.ObservedReply {
	r := desk.ObservedReply{Written: desk.Written{Message: replyAt(m), Text: "Which card?"}, Author: who, At: minutes(m)}
	for _, mark := range marks {
		emoji, person, _ := strings.Cut(mark, ":")
		asks := map[string]ticket.Kind{"hourglass_flowing_sand": ticket.Waited}[emoji]
		r.Emoji = append(r.Emoji, desk.ObservedEmoji{Emoji: emoji, Asks: asks, People: []string{person}})
	}
	return r
}

// on are the emoji on a card, each "emoji:person:person"; a person … stands for
// those that are not named.
func on(marks ...string) []desk.ObservedEmoji {
	var all []desk.ObservedEmoji
	for _, mark := range marks {
		parts := strings.Split(mark, ":")
		m := desk.ObservedEmoji{Emoji: parts[0], Asks: map[string]ticket.Kind{"eyes": ticket.Claimed, "white_check_mark": ticket.Resolved}[parts[0]]}
		for _, p := range parts[1:] {
			if p == "…" {
				m.Others = true
			} else {
				m.People = append(m.People, p)
			}
		}
		all = append(all, m)
	}
	return all
}

// told is the timeline from the second entry on, one word each: minute, kind, who,
// ≈ if inexact and ! if void.
func told(r desk.Record) string {
	var all []string
	for _, e := range r.Timeline[1:] {
		word := fmt.Sprintf("%.5g %s %s", e.HappenedAt.Sub(nine).Truncate(time.Second).Minutes(), e.Kind, strings.ToLower(strings.TrimPrefix(e.Actor, "U")))
		if e.Inexact {
			word = "≈" + word
		}
		if e.Void != "" {
			word += "!"
		}
		all = append(all, word)
	}
	return strings.Join(all, ", ")
}

// In all of these, nobody looked from minute 60 to minute 120.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	late := []gesture{claim(ann, 10)}
	for name, test := range map[string]struct {
		before   []gesture
		marks    []desk.ObservedEmoji
		replies  []desk.ObservedReply
		gone     bool
		posted   float64   // when the card was posted anew; 0 if it is the first one
		after    []gesture // done since news come again, and known
		want     string
		enqueues []desk.NoticeKind
	}{
		"nothing":                {want: ""},
		"what is known already":  {before: []gesture{eyes(ann, 10), tick(ann, 20)}, marks: on("eyes:UANN", "white_check_mark:UANN"), want: "10 claimed ann, 20 resolved ann"},
		"other emoji":            {marks: on("tada:UANN"), want: ""},
		"a claim":                {marks: on("eyes:UANN"), want: "≈60 claimed ann", enqueues: []desk.NoticeKind{desk.NoticeClaimed}},
		"the first who claimed":  {marks: on("eyes:UBOB:UANN"), want: "≈60 claimed bob, ≈60 claimed ann!", enqueues: []desk.NoticeKind{desk.NoticeClaimed}},
		"a claim by who may not": {marks: on("eyes:UOLGA"), want: ""},
		"a claim of what is had": {before: late, marks: on("eyes:UBOB"), want: "10 claimed ann, ≈60 claimed bob!"},
		"a claim, and what its owner wrote": {marks: on("eyes:UANN"), replies: []desk.ObservedReply{wrote(ann, 70), wrote(rita, 80)},
			want: "≈60 claimed ann, 70 replied ann, 80 replied rita", enqueues: []desk.NoticeKind{desk.NoticeClaimed, desk.NoticeCarried}},
		"an answer to what nobody has": {replies: []desk.ObservedReply{wrote(bob, 70)}, want: "70 replied bob", enqueues: []desk.NoticeKind{desk.NoticeCarried, desk.NoticeAnsweredUnowned}},
		"a solution":                   {before: late, marks: on("white_check_mark:UANN"), want: "10 claimed ann, ≈60 resolved ann", enqueues: []desk.NoticeKind{desk.NoticeResolved, desk.NoticeAskSolution}},
		"a claim and a solution":       {marks: on("white_check_mark:UANN", "eyes:UANN"), want: "≈60 claimed ann, ≈60 resolved ann", enqueues: []desk.NoticeKind{desk.NoticeClaimed, desk.NoticeResolved, desk.NoticeAskSolution}},
		"a question and its answer": {before: late, replies: []desk.ObservedReply{wrote(ann, 70, "hourglass_flowing_sand:UANN"), wrote(rita, 90)},
			want: "10 claimed ann, ≈70 waited ann, 70 replied ann, 90 replied rita", enqueues: []desk.NoticeKind{desk.NoticeCarried}},
		"a question, and a solution after it": {before: late, marks: on("white_check_mark:UANN"), replies: []desk.ObservedReply{wrote(ann, 70, "hourglass_flowing_sand:UANN")},
			want: "10 claimed ann, ≈70 waited ann, 70 replied ann, ≈70 resolved ann", enqueues: []desk.NoticeKind{desk.NoticeQuestion, desk.NoticeCarried, desk.NoticeResolved, desk.NoticeAskSolution}},
		"a question from before": {before: []gesture{claim(ann, 10), replied(ann, 20)}, replies: []desk.ObservedReply{wrote(ann, 20, "hourglass_flowing_sand:UANN")},
			want: "10 claimed ann, 20 replied ann, ≈60 waited ann", enqueues: []desk.NoticeKind{desk.NoticeQuestion}},
		"another's hourglass": {before: late, replies: []desk.ObservedReply{wrote(ann, 70, "hourglass_flowing_sand:UBOB"), wrote(bob, 80, "hourglass_flowing_sand:UBOB")},
			want: "10 claimed ann, 70 replied ann, 80 replied bob", enqueues: []desk.NoticeKind{desk.NoticeCarried, desk.NoticeGathered}},
		"an hourglass taken away": {before: []gesture{claim(ann, 10), replied(ann, 20), hourglass(ann, replyAt(20), 21)}, replies: []desk.ObservedReply{wrote(ann, 20)},
			want: "10 claimed ann, 20 replied ann, 21 waited ann, ≈120 resumed ann"},
		"an answer, the hourglass still there": {before: []gesture{claim(ann, 10), replied(ann, 20), hourglass(ann, replyAt(20), 21)}, replies: []desk.ObservedReply{wrote(ann, 20, "hourglass_flowing_sand:UANN"), wrote(rita, 75)},
			want: "10 claimed ann, 20 replied ann, 21 waited ann, 75 replied rita"},
		"an emoji taken away":                  {before: []gesture{eyes(ann, 10)}, want: "10 claimed ann, ≈60 put_back ann"},
		"an emoji on the card before this one": {before: []gesture{eyes(ann, 10)}, posted: 90, want: "10 claimed ann"},
		"taken away by one, put by another":    {before: []gesture{eyes(ann, 10)}, marks: on("eyes:UBOB"), want: "10 claimed ann, ≈60 put_back ann, ≈60 claimed bob", enqueues: []desk.NoticeKind{desk.NoticeClaimed}},
		"not all who put it are named":         {before: []gesture{eyes(ann, 10)}, marks: on("eyes:UOLGA:…"), want: "10 claimed ann"},
		"the emoji of who has it otherwise":    {before: []gesture{eyes(ann, 10), putBack(ann, 11), claim(ann, 12)}, want: "10 claimed ann, 11 put_back ann, ≈11.983 put_back ann!, 12 claimed ann"},
		"an old emoji of who has it otherwise": {before: []gesture{eyes(ann, 10), handOver(ann, bob, "", 11), handOver(bob, ann, "", 12)}, want: "10 claimed ann, 11 handed_over ann, ≈11.983 put_back ann!, 12 handed_over bob"},
		"taken away, and another's stands": {before: []gesture{eyes(ann, 10), refused(eyes(bob, 11))}, marks: on("eyes:UBOB"),
			want: "10 claimed ann, 11 claimed bob!, ≈60 put_back ann", enqueues: []desk.NoticeKind{desk.NoticeInherited, desk.NoticeClaimed}},
		"both taken away": {before: []gesture{eyes(ann, 10), refused(eyes(bob, 11))},
			want: "10 claimed ann, 11 claimed bob!, ≈60 put_back ann, ≈60 put_back bob"},
		"the emoji of who had taken it otherwise before": {before: []gesture{claim(ann, 10), eyes(ann, 11)}, want: "10 claimed ann, 11 claimed ann!, ≈60 put_back ann"},
		"a solution taken back, and another's stands": {before: []gesture{tick(ann, 55), tick(bob, 56)}, marks: on("white_check_mark:UBOB"),
			want: "55 resolved ann, 56 resolved bob!, ≈60 undone ann"},
		"a solution taken back":                     {before: []gesture{tick(ann, 55)}, want: "55 resolved ann, ≈60 undone ann", enqueues: []desk.NoticeKind{desk.NoticeUndone}},
		"a solution taken back too late":            {before: []gesture{tick(ann, 40)}, want: "40 resolved ann, ≈60 undone ann!"},
		"the card was deleted":                      {before: []gesture{eyes(ann, 10)}, gone: true, want: "10 claimed ann, ≈60 withheld "},
		"replies that are known":                    {before: []gesture{replied(bob, 59)}, replies: []desk.ObservedReply{wrote(bob, 59), wrote(bob, 61)}, want: "59 replied bob, 61 replied bob", enqueues: []desk.NoticeKind{desk.NoticeCarried}},
		"replies just before, and long before":      {replies: []desk.ObservedReply{wrote(rita, 57), wrote(rita, 59)}, want: "59 replied rita"},
		"the first reply before it ended was known": {before: []gesture{tick(ann, 30)}, marks: on("white_check_mark:UANN"), replies: []desk.ObservedReply{wrote(rita, 70)}, want: "30 resolved ann, 70 replied rita", enqueues: []desk.NoticeKind{desk.NoticeStillBroken}},
		"a reply before the end was known":          {marks: on("white_check_mark:UANN"), replies: []desk.ObservedReply{wrote(rita, 70)}, want: "≈60 resolved ann, 70 replied rita", enqueues: []desk.NoticeKind{desk.NoticeResolved, desk.NoticeAskSolution}},
		"who took it since on what they saw":        {marks: on("eyes:UBOB"), after: []gesture{claim(ann, 121)}, want: "121 claimed ann, ≈121 claimed bob!"},
		"a solution under who took it over since": {before: late, marks: on("white_check_mark:URITA"), after: []gesture{handOver(bob, bob, "", 121)},
			want: "10 claimed ann, 121 handed_over bob, ≈121 resolved rita", enqueues: []desk.NoticeKind{desk.NoticeResolved}},
		"an event that came since":            {marks: on("eyes:UANN"), after: []gesture{eyes(ann, 121), noEyes(ann, 122)}, want: "121 claimed ann, 122 put_back ann"},
		"an event of the gap that came since": {marks: on("white_check_mark:UANN"), after: []gesture{eyes(ann, 90)}, want: "90 claimed ann, ≈90 put_back ann, ≈90 resolved ann", enqueues: []desk.NoticeKind{desk.NoticeResolved, desk.NoticeAskSolution}},
	} {
		t.Run(name, func(t *testing.T) {
			h.t = t
			n := h.open(ticket.P2)
			h.stand(n)
			h.do(n, test.before...)
			h.do(n, test.after...)
			h.enqueued()
			seen := desk.Observation{
				Ticket: n, From: minutes(60), Until: minutes(120), Now: minutes(123),
				Card: cardOf(n), CardAt: minutes(test.posted), Gone: test.gone, Emoji: test.marks, Replies: test.replies,
			}
			h.catchUp(seen)
			r := h.find(n)
			if got := told(r); got != test.want {
				t.Errorf("timeline: %s\nwant      %s", got, test.want)
			}
			var enqueues []desk.NoticeKind
			for _, notice := range h.enqueued() {
				enqueues = append(enqueues, notice.Kind)
			}
			enqueues = slices.DeleteFunc(enqueues, func(k desk.NoticeKind) bool { return k == desk.NoticeCard })
			if diff := gocmp.Diff(test.enqueues, enqueues); diff != "" {
				t.Errorf("enqueued (-want +got):\n%s", diff)
			}
			if news := h.catchUp(seen); news && !test.gone {
				t.Errorf("seen again, there is news: %s", told(h.find(n)))
			}
		})
	}
}

func (h *deskHarness) catchUp(s desk.Observation) bool {
	h.t.Helper()
	news, err := h.CatchUp(h.t.Context(), s)
	if err != nil {
		h.t.Fatal(err)
	}
	return news
}

// refused is a gesture that its maker is told is not possible.
func refused(g gesture) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		r, err := g(h, n)
		if ticket.CodeOf(err) != ticket.Conflict {
			h.t.Errorf("it was not refused: %v", err)
		}
		return r, nil
	}
}

// replied is a reply that is known.
func replied(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		a := h.gesture(n, who, m)
		a.Key = desk.ReplyKey(replyAt(m)) + n.String()
		return h.Reply(h.t.Context(), a, desk.Written{Message: replyAt(m), Text: "Which card?"})
	}
}

// What was written in private is brought into the thread, and its event is known.
func TestCatchUpWithAPrivateAnswer(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 1), wait(ann, "Which card?", 2))
	h.enqueued()
	r := wrote(rita, 70)
	r.Private, r.Text = true, "Visa."
	h.catchUp(desk.Observation{Ticket: n, From: minutes(60), Until: minutes(120), Now: minutes(121), Replies: []desk.ObservedReply{r}})
	if got := h.find(n); got.Ticket.State != ticket.StateClaimed || !got.Clock(sla.Resolve).DueAt.Equal(minutes(180+68)) {
		t.Errorf("%s, due %v", got.Ticket.State, got.Clock(sla.Resolve).DueAt)
	}
	if enqueued := h.enqueued(); len(enqueued) != 2 || enqueued[0].Kind != desk.NoticeQuote || enqueued[0].Text != "Visa." || enqueued[1].Kind != desk.NoticePassedOn {
		t.Errorf("enqueued: %+v", enqueued)
	}
	a := h.gesture(n, rita, 70)
	a.Key = desk.ReplyKey(r.Message)
	if _, err := h.Reply(t.Context(), a, r.Written); err != nil {
		t.Fatal(err)
	}
	if got := h.find(n).Ticket.Replies; got != 1 {
		t.Errorf("%d replies", got)
	}
}

// When a gap spans the deadline, the doubt is the promise's; a lateness that was
// told is taken back, and told again if it turns out to be true after all.
func TestToldLatenessIsTakenBack(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.stand(n)
	h.do(n, claim(ann, 1))
	h.sweep(200)
	notice := h.notice(n, desk.NoticeAlert)
	h.catchUp(desk.Observation{Ticket: n, From: minutes(170), Until: minutes(199), Now: minutes(201), Card: cardOf(n), Emoji: on("white_check_mark:UANN")})
	r := h.find(n)
	if why := desk.Obsolete(notice, r, minutes(201)); why == "" || r.Clock(sla.Resolve).Late(minutes(201)) {
		t.Errorf("obsolete: %q, late: %t", why, r.Clock(sla.Resolve).Late(minutes(201)))
	}
	h.do(n, untick(ann, 179))
	if h.sweep(202) != 1 || h.number(`SELECT count(*) FROM alerts WHERE ticket = $1 AND step = 'late' AND source = 'resolve'`, n) != 1 ||
		h.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'alert' AND pending`, n) != 1 {
		t.Error("what is late after all is not told")
	}
}

// Whatever was done while news came, while they did not, and since: what is seen
// is applied once, in the gap, and nothing that was known changes its time.
func TestCatchUpProperties(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := h.open(ticket.P2)
		h.stand(n)
		for _, m := range []float64{10, 30, 50, 130, 150} {
			if _, err := drawGesture(rt, m)(h, n); err != nil && ticket.CodeOf(err) != ticket.Conflict {
				rt.Fatal(err)
			}
		}
		before := h.find(n)
		s := desk.Observation{Ticket: n, From: minutes(60), Until: minutes(120), Now: minutes(160), Card: cardOf(n)}
		for _, emoji := range []string{"eyes", "white_check_mark"} {
			if people := rapid.SliceOfDistinct(rapid.SampledFrom([]string{ann, bob, rita}), rapid.ID).Draw(rt, emoji); len(people) > 0 {
				s.Emoji = append(s.Emoji, on(emoji+":"+strings.Join(people, ":"))...)
			}
		}
		h.catchUp(s)
		after := h.find(n)
		known := slices.DeleteFunc(slices.Clone(after.Timeline), func(e ticket.Entry) bool { return e.Inexact })
		if len(known) != len(before.Timeline) {
			rt.Fatalf("%d entries were known, now %d", len(before.Timeline), len(known))
		}
		for _, e := range after.Timeline {
			since := slices.ContainsFunc(known, func(k ticket.Entry) bool { return k.HappenedAt.Equal(e.HappenedAt) }) // on what was seen then
			if e.Inexact && e.Void == "" && (e.HappenedAt.Before(s.From) || e.HappenedAt.After(s.Until) && !since) {
				rt.Fatalf("%s by %s at %v, outside of the gap", e.Kind, e.Actor, e.HappenedAt)
			}
		}
		if h.catchUp(s) {
			rt.Fatalf("seen again, there is news: %s", told(h.find(n)))
		}
	})
}

// An answer that came in time, and was learned of late, takes back that there was
// none, each time that was told.
func TestRepeatedLatenessIsTakenBack(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P1)
	h.stand(n)
	h.sweep(15)
	h.sweep(26)
	h.send(`UPDATE outbox SET posted = desired`)
	h.catchUp(desk.Observation{Ticket: n, From: minutes(10), Until: minutes(26), Now: minutes(27), Card: cardOf(n), Emoji: on("eyes:UANN")})
	if got := h.number(`SELECT count(*) FROM alerts WHERE source = 'respond' AND step <> 'warn'`); got != 0 {
		t.Errorf("%d alerts still count", got)
	}
	if got := h.number(`SELECT count(*) FROM outbox WHERE kind = 'alert' AND pending AND details->'alert'->>'step' IN ('late', 'again1')`); got != 2 {
		t.Errorf("%d of 2 alerts are said anew", got)
	}
}
