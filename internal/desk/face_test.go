package desk_test

import (
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// wanted is how often the messages of a kind were to be said so far.
func (o *office) wanted(kind desk.NoticeKind) int64 {
	o.t.Helper()
	return o.number(`SELECT coalesce(sum(wanted), 0) FROM outbox WHERE kind = $1`, kind)
}

// said makes believe that all stands in Slack, in the channel as well.
func (o *office) said() {
	o.t.Helper()
	o.exec(`UPDATE outbox SET shown = wanted, said_in = 'CSUPPORT', said_ts = id::text, said_at = due_at, details = details || '{"aloud": true}'`)
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
			o := newOffice(t)
			n := o.open(ticket.P2)
			o.do(n, test.setup...)
			o.sweep(136)
			o.said()
			before := o.wanted(desk.NoticeAlert)
			o.do(n, test.does)
			if got := o.wanted(desk.NoticeAlert) - before; got != test.anew {
				t.Errorf("said anew %d times, want %d", got, test.anew)
			}
		})
	}
}

// Where the channel has read that nobody has it, later steps take that message's place.
func TestRetelling(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.open(ticket.P1)
	for _, m := range []float64{11.25, 15, 25, 35, 45, 60} {
		o.sweep(m)
		o.said()
	}
	if n := o.number(`SELECT count(*) FROM outbox WHERE kind = 'alert'`); n != 1 {
		t.Errorf("%d messages, want one", n)
	}
	if step := o.number(`SELECT count(*) FROM outbox WHERE details->'alert'->>'step' = 'late' AND details->'alert'->>'clock' = 'resolve' AND kind = 'alert'`); step != 1 {
		t.Error("it does not tell of the newest step")
	}
	if n := o.number(`SELECT count(*) FROM outbox WHERE kind = 'alert' AND said_at < $1`, nine.Add(12*time.Minute)); n != 1 {
		t.Error("it is not the first message")
	}
}
