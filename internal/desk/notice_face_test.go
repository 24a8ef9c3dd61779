package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// wanted is how often the messages of a kind were to be said so far.
func (h *deskHarness) wanted(kind desk.NoticeKind) int64 {
	h.t.Helper()
	return h.number(`SELECT coalesce(sum(desired), 0) FROM outbox WHERE kind = $1`, kind)
}

// said makes believe that all stands in Slack, in the channel as well.
func (h *deskHarness) said() {
	h.t.Helper()
	h.send(`UPDATE outbox SET posted = desired, posted_in = 'CSUPPORT', posted_ts = id::text, posted_at = due_at, details = details || '{"aloud": true}'`)
}

// An alert is said anew in place when it looks otherwise, and not for anything else.
func TestFaces(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		setup []gesture
		does  gesture
		anew  int64
	}{
		"claimed":                {nil, claim(ann, 137), 1},
		"a reply of the asker":   {nil, reply(rita, 137), 0},
		"solved":                 {[]gesture{claim(ann, 1)}, tick(ann, 137), 1},
		"handed over":            {[]gesture{claim(ann, 1)}, handOver(ann, bob, "", 137), 1},
		"put back":               {[]gesture{claim(ann, 1)}, putBack(ann, 137), 1},
		"another time":           {[]gesture{claim(ann, 1)}, expect(ann, 300, 137), 1},
		"another target":         {[]gesture{claim(ann, 1)}, reprioritise(ann, ticket.P3, "A detail.", 137), 1},
		"paused":                 {[]gesture{claim(ann, 1)}, wait(ann, "Which card?", 137), 1},
		"another title":          {[]gesture{claim(ann, 1)}, edit(rita, "Other", 137), 1},
		"the owner is on it":     {[]gesture{claim(ann, 1)}, onIt(ann, 137), 0},
		"a reply of the owner's": {[]gesture{claim(ann, 1)}, reply(ann, 137), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			n := h.open(ticket.P2)
			h.do(n, test.setup...)
			h.sweep(136)
			h.said()
			before := h.wanted(desk.NoticeAlert)
			h.do(n, test.does)
			if got := h.wanted(desk.NoticeAlert) - before; got != test.anew {
				t.Errorf("said anew %d times, want %d", got, test.anew)
			}
		})
	}
}

// Where the channel has read that nobody has it, later steps take that message's place;
// of a P1 they are told by messages of their own, and what was told before is obsolete.
func TestRetelling(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		priority ticket.Priority
		steps    []float64
		messages int64
	}{
		"of a P1": {ticket.P1, []float64{11.25, 15, 25, 35, 45, 60}, 6},
		"of a P2": {ticket.P2, []float64{136, 181}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			h.open(test.priority)
			for _, m := range test.steps {
				h.sweep(m)
				h.said()
			}
			if n := h.number(`SELECT count(*) FROM outbox WHERE kind = 'alert'`); n != test.messages {
				t.Errorf("%d messages, want %d", n, test.messages)
			}
			current := h.number(`SELECT count(*) FROM outbox WHERE kind = 'alert' AND details->'retold' IS NULL
				AND details->'alert'->>'step' = 'late' AND details->'alert'->>'source' = 'resolve'`)
			retold := h.number(`SELECT count(*) FROM outbox WHERE kind = 'alert' AND details->'retold' IS NOT NULL`)
			if current != 1 || retold != test.messages-1 {
				t.Errorf("%d tell of the newest step, %d of what was told again", current, retold)
			}
		})
	}
}
