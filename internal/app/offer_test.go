package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// Erin is in #support and a guest, so she is no responder; Bob and Dana are.

const offered = "Make this a ticket?"

// writes posts a message in a channel, outside of threads, and returns it.
func (p *person) writes(channel, text string) *slacksim.Message {
	p.h.t.Helper()
	out := p.ok(p.actor.Say(p.h.ctx, channel, text))
	return &slacksim.Message{Channel: channel, TS: out.TS}
}

// asked counts the offers to a person, after every pending message is posted.
func (p *person) asked() (n int) {
	p.h.t.Helper()
	p.h.allPosted()
	for _, m := range p.ephemerals() {
		if strings.Contains(m.Rendered(), offered) {
			n++
		}
	}
	return n
}

// handled waits until the bot has handled every earlier message. It files a ticket of
// this title and waits for that.
func (h *harness) handled(title string) {
	h.t.Helper()
	h.as("bob").opens(usual(title))
}

func TestAPlainMessageIsOfferedATicketOnceADay(t *testing.T) {
	t.Parallel()
	h := setup(t)
	erin := h.as("erin")
	erin.writes("support", "The printer is on fire.")
	erin.hears(offered)
	second := erin.writes("support", "Hello?")
	erin.replies(second, "In a thread.")
	h.as("bob").writes("support", "Lunch?")
	h.as("carol").writes("general", "Not here.")
	h.handled("The first")
	for who, times := range map[string]int{"erin": 1, "alice": 0, "bob": 0, "dana": 0, "carol": 0} {
		if n := h.as(who).asked(); n != times {
			t.Errorf("%s was asked %d times, want %d", who, n, times)
		}
	}
	h.advance(24*time.Hour + time.Minute)
	erin.writes("support", "It burns again.")
	h.poll("Erin to be asked again", func() bool { return erin.asked() == 2 })
}

func TestTheOfferOpensTheForm(t *testing.T) {
	t.Parallel()
	h := setup(t)
	erin := h.as("erin")
	_, said := erin.attaches("support", "fire.png", "The printer is <on> fire.\nReally.", nil)
	erin.clicks(erin.hears(offered), "offer")
	erin.seesIn("Really.")
	erin.seesIn("The ticket will link to the message.")
	erin.submits(asItIs)
	card := h.reads("support", "from this message")
	if !strings.Contains(card.Rendered(), "The printer is <on> fire.") || !strings.Contains(card.Rendered(), strings.ReplaceAll(said.TS, ".", "")) {
		t.Errorf("the card: %s", card.Rendered())
	}
	h.brought("support", "fire.png", card)
	erin.hears("Filed: #1")
	if n := erin.asked(); n != 0 {
		t.Errorf("the question still stands %d times", n)
	}
	if made := h.reads("support", "This is now #1"); made.ThreadTS != said.TS {
		t.Errorf("it is told in the thread %q", made.ThreadTS)
	}
}

// Each mention of the bot is answered once, in every channel that the bot is in.
func TestAMentionIsOfferedATicketAnywhere(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob, dana := h.as("bob"), h.as("dana")
	root := bob.writes("support-digest", "Good morning.")
	out := dana.ok(dana.actor.Say(h.ctx, "support-digest", "@supporty the numbers are wrong", slacksim.InThread(root.TS)))
	asked := dana.hears(offered)
	if asked.ThreadTS != root.TS {
		t.Errorf("asked in the thread %q, want %q", asked.ThreadTS, root.TS)
	}
	dana.clicks(asked, "offer")
	dana.seesIn("the numbers are wrong")
	dana.submits(asItIs)
	if card := h.reads("support", "#1"); strings.Contains(card.Rendered(), "@supporty") || !strings.Contains(card.Rendered(), strings.ReplaceAll(out.TS, ".", "")) {
		t.Errorf("the card: %s", card.Rendered())
	}
	bob.writes("support", "@supporty are you there?")
	bob.hears(offered)
	bob.writes("support", "@supporty and now?")
	card := h.as("alice").opens(usual("A ticket"))
	dana.replies(card, "I asked @supporty, it knows nothing.")
	h.awaitReplies(2, 1)
	h.poll("Bob to be asked about each", func() bool { return bob.asked() == 2 })
	h.handled("The last")
	if b, d := bob.asked(), dana.asked(); b != 2 || d != 0 {
		t.Errorf("Bob was asked %d times, Dana still is %d times", b, d)
	}
}

// If a message was deleted meanwhile, the form does not contain it.
func TestOfferOfADeletedMessage(t *testing.T) {
	t.Parallel()
	h := setup(t)
	erin := h.as("erin")
	said := erin.writes("support", "My password is hunter2")
	question := erin.hears(offered)
	erin.ok(erin.actor.Delete(h.ctx, "support", said.TS))
	erin.clicks(question, "offer")
	erin.seesForm()
	if v, err := erin.actor.View(h.ctx); err != nil || strings.Contains(v.Rendered(), "hunter2") || strings.Contains(v.Rendered(), "will link") {
		t.Errorf("%v: %s", err, v.Rendered())
	}
}

func TestOffersAreSwitchedOff(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Messages = config.MessagesOff })
	erin := h.as("erin")
	erin.writes("support", "The printer is on fire.")
	erin.writes("support", "@supporty really")
	h.handled("The first")
	if n := erin.asked(); n != 0 {
		t.Errorf("asked %d times", n)
	}
}

func filesMessages(c *config_, _ *simConfig) {
	c.Messages, c.MessagesCategory = config.MessagesFile, "Product"
}

func TestAMessageIsFiledAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t, filesMessages)
	erin := h.as("erin")
	_, said := erin.attaches("support", "fire.png", "@supporty The printer is on fire.", nil)
	told := erin.hears("Filed: #1 (")
	card := h.reads("support", "#1 · P3")
	h.brought("support", "fire.png", card)
	if told.ThreadTS != "" || !strings.Contains(card.Rendered(), "Product") || strings.Contains(card.Rendered(), "@supporty") {
		t.Errorf("told in the thread %q; the card: %s", told.ThreadTS, card.Rendered())
	}
	if made := h.reads("support", "This is now #1"); made.ThreadTS != said.TS {
		t.Errorf("it is told in the thread %q", made.ThreadTS)
	}
	erin.clicks(told, "edit")
	erin.awaitsForm("edit")
	erin.submits(slacksim.FormValues{"title": "Fire on floor 2"})
	h.reads("support", "Fire on floor 2")
	erin.clicks(told, "not_a_ticket")
	erin.hears("#1 is closed: it is not a ticket.")
	h.reads("support", "Closed: not an issue")
	h.allPosted()
	if n := h.posted("This is now"); n != 1 || len(h.look().DMs("erin")) > 0 {
		t.Errorf("made %d tickets; told Erin in private: %s", n, texts(h.look().DMs("erin")))
	}
}

// The author is asked instead if they are a responder, write in another channel, or write
// no words.
func TestMessagesNotFiledAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t, filesMessages)
	bob, dana, erin := h.as("bob"), h.as("dana"), h.as("erin")
	bob.writes("support", "@supporty is slow today")
	dana.writes("support-digest", "@supporty look at that")
	erin.attaches("support", "fire.png", "", nil)
	for _, p := range []*person{bob, dana, erin} {
		p.hears(offered)
	}
	h.handled("The first")
	h.reads("support", "#1 · P2")
}
