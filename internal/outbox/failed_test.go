package outbox_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
	"supporty/internal/outbox"
	"supporty/internal/slackformat"
)

func TestWhatIsRetriedForLongIsLoggedOnce(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "For long")
	h.exec(`UPDATE outbox SET attempts = $1`, outbox.ManyTries-2)
	h.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "brand_new_error", Method: "chat.postMessage"})
	h.sends(h.options("copy"))
	for tries := outbox.ManyTries - 1; tries < outbox.ManyTries+3; tries++ {
		h.until(`SELECT attempts >= $1 AND state = 'waiting' FROM outbox WHERE kind = 'card'`, tries)
		h.exec(`UPDATE outbox SET not_before = NULL`)
	}
	if n := strings.Count(h.log.String(), "a message does not get into Slack"); n != 1 {
		t.Errorf("it is logged %d times:\n%s", n, h.log)
	}
}

// One row that Slack refuses, with any code, does not end the sender. After a restart it is
// not the first row that is tried.
func TestOneRefusedRowDoesNotEndTheSender(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"no_permission", "ekm_access_denied", "restricted_action_thread_locked", "missing_scope", "token_revoked", "brand_new_error"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			h.files("alice", "Refused")
			h.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: code, Method: "chat.postMessage", Text: "Refused"})
			stop := h.sends(h.options("copy"))
			h.until(`SELECT state = 'parked' OR state = 'waiting' AND coalesce(not_before > clock_timestamp(), false) FROM outbox WHERE kind = 'card'`)
			h.files("alice", "Taken")
			h.reads("Taken")
			stop()
			h.files("alice", "After a restart")
			h.sends(h.options("later"))
			h.reads("After a restart")
		})
	}
}

// If the app is created anew, it may not edit messages of the app before. Nobody has deleted
// the card, so the new card shows all text. Replies below either card belong to the ticket.
func TestCardOfAnotherBotGetsANewOne(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.files("alice", "My words")
	h.sends(h.options("copy"))
	old := h.reads("My words")
	h.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "cant_update_message", Method: "chat.update", Text: old.TS})
	h.must(h.Claim(h.ctx, h.gesture("bob", n)))
	card := h.reads("Bob has it")
	if card.TS == old.TS || !strings.Contains(card.Rendered(), "My words") {
		t.Errorf("the new card: %s", card.Rendered())
	}
	h.until(`SELECT count(*) = 2 FROM ticket_threads WHERE ticket = 1 AND current = (ts = $1) AND ts IN ($1, $2)`, card.TS, old.TS)
	h.must(h.PutBack(h.ctx, h.gesture("bob", n)))
	h.until(`SELECT count(*) = 0 FROM outbox WHERE kind = 'card' AND pending`)
	h.until(`SELECT bool_or(posted = 2) FROM outbox WHERE kind = 'card' AND posted_ts = $1`, card.TS)
	if n := h.standing("My words"); n != 2 {
		t.Errorf("%d cards, want the old one and the new one", n)
	}
}

// Slack may say of a deleted card's placeholder that it belongs to another user.
func TestDeletedCardThatIsCalledAnothers(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	if err := h.slack.SetBeliefs(h.ctx, slacksim.Beliefs{TombstoneIsAnothers: true}); err != nil {
		t.Fatal(err)
	}
	n := h.files("alice", "My secret")
	h.sends(h.options("copy"))
	old := h.reads("My secret")
	if _, err := h.slack.As("bob").Say(h.ctx, "support", "Oh.", slacksim.InThread(old.TS)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.slack.As("bob").Delete(h.ctx, "support", old.TS); err != nil {
		t.Fatal(err)
	}
	h.must(h.Claim(h.ctx, h.gesture("bob", n)))
	h.reads("The text is hidden because this message was deleted.")
	if n := h.standing("My secret"); n != 0 {
		t.Errorf("the text stands there %d times", n)
	}
}

// If a call had no answer and its message stands, the message is found soon. If it does not
// stand, it is sent again, but only after the last look.
func TestWithoutAnAnswerItIsLookedForSoonAndSentLate(t *testing.T) {
	t.Parallel()
	const lastLook = 4 * time.Second
	for name, test := range map[string]struct {
		done  bool
		posts int
	}{"it stands": {true, 1}, "it does not": {false, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			h.files("alice", "No answer")
			h.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: test.done})
			o := h.options("copy")
			o.LookAfter = lastLook
			h.sends(o)
			h.until(`SELECT state = 'unsure' FROM outbox WHERE kind = 'card'`)
			began := time.Now()
			h.until(`SELECT NOT pending FROM outbox WHERE kind = 'card'`)
			if took := time.Since(began); (took < lastLook-time.Second) != test.done {
				t.Errorf("it took %v", took)
			}
			if n := h.calls("chat.postMessage"); n != test.posts {
				t.Errorf("it was posted %d times", n)
			}
		})
	}
}

// The call of a killed sender has ended with the sender, so its message is looked for at once.
func TestAfterARestartItIsLookedForAtOnce(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Killed")
	i := h.unsaid()
	at, err := h.api.Post(h.ctx, nil, h.channel("support"), "", slackformat.Message{Text: "Killed", Mark: slackformat.Mark{ID: i.ID, Version: i.Desired}})
	if err != nil {
		t.Fatal(err)
	}
	o, began := h.options("later"), time.Now()
	o.LookAfter = time.Minute
	h.sends(o)
	h.until(`SELECT posted_ts = $1 FROM outbox WHERE kind = 'card'`, at.TS)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("it was found after %v", took)
	}
}
