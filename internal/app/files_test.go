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

// picture is what people attach; no two of them are the same.
func picture(name string) []byte {
	return []byte("\x89PNG\r\n\x1a\n" + strings.Repeat(name, 100))
}

// attaches writes to a channel with a file.
func (p *person) attaches(channel, name, text string, to []slacksim.SayOption, options ...slacksim.UploadOption) (slacksim.File, *slacksim.Message) {
	p.w.t.Helper()
	f, err := p.actor.Upload(p.w.ctx, name, picture(name), options...)
	if err != nil {
		p.w.t.Fatal(err)
	}
	out := p.ok(p.actor.Say(p.w.ctx, channel, text, append(to, slacksim.Attach(f))...))
	return f, &slacksim.Message{Channel: channel, TS: out.TS}
}

func under(m *slacksim.Message) []slacksim.SayOption {
	return []slacksim.SayOption{slacksim.InThread(m.TS)}
}

// withFile is the messages of the bot that have a file of that name.
func (w *world) withFile(messages []*slacksim.Message, name string) []*slacksim.Message {
	return slices.DeleteFunc(slices.Clone(messages), func(m *slacksim.Message) bool {
		return m.User != w.sim.BotUserID() || !slices.ContainsFunc(m.Files, func(f slacksim.File) bool { return f.Name == name })
	})
}

// brought waits until a file stands, whole, under a message, in a channel or in the
// direct messages with somebody ("@carol").
func (w *world) brought(where, name string, root *slacksim.Message) *slacksim.Message {
	w.t.Helper()
	var found []*slacksim.Message
	w.await(fmt.Sprintf("%s in %s", name, where), func(s slacksim.State) bool {
		found = w.withFile(messagesIn(s, where), name)
		return len(found) > 0
	})
	content, err := w.slack.FileContent(w.ctx, found[0].Files[0].ID)
	if err != nil || !bytes.Equal(content, picture(name)) || found[0].ThreadTS != root.TS {
		w.t.Errorf("%s came with %d bytes into the thread %s, %v", name, len(content), found[0].ThreadTS, err)
	}
	return found[0]
}

func messagesIn(s slacksim.State, where string) []*slacksim.Message {
	if person, direct := strings.CutPrefix(where, "@"); direct {
		return s.DMs(person)
	}
	return s.Channel(where).Messages
}

// onceIn fails the test unless the file stands once, after all is said.
func (w *world) onceIn(where, name string) {
	w.t.Helper()
	w.saidAll()
	if n := len(w.withFile(messagesIn(w.look(), where), name)); n != 1 {
		w.t.Errorf("%s stands %d times in %s", name, n, where)
	}
}

func TestFilesGoAlongBothWays(t *testing.T) {
	t.Parallel()
	bothReadings(t, func(b *slacksim.Beliefs, so bool) { b.FilesAtOnce = so }, filesGoAlong)
}

func filesGoAlong(t *testing.T, reading choice) {
	w := setup(t, reading)
	card, receipt := w.outsider("VPN is down")
	bob, carol, dana := w.as("bob"), w.as("carol"), w.as("dana")
	bob.attaches(card.Channel, "steps.png", "Do this.", under(card))
	carol.gets("Do this.")
	w.brought("@carol", "steps.png", receipt)
	dana.attaches(card.Channel, "dana.png", "", under(card))
	carol.gets("sent dana.png")
	w.brought("@carol", "dana.png", receipt)
	bob.attaches(card.Channel, "private.png", "// mind this", under(card))

	carol.attaches("@supporty", "screenshot.png", "", under(receipt))
	w.reads("support", "Carol sent screenshot.png.")
	w.brought("support", "screenshot.png", card)
	carol.hears("Passed on to Bob in #1.")
	carol.attaches("@supporty", "log.png", "And this?", nil)
	carol.clicks(carol.gets("Where does this belong?"), "belongs_1")
	w.reads("support", "And this?")
	w.brought("support", "log.png", card)
	for where, name := range map[string]string{"support": "log.png", "@carol": "steps.png"} {
		w.onceIn(where, name)
	}
	if len(w.withFile(w.look().DMs("carol"), "private.png")) > 0 {
		t.Error("a file of an aside was brought to Carol")
	}
}

// What a message loses, the other side loses as well.
func TestFilesGoWithTheirMessage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card, receipt := w.outsider("VPN is down")
	bob, carol := w.as("bob"), w.as("carol")
	_, said := bob.attaches(card.Channel, "one.png", "Look:", under(card))
	w.brought("@carol", "one.png", receipt)
	bob.ok(bob.actor.Delete(w.ctx, said.Channel, said.TS))
	f, _ := carol.attaches("@supporty", "two.png", "Here:", under(receipt))
	w.brought("support", "two.png", card)
	carol.ok(carol.actor.DeleteFile(w.ctx, f.ID))
	carol.attaches("@supporty", "three.png", "", under(receipt))
	w.brought("support", "three.png", card)
	w.saidAll()
	mine := carol.whispers()
	carol.clicks(mine[len(mine)-1], "take_back")
	w.await("the files to go", func(s slacksim.State) bool {
		support := s.Channel("support").Messages
		return len(w.withFile(s.DMs("carol"), "one.png")) == 0 &&
			len(w.withFile(support, "two.png")) == 0 && len(w.withFile(support, "three.png")) == 0
	})
	w.reads("support", "Here:")
	if w.posted("[deleted file]") > 0 {
		t.Error("a deleted file has left something behind")
	}
}

// What cannot be brought becomes a sentence, and whoever attached it is told.
func TestFilesThatAreNotBrought(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card, receipt := w.outsider("VPN is down")
	bob, carol := w.as("bob"), w.as("carol")
	bob.attaches(card.Channel, "movie.mov", "", under(card), slacksim.ClaimingSize(120<<20))
	carol.gets("movie.mov (120 MB) from Bob is too large to be brought here. It is in the ticket's thread.")
	bob.hears("movie.mov (120 MB) is too large to be brought to Carol.")
	carol.attaches("@supporty", "old.png", "", under(receipt), slacksim.HiddenByLimit())
	w.reads("support", "from Carol cannot be brought here: Slack hides it")
	carol.hears("cannot be brought to #1: Slack hides it")
	carol.attaches("@supporty", "plan", "", under(receipt), slacksim.KeptElsewhere("gdrive", "https://drive.example/1"))
	w.reads("support", "Carol attached plan, which another service keeps:")
	w.reads("support", "https://drive.example/1")
	bob.attaches(card.Channel, "theirs.png", "", under(card), slacksim.CheckFileInfo())
	w.brought("@carol", "theirs.png", receipt)
}

// Where the permission is missing a file is a sentence, and nothing else breaks.
func TestFilesWithoutPermission(t *testing.T) {
	t.Parallel()
	w := setup(t, func(_ *config_, s *simConfig) {
		s.Scopes = slices.DeleteFunc(slacksim.DefaultScopes(), func(s string) bool { return strings.HasPrefix(s, "files:") })
	})
	card, receipt := w.outsider("VPN is down")
	w.as("carol").attaches("@supporty", "screenshot.png", "Here:", under(receipt))
	w.reads("support", "Here:")
	w.reads("support", "screenshot.png from Carol cannot be brought here: the bot has no permission for files.")
	w.as("bob").replies(card, "I cannot see it.")
	w.as("carol").gets("I cannot see it.")
}

// Whatever goes wrong on the way, a file stands once.
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
				w := setup(t, func(_ *config_, s *simConfig) { s.Beliefs.CompleteAgain = again })
				card, receipt := w.outsider("VPN is down")
				if _, err := w.slack.Fault(w.ctx, f); err != nil {
					t.Fatal(err)
				}
				w.as("carol").attaches("@supporty", "screenshot.png", "Here:", under(receipt))
				w.brought("support", "screenshot.png", card)
				w.onceIn("support", "screenshot.png")
			})
		}
	}
}

// What is attached to the form, or to the message that a ticket is made from, stands
// below the card.
func TestFilesOfANewTicket(t *testing.T) {
	t.Parallel()
	w := setup(t)
	carol := w.as("carol")
	carol.ok(carol.actor.Command(w.ctx, "general", "/support", ""))
	carol.seesIn("Screenshots or logs")
	var ids []string
	for _, name := range []string{"one.png", "two.png"} {
		f, err := carol.actor.Upload(w.ctx, name, picture(name))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.ID)
	}
	values := usual("VPN is down").values()
	values["files"] = ids
	carol.submits(values)
	card := w.reads("support", "VPN is down")
	for _, name := range []string{"one.png", "two.png"} {
		w.brought("support", name, card)
		w.onceIn("support", name)
	}
	if m := w.thread(card); m[0].Files[0].Name != "one.png" {
		t.Errorf("below the card stands first: %s", m[0].Rendered())
	}

	erin := w.as("erin")
	erin.attaches("@supporty", "printer.png", "", nil)
	erin.clicks(erin.gets("Where does this belong?"), "belongs_new")
	erin.seesIn("printer.png")
	erin.submits(slacksim.Values{"priority": "P2", "category": "Other"})
	w.brought("support", "printer.png", w.reads("support", "printer.png"))
}

func TestFilesOfAMessageThatATicketIsMadeFrom(t *testing.T) {
	t.Parallel()
	w := setup(t, withPrivateChannel)
	bob, carol := w.as("bob"), w.as("carol")
	_, open := bob.attaches("support", "open.png", "It is down.", nil)
	bob.makesTicketOf("support", open.TS, asItIs)
	w.brought("support", "open.png", w.reads("support", "#1"))

	_, secret := carol.attaches("secret", "secret.png", inPrivate, nil)
	bob.ok(bob.actor.MessageShortcut(w.ctx, "secret", secret.TS, "ticket_from_message"))
	bob.submits(usual("A payment fails").values())
	card := w.reads("support", "A payment fails")
	question := carol.gets("Bob opened #2")
	w.saidAll()
	if n := len(w.withFile(w.channel("support"), "secret.png")); n > 0 {
		t.Fatal("the file was shown before its author agreed")
	}
	carol.clicks(question, "agree")
	w.brought("support", "secret.png", card)
}

// The bot sees no file where it is not: that is said, with the name of who attached it,
// who is told as well.
func TestFilesOfAMessageWhereTheBotIsNot(t *testing.T) {
	t.Parallel()
	w := setup(t, func(_ *config_, s *simConfig) {
		s.Workspace = slacksim.DefaultWorkspace()
		s.Workspace.Channels = append(s.Workspace.Channels, slacksim.Channel{Name: "customer-care", Members: []string{"bob", "carol"}})
	})
	bob, carol := w.as("bob"), w.as("carol")
	_, said := carol.attaches("customer-care", "screen.png", "It is down.", nil)
	bob.makesTicketOf("customer-care", said.TS, asItIs)
	w.reads("support", "A file that Carol attached could not be brought here: I am not in #customer-care. Please attach it here.")
	carol.hears("A file that you attached could not be brought to #1: I am not in #customer-care. Please attach it there.")
	bob.hears("Filed: #1")
	w.saidAll()
	if n := len(bob.whispers()); n != 1 {
		t.Errorf("Bob, who attached nothing, was told %d things: %s", n, texts(bob.whispers()))
	}
}

// Without permission for files the form does not ask for any, and opens.
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
			w := setup(t, change)
			w.as("alice").opens(usual("Login loops"))
		})
	}
}

// Files of what was written while nobody was connected go along as well, and those that
// were deleted meanwhile go.
func TestFilesAfterAGap(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	card, receipt := w.outsider("VPN is down")
	bob, carol := w.as("bob"), w.as("carol")
	f, _ := carol.attaches("@supporty", "before.png", "Here:", under(receipt))
	w.brought("support", "before.png", card)
	w.saidAll()
	stop()
	w.passes(3 * time.Minute)
	carol.attaches("@supporty", "missed.png", "And:", under(receipt))
	bob.attaches(card.Channel, "answer.png", "", under(card))
	carol.ok(carol.actor.DeleteFile(w.ctx, f.ID))
	w.passes(2 * time.Minute)
	t.Cleanup(w.comesBack())
	w.brought("support", "missed.png", card)
	w.brought("@carol", "answer.png", receipt)
	w.saidAll()
	if n := len(w.withFile(w.channel("support"), "before.png")); n > 0 {
		t.Error("a file that was deleted during the gap still stands")
	}
	w.onceIn("support", "missed.png")
}
