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

// Words that people write, and that no log may hold.
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

// TestLogHoldsNoSecrets runs a lively life at debug level, with faults, and looks
// for what must not be in the log.
func TestLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	w := setup(t)
	livelyDay(w)
	faults(w)
	tampered(w)
	w.closeDatabase()
	w.as("carol").ok(w.slack.As("carol").Command(w.ctx, "general", "/support", secretTitle))
	w.as("carol").seesForm()
	if out, err := w.slack.As("carol").Submit(w.ctx, secretFiling().values()); err != nil || out.Closed {
		t.Fatalf("filed without a database: %+v, %v", out, err)
	}
	w.as("bob").ok(w.slack.As("bob").Say(w.ctx, "support", secretChatter))
	w.openDatabase()
	w.as("carol").ok(w.slack.As("carol").Resubmit(w.ctx))
	w.reads("support", "#3 · P2")
	w.reconnects(slacksim.Fault{Kind: slacksim.FaultCutSockets})

	log := w.log.String()
	for _, told := range []string{"Slack refuses a message", "handling an envelope", "level=DEBUG", "by=command"} {
		if !strings.Contains(log, told) {
			t.Errorf("the life was not lively enough: the log does not say %q", told)
		}
	}
	holdsNothing(t, w, log)
}

func secretFiling() filing {
	return filing{priority: "P2", title: secretTitle, text: secretText, category: "Payments"}
}

// livelyDay is what people do.
func livelyDay(w *world) {
	w.t.Helper()
	card := w.as("alice").opens(secretFiling())
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.as("bob").replies(card, secretReply)
	w.awaitReplies(1, 1)
	w.as("bob").clicks(card, "resolve")
	w.as("bob").submits(slacksim.Values{"solution": "code", "note": secretNote})
	w.reads("support", secretNote)

	second := w.as("carol").opens(filing{priority: "P3", title: secretTitle + " 2", text: secretText, category: "Product"})
	receipt := w.as("carol").gets("We have it: #2")
	w.as("carol").ok(w.slack.As("carol").SayToBot(w.ctx, secretDirect, slacksim.InThread(receipt.TS)))
	w.reads("support", secretDirect)
	out := w.as("dana").ok(w.slack.As("dana").Say(w.ctx, "engineering", secretSource))
	w.as("dana").ok(w.slack.As("dana").MessageShortcut(w.ctx, "engineering", out.TS, "ticket_from_message"))
	w.as("dana").seesForm()
	for _, command := range []string{"list", "hold 2 " + secretNote, "show 2", "digest", "show 99"} {
		w.as("dana").ok(w.slack.As("dana").Command(w.ctx, "general", "/support", command))
	}
	w.as("dana").hears("There is no ticket #99.")
	w.as("erin").reacts(second, "eyes") // a guest, who may not
	w.as("erin").hears("")
}

// faults has Slack misbehave in every way that is logged.
func faults(w *world) {
	w.t.Helper()
	card := w.reads("support", secretTitle+" 2")
	for _, f := range []slacksim.Fault{
		{Kind: slacksim.FaultError, Error: "invalid_blocks", Method: "chat.update", Count: 1},
		{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: true},
		{Kind: slacksim.FaultHTTP, Status: 500, Method: "chat.update", Count: 1},
		{Kind: slacksim.FaultRateLimit, RetryAfter: 1, Method: "chat.postMessage", Count: 1},
		{Kind: slacksim.FaultHTTP, Status: 500, Method: "response_url", Count: 1},
		{Kind: slacksim.FaultCut, Method: "views.open", Count: 1},
	} {
		w.trouble(f)
	}
	w.as("dana").ok(w.slack.As("dana").Command(w.ctx, "general", "/support", "list"))
	w.as("dana").ok(w.slack.As("dana").Command(w.ctx, "general", "/support", secretTitle))
	w.as("bob").reacts(card, "white_check_mark")
	w.as("carol").gets("Bob resolved #2")
	w.saidAll()
	if err := w.slack.ClearFaults(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

// tampered sends what cannot be decoded.
func tampered(w *world) {
	w.t.Helper()
	for kind, payload := range map[string]any{
		"events_api":     map[string]any{"event": map[string]any{"type": "message", "text": map[string]any{"a": secretTampered}}},
		"slash_commands": map[string]any{"text": []string{secretTampered}, "response_url": "http://127.0.0.1:1/hooks/" + secretTampered},
		"interactive": map[string]any{"type": "view_submission", "view": map[string]any{
			"callback_id": "form_new", "private_metadata": "{" + secretTampered, "state": map[string]any{"values": secretTampered},
		}},
	} {
		raw, err := json.Marshal(payload)
		if err != nil {
			w.t.Fatal(err)
		}
		w.trouble(slacksim.Fault{Kind: slacksim.FaultInject, Event: kind, Payload: raw})
		w.awaitLog("kind=" + kind)
	}
}

// awaitLog waits until the bot has logged something.
func (w *world) awaitLog(text string) {
	w.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(w.log.String(), text) {
		select {
		case <-tick.C:
		case <-w.ctx.Done():
			w.t.Fatalf("the log does not say %q\n%s", text, w.log)
		}
	}
}

// secretive matches tokens, response_urls and the addresses of sockets.
var secretive = regexp.MustCompile(`xox[a-z]-\w+|xapp-\w+|/hooks/\w+|ticket=[0-9a-f]{16}|postgres(ql)?://\S+`)

func holdsNothing(t *testing.T, w *world, log string) {
	t.Helper()
	secrets := append([]string{
		w.cfg.Slack.AppToken.Reveal(), w.cfg.Slack.BotToken.Reveal(), w.dbURL,
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

// TestWrongTokensAreNotPrinted: neither the log nor the error of a program that
// cannot start.
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
			w := newWorld(t)
			spoil(&w.cfg)
			ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
			defer cancel()
			err := app.Run(ctx, w.cfg, app.Options{
				Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Unpaced: true,
			})
			if err == nil || ctx.Err() != nil {
				t.Fatalf("the bot ended with %v\n%s", err, w.log)
			}
			if name == "no database" && !strings.Contains(err.Error(), "is it running, and is database.url right?") {
				t.Errorf("the bot does not say what to do: %v", err)
			}
			for _, said := range []string{w.log.String(), err.Error()} {
				if strings.Contains(said, "hunter2") {
					t.Errorf("the database's password was printed: %s", said)
				}
				holdsNothing(t, w, said)
			}
		})
	}
}
