package app_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// Texts of people, which no log may contain.
const (
	secretTitle    = "Zeppelin-title"
	secretText     = "Quokka-text"
	secretReply    = "Walnut-reply"
	secretDirect   = "Paprika-direct"
	secretNote     = "Tundra-note"
	secretSource   = "Marble-source"
	secretChatter  = "Origami-chatter"
	secretTampered = "Lantern-tampered"
)

var written = []string{
	secretTitle, secretText, secretReply, secretDirect, secretNote, secretSource, secretChatter, secretTampered,
}

// TestLogHoldsNoSecrets runs a busy day at debug level, with faults, and searches the log
// for texts and secrets.
func TestLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	h := setup(t)
	livelyDay(h)
	faults(h)
	tampered(h)
	h.closeDatabase()
	h.as("carol").ok(h.slack.As("carol").Command(h.ctx, "general", "/support", secretTitle))
	h.as("carol").seesForm()
	if out, err := h.slack.As("carol").Submit(h.ctx, secretFiling().values()); err != nil || out.Closed {
		t.Fatalf("filed without a database: %+v, %v", out, err)
	}
	h.as("bob").ok(h.slack.As("bob").Say(h.ctx, "support", secretChatter))
	h.openDatabase()
	h.as("carol").ok(h.slack.As("carol").Resubmit(h.ctx))
	h.reads("support", "#3 · P2")
	h.reconnects(slacksim.Fault{Kind: slacksim.FaultCutSockets})

	log := h.log.String()
	for _, told := range []string{"Slack refuses a message", "handling an envelope", "level=DEBUG", "by=command"} {
		if !strings.Contains(log, told) {
			t.Errorf("the life was not lively enough: the log does not say %q", told)
		}
	}
	holdsNothing(t, h, log)
}

func secretFiling() newTicket {
	return newTicket{priority: "P2", title: secretTitle, text: secretText, category: "Payments"}
}

// livelyDay makes many different gestures.
func livelyDay(h *harness) {
	h.t.Helper()
	card := h.as("alice").opens(secretFiling())
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.as("bob").replies(card, secretReply)
	h.awaitReplies(1, 1)
	h.as("bob").clicks(card, "resolve")
	h.as("bob").submits(slacksim.FormValues{"solution": "code", "note": secretNote})
	h.reads("support", secretNote)

	second := h.as("carol").opens(newTicket{priority: "P3", title: secretTitle + " 2", text: secretText, category: "Product"})
	receipt := h.as("carol").gets("We have it: #2")
	h.as("carol").ok(h.slack.As("carol").SayToBot(h.ctx, secretDirect, slacksim.InThread(receipt.TS)))
	h.reads("support", secretDirect)
	out := h.as("dana").ok(h.slack.As("dana").Say(h.ctx, "engineering", secretSource))
	h.as("dana").ok(h.slack.As("dana").MessageShortcut(h.ctx, "engineering", out.TS, "ticket_from_message"))
	h.as("dana").seesForm()
	for _, command := range []string{"list", "hold 2 " + secretNote, "show 2", "digest", "show 99"} {
		h.as("dana").ok(h.slack.As("dana").Command(h.ctx, "general", "/support", command))
	}
	h.as("dana").hears("There is no ticket #99.")
	h.as("erin").reacts(second, "eyes") // a guest, who may not claim
	h.as("erin").hears("")
}

// faults makes Slack fail in every way that is logged.
func faults(h *harness) {
	h.t.Helper()
	card := h.reads("support", secretTitle+" 2")
	for _, f := range []slacksim.Fault{
		{Kind: slacksim.FaultError, Error: "invalid_blocks", Method: "chat.update", Count: 1},
		{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: true},
		{Kind: slacksim.FaultHTTP, Status: 500, Method: "chat.update", Count: 1},
		{Kind: slacksim.FaultRateLimit, RetryAfter: 1, Method: "chat.postMessage", Count: 1},
		{Kind: slacksim.FaultHTTP, Status: 500, Method: "response_url", Count: 1},
		{Kind: slacksim.FaultCut, Method: "views.open", Count: 1},
	} {
		h.fault(f)
	}
	h.as("dana").ok(h.slack.As("dana").Command(h.ctx, "general", "/support", "list"))
	h.as("dana").ok(h.slack.As("dana").Command(h.ctx, "general", "/support", secretTitle))
	h.as("bob").reacts(card, "white_check_mark")
	h.as("carol").gets("Bob resolved #2")
	h.allPosted()
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

// tampered sends payloads that cannot be decoded.
func tampered(h *harness) {
	h.t.Helper()
	for kind, payload := range map[string]any{
		"events_api":     map[string]any{"event": map[string]any{"type": "message", "text": map[string]any{"a": secretTampered}}},
		"slash_commands": map[string]any{"text": []string{secretTampered}, "response_url": "http://127.0.0.1:1/hooks/" + secretTampered},
		"interactive": map[string]any{"type": "view_submission", "view": map[string]any{
			"callback_id": "form_new", "private_metadata": "{" + secretTampered, "state": map[string]any{"values": secretTampered},
		}},
	} {
		raw, err := json.Marshal(payload)
		if err != nil {
			h.t.Fatal(err)
		}
		h.fault(slacksim.Fault{Kind: slacksim.FaultInject, Event: kind, Payload: raw})
		h.awaitLog("kind=" + kind)
	}
}

// awaitLog waits until the log contains a text.
func (h *harness) awaitLog(text string) {
	h.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(h.log.String(), text) {
		select {
		case <-tick.C:
		case <-h.ctx.Done():
			h.t.Fatalf("the log does not say %q\n%s", text, h.log)
		}
	}
}

// secretive matches tokens, response_urls and the addresses of sockets.
var secretive = regexp.MustCompile(`xox[a-z]-\w+|xapp-\w+|/hooks/\w+|ticket=[0-9a-f]{16}|postgres(ql)?://\S+`)

func holdsNothing(t *testing.T, h *harness, log string) {
	t.Helper()
	secrets := append([]string{
		h.cfg.Slack.AppToken.Reveal(), h.cfg.Slack.BotToken.Reveal(), h.dbURL,
	}, written...)
	for line := range strings.Lines(log) {
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				t.Errorf("the log holds %q: %s", secret, line)
			}
		}
		if found := secretive.FindString(line); found != "" {
			t.Errorf("the log holds %q: %s", found, line)
		}
	}
}

// TestWrongTokensAreNotPrinted: if the program cannot start, neither its log nor its
// error contains the tokens.
func TestWrongTokensAreNotPrinted(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*config.Config){
		"wrong bot token": func(c *config.Config) { c.Slack.BotToken = "xoxb-wrong-1234" },
		"wrong app token": func(c *config.Config) { c.Slack.AppToken = "xapp-wrong-1234" },
		"swapped":         func(c *config.Config) { c.Slack.AppToken, c.Slack.BotToken = c.Slack.BotToken, c.Slack.AppToken },
		"no database":     func(c *config.Config) { c.Database.URL = "postgres://desk:hunter2@127.0.0.1:1/desk" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			spoil(&h.cfg)
			ctx, cancel := context.WithTimeout(h.ctx, patience)
			defer cancel()
			err := app.Run(ctx, h.cfg, app.Options{
				Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Unpaced: true,
			})
			if err == nil || ctx.Err() != nil {
				t.Fatalf("the bot ended with %v\n%s", err, h.log)
			}
			if name == "no database" && !strings.Contains(err.Error(), "is it running, and is database.url right?") {
				t.Errorf("the bot does not say what to do: %v", err)
			}
			for _, said := range []string{h.log.String(), err.Error()} {
				if strings.Contains(said, "hunter2") {
					t.Errorf("the database's password was printed: %s", said)
				}
				holdsNothing(t, h, said)
			}
		})
	}
}
