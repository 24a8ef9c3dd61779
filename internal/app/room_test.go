package app_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
	"supporty/internal/ticket"
)

// confidential starts a desk with the private category Security, which Bob answers, in a
// workspace that lets the app make private channels.
func confidential(t *testing.T, choices ...choice) *harness {
	t.Helper()
	h := newHarness(t, append(choices, func(_ *config_, s *simConfig) { s.Scopes = append(slacksim.DefaultScopes(), "groups:write") })...)
	h.entrusts("bob")
	h.start()
	return h
}

var proofField = config.Field{Name: "Proof", Kind: ticket.FieldFile}

// entrusts adds the private category, for some people, before the start.
func (h *harness) entrusts(people ...string) {
	security := config.Category{Name: "Security", Filing: config.Filing{Private: true, Fields: []config.Field{hostField, pageField, stepsField, proofField}}}
	for _, p := range people {
		security.People = append(security.People, h.sim.State().Person(p).ID)
	}
	h.cfg.Categories = append(h.cfg.Categories, security)
}

// confides files a ticket in the private category and returns its card.
func (p *person) confides(title string) *slacksim.Message {
	p.h.t.Helper()
	p.types("/support")
	p.submits(newTicket{"P2", title, "It is " + canary + ".", "Security"}.values())
	return p.h.reads("ticket-1", title)
}

// canary stands in the words of a private ticket.
const canary = "canary-7"

// A ticket of a private category lives in a channel of its own with its people. It is claimed,
// talked about and solved there, and others do not even see its number.
func TestPrivateTicketLivesInItsRoom(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	card := alice.confides("A key leaked")
	h.inRoom("ticket-1", "alice", "bob")
	says(t, alice.hears("Filed: #1").Rendered(), "/archives/"+card.Channel)
	bob.reacts(card, "eyes")
	h.reads("ticket-1", "Bob has it")
	bob.replies(card, "Which key?")
	h.awaitReplies(1, 1)

	for _, line := range []string{"show 1", "claim 1", "why 1", "follow 1", "note 1 so", "duplicate 1 of 1", "resolve 1"} {
		dana.types("/support " + line)
	}
	h.await("nothing but that there is no such ticket", func(s slacksim.State) bool {
		return strings.Count(texts(s.Ephemerals("dana")), "There is no ticket #1.") >= 6
	})
	dana.types("/support list")
	says(t, dana.hears("Open tickets: none").Rendered())
	dana.types("/support find key")
	dana.hears("Found for “key”: none")
	bob.types("/support find key")
	says(t, bob.hears("Found for “key”: 1").Rendered(), "A key leaked")

	bob.reacts(card, "white_check_mark")
	h.reads("ticket-1", "resolved")
	h.allPosted()
	for _, channel := range []string{"support", "general", "support-digest"} {
		if said := texts(h.channel(channel)); strings.Contains(said, "#1") || strings.Contains(said, "leaked") {
			t.Errorf("in #%s stands %s", channel, said)
		}
	}
}

// inRoom checks that these people and the bot are in a private channel.
func (h *harness) inRoom(name string, people ...string) {
	h.t.Helper()
	s, err := h.slack.State(h.ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	room := s.Channel(name)
	in := map[string]bool{s.BotUserID: true}
	for _, p := range people {
		in[s.Person(p).ID] = true
	}
	for _, id := range room.Members {
		if !in[id] {
			h.t.Errorf("%s is in #%s", id, name)
		}
		delete(in, id)
	}
	if !room.Private || len(in) > 0 {
		h.t.Errorf("#%s is private: %t; not in it: %v", name, room.Private, in)
	}
}

// What is private is told to nobody else: not in other channels, direct messages and answers, not
// on Home, in lists, searches, digests, escalations and exports, and neither in the log nor in metrics.
func TestPrivateTicketIsToldToNobodyElse(t *testing.T) {
	t.Parallel()
	h := confidential(t, danaOperates, namesPeople, escalates(step(100, to(config.ToPerson, "U0DANA"), to(config.ToChannel, "support-digest"))),
		func(c *config_, _ *simConfig) { c.HTTP.Addr = "127.0.0.1:0" })
	alice, bob, carol, dana := h.as("alice"), h.as("bob"), h.as("carol"), h.as("dana")
	alice.types("/support A " + canary)
	alice.seesForm()
	alice.picks("Security", hostField, true)
	alice.submits(slacksim.FormValues{
		"text": "In " + canary + ".", idOf(hostField): "host-" + canary, idOf(stepsField): "Steps to " + canary, idOf(pageField): "https://example.com/" + canary,
		idOf(proofField): alice.uploads("proof-" + canary + ".png"), "files": alice.uploads("screen-" + canary + ".png"),
	})
	card := h.reads("ticket-1", "A "+canary)
	for _, name := range []string{"proof-", "screen-"} {
		h.brought("ticket-1", name+canary+".png", card)
	}
	bob.types("/support claim 1")
	h.reads("ticket-1", "Bob has it")
	for _, line := range []string{"note 1 ", "priority 1 P1 because ", "wait 1 "} {
		bob.types("/support " + line + canary)
	}
	h.until(`SELECT count(*) = 3 FROM entries WHERE kind IN ('noted', 'reprioritised', 'waited')`)
	alice.replies(card, "It is "+canary)
	h.awaitReplies(1, 1)
	carol.opens(usual("Cards fail"))
	bob.types("/support putback 1")
	h.until(`SELECT assignee = '' FROM tickets WHERE number = 1`)
	h.advance(4 * time.Hour)
	says(t, dana.gets("#1, a private ticket, needs somebody").Rendered(), "P1")
	h.reads("support", "Cards fail")
	dana.types("/support Cards fail with " + canary[:6])
	if form := dana.suggested("Cards fail", "[Me too]"); strings.Contains(string(form.Body), canary) {
		t.Errorf("the form suggests %s", form.Rendered())
	}
	for _, p := range []*person{carol, dana} {
		for _, line := range []string{"list", "mine", "find " + canary, "find state:open", "list Security", "digest", "show 1", "follow 1"} {
			p.types("/support " + line)
		}
		p.hears("There is no ticket #1.")
	}
	dana.hears("2 opened")
	dana.home("Cards fail")
	h.advance(untilMonday(h.clock.Now()))
	h.reads("support-digest", "2 opened")
	bob.types("/support resolve 1 " + canary)
	h.until(`SELECT state = 'resolved' FROM tickets WHERE number = 1`)
	h.allPosted()

	h.nothingOutside(0, "alice", "bob")
	for _, m := range h.look().Channel("support-digest").Messages {
		if strings.Contains(m.Rendered(), "Security") {
			t.Errorf("the digest says %s", m.Rendered())
		}
	}
	h.until(`SELECT count(*) = 0 FROM day_counts WHERE name = 'Security'`)
	for _, private := range []string{canary, "Security"} {
		h.nothingLeaves(private)
	}
	says(t, texts(h.channel("ticket-1")), "A "+canary, "host-"+canary, "Steps to "+canary, "example.com/"+canary, "proof-"+canary)
}

// nothingOutside checks that the canary stands in no message of the bot but in the ticket's room
// and in direct messages of its people, and that since a place in the journal nothing with it was
// sent to anybody else. Neither the log, the metrics, nor what statistics and spelling read have it.
func (h *harness) nothingOutside(since int64, people ...string) {
	h.t.Helper()
	s := h.look()
	inside := func(c slacksim.Channel) bool {
		return c.Name == "ticket-1" || c.IM && slices.ContainsFunc(people, func(p string) bool { return c.Has(s.Person(p).ID) })
	}
	for _, c := range s.Channels {
		for _, m := range c.Messages {
			said := m.Rendered() + string(m.Blocks) + m.Text + string(m.Metadata) + fmt.Sprint(m.Files)
			if !inside(c) && m.BotID != "" && strings.Contains(said, canary) {
				h.t.Errorf("in %s%s stands %s", c.Name, c.ID, said)
			}
		}
	}
	for _, p := range s.People {
		if slices.Contains(people, p.Name) || p.Bot {
			continue
		}
		for _, m := range s.Ephemerals(p.Name) {
			if said := strings.ReplaceAll(m.Rendered(), "“"+canary+"”", ""); m.Seq > since && strings.Contains(said, canary) {
				h.t.Errorf("%s hears %s", p.Name, m.Rendered())
			}
		}
		if p.Home != nil && strings.Contains(p.Home.Rendered()+string(p.Home.Body), canary) {
			h.t.Errorf("%s has on Home %s", p.Name, p.Home.Rendered())
		}
	}
	_, metrics := h.asks("/metrics")
	for where, said := range map[string]string{"the log": h.log.String(), "the metrics": metrics} {
		if strings.Contains(said, canary) {
			h.t.Errorf("%s has what is private", where)
		}
	}
	h.until(`SELECT count(*) = 0 FROM known_words WHERE word LIKE '%canary%'`)
	h.until(`SELECT count(*) = 0 FROM day_counts WHERE name LIKE '%canary%'`)
}

// If the channel cannot be made, the ticket is nowhere else. Its requester and the operator are
// told, and it is tried on.
func TestRoomThatCannotBeMade(t *testing.T) {
	t.Parallel()
	h := confidential(t, danaOperates)
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Method: "conversations.create", Error: "restricted_action", Count: 2})
	alice := h.as("alice")
	alice.types("/support")
	alice.submits(newTicket{"P2", "A key leaked", "In the wiki.", "Security"}.values())
	alice.gets("#1 is filed, and private. The channel for it cannot be made")
	told := h.as("dana").gets("I cannot make a channel for #1, a private ticket (restricted_action)")
	if strings.Contains(told.Rendered(), "leaked") {
		t.Errorf("the operator reads %s", told.Rendered())
	}
	h.reads("ticket-1", "A key leaked")
	h.as("dana").gets("The channel of #1, a private ticket, is made now.")
	if said := texts(h.channel("support")); strings.Contains(said, "#1") {
		t.Errorf("in #support stands %s", said)
	}
}

// A channel that was made though the answer was lost is found again by its name, and one of the
// same name that somebody else has made is not the ticket's.
func TestRoomIsMadeOnce(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	h.fault(slacksim.Fault{Kind: slacksim.FaultCut, AfterEffect: true, Method: "conversations.create", Count: 1})
	alice := h.as("alice")
	alice.confides("A key leaked")
	h.inRoom("ticket-1", "alice", "bob")
	n := 0
	for _, c := range h.look().Channels {
		if strings.HasPrefix(c.Name, "ticket-1") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d channels of the ticket", n)
	}
}

// A guest cannot come into the channel: they follow their ticket in direct messages.
func TestGuestOutsideTheRoom(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	erin, bob := h.as("erin"), h.as("bob")
	h.as("bob").ok(h.slack.Do(h.ctx, slacksim.Action{Do: "invite", As: "bob", Channel: "general", Person: "erin"}))
	card := erin.confides("My payslip is wrong")
	h.inRoom("ticket-1", "bob")
	receipt := erin.gets("My payslip is wrong")
	bob.reacts(card, "eyes")
	bob.replies(card, "Which month?")
	erin.gets("Which month?")
	erin.answers(receipt, "October.")
	h.reads("ticket-1", "October.")
}

// Who files something private in somebody's name hears when it is over, and reads nothing of it.
func TestFilerOfSomethingPrivate(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	dana, bob := h.as("dana"), h.as("bob")
	dana.types("/support")
	form := newTicket{"P2", "A key leaked", "In the wiki.", "Security"}.values()
	form["requester"] = "alice"
	dana.submits(form)
	card := h.reads("ticket-1", "A key leaked")
	h.inRoom("ticket-1", "alice", "bob")
	bob.reacts(card, "white_check_mark")
	dana.gets("#1 is resolved.")
	dana.types("/support show 1")
	dana.hears("There is no ticket #1.")
}

var hostField = config.Field{Name: "Host", Kind: ticket.FieldText}

// A week after the end all of the ticket is over: its channel is archived.
func TestRoomIsArchived(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	card := h.as("alice").confides("A key leaked")
	h.as("bob").reacts(card, "white_check_mark")
	h.until(`SELECT state = 'resolved' FROM tickets`)
	h.advance(7*24*time.Hour - time.Minute)
	h.allPosted()
	if h.look().Channel("ticket-1").Archived {
		t.Error("the channel was archived too early")
	}
	h.advance(2 * time.Minute)
	h.await("an archived channel", func(s slacksim.State) bool { return s.Channel("ticket-1").Archived })
	h.until(`SELECT next_at IS NULL FROM tickets`)
}

// What others can read does not become private by its category: it would still stand there.
func TestOrdinaryTicketIsNotMovedToAPrivateCategory(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	alice := h.as("alice")
	card := alice.opens(usual("Cards fail"))
	alice.chooses(card, "edit:1")
	out := alice.sends(slacksim.FormValues{"category": "Security"})
	if out.Closed || !strings.Contains(strings.Join(slices.Collect(maps.Values(out.Errors)), ""), "private from the beginning") {
		t.Errorf("the form is closed: %t, %v", out.Closed, out.Errors)
	}
	h.until(`SELECT NOT private AND category = 'Payments' FROM tickets`)
}
