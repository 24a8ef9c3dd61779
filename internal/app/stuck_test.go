package app_test

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// An operator who looks too early, or at the wrong database, is told so.
func TestStuckMessagesNeedTheirTable(t *testing.T) {
	t.Parallel()
	cfg := config.Config{Database: config.Database{URL: config.Secret(pgtest.New(t, nil))}}
	log := slog.New(slog.DiscardHandler)
	for name, err := range map[string]error{
		"list":  app.Stuck(t.Context(), cfg, log, io.Discard),
		"retry": app.RetryStuck(t.Context(), cfg, log, []string{"1"}),
		"drop":  app.DropStuck(t.Context(), cfg, log, []string{"1"}, "why"),
	} {
		if err == nil || !strings.Contains(err.Error(), "run supporty migrate") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What Slack does not take is listed without its text, and tried again when the
// operator says so.
func TestStuckMessages(t *testing.T) {
	t.Parallel()
	w := setup(t)
	log := slog.New(slog.DiscardHandler)
	listed := func() string {
		t.Helper()
		var out bytes.Buffer
		if err := app.Stuck(w.ctx, w.cfg, log, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := listed(); got != "Every message gets through.\n" {
		t.Errorf("with nothing stuck it says %q", got)
	}
	card := w.as("alice").opens(usual("Confidential-title"))
	w.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "invalid_blocks", Method: "chat.postMessage", Count: 4})
	w.as("bob").clicks(card, "resolve")
	w.as("bob").submits(slacksim.Values{"solution": "code", "note": "Confidential-note"})
	w.until(`SELECT state = 'undeliverable' FROM outbox WHERE kind = 'resolved'`)
	got := listed()
	for _, told := range []string{"#1", "resolved", "undeliverable", "invalid_blocks"} {
		if !strings.Contains(got, told) {
			t.Errorf("it does not say %q:\n%s", told, got)
		}
	}
	if strings.Contains(got, "Confidential") {
		t.Errorf("it tells what people wrote:\n%s", got)
	}
	id := strings.Fields(strings.Split(got, "\n")[1])[0]
	if err := w.slack.ClearFaults(w.ctx); err != nil {
		t.Fatal(err)
	}
	if err := app.RetryStuck(w.ctx, w.cfg, log, []string{id, "4711"}); err == nil || !strings.Contains(err.Error(), "4711") || strings.Contains(err.Error(), id+",") {
		t.Errorf("trying again: %v", err)
	}
	w.reads("support", "Bob resolved #1: Confidential-note")
	if err := app.DropStuck(w.ctx, w.cfg, log, []string{id}, " "); err == nil || !strings.Contains(err.Error(), "reason") {
		t.Errorf("given up without a reason: %v", err)
	}
	if err := app.DropStuck(w.ctx, w.cfg, log, []string{id}, "said already"); err == nil || !strings.Contains(err.Error(), id) {
		t.Errorf("what was said was given up: %v", err)
	}
}
