package app_test

import (
	"strings"
	"testing"

	"supporty/internal/app"
	"supporty/internal/config"
)

// Where nobody answers, tokens and channels are not to blame; and every finding is
// one line, whatever the error.
func TestDoctorFindsNobody(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.Slack.APIURL = "http://127.0.0.1:1/api/"
	cfg.Slack.AppToken, cfg.Slack.BotToken = "xapp-1", "xoxb-1"
	cfg.Channels = config.Channels{Support: "support", Digest: "support-digest"}
	cfg.Database.URL = "postgres://desk@127.0.0.1:1/desk"
	var report strings.Builder
	if app.Doctor(t.Context(), cfg, &report) {
		t.Error("the doctor finds nothing")
	}
	lines := strings.Split(strings.TrimSpace(report.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("not a line for Slack and one for the database:\n%s", report.String())
	}
	says(t, lines[0], "FAIL  Slack            http://127.0.0.1:1/api/ cannot be reached")
	says(t, lines[1], "FAIL  database", "is it running, and is database.url right?")
}

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
