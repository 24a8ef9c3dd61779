package config

import "testing"

func TestRate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Rate{
		"":        {},
		"£60":     {Amount: 60, Before: "£"},
		"$ 82.50": {Amount: 82.5, Before: "$"},
		"60 EUR":  {Amount: 60, After: " EUR"},
		"60€":     {Amount: 60, After: " €"},
	} {
		if got, err := rate(text); got != want || err != nil {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"60", "EUR", "-5 EUR", "0 EUR", "€60 EUR", "60 <!here>", "1e9 EUR"} {
		if got, err := rate(text); err == nil {
			t.Errorf("%q: %+v, want an error", text, got)
		}
	}
}
