package app_test

import (
	"slices"
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// followsRooms has the bot look who belongs in the rooms, as it does twice a minute.
func (h *harness) followsRooms() {
	h.t.Helper()
	if err := h.bot.FollowRooms(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

// roomHas waits until these people and the bot are in the room, and nobody else is.
func (h *harness) roomHas(people ...string) {
	h.t.Helper()
	h.await("in #ticket-1: "+strings.Join(people, ", "), func(s slacksim.State) bool {
		want := []string{s.BotUserID}
		for _, p := range people {
			want = append(want, s.Person(p).ID)
		}
		got := slices.Clone(s.Channel("ticket-1").Members)
		slices.Sort(want)
		slices.Sort(got)
		return slices.Equal(want, got)
	})
}

// answeredBy are the settings in which some people answer the private category.
func answeredBy(h *harness, people ...string) func(*config.Config) {
	return func(c *config.Config) {
		c.Categories = slices.Clone(c.Categories)
		last := &c.Categories[len(c.Categories)-1]
		last.People = nil
		for _, p := range people {
			last.People = append(last.People, h.idOf(p))
		}
	}
}

// Who is named in the settings comes into the rooms of the category; who is named no more is
// removed, and reads nothing any more. Slack tells them; the bot says nothing.
func TestPeopleOfACategoryChangeInTheSettings(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	h.as("alice").confides("A key leaked")
	h.roomHas("alice", "bob")
	h.reconfigures("the settings were read again", answeredBy(h, "dana"))
	before := h.posted("")
	h.followsRooms()
	h.roomHas("alice", "dana")
	h.as("bob").types("/support show 1")
	h.as("bob").hears("There is no ticket #1.")
	h.as("dana").types("/support show 1")
	h.as("dana").hears("A key leaked")
	h.allPosted()
	if n := h.posted("") - before; n > 4 { // two answers, and two lines of Slack's in the room
		t.Errorf("%d messages were posted", n)
	}
}

// The owner stays when the settings name them no more, and the one before leaves after a hand-over.
func TestOwnerStaysInTheRoom(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.confides("A key leaked")
	bob.reacts(card, "eyes")
	h.reads("ticket-1", "Bob has it")
	h.reconfigures("the settings were read again", answeredBy(h, "dana"))
	h.followsRooms()
	h.roomHas("alice", "bob", "dana")
	h.as("dana").types("/support give 1 <@" + h.idOf("dana") + ">")
	h.reads("ticket-1", "Dana has it")
	h.roomHas("alice", "dana")
}

// A change of a squad's user group changes who is in the rooms of its categories.
func TestPeopleOfASquadChangeInItsGroup(t *testing.T) {
	t.Parallel()
	h := newHarness(t, roomScopes, func(c *config_, s *simConfig) {
		s.Workspace = slacksim.DefaultWorkspace()
		s.Workspace.Usergroups = append(s.Workspace.Usergroups, slacksim.Usergroup{Handle: "guards", Members: []string{"bob"}})
		c.Squads = append(c.Squads, config.Squad{Name: "Guards", Group: "guards"})
		c.Categories = append(c.Categories, config.Category{Name: "Security", Squad: "Guards", Filing: config.Filing{Private: true}})
	})
	h.start()
	h.as("alice").confides("A key leaked")
	h.roomHas("alice", "bob")
	h.sets(slacksim.Usergroup{Handle: "guards", Members: []string{"dana"}})
	h.until(`SELECT count(*) = 1 FROM people WHERE id = '` + h.idOf("dana") + `' AND EXISTS (SELECT FROM members WHERE person = people.id AND place LIKE 'S%')`)
	h.followsRooms()
	h.roomHas("alice", "dana")
}

// Who leaves the room by themselves is not brought back. A requester who left follows the ticket in
// direct messages.
func TestLeavingTheRoom(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.confides("A key leaked")
	h.roomHas("alice", "bob")
	alice.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "leave", As: "alice", Channel: "ticket-1"}))
	h.roomHas("bob")
	h.followsRooms()
	bob.reacts(card, "eyes")
	h.reads("ticket-1", "Bob has it")
	bob.replies(card, "Which key?")
	alice.gets("Which key?")
	h.allPosted()
	h.roomHas("bob")
}

// If all people of a private ticket leave the company, the operators are told its number, once. Who
// is named then is invited.
func TestNobodyIsLeft(t *testing.T) {
	t.Parallel()
	h := confidential(t, danaOperates)
	h.as("alice").confides("A key leaked")
	h.roomHas("alice", "bob")
	h.deactivates("alice")
	h.deactivates("bob")
	h.until(`SELECT count(*) = 2 FROM people WHERE deactivated`)
	h.followsRooms()
	dana := h.as("dana")
	told := dana.gets("Nobody is left who reads #1, a private ticket.")
	if strings.Contains(told.Rendered(), "leaked") {
		t.Errorf("Dana reads %s", told.Rendered())
	}
	h.followsRooms()
	h.allPosted()
	if n := count(dana.directs(), "Nobody is left"); n != 1 {
		t.Errorf("Dana is told %d times", n)
	}
	h.reconfigures("the settings were read again", answeredBy(h, "dana"))
	h.followsRooms()
	h.await("Dana in the room", func(s slacksim.State) bool {
		room := s.Channel("ticket-1")
		return room.Has(s.Person("dana").ID)
	})
}

// Without the scope, or with a channel of the same name that is not the ticket's, nothing of the
// ticket is posted. Its requester is told, and the operator hears what to do.
func TestWhyARoomCannotBeMade(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		without choice
		remedy  string
	}{
		"no scope": {func(_ *config_, s *simConfig) { s.Scopes = slacksim.DefaultScopes() }, "supporty manifest --private"},
		"name taken": {func(_ *config_, s *simConfig) {
			s.Workspace.Channels = append(slices.Clone(s.Workspace.Channels), slacksim.Channel{Name: "ticket-1", Members: []string{"carol"}})
		}, "rename that"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, roomScopes, danaOperates, test.without)
			h.entrusts("bob")
			h.start()
			alice := h.as("alice")
			alice.types("/support")
			alice.submits(newTicket{"P2", "A key leaked", "In the wiki.", "Security"}.values())
			alice.gets("#1 is filed, and private. The channel for it cannot be made")
			says(t, h.as("dana").gets("I cannot make a channel for #1").Rendered(), test.remedy)
			for _, channel := range []string{"support", "general"} {
				if said := texts(h.channel(channel)); strings.Contains(said, "leaked") {
					t.Errorf("in #%s stands %s", channel, said)
				}
			}
		})
	}
}

// If the workspace does not let the bot remove anybody, the operators are told who is still there, once.
func TestSomebodyWhoCannotBeRemoved(t *testing.T) {
	t.Parallel()
	h := confidential(t, danaOperates)
	h.as("alice").confides("A key leaked")
	h.roomHas("alice", "bob")
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Method: "conversations.kick", Error: "restricted_action", Count: 1})
	h.reconfigures("the settings were read again", answeredBy(h, "dana"))
	h.followsRooms()
	dana := h.as("dana")
	told := dana.gets("no longer belongs in the channel of #1, a private ticket").Rendered()
	if !strings.Contains(told, "Bob") || strings.Contains(told, "leaked") {
		t.Errorf("Dana reads %s", told)
	}
	h.roomHas("alice", "bob", "dana")
	h.followsRooms()
	h.allPosted()
	if n := count(dana.directs(), "no longer belongs"); n != 1 {
		t.Errorf("Dana is told %d times", n)
	}
}
