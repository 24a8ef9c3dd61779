package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// paymentsAtHome gives the squad of Payments a private channel of its own. Carol and Dana are in
// it; Alice and Bob are in the support channel alone, and Dana is in both.
func paymentsAtHome(c *config_, s *simConfig) {
	s.Workspace = slacksim.DefaultWorkspace()
	s.Workspace.Channels = append(s.Workspace.Channels,
		slacksim.Channel{Name: "payments", Private: true, Members: []string{"carol", "dana", "supporty"}})
	c.Squads = []config.Squad{{Name: "Checkout", HomeChannel: "payments"}}
	c.Categories = []config.Category{{Name: "Payments", Squad: "Checkout"}, {Name: "Product"}}
}

// opensIn files a ticket and returns its card, which stands in a channel.
func (p *person) opensIn(channel string, f newTicket) *slacksim.Message {
	p.h.t.Helper()
	p.types("/support")
	p.submits(f.values())
	return p.h.reads(channel, f.title)
}

// A ticket of a squad lives in the squad's channel from its card to its end. Who is in the
// support channel alone is an outsider there: requesters follow it in direct messages.
func TestATicketLivesInItsSquadsChannel(t *testing.T) {
	t.Parallel()
	h := setup(t, paymentsAtHome)
	alice, bob, carol := h.as("alice"), h.as("bob"), h.as("carol")
	card := alice.opensIn("payments", usual("Checkout fails"))
	alice.gets("Checkout fails")

	bob.types("/support show 1")
	bob.hears("Only people in the channel of this ticket, and who asked for the ticket, can see it.")
	bob.types("/support claim 1")
	bob.hears("Only people who answer in the channel of this ticket can take a ticket.")
	bob.types("/support find checkout")
	bob.hears("Found for “checkout”: none")
	carol.types("/support find checkout")
	says(t, carol.hears("Found for “checkout”: 1").Rendered(), "Checkout fails")
	bob.types("/support list")
	bob.hears("Open tickets: none.")
	carol.types("/support list")
	carol.hears("Checkout fails")

	carol.reacts(card, "eyes")
	h.reads("payments", "Carol has it")
	carol.types("/support give 1 @bob")
	carol.hears("Bob does not answer tickets here. Choose a member of the channel of this ticket.")
	question := carol.asks(card, "Which card?")
	carol.reacts(question, "hourglass_flowing_sand")
	h.reads("payments", "Carol waits for Alice")
	alice.answers(alice.gets("Which card?"), "Visa.")
	h.reads("payments", "Visa.")
	h.advance(3*time.Hour + time.Minute)
	h.allPosted()
	h.reads("payments", "passed its 3 h target")
	carol.reacts(card, "white_check_mark")
	alice.gets("Carol resolved #1")
	h.allPosted()
	h.nowhereIn("support", "#1")
	h.nowhereIn("support", "Checkout")
}

// Home shows each responder the desk of their channels.
func TestHomeShowsTheTicketsOfOnesChannels(t *testing.T) {
	t.Parallel()
	h := setup(t, paymentsAtHome)
	alice, bob, carol, dana := h.as("alice"), h.as("bob"), h.as("carol"), h.as("dana")
	alice.opensIn("payments", usual("Checkout fails"))
	alice.opensIn("support", newTicket{"P3", "Logo is old", "It is.", "Product"})
	if v := bob.home("Logo is old", "1 open").Rendered(); strings.Contains(v, "Checkout fails") {
		t.Errorf("Bob reads of a ticket of another channel: %s", v)
	}
	if v := carol.home("Checkout fails", "1 open").Rendered(); strings.Contains(v, "Logo is old") {
		t.Errorf("Carol reads of a ticket of another channel: %s", v)
	}
	dana.home("Checkout fails", "Logo is old", "2 open")
	alice.home("Checkout fails", "Logo is old")
	carol.presses("unowned:1", "claim")
	h.reads("payments", "Carol has it")
	h.as("erin").writes("support", "Where is the wiki?")
	h.until(`SELECT count(*) = 1 FROM questions`)
	h.advance(time.Hour + time.Minute)
	bob.home("Erin wrote in")
	if v := carol.home("Checkout fails").Rendered(); strings.Contains(v, "Erin wrote in") {
		t.Errorf("Carol reads of a question of another channel: %s", v)
	}
}

// Another category changes who owns a ticket, and not where it lives.
func TestAnotherCategoryDoesNotMoveATicket(t *testing.T) {
	t.Parallel()
	h := setup(t, paymentsAtHome)
	alice, bob, carol := h.as("alice"), h.as("bob"), h.as("carol")
	there := alice.opensIn("payments", usual("Checkout fails"))
	here := alice.opensIn("support", newTicket{"P2", "Logo is old", "It is.", "Product"})
	carol.reacts(there, "eyes")
	h.reads("payments", "Carol has it")
	carol.chooses(there, "edit:1")
	carol.submits(slacksim.FormValues{"category": "Product"})
	h.reads("payments", "· Product ·")
	alice.chooses(here, "edit:2")
	alice.submits(slacksim.FormValues{"category": "Payments"})
	h.reads("support", "· Payments ·")
	h.reads("payments", "is about Payments now, which is yours. It stays in its thread.")
	carol.replies(there, "It is the logo.")
	alice.gets("It is the logo.")
	bob.reacts(here, "eyes")
	h.reads("support", "Bob has it")
	carol.types("/support show 2")
	carol.hears("Only people in the support channel")
	h.allPosted()
	h.nowhereIn("support", "Checkout fails")
	h.nowhereIn("payments", "Logo is old")
}

// What happened in a squad's channel while nobody listened is read there.
func TestGapInASquadsChannel(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful, paymentsAtHome)
	stop := h.startOne()
	alice, carol := h.as("alice"), h.as("carol")
	card := alice.opensIn("payments", usual("Checkout fails"))
	h.allPosted()
	stop()
	h.passes(10 * time.Minute)
	carol.reacts(card, "eyes")
	carol.replies(card, "The rule is wrong.")
	h.passes(10 * time.Minute)
	defer h.comesBack()()
	h.reads("payments", "Carol has it")
	alice.gets("The rule is wrong.")
}

// A squad's channel that cannot be read holds up nobody else, and is read when the bot is back.
func TestGapInAChannelThatTheBotHasLeft(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful, paymentsAtHome)
	stop := h.startOne()
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	there := alice.opensIn("payments", usual("Checkout fails"))
	here := alice.opensIn("support", newTicket{"P2", "Logo is old", "It is.", "Product"})
	h.allPosted()
	stop()
	h.passes(10 * time.Minute)
	dana.reacts(there, "eyes")
	bob.reacts(here, "eyes")
	dana.kicks("payments")
	h.passes(10 * time.Minute)
	h.forgets()
	h.start()
	h.reads("support", "Bob has it")
	h.until(`SELECT bool_or(failures > 0) FROM unread`)
	dana.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "invite", As: "dana", Channel: "payments", Person: "supporty"}))
	h.reads("payments", "Dana has it")
	h.knowsAll()
}

// kicks takes the bot out of a channel.
func (p *person) kicks(channel string) {
	p.h.t.Helper()
	p.ok(p.h.slack.Do(p.h.ctx, slacksim.Action{Do: "kick", As: p.name(), Channel: channel, Person: "supporty"}))
}

// Who joins or leaves a squad's channel answers there, or not any more, at once.
func TestComingAndGoingInASquadsChannel(t *testing.T) {
	t.Parallel()
	h := setup(t, paymentsAtHome)
	card := h.as("alice").opensIn("payments", usual("Checkout fails"))
	carol := h.as("carol")
	carol.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "invite", As: "carol", Channel: "payments", Person: "bob"}))
	h.as("bob").reacts(card, "eyes")
	h.reads("payments", "Bob has it")
	carol.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "leave", As: "carol", Channel: "payments"}))
	h.until(`SELECT count(*) = 3 FROM members JOIN known_names ON id = place WHERE name = 'payments'`)
	carol.types("/support show 1")
	carol.hears("Only people in the channel of this ticket")
}

// The settings name another home: old tickets stay, and their people with them.
func TestTicketsStayInAFormerHome(t *testing.T) {
	t.Parallel()
	h := setup(t, paymentsAtHome, serves)
	alice, bob, carol := h.as("alice"), h.as("bob"), h.as("carol")
	card := alice.opensIn("payments", usual("Checkout fails"))
	h.allPosted()
	h.reconfigures(readAgain, func(c *config.Config) { c.Squads[0].HomeChannel = "" })
	alice.opensIn("support", usual("Refund fails"))
	carol.reacts(card, "eyes")
	h.reads("payments", "Carol has it")
	bob.types("/support show 1")
	bob.hears("Only people in the channel of this ticket")
}

// Each channel is reminded of its own tickets.
func TestChannelsAreRemindedOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := setup(t, paymentsAtHome)
	alice := h.as("alice")
	alice.opensIn("payments", usual("Checkout fails"))
	alice.opensIn("support", newTicket{"P2", "Logo is old", "It is.", "Product"})
	h.allPosted()
	h.advance(24 * time.Hour)
	h.allPosted()
	remind := func(channel string) *slacksim.Message { return h.reads(channel, "has no owner") }
	says(t, remind("payments").Rendered(), "Checkout fails")
	if text := remind("payments").Rendered(); strings.Contains(text, "Logo is old") {
		t.Errorf("#payments reads of another channel's tickets: %s", text)
	}
	says(t, remind("support").Rendered(), "Logo is old")
	h.nowhereIn("support", "Checkout fails")
}

// A flood is told where its tickets live.
func TestFloodInASquadsChannel(t *testing.T) {
	t.Parallel()
	h := setup(t, paymentsAtHome)
	for _, title := range []string{"A", "B", "C", "D", "E"} {
		h.as("alice").opensIn("payments", usual("Checkout fails "+title))
	}
	h.advance(3*time.Hour + time.Minute)
	h.allPosted()
	h.reads("payments", "5 tickets")
	h.nowhereIn("support", "5 tickets")
}

// A squad's channel that takes no messages makes its tickets wait; nothing of them is posted
// elsewhere.
func TestATicketWaitsForItsSquadsChannel(t *testing.T) {
	t.Parallel()
	h := setup(t, paymentsAtHome, serves)
	alice, dana := h.as("alice"), h.as("dana")
	alice.opensIn("payments", usual("Checkout fails"))
	dana.kicks("payments")
	h.looksAgain()
	alice.types("/support")
	alice.submits(usual("Refund fails").values())
	says(t, alice.gets("#2 is filed").Rendered(), "I cannot write in #payments at the moment")
	h.toldOfParking()
	h.nowhereIn("support", "Refund fails")
	dana.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "invite", As: "dana", Channel: "payments", Person: "supporty"}))
	h.reads("payments", "Refund fails")
}

func TestDoctorLooksForHomeChannels(t *testing.T) {
	t.Parallel()
	h := setup(t, paymentsAtHome)
	says(t, strings.Join(slackLines(h), "\n"), "ok    squads[0].home_channel", "#payments")
	h.cfg.Squads = slices.Clone(h.cfg.Squads) // the running bot reads the old ones
	h.cfg.Squads[0].HomeChannel = "nowhere"
	says(t, strings.Join(slackLines(h), "\n"), "FAIL  squads[0].home_channel", "the bot is in no channel \"nowhere\"", "tickets of the squad live in the support channel")
}
