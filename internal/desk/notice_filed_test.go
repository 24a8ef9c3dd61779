package desk_test

import (
	"errors"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// addressed is to whom notices of a kind are enqueued.
func addressed(notices []desk.Notice, kind desk.NoticeKind) []string {
	var to []string
	for _, n := range notices {
		if n.Kind == kind {
			to = append(to, n.To)
		}
	}
	slices.Sort(to)
	return to
}

// A receipt is enqueued for whom nothing else tells that the ticket is filed.
func TestReceipts(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, test := range map[string]struct {
		requester, filer string
		answered         bool
		want             []string
	}{
		"a member, told where they filed":           {ann, ann, true, nil},
		"a member, who cannot be told":              {ann, ann, false, []string{ann}},
		"an outsider":                               {rita, "", true, []string{rita}},
		"a member, for whom another filed":          {ann, bob, true, []string{ann}},
		"an outsider, for whom another filed":       {rita, bob, true, []string{rita}},
		"both, where the filer cannot be told":      {rita, bob, false, []string{bob, rita}},
		"somebody about whom Slack does not answer": {"UNOBODY", "", true, []string{"UNOBODY"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := h.newTicket(ticket.P2)
			f.Requester, f.Filer, f.Answered = test.requester, test.filer, test.answered
			if _, err := h.Open(t.Context(), f); err != nil {
				t.Fatalf("%v", err)
			}
			if diff := gocmp.Diff(test.want, addressed(h.enqueued(), desk.NoticeReceipt)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// A receipt that is enqueued after the fact is enqueued once, and never twice with the first.
func TestReceiptAfterTheFact(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	f := h.newTicket(ticket.P2)
	f.Requester, f.Answered = ann, true
	member, err := h.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	outsider := h.open(ticket.P2)
	for range 2 {
		for n, person := range map[ticket.Number]string{member.Ticket.Number: ann, outsider: rita} {
			if err := h.EnqueueReceipt(t.Context(), n, person, minutes(1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := gocmp.Diff([]string{ann, rita}, addressed(h.enqueued(), desk.NoticeReceipt)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhoCannotBeTheRequester(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const cannot = "A ticket cannot be for {name}. Choose somebody who works here."
	for person, want := range map[string]*ticket.Error{
		gus: refusal(ticket.Invalid, desk.FieldRequester, cannot), otto: refusal(ticket.Invalid, desk.FieldRequester, cannot),
		beep:      refusal(ticket.Invalid, desk.FieldRequester, cannot),
		"UNOBODY": refusal(ticket.Invalid, desk.FieldRequester, "It could not be found out who that is. Please press Submit again."),
	} {
		t.Run(person, func(t *testing.T) {
			f := h.newTicket(ticket.P2)
			f.Requester, f.Filer = person, bob
			_, err := h.Open(t.Context(), f)
			got, _ := errors.AsType[*ticket.Error](err)
			if got == nil || got.Sentence != want.Sentence || got.Field != want.Field {
				t.Errorf("%v", err)
			}
		})
	}
}
