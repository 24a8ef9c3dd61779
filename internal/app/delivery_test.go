package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// fault sets a fault in the simulated Slack.
func (h *harness) fault(f slacksim.Fault) {
	h.t.Helper()
	if _, err := h.slack.Fault(h.ctx, f); err != nil {
		h.t.Fatal(err)
	}
}

// posted is how often a text was ever posted in a channel, including messages that were
// deleted since.
func (h *harness) posted(text string) int {
	h.t.Helper()
	entries, err := h.slack.Journal(h.ctx, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Kind == slacksim.KindMessage && e.What == "posted" && strings.Contains(e.Message.Rendered(), text) {
			h.t.Logf("posted in %s: %s", e.Message.Channel, e.Message.Rendered())
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
			h := setup(t)
			h.fault(fault)
			card := h.as("alice").opens(usual("Only once"))
			h.as("bob").reacts(card, "eyes")
			h.reads("support", "Bob has it")
			if n := h.posted("Only once"); n != 1 {
				t.Errorf("the card was posted %d times", n)
			}
		})
	}
}

func TestRefusedBlocksArePostedAsPlainText(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Error: "invalid_blocks", Method: "chat.postMessage", Count: 1})
	card := h.as("alice").opens(usual("Odd blocks"))
	if len(card.Blocks) > 2 {
		t.Errorf("the second try has blocks: %s", card.Blocks)
	}
	if !strings.Contains(h.log.String(), "Slack refuses a message") {
		t.Errorf("the operator was not told")
	}
}

func TestOrderInAThreadHoldsThroughTrouble(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("In order"))
	h.fault(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: true})
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Alice, Bob resolved #1")
	h.reads("support", "Bob resolved it") // the card is up to date
	h.as("alice").clicks(card, "reopen")
	h.as("bob").clicks(h.reads("support", "#1 In order (Alice) was reopened and has no owner."), "claim")
	h.reads("support", "Bob has it")
	h.advance(3*time.Hour + time.Second)
	h.reads("support", "passed its 3 h target")
	var order []string
	for _, m := range h.thread(card) {
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
	h := setup(t)
	h.fault(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 503, Method: "chat.postMessage"})
	for range 5 {
		h.as("alice").ok(h.slack.As("alice").Command(h.ctx, "general", "/support", ""))
		h.as("alice").submits(newTicket{priority: "P3", title: "Minor", text: "x", category: "Product"}.values())
	}
	h.as("alice").ok(h.slack.As("alice").Command(h.ctx, "general", "/support", ""))
	h.as("alice").submits(newTicket{priority: "P1", title: "Urgent", text: "x", category: "Product"}.values())
	h.until(`SELECT count(*) = 6 FROM tickets`)
	h.until(`SELECT bool_and(state = 'unsure' AND not_before IS NOT NULL OR state IN ('sending', 'waiting')) FROM outbox WHERE kind = 'card'`)
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.reads("support", "Urgent")
	h.await("all cards", func(s slacksim.State) bool { return len(s.Channel("support").Roots()) == 6 })
}

func TestRevokedTokenEndsTheProgramAndSaysWhy(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ended := h.startUntilItEnds()
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Error: "token_revoked", Method: "chat.*"})
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Error: "token_revoked", Method: "auth.test"})
	h.as("alice").ok(h.slack.As("alice").Command(h.ctx, "general", "/support", ""))
	h.as("alice").submits(usual("Kept").values())
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "token_revoked") {
		t.Fatalf("the program ended with: %v", err)
	}
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.start() // with a token that works
	h.reads("support", "Kept")
}

func TestMissedAcknowledgementsAndDoubleDelivery(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Twice"))
	h.fault(slacksim.Fault{Kind: slacksim.FaultDuplicate, Event: "reaction_added"})
	h.fault(slacksim.Fault{Kind: slacksim.FaultDropAck, Event: "message", Count: 2})
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.as("dana").replies(card, "I saw this yesterday.")
	h.awaitReplies(1, 1)
	h.as("bob").replies(card, "Thanks.")
	h.awaitReplies(1, 2)
	h.until(`SELECT count(*) = 2 FROM entries WHERE kind = 'replied'`)
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'claimed'`)
}

// The event about an edit of the card comes late. It causes no edit.
func TestLateEventsOfOurOwnMessagesChangeNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Echo"))
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelayEvent, Event: "message", DelayMS: 700})
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.until(`SELECT observed = desired AND posted = desired FROM outbox WHERE kind = 'card'`)
	h.until(`SELECT desired = 3 FROM outbox WHERE kind = 'card'`)
}

func TestLostAcknowledgementOfAFormMakesOneTicket(t *testing.T) {
	t.Parallel()
	h := setup(t, func(_ *config_, s *simConfig) { s.AckTimeout = 1500 * time.Millisecond })
	alice := h.as("alice")
	alice.ok(h.slack.As("alice").Command(h.ctx, "general", "/support", ""))
	alice.seesForm()
	h.fault(slacksim.Fault{Kind: slacksim.FaultDropAck, Event: "view_submission", Count: 1})
	out, err := h.slack.As("alice").Submit(h.ctx, usual("Filed once").values())
	if err != nil || out.Closed || out.Banner == "" {
		t.Fatalf("the form should have seen no answer: %+v %v", out, err)
	}
	values := usual("Filed once").values()
	values["text"] = "It does not work. Since noon."
	if out := alice.ok(h.slack.As("alice").Submit(h.ctx, values)); !out.Closed {
		t.Fatalf("pressed again: %v", out.Errors)
	}
	h.reads("support", "Since noon.")
	h.until(`SELECT count(*) = 1 FROM tickets`)
}

// reconnects sets a fault that ends the sockets, and waits for two new ones.
func (h *harness) reconnects(f slacksim.Fault) {
	h.t.Helper()
	h.await("both sockets", func(s slacksim.State) bool { return s.Sockets == 2 })
	before := h.opened()
	h.fault(f)
	h.await("two new sockets", func(s slacksim.State) bool { return s.Sockets == 2 && h.opened() >= before+2 })
}

// opened is how many sockets were ever opened.
func (h *harness) opened() int {
	h.t.Helper()
	entries, err := h.slack.Journal(h.ctx, 0)
	if err != nil {
		h.t.Fatal(err)
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
	h := setup(t)
	for _, f := range []slacksim.Fault{
		{Kind: slacksim.FaultCutSockets},
		{Kind: slacksim.FaultDisconnect, Reason: "refresh_requested"},
		{Kind: slacksim.FaultDisconnect, Reason: "warning"},
	} {
		h.reconnects(f)
	}
	h.as("alice").opensInTheEnd(usual("Still here"))
}

// opensInTheEnd types the command until the form opens. While no socket is connected,
// Slack tells people that the command failed.
func (p *person) opensInTheEnd(f newTicket) {
	p.h.t.Helper()
	for p.h.ctx.Err() == nil {
		out, err := p.actor.Command(p.h.ctx, "general", "/support", "")
		if err == nil && strings.Contains(out.Banner+out.Error, "operation_timeout") {
			continue
		}
		p.ok(out, err)
		break
	}
	p.seesForm()
	if out := p.sends(f.values()); !out.Closed {
		p.h.t.Fatalf("the form stayed open: %v", out.Errors)
	}
	p.h.reads("support", f.title)
}

func TestSecondCopyTakesOver(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	first := h.startOne()
	h.start()
	card := h.as("alice").opens(usual("Two copies"))
	first()
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.as("alice").opens(usual("After the first has left"))
	if n := h.posted("Two copies"); n != 1 {
		t.Errorf("the card was posted %d times", n)
	}
}
