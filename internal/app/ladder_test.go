package app_test

import (
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
	"supporty/internal/sla"
)

// ladder has Bob's squad call along the ladder, with Dana as its lead and Carol as the last, while
// the desk is closed: until two o'clock in the afternoon.
func ladder(c *config_, sim *simConfig) {
	rota(c, sim)
	sim.Workspace.People[2].ID = "U0CAROL"
	c.Hours = sla.Hours{Zone: "UTC"}
	c.Hours.Week[time.Monday] = []sla.Span{{From: 14 * 60, To: 18 * 60}}
	c.Squads[0].Lead = "U0DANA"
	c.Squads[0].Ladder = config.Ladder{Last: "U0CAROL"}
}

// phone has the page of a name reach Bob.
func phone(c *config_, _ *simConfig) { c.Pages[0].People = []string{"U0BOB1"} }

// Who is on duty is called by direct message, by a mention and by their page, again after five
// minutes, and then the next one is; one press ends it.
func TestOneAfterTheOther(t *testing.T) {
	t.Parallel()
	pages, calls := pagesTo(t, map[string][]int{"bob": {200}})
	h := setup(t, ladder, pages, phone)
	card := h.as("alice").opens(siteIsDown)
	h.advance(time.Second)
	bob := h.as("bob")
	direct := bob.gets("P1 #1 Site is down (Alice) is to be solved by")
	called := h.reads("support", "@Bob, #1 Site is down (Alice) is to be solved by")
	if !h.hasButton(called, "reach") || called.Broadcast {
		t.Errorf("the thread reads %s, broadcast %v", called.Rendered(), called.Broadcast)
	}
	h.advance(5 * time.Minute)
	h.advance(2 * time.Minute)
	h.as("dana").gets("P1 #1 Site is down (Alice)")
	h.allPosted()
	if n := count(bob.directs(), "P1 #1 Site is down"); n != 2 || len(calls("bob")) != 2 || calls("bob")[0].Reason != "It has no owner." {
		t.Errorf("Bob got %d messages and %+v", n, calls("bob"))
	}
	bob.clicks(direct, "reach")
	bob.hears("Noted: you are on #1.")
	h.until(`SELECT assignee = 'U0BOB1' FROM tickets`)
	h.advance(10 * time.Minute)
	h.allPosted()
	if n := count(h.as("carol").directs(), "P1 #1"); n != 0 {
		t.Error("the next ones are called after an answer")
	}
	if said := texts(h.thread(card)); strings.Contains(said, "nobody was reached") {
		t.Errorf("the thread says\n%s", said)
	}
	if now := bob.gets("was to be solved by 11:00. Bob has it."); strings.Contains(string(now.Blocks), "reach") {
		t.Error("an answered call has a button")
	}
}

// If nobody presses, the requester, the channel and the lead are told so within a quarter of an
// hour, once, also if the bot is restarted meanwhile. A press after that is told in place.
func TestNobodyIsReached(t *testing.T) {
	t.Parallel()
	h := newHarness(t, ladder)
	stop := h.startOne()
	h.as("alice").opens(siteIsDown)
	h.advance(time.Second)
	h.as("bob").gets("P1 #1 Site is down")
	h.allPosted()
	stop()
	h.passes(10 * time.Minute) // the steps to Bob and Dana are missed
	t.Cleanup(h.startOne())
	h.advance(time.Second)
	h.as("dana").gets("P1 #1 Site is down")
	h.advance(time.Minute)
	carol := h.as("carol").gets("P1 #1 Site is down (Alice)")
	h.advance(3 * time.Minute)
	told := h.reads("support", "@Alice, #1 Site is down is still unanswered: nobody was reached.")
	if !told.Broadcast {
		t.Error("the channel is not told")
	}
	h.as("dana").gets("P1 #1 Site is down is still unanswered: nobody was reached.")
	h.advance(10 * time.Minute)
	h.allPosted()
	if n := h.posted("nobody was reached"); n != 2 {
		t.Errorf("told %d times", n)
	}
	h.as("carol").clicks(carol, "reach")
	h.reads("support", "Nobody was reached about #1 Site is down at first. Carol")
}

// A private P1 calls its own people, and the last. Messages and pages have its number and its
// priority, and nothing that people wrote; the last person learns whom to call.
func TestPrivateTicketsCallTheirOwnPeople(t *testing.T) {
	t.Parallel()
	pages, calls := pagesTo(t, map[string][]int{"bob": {200}})
	h := setup(t, ladder, pages, phone, func(c *config_, s *simConfig) {
		s.Scopes = append(slacksim.DefaultScopes(), "groups:write")
		c.Categories = append(c.Categories, config.Category{Name: "Security", Squad: "Checkout", Filing: config.Filing{Private: true}})
	})
	alice, bob := h.as("alice"), h.as("bob")
	alice.types("/support")
	alice.submits(newTicket{"P1", "A key leaked " + canary, "It is " + canary + ".", "Security"}.values())
	h.reads("ticket-1", "A key leaked")
	h.advance(time.Second)
	h.advance(11 * time.Minute)
	carol := h.as("carol").gets("P1 #1, a private ticket, is unanswered. Please call Bob and Dana.")
	bob.gets("P1 #1, a private ticket, is unanswered.")
	h.as("dana").gets("P1 #1, a private ticket, is unanswered.")
	h.allPosted()
	for _, who := range []string{"bob", "dana", "carol"} {
		if said := texts(h.as(who).directs()); strings.Contains(said, canary) || strings.Contains(said, "Alice") {
			t.Errorf("%s reads\n%s", who, said)
		}
	}
	if len(calls("bob")) == 0 {
		t.Error("Bob's phone is not called")
	}
	for _, p := range calls("bob") {
		if strings.Contains(p.Title+p.Reason+p.Category+p.Link, canary) || p.Category != "" || p.Link != "" {
			t.Errorf("the page says %+v", p)
		}
	}
	h.as("carol").clicks(carol, "reach")
	h.as("carol").hears("Noted: you are on #1.")
	bob.gets("P1 #1, a private ticket, needed somebody.")
}

// The form says whom a P1 wakes, and what waits; a guest's P1 wakes nobody unless it is so set.
func TestTheFormSaysWhatAP1Does(t *testing.T) {
	t.Parallel()
	h := setup(t, ladder, func(c *config_, s *simConfig) {
		c.Hours.Week[time.Monday] = []sla.Span{{From: 9 * 60, To: 18 * 60}}
		c.Pages = []config.Page{{Name: "bob", URL: "https://pager.example.com/", People: []string{"U0BOB1"}}}
	})
	h.advance(13 * time.Hour) // 23:00
	form := func(of *person) string {
		of.ok(of.actor.Command(h.ctx, "support", "/support", ""))
		v, err := of.actor.View(h.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return v.Rendered()
	}
	says(t, form(h.as("alice")), "It is 23:00. This wakes a person.", "P2 and P3 wait until then.")
	says(t, form(h.as("erin")), "this wakes nobody")
	h.as("alice").submits(usual("Checkout fails").values())
	h.as("alice").hears("The desk is closed: it waits until")
	says(t, strings.Join(slackLines(h), "\n"), "a page reaches somebody for the P1s of every category that calls")
	h.cfg.Pages = slices.Clone(h.cfg.Pages) // the running bot reads the old ones
	h.cfg.Pages[0].People = nil
	says(t, strings.Join(slackLines(h), "\n"), "warn  ladder", "wakes nobody for the P1s of", "do-not-disturb")
}

// Every call enters the ledger: who, when, for which number and priority, and whether it presumably woke
// them. Who was called at night is asked in the morning, once, and corrects it by a press.
// They see what they have carried, and so does their lead; pay has it with the rates.
func TestCallsEnterTheLedger(t *testing.T) {
	t.Parallel()
	pages, _ := pagesTo(t, map[string][]int{"bob": {200}})
	h := setup(t, ladder, pages, phone, func(c *config_, s *simConfig) {
		for i := range s.Workspace.People {
			s.Workspace.People[i].TZ = "Europe/Berlin"
		}
		c.Duty.Pay = config.Pay{Hour: config.Rate{Amount: 5, Before: "£"}, Page: config.Rate{Amount: 20, Before: "£"}}
	})
	h.advance(26 * time.Hour) // Tuesday 12:00, 13:00 in Berlin; Bob is on duty
	h.advance(11 * time.Hour) // 23:00, 00:00 in Berlin
	h.as("alice").opens(siteIsDown)
	h.advance(time.Second)
	h.advance(7 * time.Minute)
	h.as("dana").clicks(h.as("dana").gets("P1 #1 Site is down"), "reach")
	h.as("dana").hears("Noted: you are on #1.")

	h.until(`SELECT count(*) = 3 AND count(*) FILTER (WHERE night AND woke) = 2 AND bool_and(ticket = 1 AND priority = 1 AND squad = 'Checkout') FROM duty_pages`)
	h.advance(6 * time.Hour) // before seven in Berlin
	h.allPosted()
	bob := h.as("bob")
	if n := count(bob.directs(), "last night"); n != 0 {
		t.Error("somebody is asked at night")
	}
	h.advance(time.Hour)
	asked := bob.gets("You were called twice last night.")
	says(t, asked.Rendered(), "P1 #1. It presumably woke you.")
	says(t, h.as("dana").gets("You were called once last night.").Rendered(), "It presumably did not wake you.")
	bob.clicks(asked, "not_woke:1")
	bob.gets("You said that it did not wake you.")
	h.until(`SELECT count(*) = 1 AND bool_and(page = 1 AND NOT woke) FROM duty_page_words`)
	h.advance(time.Hour)
	h.allPosted()
	if n := count(bob.directs(), "last night"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	bob.types("/support duty mine")
	says(t, bob.hears("November 2026").Rendered(), "You, for Checkout: ", "2 calls, 1 woke", "£", "October 2026", "You were not on duty.")
	if said := texts(bob.ephemerals()); strings.Contains(said, "Dana, for") {
		t.Errorf("Bob, who leads nobody, reads\n%s", said)
	}
	h.as("dana").types("/support duty mine")
	says(t, h.as("dana").hears("November 2026").Rendered(), "Bob, for Checkout: ", "2 calls, 1 woke", "It presumably did not wake you.")
	var out strings.Builder
	if err := (app.DutyExport{Month: "2026-11"}).Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), &out); err != nil {
		t.Fatal(err)
	}
	says(t, out.String(), "page,Checkout,U0BOB1,Bob,2026-11-17T23:00:0", ",1,P1,1.1,false,true,20.00", ",1,P1,1.2,true,false,20.00", ",U0DANA,Dana,")
}

// Who is called finds the runbook of the category in the message, in the thread and in the page; of a private
// ticket's it would tell the category.
func TestTheRunbookIsAtHand(t *testing.T) {
	t.Parallel()
	const address = "https://wiki.example.com/payments?a=1&b=2"
	pages, calls := pagesTo(t, map[string][]int{"bob": {200}})
	h := setup(t, ladder, pages, phone, func(c *config_, _ *simConfig) { c.Categories[1].Runbook = address })
	h.as("alice").opens(siteIsDown)
	h.advance(time.Second)
	h.as("bob").gets("P1 #1 Site is down (Alice) is to be solved by")
	h.allPosted()
	for _, m := range []*slacksim.Message{h.as("bob").gets("P1 #1 Site is down"), h.reads("support", "@Bob, #1 Site is down")} {
		if !strings.Contains(string(m.Blocks), "wiki.example.com/payments?a=1") {
			t.Errorf("without a runbook: %s", m.Blocks)
		}
	}
	if got := calls("bob"); len(got) != 1 || got[0].Runbook != address {
		t.Errorf("the page has %+v", got)
	}
}

// Who was called at night passes the morning on with one press: who is next is on duty until noon once they say
// yes, and finds there what the other has open. Who declines is followed by the next one who can be asked.
func TestPassingAMorningOn(t *testing.T) {
	t.Parallel()
	pages, _ := pagesTo(t, map[string][]int{"bob": {200}})
	h := setup(t, ladder, pages, phone, func(c *config_, _ *simConfig) {
		c.Squads[0].Members = append(c.Squads[0].Members, "U0CAROL")
		c.Squads[0].Rota[0].Handover.Minute = 0 // midnight
	})
	bob, dana, carol := h.as("bob"), h.as("dana"), h.as("carol")
	card := h.as("alice").opens(usual("Checkout is slow"))
	bob.clicks(card, "claim")
	h.until(`SELECT assignee = 'U0BOB1' FROM tickets`)
	h.advance(24 * time.Hour)
	h.advance(16 * time.Hour) // Wednesday at two: Bob's day; Thursday is Dana's, and Friday Carol's
	h.as("alice").opens(siteIsDown)
	h.advance(time.Second)
	bob.clicks(bob.gets("P1 #2 Site is down"), "reach")
	h.until(`SELECT assignee = 'U0BOB1' FROM tickets WHERE number = 2`)
	h.advance(6 * time.Hour) // eight o'clock
	asked := bob.gets("You were called once last night.")
	bob.clicks(asked, "pass_morning:Checkout")
	says(t, bob.gets("is asked to take over for Checkout until").Rendered(), "You are on duty until they say yes.")
	press := func(p *person, button string) {
		m := p.gets("Bob was called last night. Do you take over for Checkout until")
		p.clicks(m, regexp.MustCompile(button+`:[^"]+`).FindString(string(m.Blocks)))
	}
	press(dana, "decline_swap")
	again := bob.gets("cannot take over for Checkout this morning.")
	bob.clicks(again, "pass_morning:Checkout")
	press(carol, "accept_swap")
	bob.gets("Carol is on duty for Checkout in your place until")
	taken := carol.gets("What Bob has")
	says(t, taken.Rendered(), "You are on duty for Checkout until", "Checkout is slow")
	carol.clicks(taken, "take:1")
	h.until(`SELECT assignee = 'U0CAROL' FROM tickets WHERE number = 1`)
	h.until(`SELECT count(*) = 1 FROM duty_overrides WHERE until::time = '12:00'`)
}
