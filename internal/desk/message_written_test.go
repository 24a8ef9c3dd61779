package desk_test

import (
	"testing"

	"supporty/internal/desk"
)

// A text has the address of a runbook if it has it whole, or that of a part of it.
func TestWhatLeadsToARunbook(t *testing.T) {
	t.Parallel()
	const runbook = "https://wiki.example.com/pay?a=1&b=2"
	for text, want := range map[string]bool{
		"See https://wiki.example.com/pay?a=1&b=2.":                                            true,
		"<https://wiki.example.com/pay?a=1&amp;b=2|this>":                                      true,
		"https://wiki.example.com/pay?a=1&b=2#step-3":                                          true,
		"https://wiki.example.com/pay?a=1&b=2/refunds":                                         true,
		"https://wiki.example.com/pay?a=1&b=23 and nothing":                                    false,
		"https://wiki.example.com/pay?a=1&b=2-old":                                             false,
		"https://wiki.example.com/pay?a=1&b=2x, but then https://wiki.example.com/pay?a=1&b=2": true,
		"https://wiki.example.com/pay":                                                         false,
		"":                                                                                     false,
	} {
		if got := desk.LeadsTo(text, runbook); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
