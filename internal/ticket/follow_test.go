package ticket_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/ticket"
)

func TestFiledForSomebodyElse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		actor, requester string
		wantRequester    string
		wantFiler        string
		wantFollowers    []string
	}{
		"by the requester":                        {alice, "", alice, "", nil},
		"by the requester, who is named":          {alice, alice, alice, "", nil},
		"by somebody else, who hears how it ends": {bob, alice, alice, bob, []string{bob}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := opened()
			first.Actor, first.Requester = test.actor, test.requester
			got := play(t, first)
			if got.Requester != test.wantRequester || got.Filer != test.wantFiler {
				t.Errorf("requester %q, filer %q", got.Requester, got.Filer)
			}
			if diff := cmp.Diff(test.wantFollowers, got.Followers); diff != "" {
				t.Errorf("followers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFollowing(t *testing.T) {
	t.Parallel()
	got := play(t, opened(), entry(ticket.Followed, dan, minute(1)), entry(ticket.Followed, carol, minute(2)),
		entry(ticket.Unfollowed, dan, minute(3)))
	if diff := cmp.Diff([]string{carol}, got.Followers); diff != "" {
		t.Errorf("followers (-want +got):\n%s", diff)
	}
	if _, err := got.Apply(entry(ticket.Followed, carol, minute(4))); !ticket.Same(err) {
		t.Errorf("following twice: %v", err)
	}
	if _, err := got.Apply(entry(ticket.Followed, alice, minute(4))); ticket.CodeOf(err) != ticket.Conflict {
		t.Errorf("the requester hears of it anyway: %v", err)
	}
}

// The first answer of a private message's author holds.
func TestConsent(t *testing.T) {
	t.Parallel()
	first := opened()
	first.Message = ticket.Message{}
	shown := with(ticket.Details{Text: "It says 500.", Message: ticket.Message{Channel: "D1", TS: "1.2"}})
	agreed := entry(ticket.Agreed, alice, minute(1), shown)
	got := play(t, first, agreed)
	if got.Text != "For US cards\n\nIt says 500." || got.Source != (ticket.Message{}) || got.Consent != ticket.ConsentGiven {
		t.Errorf("agreed: %+v", got)
	}
	got = play(t, first, entry(ticket.Declined, alice, minute(1)))
	if next, err := got.Apply(agreed); !ticket.Same(err) || next.Text != "For US cards" || next.Source != (ticket.Message{}) {
		t.Errorf("declined and then agreed: %+v, %v", next, err)
	}
}
