package desk_test

import (
	"strings"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// What is redacted can be too little to be found, or nothing; then nothing changes.
func TestRedactingNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	before := h.find(n)
	for words, want := range map[string]ticket.Code{"": ticket.Invalid, " ab ": ticket.Invalid, "äöü": ticket.Invalid, "not in it": ""} {
		r, err := h.Redact(t.Context(), h.gesture(n, rita, 9), words, "")
		if ticket.CodeOf(err) != want || err == nil && (len(r.Timeline) != len(before.Timeline) || r.Version != before.Version) {
			t.Errorf("%q: %v, %d entries", words, err, len(r.Timeline))
		}
	}
}

// Who wrote the words does not matter, nor in which entry they stand; the entry that stays says
// that something was redacted, and not what. What is on its way is not posted with them.
func TestRedactedEverywhere(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, edit(rita, "Key s3cr3t fails", 1), claim(ann, 2), hold(ann, "The key s3cr3t is being changed.", 3),
		handOver(ann, bob, "s3cr3t, says Rita", 4), resolve(bob, ticket.SolvedByData, "s3cr3t is off", 5))
	h.enqueued()
	r, err := h.Redact(t.Context(), h.gesture(n, rita, 9), "s3cr3t", "")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Key [redacted] fails"; r.Ticket.Title != want || h.find(n).Ticket.Title != want {
		t.Errorf("title %q, stored %q", r.Ticket.Title, h.find(n).Ticket.Title)
	}
	if got := h.textOf(`SELECT string_agg(r, '') FROM (SELECT e::text AS r FROM entries e UNION ALL SELECT o::text FROM outbox o UNION ALL SELECT t::text FROM tickets t) AS rows`); strings.Contains(got, "s3cr3t") {
		t.Errorf("it is stored still: %s", got)
	}
	if got := h.textOf(`SELECT string_agg(kind, ' ' ORDER BY happened_at, id) FROM entries`); got != "opened edited claimed held handed_over resolved redacted" {
		t.Errorf("entries: %s", got)
	}
	var anew []string
	for _, notice := range h.enqueued() {
		anew = append(anew, string(notice.Kind))
		if notice.Kind == desk.NoticeResolved && notice.Note != "[redacted] is off" {
			t.Errorf("it says %q", notice.Note)
		}
	}
	if got, want := strings.Join(anew, " "), "receipt held handed_over resolved"; got != want {
		t.Errorf("posted anew: %s, want %s", got, want)
	}
	if got := h.textOf(`SELECT string_agg(concat_ws(' ', kind, details->>'gone'), '; ' ORDER BY id) FROM outbox WHERE kind IN ('card', 'erased')`); got != "erased true; card" {
		t.Errorf("the cards: %s", got)
	}
}

// What is redacted from a ticket, or made private with it, also disappears from answers in other
// tickets that repeat how it was solved; what else was said there stays.
func TestRedactedWhereItIsRepeated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(h *deskHarness, n ticket.Number, who string) error
		left string
	}{
		"redacted": {func(h *deskHarness, n ticket.Number, who string) error {
			_, err := h.Redact(h.t.Context(), h.gesture(n, who, 9), "s3cr3t", "")
			return err
		}, "As in #1: [redacted] is off"},
		"made private": {func(h *deskHarness, n ticket.Number, who string) error {
			_, err := h.MakePrivate(h.t.Context(), h.gesture(n, who, 9))
			return err
		}, ticket.RedactedMark},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			first, second := h.open(ticket.P2), h.open(ticket.P2)
			h.do(first, claim(bob, 4), resolve(bob, ticket.SolvedByData, "s3cr3t is off", 5))
			if _, err := h.SayAsBefore(t.Context(), h.gesture(second, ann, 6), first); err != nil {
				t.Fatal(err)
			}
			h.do(second, say(ann, "Is it s3cr3t, too?", 7))
			h.enqueued()
			if err := test.do(h, first, olga); err == nil || len(h.enqueued()) > 0 {
				t.Errorf("by somebody else: %v", err)
			}
			if err := test.do(h, first, bob); err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, n := range h.enqueued() {
				if n.Ticket == second && n.Kind == desk.NoticeQuote {
					said = append(said, n.Text)
				}
			}
			if len(said) != 1 || said[0] != test.left {
				t.Errorf("posted anew: %q, want %q", said, test.left)
			}
			if got := h.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND details::text LIKE '%s3cr3t is off%' AND NOT details ? 'gone'`, second); got != 0 {
				t.Errorf("%d messages say it still", got)
			}
			if r := h.find(second); r.Timeline[len(r.Timeline)-1].Kind != ticket.Redacted || r.Ticket.Title == "" {
				t.Errorf("the other ticket: %+v", r.Ticket)
			}
		})
	}
}
