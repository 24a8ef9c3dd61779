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

// An operator who calls it too early, or for the wrong database, is told so.
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

// Messages that Slack refuses are listed without their text, and tried again when the
// operator says so.
func TestStuckMessages(t *testing.T) {
	t.Parallel()
	h := setup(t)
	log := slog.New(slog.DiscardHandler)
	listed := func() string {
		t.Helper()
		var out bytes.Buffer
		if err := app.Stuck(h.ctx, h.cfg, log, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := listed(); got != "Every message gets through.\n" {
		t.Errorf("with nothing stuck it says %q", got)
	}
	card := h.as("alice").opens(usual("Confidential-title"))
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Error: "invalid_blocks", Method: "chat.postMessage", Count: 4})
	h.as("bob").clicks(card, "resolve")
	h.as("bob").submits(slacksim.FormValues{"solution": "code", "note": "Confidential-note"})
	h.until(`SELECT state = 'undeliverable' FROM outbox WHERE kind = 'resolved'`)
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
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	if err := app.RetryStuck(h.ctx, h.cfg, log, []string{id, "4711"}); err == nil || !strings.Contains(err.Error(), "4711") || strings.Contains(err.Error(), id+",") {
		t.Errorf("trying again: %v", err)
	}
	h.reads("support", "Bob resolved #1: Confidential-note")
	if err := app.DropStuck(h.ctx, h.cfg, log, []string{id}, " "); err == nil || !strings.Contains(err.Error(), "reason") {
		t.Errorf("given up without a reason: %v", err)
	}
	if err := app.DropStuck(h.ctx, h.cfg, log, []string{id}, "said already"); err == nil || !strings.Contains(err.Error(), id) {
		t.Errorf("what was said was given up: %v", err)
	}
}
