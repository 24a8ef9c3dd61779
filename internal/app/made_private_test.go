package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// withRooms starts a desk whose app may make private channels, and which has no private category.
func withRooms(t *testing.T, choices ...choice) *harness {
	t.Helper()
	h := newHarness(t, append(choices, roomScopes)...)
	h.start()
	return h
}

func roomScopes(_ *config_, s *simConfig) {
	s.Scopes = append(slacksim.DefaultScopes(), "groups:write")
}

// makesPrivate lets a person make ticket 1 private, by command.
func (p *person) makesPrivate() {
	p.h.t.Helper()
	p.types("/support private 1")
	p.awaitsForm("make_private")
	p.submits(slacksim.FormValues{"sure": []string{"yes"}})
}

// withCanary is a ticket that has the canary everywhere.
func withCanary() newTicket {
	f := usual("A " + canary)
	f.text = "In " + canary + "."
	return f
}

// A ticket that is made private is from then on told to nobody else. What the bot has posted about
// it is gone, lists and Home included. People's own messages are counted, listed to who made it
// private, and their authors are asked to delete them.
func TestTicketMadePrivate(t *testing.T) {
	t.Parallel()
	h := withRooms(t, danaOperates, escalates(step(100, to(config.ToPerson, "U0DANA"), to(config.ToChannel, "support-digest"))),
		func(c *config_, _ *simConfig) { c.HTTP.Addr = "127.0.0.1:0" })
	alice, bob, carol, dana := h.as("alice"), h.as("bob"), h.as("carol"), h.as("dana")
	card := alice.opens(withCanary())
	dana.types("/support follow 1")
	dana.hears("You follow #1")
	theirs := alice.asks(card, "It is "+canary+", really.")
	h.awaitReplies(1, 1)
	h.advance(20 * time.Hour) // late, told to Dana, in the digest's channel, and among what nobody has
	h.reads("support-digest", canary)
	dana.gets(canary)
	h.advance(24 * time.Hour)
	h.reads("support", "no owner")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	bob.replies(card, "Which "+canary+"?")
	h.awaitReplies(1, 2)
	dana.home(canary)
	carol.opens(usual("Cards fail"))
	h.allPosted()

	since := h.journaled()
	bob.makesPrivate()
	h.reads("ticket-1", "A "+canary)
	h.inRoom("ticket-1", "alice", "bob")
	says(t, bob.gets("#1 is private now").Rendered(), "2 messages of people remain elsewhere", "Alice (message 1", "you (message 2")
	says(t, alice.gets("only you can delete it").Rendered(), "message 1")
	h.allPosted()
	h.await("Home without it", func(s slacksim.State) bool {
		return !strings.Contains(s.Person("dana").Home.Rendered(), canary)
	})
	h.nothingOutside(0, "alice", "bob")

	for _, line := range []string{"list", "mine", "find " + canary, "find state:open", "digest", "show 1", "follow 1", "private 1", "A " + canary[:5]} {
		dana.types("/support " + line)
	}
	dana.hears("There is no ticket #1.")
	bob.types("/support priority 1 P1 because " + canary)
	h.reads("ticket-1", "P1")
	h.advance(untilMonday(h.clock.Now()))
	bob.types("/support resolve 1 " + canary)
	h.until(`SELECT state = 'resolved' FROM tickets WHERE number = 1`)
	h.allPosted()
	h.nothingOutside(since, "alice", "bob")
	for _, p := range []*person{carol, dana} {
		if home := p.home().Rendered(); strings.Contains(home, canary) || strings.Contains(home, "#1 ") {
			t.Errorf("%s has on Home %s", p.name(), home)
		}
	}
	if heard := texts(h.look().DMs("dana")); strings.Contains(heard, "resolved") {
		t.Errorf("Dana, who followed it, hears %s", heard)
	}
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'remaining'`)
	h.until(`SELECT followers = '{}' FROM tickets WHERE number = 1`)
	if m := first(h.channel("support"), "It is "+canary); m == nil || m.TS != theirs.TS {
		t.Error("Alice's message is gone, though it is hers")
	}
}

// What was written in private is read in the room, and so is what waits for an answer.
func TestConversationGoesOnInTheRoom(t *testing.T) {
	t.Parallel()
	h := withRooms(t)
	card, receipt := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	bob.reacts(card, "eyes")
	carol.answers(receipt, "It says timeout.")
	h.reads("support", "It says timeout.")
	bob.types("/support wait 1 Which office?")
	carol.gets("Which office?")
	h.allPosted()
	carol.makesPrivate()
	h.reads("ticket-1", "It says timeout.")
	h.inRoom("ticket-1", "carol", "bob")
	carol.answers(receipt, "Lisbon.")
	h.reads("ticket-1", "Lisbon.")
	h.allPosted()
	if said := texts(h.channel("support")); strings.Contains(said, "timeout") || strings.Contains(said, "VPN") || strings.Contains(said, "Lisbon") {
		t.Errorf("in #support stands %s", said)
	}
	carol.gets("I found no message of people about it elsewhere.")
}

// Who writes on in the old thread is asked to delete that, and it is no part of the ticket: at
// once, and if it was written while no copy was connected.
func TestWritingOnInTheOldThread(t *testing.T) {
	t.Parallel()
	for name, gap := range map[string]bool{"live": false, "in a gap": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, roomScopes)
			stop := h.startOne()
			alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
			card := alice.opens(usual("Login fails"))
			bob.replies(card, "Looking.")
			h.awaitReplies(1, 1)
			alice.makesPrivate()
			h.reads("ticket-1", "Login fails")
			alice.gets("1 message of people remains elsewhere")
			h.allPosted()
			if gap {
				stop()
				h.passes(10 * time.Minute)
			}
			dana.replies(card, "Did "+canary+" help?")
			if gap {
				h.passes(10 * time.Minute)
				h.start()
				h.knowsAll()
			}
			says(t, dana.gets("#1 is private now").Rendered(), "only you can delete it")
			alice.gets("2 messages of people remain elsewhere")
			h.allPosted()
			h.awaitReplies(1, 1)
			for _, m := range h.channel("support") {
				if m.BotID != "" && strings.Contains(m.Rendered(), "#1") {
					t.Errorf("in #support stands %s", m.Rendered())
				}
			}
			h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'delete_yours' AND recipient = '` + h.idOf("dana") + `'`)
			if said := texts(h.channel("ticket-1")); strings.Contains(said, canary) {
				t.Errorf("in the room stands %s", said)
			}
		})
	}
}

// A card whose call had no answer stands in Slack, and is not known to: it is looked for there and
// deleted, and not posted again.
func TestMadePrivateWhileTheCardIsUnsure(t *testing.T) {
	t.Parallel()
	for name, stands := range map[string]bool{"it stands": true, "it does not": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, roomScopes)
			h.fault(slacksim.Fault{Kind: slacksim.FaultCut, AfterEffect: stands, Method: "chat.postMessage", Count: 1})
			h.fault(slacksim.Fault{Kind: slacksim.FaultError, Error: "internal_error", Method: "conversations.history", Count: 1000})
			h.start()
			alice := h.as("alice")
			alice.types("/support")
			alice.submits(usual("A " + canary).values())
			h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'card' AND state = 'unsure'`)
			alice.makesPrivate()
			h.until(`SELECT private FROM tickets`)
			if err := h.slack.ClearFaults(h.ctx); err != nil {
				t.Fatal(err)
			}
			h.reads("ticket-1", "A "+canary)
			h.allPosted()
			if said := texts(h.channel("support")); strings.Contains(said, "#1") || strings.Contains(said, canary) {
				t.Errorf("in #support stands %s", said)
			}
		})
	}
}

// A ticket that ended long ago gets no channel: its card goes, and it is read by its number.
func TestOldTicketMadePrivate(t *testing.T) {
	t.Parallel()
	h := withRooms(t)
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	alice.opens(withCanary())
	bob.types("/support resolve 1 done")
	h.until(`SELECT state = 'resolved' FROM tickets`)
	h.advance(30 * 24 * time.Hour)
	h.allPosted()
	bob.makesPrivate()
	bob.gets("#1 is private now")
	h.await("the card to go", func(s slacksim.State) bool { return first(s.Channel("support").Messages, canary) == nil })
	h.allPosted()
	bob.types("/support show 1")
	bob.hears("A " + canary)
	dana.types("/support show 1")
	dana.hears("There is no ticket #1.")
	h.until(`SELECT next_at IS NULL FROM tickets`)
	for _, c := range h.look().Channels {
		if c.Name == "ticket-1" {
			t.Error("it has a channel")
		}
	}
}

// Without the scope for channels nothing is offered, and the command says what is missing.
func TestMakingPrivateWithoutTheScope(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice := h.as("alice")
	alice.opens(usual("Login fails"))
	alice.types("/support private 1")
	alice.hears("I may not make private channels here.")
	h.until(`SELECT NOT private FROM tickets`)
}

// Who may not make a ticket private is told so, and nothing happens.
func TestWhoMayNotMakeItPrivate(t *testing.T) {
	t.Parallel()
	h := withRooms(t)
	h.as("alice").opens(usual("Login fails"))
	carol := h.as("carol")
	carol.types("/support private 1")
	carol.hears("Only people in the support channel")
	h.until(`SELECT NOT private FROM tickets`)
}
