package config

import "testing"

func TestWork(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"", "operational", "tactical", "strategic"} {
		if got, err := work(kind); got != kind || err != nil {
			t.Errorf("%q: %q, %v", kind, got, err)
		}
	}
	if got, err := work("fun"); err == nil {
		t.Errorf("fun is %q, want an error", got)
	}
}
