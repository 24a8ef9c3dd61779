package ticket_test

import (
	"testing"

	"supporty/internal/ticket"
)

func TestCausesHaveLabels(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{"": true}
	for _, c := range ticket.Causes {
		if seen[c.Label()] {
			t.Errorf("%q is called %q", c, c.Label())
		}
		seen[c.Label()] = true
	}
	if ticket.Cause("bob").Label() != "" {
		t.Error("a cause that is none has a label")
	}
}
