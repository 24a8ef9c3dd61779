package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

const inPrivate = "My card 4111 was declined"

// withPrivateChannel has a private channel in which the bot is, too.
func withPrivateChannel(_ *config_, s *simConfig) {
	s.Workspace = slacksim.DefaultWorkspace()
	s.Workspace.Channels = append(s.Workspace.Channels, slacksim.Channel{Name: "secret", Private: true, Members: []string{"bob", "carol", "supporty"}})
}

// filesInPrivate has Bob make a ticket of what Carol wrote where not everybody reads.
func filesInPrivate(t *testing.T, channelOf map[string]string, reading choice) (*world, *slacksim.Message) {
	t.Helper()
	w := setup(t, withPrivateChannel, reading)
	bob, carol := w.as("bob"), w.as("carol")
	out := carol.ok(carol.actor.Say(w.ctx, channelOf["carol"], inPrivate))
	bob.ok(bob.actor.MessageShortcut(w.ctx, channelOf["bob"], out.TS, "ticket_from_message"))
	bob.seesIn("The message was written in private.")
	if v, err := bob.actor.View(w.ctx); err != nil || strings.Contains(v.Rendered(), "4111") {
		t.Fatalf("%v; Bob's form repeats it: %s", err, v.Rendered())
	}
	bob.submits(usual("A payment fails").values())
	return w, w.reads("support", "A payment fails")
}

// What somebody else wrote in private is shown when they agree, and not before.
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
	w, card := filesInPrivate(t, channelOf, reading)
	carol := w.as("carol")
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
	w.reads("support", inPrivate)
	carol.gets("Your message is shown in #1")
	if shown := w.reads("support", inPrivate); strings.Contains(shown.Rendered(), "from this message") {
		t.Errorf("it links to what others cannot open: %s", shown.Rendered())
	}
}

// What stays private is kept nowhere.
func TestPrivateMessageStaysPrivate(t *testing.T) {
	t.Parallel()
	w, _ := filesInPrivate(t, map[string]string{"carol": "@bob", "bob": "@carol"}, func(*config_, *simConfig) {})
	carol := w.as("carol")
	carol.clicks(carol.gets("Bob opened #1"), "decline")
	carol.gets("Your message stays private.")
	w.saidAll()
	w.until(`SELECT count(*) = 0 FROM (SELECT details FROM outbox UNION ALL SELECT details FROM entries) AS kept WHERE details::text LIKE '%4111%'`)
	if all := texts(w.channel("support")); strings.Contains(all, "4111") {
		t.Errorf("it was said aloud: %s", all)
	}
}

// Nobody else can agree, and what one wrote oneself one may show.
func TestOwnPrivateMessage(t *testing.T) {
	t.Parallel()
	w := setup(t, withPrivateChannel)
	carol := w.as("carol")
	out := carol.ok(carol.actor.Say(w.ctx, "secret", "The VPN is down."))
	carol.ok(carol.actor.MessageShortcut(w.ctx, "secret", out.TS, "ticket_from_message"))
	carol.seesIn("The VPN is down.")
	if v, err := carol.actor.View(w.ctx); err != nil || strings.Contains(v.Rendered(), "link to the message") {
		t.Errorf("%v; the form promises a link: %s", err, v.Rendered())
	}
	carol.submits(asItIs)
	if card := w.reads("support", "The VPN is down."); strings.Contains(card.Rendered(), "from this message") {
		t.Errorf("it links to what others cannot open: %s", card.Rendered())
	}
	w.saidAll()
	if dms := texts(w.look().DMs("carol")); strings.Contains(dms, "May it be shown") {
		t.Errorf("Carol was asked: %s", dms)
	}
}
