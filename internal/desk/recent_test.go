package desk_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// loads is a store that counts how often tickets are loaded.
type loads struct {
	desk.Store
	n atomic.Int64
}

func (l *loads) Load(ctx context.Context, n ticket.Number) (desk.Record, error) {
	l.n.Add(1)
	return l.Store.Load(ctx, n)
}

func (h *deskHarness) counted() *loads {
	l := &loads{Store: h.db}
	h.Desk = desk.New(l, everybody, h.policies, categories).Remembering()
	return l
}

// version is the stored version of a ticket.
func (h *deskHarness) version(n ticket.Number) int64 {
	h.t.Helper()
	return h.number(`SELECT version FROM tickets WHERE number = $1`, n)
}

// post has a message of a ticket stand in Slack, as a sender records it. Without an id it is
// the card.
func (h *deskHarness) post(n ticket.Number, id string, at ticket.Message) {
	h.t.Helper()
	p := desk.Posted{ID: id, At: at, PostedAt: minutes(1)}
	if id == "" {
		p.Kind = desk.NoticeCard
		h.exec(`INSERT INTO ticket_threads VALUES ($1, $2, $3, true)`, at.Channel, at.TS, n)
	}
	h.exec(`UPDATE outbox SET posted = desired, posted_in = $1, posted_ts = $2, posted_at = $3
		WHERE ticket = $4 AND (id::text = $5 OR $5 = '' AND kind = 'card')`, at.Channel, at.TS, p.PostedAt, n, id)
	h.exec(`UPDATE tickets SET version = version + 1 WHERE number = $1`, n)
	h.NotePosted(n, h.version(n), p)
}

// What is remembered of a ticket is what another copy loads, whatever has been done.
func TestRememberedIsStored(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	store := h.counted()
	other := desk.New(h.db, everybody, h.policies, categories)
	seen, fromMemory := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		h.exec(`UPDATE tickets SET next_at = NULL, category = ''`) // those of earlier rounds
		f := h.newTicket(rapid.SampledFrom(ticket.Priorities).Draw(rt, "priority"))
		f.Requester = rapid.SampledFrom([]string{rita, bob}).Draw(rt, "requester")
		f.Files = []desk.File{{ID: "F1"}}[:rapid.IntRange(0, 1).Draw(rt, "files")]
		if rapid.Bool().Draw(rt, "private") {
			f.PrivateSource = desk.PrivateSource{Is: true, Author: ann, Text: "It is.", Files: []desk.File{}}
		}
		r, err := h.Open(t.Context(), f)
		if err != nil {
			rt.Fatal(err)
		}
		n, m := r.Ticket.Number, 0.0
		for i := range rapid.IntRange(1, 12).Draw(rt, "beats") {
			m += rapid.Float64Range(0.00001, 60).Draw(rt, "minutes")
			switch rapid.SampledFrom([]string{"gesture", "gesture", "gesture", "posted", "swept"}).Draw(rt, "what") {
			case "gesture":
				if _, err := drawAny(rt, m)(h, n); err != nil && ticket.CodeOf(err) == ticket.Unavailable {
					rt.Fatal(err)
				}
			case "posted":
				h.postAny(rt, n, i, other)
			case "swept":
				h.sweep(m)
			}
			before := store.n.Load()
			known, err := h.Known(t.Context(), n, h.version(n))
			if err != nil {
				rt.Fatal(err)
			}
			if seen++; store.n.Load() == before {
				fromMemory++
			}
			stored, err := other.Find(t.Context(), n)
			if diff := gocmp.Diff(stored, known); diff != "" || err != nil {
				rt.Fatalf("%v (-stored +remembered):\n%s", err, diff)
			}
		}
	})
	if fromMemory < seen/2 {
		t.Errorf("%d of %d records came from memory", fromMemory, seen)
	}
}

func (h *deskHarness) postAny(rt *rapid.T, n ticket.Number, i int, other *desk.Desk) {
	r, err := other.Find(h.t.Context(), n)
	if err != nil {
		rt.Fatal(err)
	}
	at := ticket.Message{Channel: "CSUPPORT", TS: minutes(float64(i)).Format("150405") + "." + n.String()}
	if r.Card.TS == "" {
		h.post(n, "", at)
		return
	}
	waiting := slices.DeleteFunc(slices.Clone(r.Posted), func(p desk.Posted) bool { return p.At.TS != "" })
	if len(waiting) > 0 {
		h.post(n, rapid.SampledFrom(waiting).Draw(rt, "message").ID, at)
	}
}

func drawAny(rt *rapid.T, m float64) gesture {
	who := rapid.SampledFrom([]string{ann, bob, rita}).Draw(rt, "who")
	return rapid.SampledFrom([]gesture{
		eyes(who, m), noEyes(who, m), tick(who, m), untick(who, m), claim(who, m), putBack(who, m), handOver(who, bob, " Yours. ", m),
		eyes(who, m/2), tick(who, m/2), reply(who, m), quoted(who, "In the US.", m), wait(who, "Since when?", m), hold(who, "The supplier.", m), resume(who, m),
		resolve(who, ticket.SolvedByData, "Key renewed.", m), closeAs(who, ticket.NotAnIssue, 0, m), reopen(who, m), edit(who, "Other\xff", m),
		reprioritise(who, ticket.P1, "Grave.", m), expect(who, m+100, m), follow(who, m), withhold(m), show(who, m),
	}).Draw(rt, "gesture")
}

// A ticket that was changed by another copy is loaded before anybody is refused, and before
// anything is saved.
func TestRememberedIsNotBelieved(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.counted()
	other := &deskHarness{Desk: desk.New(h.db, everybody, h.policies, categories), t: t}
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 1))
	other.keys.Store(1000)
	other.do(n, putBack(ann, 2))
	if _, err := h.Claim(t.Context(), h.gesture(n, bob, 3)); err != nil {
		t.Errorf("a claim that seems to come too late: %v", err)
	}
	if r := h.find(n); r.Ticket.Assignee != bob {
		t.Errorf("owner %q", r.Ticket.Assignee)
	}
	other.do(n, handOver(bob, ann, "", 4))
	h.do(n, reply(rita, 5))
	if r := h.find(n); r.Ticket.Assignee != ann || len(r.Timeline) != 6 {
		t.Errorf("owner %q after %d entries", r.Ticket.Assignee, len(r.Timeline))
	}
}

// Opening, claiming and resolving load nothing, and neither does finding the card.
func TestALifeLoadsNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	store := h.counted()
	n := h.open(ticket.P2)
	h.post(n, "", cardOf(n))
	h.do(n, eyes(ann, 1), tick(ann, 2))
	if got := store.n.Load(); got != 0 {
		t.Errorf("loaded %d times", got)
	}
	h.exec(`DELETE FROM ticket_threads`)
	if found, err := h.FindByCard(t.Context(), cardOf(n)); found != n || err != nil {
		t.Errorf("the card is that of %s, %v", found, err)
	}
	if at, err := h.Card(t.Context(), n); at != cardOf(n) || err != nil {
		t.Errorf("the card is at %v, %v", at, err)
	}
	for _, m := range []float64{0, 5, 10} { // what nobody uses is forgotten
		h.AgeRecords(minutes(m))
	}
	if _, err := h.Known(t.Context(), n, h.version(n)); err != nil || store.n.Load() != 1 {
		t.Errorf("loaded %d times, %v", store.n.Load(), err)
	}
}
