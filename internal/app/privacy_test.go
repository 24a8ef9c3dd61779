package app_test

import (
	"fmt"
	"html"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

const secret = "hunter2&co"

// redacts lets a person redact words by the card's menu.
func (p *person) redacts(card *slacksim.Message, v slacksim.FormValues) {
	p.h.t.Helper()
	p.chooses(card, "redact:1")
	p.submits(v)
}

// storedNowhere waits until a text is in no table.
func (h *harness) storedNowhere(text string) {
	h.t.Helper()
	h.until(fmt.Sprintf(`SELECT count(*) = 0 FROM information_schema.tables,
		LATERAL (SELECT query_to_xml(format('SELECT string_agg(t::text, '''') FROM %%I AS t', table_name), true, false, '')::text AS rows) AS read
		WHERE table_schema = 'public' AND rows LIKE '%%%s%%'`, strings.ReplaceAll(text, "&", "_amp;")))
}

// A secret that was pasted by mistake goes from the card, from the thread, from direct messages
// and from the database. What cannot be deleted by the bot, its authors are asked to delete.
func TestRedact(t *testing.T) {
	t.Parallel()
	h := setup(t)
	carol, bob := h.as("carol"), h.as("bob")
	f := usual("Login with " + secret + " fails")
	f.text = "I typed " + secret + " twice."
	card := carol.opens(f)
	receipt := carol.gets("Login with")
	bob.reacts(card, "eyes")
	carol.answers(receipt, "It is "+secret+".")
	h.reads("support", "Carol wrote:")
	theirs := bob.asks(card, "Is it "+secret+" still?")
	carol.gets("still?")
	h.allPosted()

	carol.redacts(card, slacksim.FormValues{"words": secret})
	h.reads("support", "#1 · P2 · Login with [redacted] fails")
	carol.gets("Is it [redacted] still?")
	h.reads("support", "It is [redacted].")
	bob.gets("only you can delete it")
	carol.gets("only you can delete it")
	h.allPosted()
	for _, m := range h.fromTheBot() {
		if strings.Contains(m.Rendered(), secret) {
			t.Errorf("it stands still: %s", m.Rendered())
		}
	}
	h.storedNowhere(secret)
	bob.ok(bob.actor.Delete(h.ctx, theirs.Channel, theirs.TS))
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'redacted'`)
	h.until(`SELECT count(*) = 1 FROM ticket_threads WHERE current`)
}

// fromTheBot are all messages of the bot that stand.
func (h *harness) fromTheBot() (all []*slacksim.Message) {
	for _, c := range h.look().Channels {
		for _, m := range c.Messages {
			if m.BotID != "" {
				all = append(all, m)
			}
		}
	}
	return all
}

// A file that should not be here goes from the thread. Its owner keeps the original.
func TestRedactAFile(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, receipt := h.outsider("VPN is down")
	carol := h.as("carol")
	carol.attaches(receipt.Channel, "passport.png", "Here it is.", under(receipt))
	h.brought("support", "passport.png", card)
	h.allPosted()
	carol.redacts(card, slacksim.FormValues{"files": "passport.png"})
	h.await("the file to go", func(s slacksim.State) bool {
		return len(h.withFile(s.Channel("support").Messages, "passport.png")) == 0
	})
	h.reads("support", "Here it is.")
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'redacted'`)
}

// Anybody is told what is kept about them.
func TestWhatIsKept(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice := h.as("alice")
	alice.opens(usual("Checkout fails"))
	alice.types("/support me")
	alice.hears("1 ticket that you asked for")
}

// The search for messages of people goes on after a restart, and asks once.
func TestTheSearchAfterARedactionIsNotLost(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	stop := h.startOne()
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Login fails"))
	bob.replies(card, "The key is "+secret+".")
	h.awaitReplies(1, 1)
	h.allPosted()
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Error: "internal_error", Method: "conversations.replies", Count: 1000})
	alice.redacts(card, slacksim.FormValues{"words": secret})
	h.until(`SELECT count(*) = 1 FROM deletion_searches`)
	h.storedNowhere(secret)
	stop()
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.start()
	bob.gets("only you can delete it")
	h.until(`SELECT count(*) = 0 FROM deletion_searches`)
	if err := h.bot.SearchRedacted(h.ctx); err != nil {
		t.Error(err)
	}
	h.allPosted()
	if n := h.posted("only you can delete it"); n != 1 {
		t.Errorf("Bob was asked %d times", n)
	}
	h.storedNowhere(secret)
}

// A question that returns is told with its title to those alone who may read its tickets. In the digest's thread,
// which stays whatever is redacted later, it has none.
func TestTitlesOfQuestionsThatReturn(t *testing.T) {
	t.Parallel()
	h := newHarness(t, paymentsAtHome, withPages(t))
	h.cfg.Squads = append(h.cfg.Squads, config.Squad{Name: "Shop", Lead: h.idOf("alice")}) // who is not in the channel of Checkout
	h.cfg.Operators = []string{h.idOf("dana")}
	h.start()
	alice, bob, carol, dana := h.as("alice"), h.as("bob"), h.as("carol"), h.as("dana")
	const title = "Login with " + secret + " fails"
	for i := range 3 {
		alice.opensIn("payments", usual(title))
		carol.types(fmt.Sprintf("/support resolve %d done", i+1))
		h.until(fmt.Sprintf(`SELECT count(*) = %d FROM tickets WHERE state = 'resolved'`, i+1))
	}
	h.advance(time.Minute)

	asked := func(p *person) string {
		p.types("/support stats")
		return p.hears("Asked most often").Rendered()
	}
	if said := asked(bob); strings.Contains(said, secret) || !strings.Contains(said, "): 3 times") {
		t.Errorf("Bob, who is not in the channel, reads %s", said)
	}
	says(t, asked(dana), title+": 3 times")
	outside, inside := h.visitor(), h.visitor()
	outside.signsIn("Alice")
	inside.signsIn("Dana")
	for _, page := range []string{"/", "/statistics.csv"} {
		if said := html.UnescapeString(outside.gets(page).body); strings.Contains(said, secret) || !strings.Contains(said, "Asked most often") {
			t.Errorf("on the page of Alice, who is not in the channel, stands %s", said)
		}
		says(t, html.UnescapeString(inside.gets(page).body), title)
	}

	h.advance(untilMonday(h.clock.Now()))
	says(t, h.reads("support-digest", "Asked most often").Rendered(), "#3 (https:", "): 3 times")
	for i := range 3 {
		card := h.reads("payments", fmt.Sprintf("#%d · P2 · Login", i+1))
		dana.chooses(card, fmt.Sprintf("redact:%d", i+1))
		dana.submits(slacksim.FormValues{"words": secret})
		h.until(fmt.Sprintf(`SELECT count(*) = %d FROM entries WHERE kind = 'redacted'`, i+1))
	}
	h.allPosted()
	for _, m := range h.fromTheBot() {
		if strings.Contains(m.Rendered(), secret) {
			t.Errorf("it stands still: %s", m.Rendered())
		}
	}
	h.storedNowhere(secret)
}
