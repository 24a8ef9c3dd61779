package app_test

import (
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// danaOperates names Dana as the operator.
func danaOperates(c *config_, s *simConfig) {
	escalates()(c, s)
	c.Operators = []string{"U0DANA"}
}

// closings are the ways in which a channel comes to take no messages, and takes them
// again.
var closings = map[string]struct{ shuts, opens, why string }{
	"the bot is removed":  {"kick", "invite", "not_in_channel"},
	"the channel is over": {"archive", "unarchive", "is_archived"},
}

// inSupport has Bob do something with #support; to the bot, if it is done to somebody.
func (w *world) inSupport(what string) {
	w.t.Helper()
	w.as("bob").ok(w.slack.Do(w.ctx, slacksim.Action{Do: what, As: "bob", Channel: "support", Person: "supporty"}))
}

func (p *person) files(title string) {
	p.w.t.Helper()
	p.types("/support")
	p.submits(usual(title).values())
}

// told is how many direct messages the person has.
func (p *person) told() int { return len(p.w.look().DMs(p.name())) }

// toldOfParking waits until nobody is to be told any more of what waits.
func (w *world) toldOfParking() {
	w.t.Helper()
	w.until(`SELECT count(*) = 0 FROM outbox WHERE owed AND kind IN ('parked', 'unreachable')`)
}

func TestWhoFilesWhereNoCardCanStandIsTold(t *testing.T) {
	t.Parallel()
	for name, closing := range closings {
		for _, who := range []string{"alice", "carol"} { // a member, and an outsider
			t.Run(name+", "+who, func(t *testing.T) {
				t.Parallel()
				w := setup(t)
				w.inSupport(closing.shuts)
				p := w.as(who)
				p.files("Cards fail")
				p.gets("#1 is filed. Its card waits, because I cannot write in #support at the moment; nothing is lost.")
				p.hears("Its card will stand in #support.")
				w.toldOfParking()
				if n := p.told(); n != 1 {
					t.Errorf("told %d times", n)
				}
				w.inSupport(closing.opens)
				card := w.reads("support", "Cards fail")
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
			w := newWorld(t, danaOperates)
			first := w.startOne()
			w.start()
			w.inSupport(closing.shuts)
			for _, title := range []string{"One", "Two", "Three"} {
				w.as("alice").files(title)
			}
			dana := w.as("dana")
			dana.gets("I cannot write in #support (" + closing.why + "). Cards of new tickets wait.")
			w.until(`SELECT count(*) = 3 FROM outbox WHERE kind = 'card' AND state = 'parked'`)
			first() // the other copy tries again
			w.until(`SELECT count(*) = 3 FROM outbox WHERE kind = 'card' AND state = 'parked' AND epoch > 1`)
			w.toldOfParking()
			if n := dana.told(); n != 1 {
				t.Errorf("told %d times: %s", n, texts(w.look().DMs("dana")))
			}
			w.inSupport(closing.opens)
			for _, title := range []string{"One", "Two", "Three"} {
				w.reads("support", title)
			}
			dana.gets("I can write in #support again.")
			w.inSupport(closing.shuts)
			w.as("alice").files("Four")
			dana.gets("I cannot write in #support")
			w.toldOfParking()
			if n := dana.told(); n != 2 {
				t.Errorf("told %d times: %s", n, texts(w.look().DMs("dana")))
			}
		})
	}
}

// After a start, nobody is told again what they know.
func TestOperatorsAreNotToldAgainByANewStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, danaOperates)
	stop := w.startOne()
	w.inSupport("archive")
	w.as("alice").files("One")
	dana := w.as("dana")
	dana.gets("I cannot write in #support")
	w.toldOfParking()
	stop()
	w.start()
	w.until(`SELECT state = 'parked' AND epoch > 1 FROM outbox WHERE kind = 'card'`)
	w.toldOfParking()
	if alice := w.as("alice"); dana.told() != 1 || alice.told() != 1 {
		t.Errorf("told %d and %d times", dana.told(), alice.told())
	}
}

// Whom an escalation reaches elsewhere need not wait for the card.
func TestEscalationElsewhereDoesNotWaitForTheChannel(t *testing.T) {
	t.Parallel()
	w := setup(t, escalates(step(0, to(config.ToPerson, "U0CAROL"))))
	w.inSupport("archive")
	alice := w.as("alice")
	alice.types("/support")
	alice.submits(siteIsDown.values())
	alice.gets("#1 is filed. Its card waits")
	w.advance(0)
	carol := w.as("carol")
	if told := carol.gets("#1 Site is down (Alice)"); strings.Contains(told.Text, "/archives/") {
		t.Errorf("it leads to a card that does not stand: %s", told.Text)
	}
	w.inSupport("unarchive")
	w.reads("support", "Site is down")
	w.await("the way to the card", func(s slacksim.State) bool {
		return strings.Contains(first(s.DMs("carol"), "Site is down").Text, "/archives/")
	})
	if n := carol.told(); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// What comes when the channel takes messages again is in a thread of its own, and is
// told to whoever asked.
func TestWhoFiledWhereNoCardCouldStandIsToldFromThenOn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.inSupport("archive")
	carol := w.as("carol")
	carol.files("Cards fail")
	carol.gets("#1 is filed. Its card waits")
	w.inSupport("unarchive")
	card := w.reads("support", "Cards fail")
	carol.notified("We have it: #1")
	receipt := carol.gets("We have it: #1")
	if receipt.IsReply() {
		t.Errorf("it is a reply: %s", receipt.Rendered())
	}
	w.as("bob").reacts(card, "eyes")
	w.as("bob").replies(card, "Which browser?")
	carol.notified("Which browser?")
	carol.answers(receipt, "The new one.")
	w.reads("support", "The new one.")
}

// What may have been posted when the bot is removed from the channel is looked for when it
// is back.
func TestParkedWhileItIsLookedFor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Text: "Cards fail", Count: 1, AfterEffect: true})
	w.trouble(slacksim.Fault{Kind: slacksim.FaultError, Method: "conversations.history", Error: "internal_error"})
	w.as("alice").files("Cards fail")
	w.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'card' AND state = 'unsure'`)
	w.inSupport("kick")
	if err := w.slack.ClearFaults(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'card' AND state = 'parked'`)
	w.inSupport("invite")
	w.until(`SELECT shown = wanted FROM outbox WHERE kind = 'card'`)
	if n := w.posted("Cards fail"); n != 1 {
		t.Errorf("the card was posted %d times", n)
	}
	w.as("bob").reacts(w.reads("support", "Cards fail"), "eyes")
	w.reads("support", "Bob has it")
}
