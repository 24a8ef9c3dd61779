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
	b := newBureau(t)
	b.files("alice", "For long")
	b.exec(`UPDATE outbox SET attempts = $1`, outbox.ManyTries-2)
	b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "brand_new_error", Method: "chat.postMessage"})
	b.sends(b.options("copy"))
	for tries := outbox.ManyTries - 1; tries < outbox.ManyTries+3; tries++ {
		b.until(`SELECT attempts >= $1 AND state = 'waiting' FROM outbox WHERE kind = 'card'`, tries)
		b.exec(`UPDATE outbox SET not_before = NULL`)
	}
	if n := strings.Count(b.log.String(), "a message does not get into Slack"); n != 1 {
		t.Errorf("it is logged %d times:\n%s", n, b.log)
	}
}

// One row that Slack refuses, in whichever words, does not end the sender; nor is it the
// first that is tried after a restart.
func TestOneRefusedRowDoesNotEndTheSender(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"no_permission", "ekm_access_denied", "restricted_action_thread_locked", "missing_scope", "token_revoked", "brand_new_error"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			b.files("alice", "Refused")
			b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: code, Method: "chat.postMessage", Text: "Refused"})
			stop := b.sends(b.options("copy"))
			b.until(`SELECT state = 'parked' OR state = 'waiting' AND coalesce(not_before > clock_timestamp(), false) FROM outbox WHERE kind = 'card'`)
			b.files("alice", "Taken")
			b.reads("Taken")
			stop()
			b.files("alice", "After a restart")
			b.sends(b.options("later"))
			b.reads("After a restart")
		})
	}
}

// An app that was created anew may not edit what the one before has written. Nobody has
// deleted anything: a new card shows all, and what is written below either is the ticket's.
func TestCardOfAnotherBotGetsANewOne(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	n := b.files("alice", "My words")
	b.sends(b.options("copy"))
	old := b.reads("My words")
	b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "cant_update_message", Method: "chat.update", Text: old.TS})
	b.must(b.Claim(b.ctx, b.gesture("bob", n)))
	card := b.reads("Bob has it")
	if card.TS == old.TS || !strings.Contains(card.Rendered(), "My words") {
		t.Errorf("the new card: %s", card.Rendered())
	}
	b.until(`SELECT count(*) = 2 FROM ticket_threads WHERE ticket = 1 AND current = (ts = $1) AND ts IN ($1, $2)`, card.TS, old.TS)
	b.must(b.PutBack(b.ctx, b.gesture("bob", n)))
	b.until(`SELECT count(*) = 0 FROM outbox WHERE kind = 'card' AND pending`)
	b.until(`SELECT bool_or(posted = 2) FROM outbox WHERE kind = 'card' AND posted_ts = $1`, card.TS)
	if n := b.standing("My words"); n != 2 {
		t.Errorf("%d cards, want the old one and the new one", n)
	}
}

// Of what is left of a deleted card, Slack may say that it is another's.
func TestDeletedCardThatIsCalledAnothers(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	if err := b.slack.SetBeliefs(b.ctx, slacksim.Beliefs{TombstoneIsAnothers: true}); err != nil {
		t.Fatal(err)
	}
	n := b.files("alice", "My secret")
	b.sends(b.options("copy"))
	old := b.reads("My secret")
	if _, err := b.slack.As("bob").Say(b.ctx, "support", "Oh.", slacksim.InThread(old.TS)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.slack.As("bob").Delete(b.ctx, "support", old.TS); err != nil {
		t.Fatal(err)
	}
	b.must(b.Claim(b.ctx, b.gesture("bob", n)))
	b.reads("The text is hidden because this message was deleted.")
	if n := b.standing("My secret"); n != 0 {
		t.Errorf("the text stands there %d times", n)
	}
}

// What stands though its call had no answer is found soon; what does not is sent anew, but
// only after the last look.
func TestWithoutAnAnswerItIsLookedForSoonAndSentLate(t *testing.T) {
	t.Parallel()
	const lastLook = 4 * time.Second
	for name, test := range map[string]struct {
		done  bool
		posts int
	}{"it stands": {true, 1}, "it does not": {false, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			b.files("alice", "No answer")
			b.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: test.done})
			o := b.options("copy")
			o.LookAfter = lastLook
			b.sends(o)
			b.until(`SELECT state = 'unsure' FROM outbox WHERE kind = 'card'`)
			began := time.Now()
			b.until(`SELECT NOT pending FROM outbox WHERE kind = 'card'`)
			if took := time.Since(began); (took < lastLook-time.Second) != test.done {
				t.Errorf("it took %v", took)
			}
			if n := b.calls("chat.postMessage"); n != test.posts {
				t.Errorf("it was posted %d times", n)
			}
		})
	}
}

// The call of a sender that was killed has ended with it.
func TestAfterARestartItIsLookedForAtOnce(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Killed")
	i := b.unsaid()
	at, err := b.api.Post(b.ctx, nil, b.channel("support"), "", slackformat.Message{Text: "Killed", Mark: slackformat.Mark{ID: i.ID, Version: i.Desired}})
	if err != nil {
		t.Fatal(err)
	}
	o, began := b.options("later"), time.Now()
	o.LookAfter = time.Minute
	b.sends(o)
	b.until(`SELECT posted_ts = $1 FROM outbox WHERE kind = 'card'`, at.TS)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("it was found after %v", took)
	}
}
