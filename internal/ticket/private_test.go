package ticket_test

import (
	"testing"

	"supporty/internal/ticket"
)

func TestPrivate(t *testing.T) {
	t.Parallel()
	filed := opened()
	filed.MakesPrivate = true
	moved := ticket.Details{Title: "Checkout fails", Category: "security", MakesPrivate: true}
	back := ticket.Details{Title: "Checkout fails", Category: "payments"}
	tests := []struct {
		name     string
		timeline []ticket.Entry
		since    int // the minute
		by       string
	}{
		{"filed so", []ticket.Entry{filed}, 0, ""},
		{"filed so, and moved to a category that is not", []ticket.Entry{filed, entry(ticket.Edited, alice, minute(5), with(back))}, 0, ""},
		{"made private", []ticket.Entry{opened(), entry(ticket.MadePrivate, bob, minute(5))}, 5, bob},
		{"made private twice", []ticket.Entry{opened(), entry(ticket.MadePrivate, bob, minute(5)), entry(ticket.MadePrivate, carol, minute(6))}, 5, bob},
		{"moved to a private category", []ticket.Entry{opened(), entry(ticket.Edited, alice, minute(5), with(moved))}, 5, alice},
		{"made private, and moved", []ticket.Entry{opened(), entry(ticket.MadePrivate, bob, minute(5)), entry(ticket.Edited, alice, minute(7), with(moved))}, 5, bob},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, _ := ticket.Fold(42, test.timeline)
			if !got.Private() || !got.PrivateSince.Equal(minute(test.since)) || got.PrivateBy != test.by {
				t.Errorf("private since %s, by %q", got.PrivateSince, got.PrivateBy)
			}
		})
	}
	if got, _ := ticket.Fold(42, []ticket.Entry{opened()}); got.Private() {
		t.Error("a ticket is private though nobody made it so")
	}
}

// The card of the new place has no emoji, so who had put one on the old card cannot take it off.
func TestPrivateForgetsEmoji(t *testing.T) {
	t.Parallel()
	eyes := entry(ticket.Claimed, bob, minute(1), by(ticket.ByEmoji))
	eyes.Emoji = "eyes"
	got, _ := ticket.Fold(42, []ticket.Entry{opened(), eyes, entry(ticket.MadePrivate, bob, minute(5))})
	if len(got.Reactions) > 0 || got.Assignee != bob {
		t.Errorf("emoji %v, owner %q", got.Reactions, got.Assignee)
	}
}
