package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// home opens the Home tab and waits until it contains all of some texts.
func (p *person) home(texts ...string) *slacksim.View {
	p.h.t.Helper()
	p.ok(p.actor.OpenHome(p.h.ctx))
	return p.homeBecomes(texts...)
}

// homeBecomes waits until the Home tab contains all of some texts, without opening it again.
func (p *person) homeBecomes(texts ...string) *slacksim.View {
	p.h.t.Helper()
	var last string
	ctx, cancel := context.WithTimeout(p.h.ctx, patience)
	defer cancel()
	v, err := p.actor.Home(ctx, func(v *slacksim.View) bool {
		last = v.Rendered()
		for _, text := range texts {
			if !strings.Contains(last, text) {
				return false
			}
		}
		return true
	})
	if err != nil {
		p.h.t.Fatalf("no Home with %q: %v\n%s\n%s", texts, err, last, p.h.log)
	}
	return v
}

func TestHomeOfARequester(t *testing.T) {
	t.Parallel()
	h := setup(t)
	carol, bob := h.as("carol"), h.as("bob")
	carol.home("If something is broken", "[Open a ticket]")
	carol.ok(carol.actor.ClickHome(h.ctx, "home_open"))
	carol.submits(usual("VPN is down").values())
	card := h.reads("support", "VPN is down")
	h.as("alice").opens(usual("Salaries are wrong"))

	if v := carol.home("What you asked for", "#1 · P2 · VPN is down", "Open, no owner"); strings.Contains(v.Rendered(), "Salaries") {
		t.Errorf("Carol reads what is not hers: %s", v.Rendered())
	}
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	bob.types("/support wait 1 Which office?")
	root := carol.gets("Which office?")
	v := carol.home("Bob asks you: “Which office?”", "Answer in its thread")
	if in := "/archives/" + root.Channel + "/p"; !strings.Contains(string(v.Body), in) {
		t.Errorf("no way to %s in %s", in, v.Body)
	}
	carol.answers(root, "Berlin.")
	h.reads("support", "Berlin.")
	carol.home("Bob has it")
	bob.reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	carol.home("Bob resolved it · on time")
}

// Who follows a ticket sees where it stands, also if they may not read it, until they unfollow it.
func TestHomeOfAFollower(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("dana").opens(usual("Printer is on fire"))
	alice, carol, bob := h.as("alice"), h.as("carol"), h.as("bob")
	alice.types("/support follow 1")
	alice.hears("You follow #1")
	if v := alice.home("What you follow · 1", "#1 · P2 · Printer is on fire", "Open, no owner", "[Unfollow]"); strings.Contains(v.Rendered(), "What you asked for") {
		t.Errorf("Alice asked for nothing: %s", v.Rendered())
	}
	bob.reacts(card, "eyes")
	alice.homeBecomes("Bob has it")

	carol.opens(usual("Smoke in the office"))
	h.reads("support", "Smoke in the office")
	bob.types("/support duplicate 2 of 1")
	h.until(`SELECT state = 'closed' FROM tickets WHERE number = 2`)
	v := carol.home("What you follow · 1", "#1", "Bob has it")
	if got := v.Rendered(); strings.Contains(got, "Printer") || strings.Contains(got, "Dana") {
		t.Errorf("Carol reads what she may not: %s", got)
	}
	alice.presses("followed:1", "unfollow")
	alice.homeBecomes("[Open a ticket]", "Nothing waits for you")
	bob.reacts(card, "white_check_mark")
	carol.homeBecomes("It has ended")
}

// What people ask in the support channel, and nobody answers for an open hour, is on Home of
// responders, until it is answered, deleted or a ticket.
func TestQuestionsOnHome(t *testing.T) {
	t.Parallel()
	h := setup(t, func(_ *config_, s *simConfig) { s.Beliefs.DropsMissed = true })
	bob, dana, erin, alice := h.as("bob"), h.as("dana"), h.as("erin"), h.as("alice")
	first := alice.writes("support", "How do I get a token?")
	answered, deleted, bumped := erin.writes("support", "Where is the wiki?"), erin.writes("support", "Never mind"), erin.writes("support", "Anybody?")
	dana.writes("general", "Not here.")
	bob.replies(answered, "In the sidebar.")
	erin.replies(bumped, "Hello?")
	erin.ok(erin.actor.Delete(h.ctx, deleted.Channel, deleted.TS))
	h.until(`SELECT count(*) = 2 FROM questions WHERE NOT settled`)
	if v := bob.home("No ticket is open."); strings.Contains(v.Rendered(), "without an answer") {
		t.Errorf("before an hour has passed: %s", v.Rendered())
	}
	h.advance(time.Hour + time.Minute)
	v := bob.home("Asked in the channel, without an answer · 2", "Alice wrote in", "Erin wrote in")
	if got := v.Rendered(); strings.Contains(got, "token") {
		t.Errorf("what was said is shown: %s", got)
	}
	if v := erin.home("If something is broken"); strings.Contains(v.Rendered(), "without an answer") {
		t.Errorf("a guest sees %s", v.Rendered())
	}
	dana.replies(bumped, "Yes?")
	bob.homeBecomes("without an answer · 1", "Alice wrote in")
	bob.presses("question:"+first.TS, "home_question")
	bob.seesIn("How do I get a token?")
	bob.submits(asItIs)
	h.reads("support", "How do I get a token?")
	if v := bob.homeBecomes("*1 open*"); strings.Contains(v.Rendered(), "without an answer") {
		t.Errorf("it is a ticket: %s", v.Rendered())
	}
}

// Questions, answers and deletions of a gap are known afterwards.
func TestQuestionsAfterAGap(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(_ *config_, s *simConfig) { s.Beliefs.DropsMissed = true })
	stop := h.startOne()
	bob, erin := h.as("bob"), h.as("erin")
	answered, deleted := erin.writes("support", "Where is the wiki?"), erin.writes("support", "Never mind")
	erin.writes("support", "Anybody?")
	h.until(`SELECT count(*) = 3 FROM questions`)
	stop()
	bob.replies(answered, "In the sidebar.")
	erin.ok(erin.actor.Delete(h.ctx, deleted.Channel, deleted.TS))
	erin.writes("support", "Nobody?")
	h.start()
	h.until(`SELECT count(*) = 2 FROM questions WHERE NOT settled`)
	h.until(`SELECT count(*) = 2 FROM questions WHERE settled`)
	h.advance(2 * time.Hour)
	bob.home("without an answer · 2")
}

// presses presses a button beside a ticket on Home.
func (p *person) presses(row, action string) {
	p.h.t.Helper()
	p.ok(p.actor.ClickHome(p.h.ctx, row+"/"+action))
}

func TestHomeOfAResponder(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob, dana := h.as("bob"), h.as("dana")
	bob.home("No ticket is open.", "Nothing waits for you")
	h.as("carol").opens(usual("VPN is down"))
	h.as("carol").opens(newTicket{"P3", "Which colour", "x", "Payments"})
	card := h.reads("support", "Which colour")
	v := bob.home("*2 open* · 2 without an owner · 0 late", "Without an owner · 2", "#1 · P2 · VPN is down")
	if at := "/archives/" + card.Channel + "/p"; !strings.Contains(string(v.Body), at) {
		t.Errorf("no link to the thread: %s", v.Body)
	}
	bob.presses("unowned:1", "claim")
	h.reads("support", "Bob has it")
	bob.homeBecomes("Yours · 1", "Without an owner · 1")

	dana.home("Without an owner · 1")
	h.as("carol").home("What you asked for · 2")
	dana.reacts(card, "eyes")
	h.reads("support", "Dana has it")
	bob.home("Yours · 1")
	bob.types("/support wait 1 Which office?")
	bob.hears("VPN is down")
	dana.home("Waiting and on hold · 1", "Bob waits for Carol", "“Which office?”")
	bob.types("/support resume 1")
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'resumed'`)
	h.advance(150 * time.Minute)
	bob.home("Needs you now · 1", "#1 · P2 · VPN is down")
	h.advance(time.Hour)
	bob.home("1 late", "late since")
	bob.presses("needs_me:1", "resolve")
	bob.submits(slacksim.FormValues{"note": "Restarted"})
	h.reads("support", "Bob resolved it")
	bob.home("*1 open* · 0 without an owner · 0 late")
}

// Home changes by itself for those who have opened it lately, whoever changes what it shows.
func TestHomeStaysCurrent(t *testing.T) {
	t.Parallel()
	h := setup(t)
	t.Cleanup(h.startOne()) // two copies
	bob, carol, dana := h.as("bob"), h.as("carol"), h.as("dana")
	bob.home("No ticket is open.")
	carol.home("If something is broken")
	dana.home("No ticket is open.")
	h.until(`SELECT count(*) = 3 FROM homes WHERE published = desired`)
	h.changes(`UPDATE homes SET opened_at = clock_timestamp() - interval '1 hour' WHERE person = '` + h.sim.State().Person("dana").ID + `'`)
	carol.opens(usual("VPN is down"))
	card := h.reads("support", "VPN is down")
	bob.homeBecomes("*1 open* · 1 without an owner")
	carol.homeBecomes("#1 · P2 · VPN is down", "Open, no owner")
	bob.presses("unowned:1", "claim")
	carol.homeBecomes("Bob has it")
	bob.presses("mine:1", "resolve")
	bob.submits(slacksim.FormValues{})
	bob.homeBecomes("No ticket is open.")
	carol.homeBecomes("Bob resolved it · on time")
	if v := dana.homeBecomes(); strings.Contains(v.Rendered(), "1 open") {
		t.Errorf("Dana, who has not looked for an hour, is shown %s", v.Rendered())
	}
	h.as("alice").replies(card, "Thanks.") // nothing that Home shows
	h.awaitReplies(1, 1)
	dana.home("No ticket is open.")
}

// A Home that Slack did not take is published later.
func TestHomeAfterAnErrorOfSlack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob := h.as("bob")
	bob.home("No ticket is open.")
	h.until(`SELECT published = desired FROM homes`)
	h.fault(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 500, Method: "views.publish", Count: 1})
	h.as("carol").opens(usual("VPN is down"))
	h.poll("an error", func() bool { return strings.Contains(h.log.String(), "keeping Home tabs current") })
	h.changes(`UPDATE homes SET taken_until = clock_timestamp()`)
	bob.homeBecomes("*1 open*")
}

// A press that has no effect says why, to who pressed.
func TestStalePressesOnHome(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Printer"))
	dana := h.as("dana")
	dana.home("Without an owner · 1")
	h.fault(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 500, Method: "views.publish", Count: 1000}) // so that it stays as it is
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	dana.presses("unowned:1", "claim")
	dana.seesIn("Bob already has #1.")
}

// A shelf has pages of ten.
func TestPagesOfHome(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for i := range 12 {
		h.as([]string{"alice", "carol"}[i%2]).opens(newTicket{"P3", fmt.Sprintf("Ticket %d.", i+1), "x", "Payments"})
	}
	bob := h.as("bob")
	bob.home("Without an owner · 1 to 10 of 12", "Ticket 10.", "[Later]")
	bob.ok(bob.actor.ClickHome(h.ctx, "home_later"))
	if v := bob.homeBecomes("Without an owner · 11 to 12 of 12", "Ticket 12.", "[Earlier]"); strings.Contains(v.Rendered(), "Ticket 10.") {
		t.Errorf("two pages at once: %s", v.Rendered())
	}
	bob.home("Without an owner · 11 to 12 of 12")
	for i := 11; i <= 12; i++ {
		bob.presses(fmt.Sprintf("unowned:%d", i), "claim")
		bob.homeBecomes(fmt.Sprintf("Yours · %d", i-10))
	}
	bob.homeBecomes("Without an owner · 10", "Ticket 1.")
}

// Without a Home tab, as in an app that was made from an older manifest, everything else works.
func TestWithoutAHomeTab(t *testing.T) {
	t.Parallel()
	h := setup(t, func(_ *config_, s *simConfig) { s.HomeDisabled = true })
	h.as("alice").ok(h.as("alice").actor.OpenHome(h.ctx))
	h.as("alice").opens(usual("Printer"))
	h.poll("the log to say so", func() bool { return strings.Contains(h.log.String(), "not_enabled") })
}

// A choice of what to see is kept, for the person who made it.
func TestFilteredHome(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) {
		c.Squads = []config.Squad{{Name: "Checkout"}}
		c.Categories = []config.Category{{Name: "Payments", Squad: "checkout"}, {Name: "Product"}}
	})
	for title, category := range map[string]string{"Cards fail": "Payments", "Which colour": "Product"} {
		h.as("carol").opens(newTicket{"P3", title, "x", category})
	}
	h.as("carol").opens(newTicket{"P1", "All is down", "x", "Product"})
	bob, dana := h.as("bob"), h.as("dana")
	bob.home("*3 open*", "Cards fail")
	choose := func(menu, option string) {
		bob.ok(bob.actor.ChooseHome(h.ctx, menu, option))
	}
	choose("home_category", "Product")
	bob.homeBecomes("*2 open*", "Which colour", "All is down", "[Show all]")
	choose("home_priority", "P3")
	bob.homeBecomes("*1 open*", "Which colour")
	choose("home_squad", "Checkout")
	bob.homeBecomes("No ticket is open of those that you chose to see.")
	dana.home("*3 open*")
	bob.ok(bob.actor.ClickHome(h.ctx, "home_all"))
	bob.homeBecomes("*3 open*")
	choose("home_squad", "Checkout")
	bob.homeBecomes("*1 open*", "Cards fail")
	h.as("carol").opens(newTicket{"P2", "Refunds fail", "x", "Payments"})
	if v := bob.homeBecomes("*2 open*", "Refunds fail"); strings.Contains(v.Rendered(), "All is down") {
		t.Errorf("the choice was forgotten: %s", v.Rendered())
	}
}

const firstSteps = "Three steps to begin:"

// The first steps are told once: to the operators on the first start, or else to who opens Home
// first.
func TestFirstSteps(t *testing.T) {
	t.Parallel()
	for name, operators := range map[string][]string{"operators": {"dana"}, "nobody": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			for _, o := range operators {
				h.cfg.Operators = append(h.cfg.Operators, h.sim.State().Person(o).ID)
			}
			stop := h.startOne()
			h.as("bob").home("No ticket is open.")
			told := "bob"
			if len(operators) > 0 {
				told = operators[0]
			}
			h.as(told).gets(firstSteps)
			h.as("alice").home("No ticket is open.")
			stop()
			t.Cleanup(h.startOne())
			h.as("erin").home("If something is broken")
			h.allPosted()
			s := h.sim.State()
			for _, person := range []string{"alice", "bob", "carol", "dana", "erin"} {
				if has := first(s.DMs(person), firstSteps) != nil; has != (person == told) {
					t.Errorf("%s was told: %t", person, has)
				}
			}
			if first(s.Channel("support").Messages, firstSteps) != nil {
				t.Error("the channel was told")
			}
		})
	}
}
