package app_test

import "testing"

// Who only looks into a public channel presses a button there as well, and reads why
// nothing came of it.
func TestRefusalReachesWhoOnlyLooksIn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	carol := h.as("carol")
	carol.clicks(card, "claim")
	refusal := carol.hears("Only people who answer in the support channel can take a ticket.")
	if refusal.ThreadTS != "" || h.asItIs(card).ReplyCount != 0 {
		t.Errorf("it stands elsewhere than the button: %+v", refusal)
	}
}
