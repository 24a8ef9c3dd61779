package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

const inPrivate = "My card 4111 was declined"

// withPrivateChannel has a private channel that the bot is in.
func withPrivateChannel(_ *config_, s *simConfig) {
	s.Workspace = slacksim.DefaultWorkspace()
	s.Workspace.Channels = append(s.Workspace.Channels, slacksim.Channel{Name: "secret", Private: true, Members: []string{"bob", "carol", "supporty"}})
}

// filesInPrivate makes Bob file a private message of Carol's.
func filesInPrivate(t *testing.T, channelOf map[string]string, reading choice) (*harness, *slacksim.Message) {
	t.Helper()
	h := setup(t, withPrivateChannel, reading)
	bob, carol := h.as("bob"), h.as("carol")
	out := carol.ok(carol.actor.Say(h.ctx, channelOf["carol"], inPrivate))
	bob.ok(bob.actor.MessageShortcut(h.ctx, channelOf["bob"], out.TS, "ticket_from_message"))
	bob.seesIn("The message was written in private.")
	if v, err := bob.actor.View(h.ctx); err != nil || strings.Contains(v.Rendered(), "4111") {
		t.Fatalf("%v; Bob's form repeats it: %s", err, v.Rendered())
	}
	bob.submits(usual("A payment fails").values())
	return h, h.reads("support", "A payment fails")
}

// A private message of another person is shown after its author agrees, and not before.
func TestPrivateMessageIsShownWhenItsAuthorAgrees(t *testing.T) {
	t.Parallel()
	for name, channelOf := range map[string]map[string]string{
		"direct message":  {"carol": "@bob", "bob": "@carol"},
		"private channel": {"carol": "secret", "bob": "secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothReadings(t, func(b *slacksim.Beliefs, so bool) { b.PrivateNamed = so }, func(t *testing.T, reading choice) {
				shownWhenAgreed(t, channelOf, reading)
			})
		})
	}
}

func shownWhenAgreed(t *testing.T, channelOf map[string]string, reading choice) {
	h, card := filesInPrivate(t, channelOf, reading)
	carol := h.as("carol")
	question := carol.gets("Bob opened #1")
	for _, unsaid := range []string{"4111", "secret", "from this message"} {
		if strings.Contains(card.Rendered(), unsaid) {
			t.Errorf("the card says %q: %s", unsaid, card.Rendered())
		}
	}
	if !strings.Contains(card.Rendered(), "Carol · filed by Bob") || !strings.Contains(question.Rendered(), inPrivate) {
		t.Errorf("the card: %s\nthe question: %s", card.Rendered(), question.Rendered())
	}
	carol.clicks(question, "agree")
	h.reads("support", inPrivate)
	carol.gets("Your message is shown in #1")
	if shown := h.reads("support", inPrivate); strings.Contains(shown.Rendered(), "from this message") {
		t.Errorf("it links to what others cannot open: %s", shown.Rendered())
	}
}

// A message that stays private is stored nowhere.
func TestPrivateMessageStaysPrivate(t *testing.T) {
	t.Parallel()
	h, _ := filesInPrivate(t, map[string]string{"carol": "@bob", "bob": "@carol"}, func(*config_, *simConfig) {})
	carol := h.as("carol")
	carol.clicks(carol.gets("Bob opened #1"), "decline")
	carol.gets("Your message stays private.")
	h.allPosted()
	h.until(`SELECT count(*) = 0 FROM (SELECT details FROM outbox UNION ALL SELECT details FROM entries) AS kept WHERE details::text LIKE '%4111%'`)
	if all := texts(h.channel("support")); strings.Contains(all, "4111") {
		t.Errorf("it was said aloud: %s", all)
	}
}

// Nobody else can agree. An author may show their own message.
func TestOwnPrivateMessage(t *testing.T) {
	t.Parallel()
	h := setup(t, withPrivateChannel)
	carol := h.as("carol")
	out := carol.ok(carol.actor.Say(h.ctx, "secret", "The VPN is down."))
	carol.ok(carol.actor.MessageShortcut(h.ctx, "secret", out.TS, "ticket_from_message"))
	carol.seesIn("The VPN is down.")
	if v, err := carol.actor.View(h.ctx); err != nil || strings.Contains(v.Rendered(), "link to the message") {
		t.Errorf("%v; the form promises a link: %s", err, v.Rendered())
	}
	carol.submits(asItIs)
	if card := h.reads("support", "The VPN is down."); strings.Contains(card.Rendered(), "from this message") {
		t.Errorf("it links to what others cannot open: %s", card.Rendered())
	}
	h.allPosted()
	if dms := texts(h.look().DMs("carol")); strings.Contains(dms, "May it be shown") {
		t.Errorf("Carol was asked: %s", dms)
	}
}
