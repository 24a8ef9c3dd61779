package app_test

import (
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// danaOperates makes Dana the operator.
func danaOperates(c *config_, s *simConfig) {
	escalates()(c, s)
	c.Operators = []string{"U0DANA"}
}

// closings are the ways in which a channel stops taking messages and starts again.
var closings = map[string]struct{ shuts, opens, why string }{
	"the bot is removed":  {"kick", "invite", "not_in_channel"},
	"the channel is over": {"archive", "unarchive", "is_archived"},
}

// inSupport makes Bob do something with #support; if it concerns a person, with the bot.
func (h *harness) inSupport(what string) {
	h.t.Helper()
	h.as("bob").ok(h.slack.Do(h.ctx, slacksim.Action{Do: what, As: "bob", Channel: "support", Person: "supporty"}))
}

func (p *person) files(title string) {
	p.h.t.Helper()
	p.types("/support")
	p.submits(usual(title).values())
}

// told is how many direct messages the person has.
func (p *person) told() (n int) {
	for _, m := range p.h.look().DMs(p.name()) {
		if !strings.Contains(m.Rendered(), firstSteps) {
			n++
		}
	}
	return n
}

// toldOfParking waits until no message about parked messages is pending.
func (h *harness) toldOfParking() {
	h.t.Helper()
	h.until(`SELECT count(*) = 0 FROM outbox WHERE pending AND kind IN ('parked', 'unreachable')`)
}

func TestFilerIsToldThatTheCardWaits(t *testing.T) {
	t.Parallel()
	for name, closing := range closings {
		for _, who := range []string{"alice", "carol"} { // a member and an outsider
			t.Run(name+", "+who, func(t *testing.T) {
				t.Parallel()
				h := setup(t)
				h.inSupport(closing.shuts)
				p := h.as(who)
				p.files("Cards fail")
				p.gets("#1 is filed. Its card waits, because I cannot write in #support at the moment; nothing is lost.")
				p.hears("Its card will stand in #support.")
				h.toldOfParking()
				if n := p.told(); n != 1 {
					t.Errorf("told %d times", n)
				}
				h.inSupport(closing.opens)
				card := h.reads("support", "Cards fail")
				if told := p.gets("#1 is filed. Its card stands in #support now."); !strings.Contains(told.Text, "/p"+strings.ReplaceAll(card.TS, ".", "")) {
					t.Errorf("it does not lead to the card: %s", told.Text)
				}
			})
		}
	}
}

func TestOperatorsAreToldOnceOfAChannelThatTakesNoMessages(t *testing.T) {
	t.Parallel()
	for name, closing := range closings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, danaOperates)
			first := h.startOne()
			h.start()
			h.inSupport(closing.shuts)
			for _, title := range []string{"One", "Two", "Three"} {
				h.as("alice").files(title)
			}
			dana := h.as("dana")
			dana.gets("I cannot write in #support (" + closing.why + "). Cards of new tickets wait.")
			h.until(`SELECT count(*) = 3 FROM outbox WHERE kind = 'card' AND state = 'parked'`)
			first()
			h.changes(`UPDATE outbox SET state = 'waiting' WHERE state = 'parked'`) // the other copy tries again, as it does once an hour
			h.until(`SELECT count(*) = 3 FROM outbox WHERE kind = 'card' AND state = 'parked' AND attempts > 1`)
			h.toldOfParking()
			if n := dana.told(); n != 1 {
				t.Errorf("told %d times: %s", n, texts(h.look().DMs("dana")))
			}
			h.inSupport(closing.opens)
			for _, title := range []string{"One", "Two", "Three"} {
				h.reads("support", title)
			}
			dana.gets("I can write in #support again.")
			h.inSupport(closing.shuts)
			h.as("alice").files("Four")
			dana.gets("I cannot write in #support")
			h.toldOfParking()
			if n := dana.told(); n != 2 {
				t.Errorf("told %d times: %s", n, texts(h.look().DMs("dana")))
			}
		})
	}
}

// After a restart the operators get no second message about the same channel.
func TestOperatorsAreNotNotifiedAgainAfterARestart(t *testing.T) {
	t.Parallel()
	h := newHarness(t, danaOperates)
	stop := h.startOne()
	h.inSupport("archive")
	h.as("alice").files("One")
	dana := h.as("dana")
	dana.gets("I cannot write in #support")
	h.toldOfParking()
	stop()
	h.start()
	h.until(`SELECT state = 'parked' AND epoch > 1 FROM outbox WHERE kind = 'card'`)
	h.toldOfParking()
	if alice := h.as("alice"); dana.told() != 1 || alice.told() != 1 {
		t.Errorf("told %d and %d times", dana.told(), alice.told())
	}
}

// An escalation to another place does not wait for the card.
func TestEscalationElsewhereDoesNotWaitForTheChannel(t *testing.T) {
	t.Parallel()
	h := setup(t, escalates(step(0, to(config.ToPerson, "U0CAROL"))))
	h.inSupport("archive")
	alice := h.as("alice")
	alice.types("/support")
	alice.submits(siteIsDown.values())
	alice.gets("#1 is filed. Its card waits")
	h.advance(0)
	carol := h.as("carol")
	if told := carol.gets("#1 Site is down (Alice)"); strings.Contains(told.Text, "/archives/") {
		t.Errorf("it leads to a card that does not stand: %s", told.Text)
	}
	h.inSupport("unarchive")
	h.reads("support", "Site is down")
	h.await("the way to the card", func(s slacksim.State) bool {
		return strings.Contains(first(s.DMs("carol"), "Site is down").Text, "/archives/")
	})
	if n := carol.told(); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// A requester whose receipt had to wait for the channel gets it as the beginning of a new
// thread, with a notification.
func TestFilerIsNotifiedOnceTheChannelIsBack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.inSupport("archive")
	carol := h.as("carol")
	carol.files("Cards fail")
	carol.gets("#1 is filed. Its card waits")
	h.inSupport("unarchive")
	card := h.reads("support", "Cards fail")
	carol.notified("We have it: #1")
	receipt := carol.gets("We have it: #1")
	if receipt.IsReply() {
		t.Errorf("it is a reply: %s", receipt.Rendered())
	}
	h.as("bob").reacts(card, "eyes")
	h.as("bob").replies(card, "Which browser?")
	carol.notified("Which browser?")
	carol.answers(receipt, "The new one.")
	h.reads("support", "The new one.")
}

// If the bot is removed from the channel while it looks for a message that may have been
// posted, it goes on looking when it is back.
func TestParkedWhileItIsLookedFor(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fault(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Text: "Cards fail", Count: 1, AfterEffect: true})
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Method: "conversations.history", Error: "internal_error"})
	h.as("alice").files("Cards fail")
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'card' AND state = 'unsure'`)
	h.inSupport("kick")
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'card' AND state = 'parked'`)
	h.inSupport("invite")
	h.until(`SELECT posted = desired FROM outbox WHERE kind = 'card'`)
	if n := h.posted("Cards fail"); n != 1 {
		t.Errorf("the card was posted %d times", n)
	}
	h.as("bob").reacts(h.reads("support", "Cards fail"), "eyes")
	h.reads("support", "Bob has it")
}
