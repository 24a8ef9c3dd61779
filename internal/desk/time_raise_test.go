package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// A raise that leaves the deadline where it is is no news of it.
func TestWarnedOnceThoughItIsRaised(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 5))
	h.sweep(136)
	h.do(n, reprioritise(ann, ticket.P1, "It is.", 150))
	h.enqueued()
	h.sweep(179)
	if enqueued := h.enqueued(); len(enqueued) != 0 {
		t.Errorf("told before the deadline that stayed: %+v", enqueued)
	}
	h.sweep(181)
	if enqueued := h.enqueued(); len(enqueued) != 2 || enqueued[0].Alert.Step != sla.Late {
		t.Errorf("told after it: %+v", enqueued)
	}
}

// A late answer that is raised is one of the new priority's: it is told at once, though
// the desk is closed, and again from then on.
func TestRaisedWhenTheAnswerIsLate(t *testing.T) {
	t.Parallel()
	policy := sla.Policy{Targets: sla.Targets{1: promise.Targets[1], 2: promise.Targets[2]}}
	briefly, err := sla.NewCalendar(sla.Hours{Zone: "UTC", Week: [7][]sla.Span{time.Monday: {{From: 9 * 60, To: 10 * 60}}}})
	if err != nil {
		t.Fatal(err)
	}
	p2 := policy.Targets[2]
	p2.Calendar = briefly
	policy.Targets[2] = p2
	h := newHarnessWith(t, policy)
	n := h.open(ticket.P2)
	h.sweep(118)
	h.do(n, reprioritise(ann, ticket.P1, "It is.", 120))
	h.enqueued()
	var said []string
	for m := 120; m <= 155; m++ {
		h.sweep(float64(m))
		for _, n := range h.enqueued() {
			said = append(said, fmt.Sprintf("%d %s %s", m, n.Alert.Source, n.Alert.Step))
		}
	}
	want := []string{"120 respond late", "130 respond again1", "140 respond again2", "150 respond again3"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c := h.find(n).Clock(sla.Respond); !c.DueAt.Equal(minutes(45)) || !c.Late(minutes(120)) || c.Target != 15*time.Minute || !c.Calendar.Always() {
		t.Errorf("due %s within %s: %+v", c.DueAt, c.Target, c)
	}
}

// A P1 that nobody answers is warned of all the same: the last time that an answer is
// asked for and the warning fall on the same minute.
func TestTheWarningIsToldWithARepetition(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P1)
	h.sweep(44)
	h.enqueued()
	h.sweep(45)
	enqueued := h.enqueued()
	if len(enqueued) != 1 || enqueued[0].Alert.Step != "again3" || enqueued[0].Also == nil || enqueued[0].Also.Step != sla.Warn || enqueued[0].Also.Source.Clock() != sla.Resolve {
		t.Fatalf("told: %+v", enqueued)
	}
	if said := h.number(`SELECT count(*) FROM alerts WHERE notified AND at = $1`, minutes(45)); said != 2 {
		t.Errorf("%d steps count as told", said)
	}
	h.do(n, reply(ann, 47))
	r := h.find(n)
	if obsolete := desk.Obsolete(enqueued[0], r, minutes(48)); obsolete != "" {
		t.Errorf("answered, and the warning is obsolete: %s", obsolete)
	}
	if now := enqueued[0].Standing(r, minutes(48)); now.Alert.Step != sla.Warn || now.Also != nil {
		t.Errorf("answered, and it tells of %s", now.Alert.Step)
	}
	if obsolete := desk.Obsolete(enqueued[0], r, minutes(61)); obsolete == "" {
		t.Error("answered and late, and the warning is not obsolete")
	}
}

// The note of a claim goes when its owner tells another time, unless a thread of direct
// messages begins with it, or may: without its first message nothing could follow there.
func TestTheNoteOfAClaimIsReplaced(t *testing.T) {
	t.Parallel()
	const inThread, inDirect = `posted_in = 'CSUPPORT', posted_ts = '2.0'`, `posted_in = 'DRITA', posted_ts = '2.0'`
	for name, test := range map[string]struct {
		by      string
		receipt bool
		note    string
		gone    bool
	}{
		"by its owner":                   {ann, false, inThread, true},
		"by another":                     {bob, false, inThread, false},
		"below a receipt":                {ann, true, inDirect, true},
		"where a thread begins with it":  {ann, false, inDirect, false},
		"where it is not known to stand": {ann, false, `posted = 0`, false},
		"to stand below a receipt":       {ann, true, `posted = 0`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			n := h.open(ticket.P2)
			h.stand(n)
			h.send(`UPDATE outbox SET posted_in = 'DRITA', posted_ts = '1.0', posted = desired WHERE kind = 'receipt' AND $1`, test.receipt)
			h.send(`DELETE FROM outbox WHERE kind = 'receipt' AND NOT $1`, test.receipt)
			h.do(n, claim(ann, 1))
			h.send(`UPDATE outbox SET ` + test.note + ` WHERE kind = 'claimed'`)
			h.do(n, reprioritise(test.by, ticket.P1, "It is.", 5))
			if gone := h.number(`SELECT count(*) FROM outbox WHERE kind = 'claimed' AND details->>'gone' = 'true'`) == 1; gone != test.gone {
				t.Errorf("gone: %v", gone)
			}
		})
	}
}
