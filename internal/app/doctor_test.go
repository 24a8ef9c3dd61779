package app_test

import (
	"strings"
	"testing"

	"supporty/internal/app"
)

// The doctor compares what is stored with the timelines, and names what
// disagrees.
func TestDoctorFindsDeadlinesThatDisagree(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.as("alice").opens(usual("Checkout fails"))
	var report strings.Builder
	app.Doctor(w.ctx, w.cfg, &report)
	if !strings.Contains(report.String(), "ok    deadlines        agree with the timelines, 1 tickets looked at") {
		t.Errorf("with everything in order:\n%s", report.String())
	}
	w.until(`WITH broken AS (UPDATE tickets SET next_at = NULL RETURNING 1) SELECT count(*) = 1 FROM broken`)
	report.Reset()
	if app.Doctor(w.ctx, w.cfg, &report) {
		t.Error("the doctor finds nothing")
	}
	says(t, report.String(), "FAIL  deadlines        1 stored times disagree", "#1: tickets.next_at is none, and should be ", "Any change of such a ticket writes its deadlines anew")
}
