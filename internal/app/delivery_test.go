package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// trouble sets a fault in the simulated Slack.
func (w *world) trouble(f slacksim.Fault) {
	w.t.Helper()
	if _, err := w.slack.Fault(w.ctx, f); err != nil {
		w.t.Fatal(err)
	}
}

// posted is how often a text was ever posted in a channel, also if it was
// deleted since.
func (w *world) posted(text string) int {
	w.t.Helper()
	entries, err := w.slack.Journal(w.ctx, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Kind == slacksim.KindMessage && e.What == "posted" && strings.Contains(e.Message.Rendered(), text) {
			n++
		}
	}
	return n
}

func TestCardIsPostedOnceWhateverSlackAnswers(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slacksim.Fault{
		"too fast":                  {Kind: slacksim.FaultRateLimit, Method: "chat.postMessage", RetryAfter: 1, Count: 2},
		"error page":                {Kind: slacksim.FaultHTTP, Status: 500, Method: "chat.postMessage", Count: 1},
		"error page, yet posted":    {Kind: slacksim.FaultHTTP, Status: 502, Method: "chat.postMessage", Count: 1, AfterEffect: true},
		"posted, the answer lost":   {Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: true},
		"internal_error":            {Kind: slacksim.FaultError, Error: "internal_error", Method: "chat.postMessage", Count: 1},
		"internal_error, yet done":  {Kind: slacksim.FaultError, Error: "internal_error", Method: "chat.postMessage", Count: 1, AfterEffect: true},
		"connection cut before":     {Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1},
		"an error we do not know":   {Kind: slacksim.FaultError, Error: "brand_new_error", Method: "chat.postMessage", Count: 1},
		"look-back without answers": {Kind: slacksim.FaultHTTP, Status: 500, Method: "c*", Count: 2, AfterEffect: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.trouble(fault)
			card := w.as("alice").opens(usual("Only once"))
			w.as("bob").reacts(card, "eyes")
			w.reads("support", "Bob has it")
			if n := w.posted("Only once"); n != 1 {
				t.Errorf("the card was posted %d times", n)
			}
		})
	}
}

func TestRefusedBlocksAreSaidInPlainWords(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "invalid_blocks", Method: "chat.postMessage", Count: 1})
	card := w.as("alice").opens(usual("Odd blocks"))
	if len(card.Blocks) > 2 {
		t.Errorf("the second try has blocks: %s", card.Blocks)
	}
	if !strings.Contains(w.log.String(), "Slack refuses a message") {
		t.Errorf("the operator was not told")
	}
}

func TestOrderInAThreadHoldsThroughTrouble(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("In order"))
	w.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: true})
	w.as("bob").reacts(card, "white_check_mark")
	w.reads("support", "Alice, Bob resolved #1")
	w.reads("support", "Bob resolved it") // the card
	w.as("alice").clicks(card, "reopen")
	w.as("bob").clicks(w.reads("support", "#1 In order (Alice) was reopened and has no owner."), "claim")
	w.reads("support", "Bob has it")
	w.advance(3*time.Hour + time.Second)
	w.reads("support", "passed its 3 h target")
	var order []string
	for _, m := range w.thread(card) {
		order = append(order, m.Rendered())
	}
	wants := []string{"resolved #1", "was reopened", "passed its"}
	at := 0
	for _, said := range order {
		if at < len(wants) && strings.Contains(said, wants[at]) {
			at++
		}
	}
	if at != len(wants) {
		t.Errorf("order in the thread:\n%s", strings.Join(order, "\n"))
	}
}

func TestUrgentOvertakes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.trouble(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 503, Method: "chat.postMessage"})
	for range 5 {
		w.as("alice").ok(w.slack.As("alice").Command(w.ctx, "general", "/support", ""))
		w.as("alice").submits(filing{priority: "P3", title: "Minor", text: "x", category: "Product"}.values())
	}
	w.as("alice").ok(w.slack.As("alice").Command(w.ctx, "general", "/support", ""))
	w.as("alice").submits(filing{priority: "P1", title: "Urgent", text: "x", category: "Product"}.values())
	w.until(`SELECT count(*) = 6 FROM tickets`)
	w.until(`SELECT bool_and(state = 'unsure' AND not_before IS NOT NULL OR state IN ('sending', 'waiting')) FROM outbox WHERE kind = 'card'`)
	if err := w.slack.ClearFaults(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.reads("support", "Urgent")
	w.await("all cards", func(s slacksim.State) bool { return len(s.Channel("support").Roots()) == 6 })
}

func TestRevokedTokenEndsTheProgramAndSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ended := w.startUntilItEnds()
	w.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "token_revoked", Method: "chat.*"})
	w.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "token_revoked", Method: "auth.test"})
	w.as("alice").ok(w.slack.As("alice").Command(w.ctx, "general", "/support", ""))
	w.as("alice").submits(usual("Kept").values())
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "token_revoked") {
		t.Fatalf("the program ended with: %v", err)
	}
	if err := w.slack.ClearFaults(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.start() // with a token that works
	w.reads("support", "Kept")
}

func TestMissedAcknowledgementsAndDoubleDelivery(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Twice"))
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDuplicate, Event: "reaction_added"})
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDropAck, Event: "message", Count: 2})
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.as("dana").replies(card, "I saw this yesterday.")
	w.awaitReplies(1, 1)
	w.as("bob").replies(card, "Thanks.")
	w.awaitReplies(1, 2)
	w.until(`SELECT count(*) = 2 FROM entries WHERE kind = 'replied'`)
	w.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'claimed'`)
}

// The word that a card was changed comes late; the card is not changed for that.
func TestLateEchoesCauseNoChange(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Echo"))
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDelayEvent, Event: "message", DelayMS: 700})
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.as("bob").reacts(card, "white_check_mark")
	w.reads("support", "Bob resolved it")
	w.until(`SELECT echoed = wanted AND shown = wanted FROM outbox WHERE kind = 'card'`)
	w.until(`SELECT wanted = 3 FROM outbox WHERE kind = 'card'`)
}

func TestLostAcknowledgementOfAFormMakesOneTicket(t *testing.T) {
	t.Parallel()
	w := setup(t, func(_ *config_, s *simConfig) { s.AckTimeout = 1500 * time.Millisecond })
	alice := w.as("alice")
	alice.ok(w.slack.As("alice").Command(w.ctx, "general", "/support", ""))
	alice.seesForm()
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDropAck, Event: "view_submission", Count: 1})
	out, err := w.slack.As("alice").Submit(w.ctx, usual("Filed once").values())
	if err != nil || out.Closed || out.Banner == "" {
		t.Fatalf("the form should have seen no answer: %+v %v", out, err)
	}
	values := usual("Filed once").values()
	values["text"] = "It does not work. Since noon."
	if out := alice.ok(w.slack.As("alice").Submit(w.ctx, values)); !out.Closed {
		t.Fatalf("pressed again: %v", out.Errors)
	}
	w.reads("support", "Since noon.")
	w.until(`SELECT count(*) = 1 FROM tickets`)
}

// reconnects sets a fault that ends the sockets, and waits for two new ones.
func (w *world) reconnects(f slacksim.Fault) {
	w.t.Helper()
	w.await("both sockets", func(s slacksim.State) bool { return s.Sockets == 2 })
	before := w.opened()
	w.trouble(f)
	w.await("two new sockets", func(s slacksim.State) bool { return s.Sockets == 2 && w.opened() >= before+2 })
}

// opened is how many sockets were ever opened.
func (w *world) opened() int {
	w.t.Helper()
	entries, err := w.slack.Journal(w.ctx, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Kind == slacksim.KindSocket && e.What == "opened" {
			n++
		}
	}
	return n
}

func TestSocketsThatAreCutComeBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, f := range []slacksim.Fault{
		{Kind: slacksim.FaultCutSockets},
		{Kind: slacksim.FaultDisconnect, Reason: "refresh_requested"},
		{Kind: slacksim.FaultDisconnect, Reason: "warning"},
	} {
		w.reconnects(f)
	}
	w.as("alice").opensInTheEnd(usual("Still here"))
}

// opensInTheEnd types the command again for as long as it falls into the moment
// before a new socket stands: Slack then tells people that it failed.
func (p *person) opensInTheEnd(f filing) {
	p.w.t.Helper()
	for p.w.ctx.Err() == nil {
		out, err := p.actor.Command(p.w.ctx, "general", "/support", "")
		if err == nil && strings.Contains(out.Banner+out.Error, "operation_timeout") {
			continue
		}
		p.ok(out, err)
		break
	}
	p.seesForm()
	if out := p.sends(f.values()); !out.Closed {
		p.w.t.Fatalf("the form stayed open: %v", out.Errors)
	}
	p.w.reads("support", f.title)
}

func TestSecondCopyTakesOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.startOne()
	w.start()
	card := w.as("alice").opens(usual("Two copies"))
	first()
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.as("alice").opens(usual("After the first has left"))
	if n := w.posted("Two copies"); n != 1 {
		t.Errorf("the card was posted %d times", n)
	}
}
