package app_test

import "testing"

// A person who only previews a public channel can press a button there. They are told why
// it had no effect.
func TestRefusalReachesAPreviewer(t *testing.T) {
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
