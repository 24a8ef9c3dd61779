package app_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// picture is an image file; no two are the same.
func picture(name string) []byte {
	return []byte("\x89PNG\r\n\x1a\n" + strings.Repeat(name, 100))
}

// attaches writes to a channel with a file.
func (p *person) attaches(channel, name, text string, to []slacksim.SayOption, options ...slacksim.UploadOption) (slacksim.File, *slacksim.Message) {
	p.h.t.Helper()
	f, err := p.actor.Upload(p.h.ctx, name, picture(name), options...)
	if err != nil {
		p.h.t.Fatal(err)
	}
	out := p.ok(p.actor.Say(p.h.ctx, channel, text, append(to, slacksim.Attach(f))...))
	return f, &slacksim.Message{Channel: channel, TS: out.TS}
}

func under(m *slacksim.Message) []slacksim.SayOption {
	return []slacksim.SayOption{slacksim.InThread(m.TS)}
}

// withFile are the bot's messages that have a file of that name.
func (h *harness) withFile(messages []*slacksim.Message, name string) []*slacksim.Message {
	return slices.DeleteFunc(slices.Clone(messages), func(m *slacksim.Message) bool {
		return m.User != h.sim.BotUserID() || !slices.ContainsFunc(m.Files, func(f slacksim.File) bool { return f.Name == name })
	})
}

// brought waits until a complete file stands under a message, in a channel or in the
// direct messages with a person ("@carol").
func (h *harness) brought(where, name string, root *slacksim.Message) *slacksim.Message {
	h.t.Helper()
	var found []*slacksim.Message
	h.await(fmt.Sprintf("%s in %s", name, where), func(s slacksim.State) bool {
		found = h.withFile(messagesIn(s, where), name)
		return len(found) > 0
	})
	content, err := h.slack.FileContent(h.ctx, found[0].Files[0].ID)
	if err != nil || !bytes.Equal(content, picture(name)) || found[0].ThreadTS != root.TS {
		h.t.Errorf("%s came with %d bytes into the thread %s, %v", name, len(content), found[0].ThreadTS, err)
	}
	return found[0]
}

func messagesIn(s slacksim.State, where string) []*slacksim.Message {
	if person, direct := strings.CutPrefix(where, "@"); direct {
		return s.DMs(person)
	}
	return s.Channel(where).Messages
}

// onceIn waits until every message is posted, and fails the test unless the file stands
// there exactly once.
func (h *harness) onceIn(where, name string) {
	h.t.Helper()
	h.allPosted()
	if n := len(h.withFile(messagesIn(h.look(), where), name)); n != 1 {
		h.t.Errorf("%s stands %d times in %s", name, n, where)
	}
}

func TestFilesGoAlongBothWays(t *testing.T) {
	t.Parallel()
	bothReadings(t, func(b *slacksim.Beliefs, so bool) { b.FilesAtOnce = so }, filesGoAlong)
}

func filesGoAlong(t *testing.T, reading choice) {
	h := setup(t, reading)
	card, receipt := h.outsider("VPN is down")
	bob, carol, dana := h.as("bob"), h.as("carol"), h.as("dana")
	bob.attaches(card.Channel, "steps.png", "Do this.", under(card))
	carol.gets("Do this.")
	h.brought("@carol", "steps.png", receipt)
	dana.attaches(card.Channel, "dana.png", "", under(card))
	carol.gets("sent dana.png")
	h.brought("@carol", "dana.png", receipt)
	bob.attaches(card.Channel, "private.png", "// mind this", under(card))

	carol.attaches("@supporty", "screenshot.png", "", under(receipt))
	h.reads("support", "Carol sent screenshot.png.")
	h.brought("support", "screenshot.png", card)
	carol.hears("Passed on to Bob in #1.")
	carol.attaches("@supporty", "log.png", "And this?", nil)
	carol.clicks(carol.gets("Where does this belong?"), "belongs_1")
	h.reads("support", "And this?")
	h.brought("support", "log.png", card)
	for where, name := range map[string]string{"support": "log.png", "@carol": "steps.png"} {
		h.onceIn(where, name)
	}
	if len(h.withFile(h.look().DMs("carol"), "private.png")) > 0 {
		t.Error("a file of an aside was brought to Carol")
	}
}

// A file that is deleted from a message is also deleted on the other side.
func TestFilesGoWithTheirMessage(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, receipt := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	_, said := bob.attaches(card.Channel, "one.png", "Look:", under(card))
	h.brought("@carol", "one.png", receipt)
	bob.ok(bob.actor.Delete(h.ctx, said.Channel, said.TS))
	f, _ := carol.attaches("@supporty", "two.png", "Here:", under(receipt))
	h.brought("support", "two.png", card)
	carol.ok(carol.actor.DeleteFile(h.ctx, f.ID))
	carol.attaches("@supporty", "three.png", "", under(receipt))
	h.brought("support", "three.png", card)
	h.allPosted()
	mine := carol.ephemerals()
	carol.clicks(mine[len(mine)-1], "take_back")
	h.await("the files to go", func(s slacksim.State) bool {
		support := s.Channel("support").Messages
		return len(h.withFile(s.DMs("carol"), "one.png")) == 0 &&
			len(h.withFile(support, "two.png")) == 0 && len(h.withFile(support, "three.png")) == 0
	})
	h.reads("support", "Here:")
	if h.posted("[deleted file]") > 0 {
		t.Error("a deleted file has left something behind")
	}
}

// A file that cannot be brought is replaced by a sentence, and the person who attached it
// is told.
func TestFilesLeftOut(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, receipt := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	bob.attaches(card.Channel, "movie.mov", "", under(card), slacksim.ClaimingSize(120<<20))
	carol.gets("movie.mov (120 MB) from Bob is too large to be brought here. It is in the ticket's thread.")
	bob.hears("movie.mov (120 MB) is too large to be brought to Carol.")
	carol.attaches("@supporty", "old.png", "", under(receipt), slacksim.HiddenByLimit())
	h.reads("support", "from Carol cannot be brought here: Slack hides it")
	carol.hears("cannot be brought to #1: Slack hides it")
	carol.attaches("@supporty", "plan", "", under(receipt), slacksim.KeptElsewhere("gdrive", "https://drive.example/1"))
	h.reads("support", "Carol attached plan, which another service keeps:")
	h.reads("support", "https://drive.example/1")
	bob.attaches(card.Channel, "theirs.png", "", under(card), slacksim.CheckFileInfo())
	h.brought("@carol", "theirs.png", receipt)
}

// Without the permission a file is replaced by a sentence, and everything else works.
func TestFilesWithoutPermission(t *testing.T) {
	t.Parallel()
	h := setup(t, func(_ *config_, s *simConfig) {
		s.Scopes = slices.DeleteFunc(slacksim.DefaultScopes(), func(s string) bool { return strings.HasPrefix(s, "files:") })
	})
	card, receipt := h.outsider("VPN is down")
	h.as("carol").attaches("@supporty", "screenshot.png", "Here:", under(receipt))
	h.reads("support", "Here:")
	h.reads("support", "screenshot.png from Carol cannot be brought here: the bot has no permission for files.")
	h.as("bob").replies(card, "I cannot see it.")
	h.as("carol").gets("I cannot see it.")
}

// A file stands on the other side exactly once, whatever fails on the way.
func TestFilesStandOnceAfterTrouble(t *testing.T) {
	t.Parallel()
	for _, again := range []bool{false, true} {
		for _, f := range []slacksim.Fault{
			{Method: "files.info"}, {Method: "files.download", AfterEffect: true}, {Method: "files.getUploadURLExternal", AfterEffect: true},
			{Method: "files.upload_bytes"}, {Method: "files.upload_bytes", AfterEffect: true},
			{Method: "files.completeUploadExternal"}, {Method: "files.completeUploadExternal", AfterEffect: true},
		} {
			f.Kind, f.Count = slacksim.FaultCut, 1
			t.Run(fmt.Sprintf("%s, after its effect: %v, completed again: %v", f.Method, f.AfterEffect, again), func(t *testing.T) {
				t.Parallel()
				h := setup(t, func(_ *config_, s *simConfig) { s.Beliefs.CompleteAgain = again })
				card, receipt := h.outsider("VPN is down")
				if _, err := h.slack.Fault(h.ctx, f); err != nil {
					t.Fatal(err)
				}
				h.as("carol").attaches("@supporty", "screenshot.png", "Here:", under(receipt))
				h.brought("support", "screenshot.png", card)
				h.onceIn("support", "screenshot.png")
			})
		}
	}
}

// Files of the form, and of the message from which a ticket is made, stand below the
// card.
func TestFilesOfANewTicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	carol := h.as("carol")
	carol.ok(carol.actor.Command(h.ctx, "general", "/support", ""))
	carol.seesIn("Screenshots or logs")
	var ids []string
	for _, name := range []string{"one.png", "two.png"} {
		f, err := carol.actor.Upload(h.ctx, name, picture(name))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.ID)
	}
	values := usual("VPN is down").values()
	values["files"] = ids
	carol.submits(values)
	card := h.reads("support", "VPN is down")
	for _, name := range []string{"one.png", "two.png"} {
		h.brought("support", name, card)
		h.onceIn("support", name)
	}
	if m := h.thread(card); m[0].Files[0].Name != "one.png" {
		t.Errorf("below the card stands first: %s", m[0].Rendered())
	}

	erin := h.as("erin")
	erin.attaches("@supporty", "printer.png", "", nil)
	erin.clicks(erin.gets("Where does this belong?"), "belongs_new")
	erin.seesIn("printer.png")
	erin.submits(slacksim.FormValues{"priority": "P2", "category": "Other"})
	h.brought("support", "printer.png", h.reads("support", "printer.png"))
}

func TestFilesOfTheSourceMessage(t *testing.T) {
	t.Parallel()
	h := setup(t, withPrivateChannel)
	bob, carol := h.as("bob"), h.as("carol")
	_, open := bob.attaches("support", "open.png", "It is down.", nil)
	bob.makesTicketOf("support", open.TS, asItIs)
	h.brought("support", "open.png", h.reads("support", "#1"))

	_, secret := carol.attaches("secret", "secret.png", inPrivate, nil)
	bob.ok(bob.actor.MessageShortcut(h.ctx, "secret", secret.TS, "ticket_from_message"))
	bob.submits(usual("A payment fails").values())
	card := h.reads("support", "A payment fails")
	question := carol.gets("Bob opened #2")
	h.allPosted()
	if n := len(h.withFile(h.channel("support"), "secret.png")); n > 0 {
		t.Fatal("the file was shown before its author agreed")
	}
	carol.clicks(question, "agree")
	h.brought("support", "secret.png", card)
}

// The bot cannot see files in a channel that it is not in. A sentence says so and names
// the author, who is told as well.
func TestFilesOfAMessageWhereTheBotIsNot(t *testing.T) {
	t.Parallel()
	h := setup(t, func(_ *config_, s *simConfig) {
		s.Workspace = slacksim.DefaultWorkspace()
		s.Workspace.Channels = append(s.Workspace.Channels, slacksim.Channel{Name: "customer-care", Members: []string{"bob", "carol"}})
	})
	bob, carol := h.as("bob"), h.as("carol")
	_, said := carol.attaches("customer-care", "screen.png", "It is down.", nil)
	bob.makesTicketOf("customer-care", said.TS, asItIs)
	h.reads("support", "A file that Carol attached could not be brought here: I am not in #customer-care. Please attach it here.")
	carol.hears("A file that you attached could not be brought to #1: I am not in #customer-care. Please attach it there.")
	bob.hears("Filed: #1")
	h.allPosted()
	if n := len(bob.ephemerals()); n != 1 {
		t.Errorf("Bob, who attached nothing, was told %d things: %s", n, texts(bob.ephemerals()))
	}
}

// Without permission for files the form opens without the field for them.
func TestFormWithoutPermissionForFiles(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]choice{
		"no permission": func(_ *config_, s *simConfig) {
			s.Scopes = slices.DeleteFunc(slacksim.DefaultScopes(), func(s string) bool { return s == "files:read" })
		},
		"switched off": func(c *config_, _ *simConfig) { c.Files.MaxSize = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t, change)
			h.as("alice").opens(usual("Login loops"))
		})
	}
}

// Files of messages from a gap are brought to the other side. Files that were deleted in
// it are removed there.
func TestFilesAfterAGap(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	card, receipt := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	f, _ := carol.attaches("@supporty", "before.png", "Here:", under(receipt))
	h.brought("support", "before.png", card)
	h.allPosted()
	stop()
	h.passes(3 * time.Minute)
	carol.attaches("@supporty", "missed.png", "And:", under(receipt))
	bob.attaches(card.Channel, "answer.png", "", under(card))
	carol.ok(carol.actor.DeleteFile(h.ctx, f.ID))
	h.passes(2 * time.Minute)
	t.Cleanup(h.comesBack())
	h.brought("support", "missed.png", card)
	h.brought("@carol", "answer.png", receipt)
	h.allPosted()
	if n := len(h.withFile(h.channel("support"), "before.png")); n > 0 {
		t.Error("a file that was deleted during the gap still stands")
	}
	h.onceIn("support", "missed.png")
}
