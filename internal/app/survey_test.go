package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// surveys asks about all solutions.
func surveys(c *config_, _ *simConfig) { c.Survey.Share = 100 }

// solves opens a ticket, which Bob resolves after a time, and waits until a survey would be asked.
func (p *person) solves(title string, after time.Duration) (card *slacksim.Message) {
	p.h.t.Helper()
	card = p.opens(usual(title))
	p.h.as("bob").reacts(card, "eyes")
	p.h.reads("support", "Bob has it")
	p.h.advance(after)
	p.h.as("bob").reacts(card, "white_check_mark")
	p.h.await("the card to be resolved", func(s slacksim.State) bool {
		return strings.Contains(p.h.asItIs(card).Rendered(), "resolved it")
	})
	p.h.allPosted()
	p.h.advance(11 * time.Minute)
	p.h.allPosted()
	return card
}

// isAsked reports how often somebody was asked by a survey.
func (p *person) isAsked() (n int) {
	p.h.t.Helper()
	for _, m := range p.directs() {
		if strings.Contains(m.Rendered(), "is it fixed?") {
			n++
		}
	}
	return n
}

// A life with a survey that is answered takes seven calls to Slack: the card, its two edits, the
// claim, the resolution, the question how it was solved, and the survey. What is pressed in it is
// answered where it was pressed. The requester alone reads what they say.
func TestSurvey(t *testing.T) {
	t.Parallel()
	h := setup(t, surveys)
	alice := h.as("alice")
	card := alice.opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(40 * time.Minute)
	h.allPosted()
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "@Alice, Bob resolved #1")
	h.as("bob").hears("How was #1 solved?")
	h.allPosted()
	h.advance(5 * time.Minute)
	h.allPosted()
	if alice.isAsked() > 0 {
		t.Error("she is asked while the solution can be undone")
	}
	h.advance(6 * time.Minute)
	survey := alice.gets("#1, Checkout fails: is it fixed?")
	alice.clicks(survey, "fixed")
	alice.gets("How was the help, from 1 (poor) to 5 (great)?")
	alice.gets("Bob reads one or two stars, and words that you add.")
	alice.clicks(survey, "stars_4")
	alice.gets("You gave #1, Checkout fails, 4 of 5 stars.")
	h.allPosted()
	var calls []string
	entries, err := h.slack.Journal(h.ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && strings.HasPrefix(e.Method, "chat.") {
			calls = append(calls, e.Method)
		}
	}
	if len(calls) > 7 {
		t.Errorf("%d calls: %v", len(calls), calls)
	}
	h.advance(time.Hour)
	h.allPosted()
	if n := len(h.as("bob").directs()); n > 0 {
		t.Errorf("Bob got %d messages about four stars", n)
	}
	h.as("bob").types("/support show 1")
	if shown := h.as("bob").hears("claimed it"); strings.Contains(shown.Rendered(), "star") {
		t.Errorf("others read the stars: %s", shown.Rendered())
	}
}

// Who says that it is not fixed yet reopens it. The question is withdrawn, and asked again about the
// next solution; about another ticket it is not asked within 14 days.
func TestSurveyAfterAReopening(t *testing.T) {
	t.Parallel()
	h := setup(t, surveys)
	alice, bob := h.as("alice"), h.as("bob")
	alice.solves("Checkout fails", 40*time.Minute)
	alice.clicks(alice.gets("#1, Checkout fails: is it fixed?"), "reopen")
	alice.gets("#1, Checkout fails was reopened, so this needs no answer.")
	h.reads("support", "Bob has it")
	bob.types("/support resolve 1")
	h.until(`SELECT state = 'resolved' FROM tickets`)
	h.advance(11 * time.Minute)
	alice.gets("#1, Checkout fails: is it fixed?")

	alice.solves("Refund fails", 40*time.Minute)
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'survey' AND reason = 'they were asked lately'`)
	h.passes(14 * 24 * time.Hour)
	alice.solves("Export fails", 40*time.Minute)
	alice.gets("#3, Export fails: is it fixed?")
}

// Nobody is asked about what was small, what they solved themselves, and what was closed.
func TestNoSurvey(t *testing.T) {
	t.Parallel()
	h := setup(t, surveys)
	alice, dana := h.as("alice"), h.as("dana")
	alice.solves("Checkout fails", 20*time.Minute)
	dana.opens(usual("Search is slow"))
	h.advance(40 * time.Minute)
	dana.types("/support resolve 2")
	h.until(`SELECT count(*) = 2 FROM tickets WHERE state = 'resolved'`)
	dana.opens(usual("Login fails"))
	h.advance(40 * time.Minute)
	h.as("bob").types("/support close 3 as not an issue")
	h.as("bob").awaitsForm("close")
	h.as("bob").submits(slacksim.FormValues{"reason": "not_an_issue"})
	h.advance(20 * time.Minute)
	h.allPosted()
	if n := alice.isAsked() + dana.isAsked(); n > 0 {
		t.Errorf("%d surveys", n)
	}
}

// With no share nobody is asked.
func TestSurveysAreOff(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").solves("Checkout fails", 40*time.Minute)
	h.until(`SELECT count(*) = 0 FROM outbox WHERE kind = 'survey'`)
}

// Few stars are told to the owner, with a word that comes meanwhile, and to the lead only if the
// requester asks for it. When the stars rise, the owner's message shows all of them. A word goes with
// a redaction.
func TestFewStars(t *testing.T) {
	t.Parallel()
	h := newHarness(t, surveys, func(c *config_, _ *simConfig) {
		c.Squads = []config.Squad{{Name: "Checkout"}}
		c.Categories[0].Squad = "Checkout"
	})
	h.cfg.Squads[0].Lead = h.sim.State().Person("dana").ID
	h.start()
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	card := alice.solves("Checkout fails", 40*time.Minute)
	survey := alice.gets("is it fixed?")
	alice.clicks(survey, "fixed")
	alice.gets("How was the help")
	alice.clicks(survey, "stars_1")
	alice.gets("1 of 5 stars. Bob hears of it.")
	alice.clicks(survey, "rate")
	alice.seesIn("Dana reads your stars and your words then.")
	alice.submits(slacksim.FormValues{"stars": "2", "note": "Nobody read what I wrote: " + secret})
	alice.gets("2 of 5 stars (1 → 2)")
	h.advance(11 * time.Minute)
	bob.gets("Alice gave #1, Checkout fails, 2 of 5 stars (1 → 2).")
	bob.gets("Nobody read what I wrote")
	bob.gets("Nobody else is told.")
	if n := len(dana.directs()); n > 0 {
		t.Errorf("the lead got %d messages", n)
	}

	alice.clicks(survey, "rate")
	alice.awaitsForm("rate")
	alice.submits(slacksim.FormValues{"stars": "2", "note": "Nobody read what I wrote: " + secret, "follow_up": []string{"yes"}})
	dana.gets("Alice asks you to look at #1, Checkout fails, which got 2 of 5 stars (1 → 2).")
	bob.gets("Nobody else is told but Dana, whom Alice asked to look at it.")
	alice.clicks(survey, "rate")
	alice.awaitsForm("rate")
	alice.submits(slacksim.FormValues{"stars": "5", "note": "Now somebody did. " + secret, "follow_up": []string{}})
	alice.gets("5 of 5 stars (1 → 2 → 5)")
	bob.gets("Alice gave #1, Checkout fails, 5 of 5 stars (1 → 2 → 5).")
	dana.gets("asked you to look at #1, Checkout fails, and no longer does.")

	alice.redacts(card, slacksim.FormValues{"words": secret})
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'redacted'`)
	h.allPosted()
	h.storedNowhere(secret)
	for _, m := range h.fromTheBot() {
		if strings.Contains(m.Rendered(), secret) {
			t.Errorf("it stands still: %s", m.Rendered())
		}
	}
}

// What was said can be changed for 7 days.
func TestStarsAreFinalAfterAWeek(t *testing.T) {
	t.Parallel()
	h := setup(t, surveys)
	alice := h.as("alice")
	alice.solves("Checkout fails", 40*time.Minute)
	survey := alice.gets("is it fixed?")
	alice.clicks(survey, "fixed")
	alice.gets("How was the help")
	alice.clicks(survey, "stars_5")
	alice.gets("You gave #1")
	h.passes(8 * 24 * time.Hour)
	alice.clicks(survey, "rate")
	alice.hears("This could be changed for 7 days. What you said stays.")
}

// What is written below a survey is not brought to the ticket's thread by itself.
func TestWordsBelowASurvey(t *testing.T) {
	t.Parallel()
	h := setup(t, surveys)
	carol := h.as("carol")
	carol.solves("Checkout fails", 40*time.Minute)
	survey := carol.gets("is it fixed?")
	if survey.ThreadTS != "" {
		t.Error("the survey stands in the thread of the ticket's direct messages")
	}
	carol.answers(survey, "Bob was rude.")
	carol.gets("Where does this belong? Nobody else sees this message unless you choose.")
	h.allPosted()
	h.nowhereIn("support", "rude")
}

// Who has left is not asked.
func TestNobodyAsksWhoHasLeft(t *testing.T) {
	t.Parallel()
	h := setup(t, surveys)
	card := h.as("dana").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(40 * time.Minute)
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "@Dana, Bob resolved #1")
	h.deactivates("dana")
	h.until(`SELECT deactivated FROM people WHERE name = 'Dana'`)
	h.advance(11 * time.Minute)
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'survey' AND reason = 'they cannot be asked'`)
}
