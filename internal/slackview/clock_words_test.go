package slackview

import (
	"testing"

	"supporty/internal/sla"
)

func TestEveryClockHasWords(t *testing.T) {
	t.Parallel()
	for _, name := range sla.Names() {
		if _, known := clockTerms[name]; !known {
			t.Errorf("the clock %s has no words", name)
		}
		if alertTexts[name] == nil {
			t.Errorf("nothing is said of what the clock %s brings", name)
		}
	}
}
