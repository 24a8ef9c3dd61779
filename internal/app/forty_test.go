package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/dev/play"
	"supporty/internal/postgres"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// fortyCategories are those of the history of 40 tickets; Bob answers the private ones.
func fortyCategories(c *config_, _ *simConfig) {
	c.Categories = nil
	for _, name := range play.Categories {
		c.Categories = append(c.Categories, config.Category{Name: name, Filing: config.Filing{Private: name == play.Private}})
	}
	c.Categories[0].Work, c.Categories[1].Work = string(ticket.Operational), string(ticket.Strategic)
	c.HTTP.Addr = "127.0.0.1:0"
}

// insider is a directory in which everybody answers tickets, also private ones.
type insider struct{}

func (insider) Person(_ context.Context, id string) (desk.Person, error) {
	return desk.Person{ID: id, Name: id, Member: true, Responder: true, Entrusted: []string{play.Private}}, nil
}

func (insider) IsMember(context.Context, string, string) (bool, error) { return true, nil }

// playsForty plays the history of 40 tickets before the bot starts, which then has nothing to tell of it.
func (h *harness) playsForty() {
	h.t.Helper()
	h.begins(play.End)
	db, err := postgres.Open(h.dbURL)
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	promise := sla.Policy{Targets: sla.Targets{1: {Resolve: time.Hour, WarnAt: 0.75}, 2: {Resolve: 3 * time.Hour, WarnAt: 0.75}, 3: {Resolve: 24 * time.Hour, WarnAt: 0.75}}}
	policies, err := db.AdoptPolicy(h.ctx, promise, play.Begin)
	if err != nil {
		h.t.Fatal(err)
	}
	d := desk.New(db, insider{}, policies, play.Categories).KeepingPrivate([]string{play.Private})
	if err := (&play.Player{Desk: d}).All(h.ctx, play.Forty); err != nil {
		h.t.Fatal(err)
	}
	h.changes(`DELETE FROM outbox`)
	h.changes(`UPDATE tickets SET next_at = NULL`)
}

// People read the numbers of the 40 tickets that were worked out by hand: in the answer to a command, in
// the weekly post, and in the metrics.
func TestFortyTicketsInSlack(t *testing.T) {
	t.Parallel()
	h := newHarness(t, fortyCategories)
	h.playsForty()
	h.start()
	bob := h.as("bob")
	five := []string{
		"40 opened, 1 reopened, 31 resolved, 5 closed without a solution, 5 open.", "On time: P1 0 of 5, P2 11 of 16, P3 10 of 15.",
		"10 of 15 late ones had no owner.", "Oldest: #8, 6 days.",
	}
	bob.types("/support stats 2026-11-16..2026-11-22")
	all := bob.hears("40 opened").Rendered()
	says(t, all, five...)
	says(t, all, "15 late: 10 unclaimed, 5 claimed late", "All: 30 min, 1 h 30 min", "All: 1 h 30 min, 4 h",
		"Operational: 60% of 25", "Strategic: 40% of 25", "Billing: 15 of 15 tickets ask 1 question, nothing is written down",
		"Billing: 15 tickets, 5 code changes", "Access: 10 tickets, 0 code changes", "Data: 10 tickets, 0 code changes",
		"40 replies under 30 solved tickets", "active in these threads for about 50 min",
		"Data: 5 tickets, 20 replies, active for about 50 min", "#4 · 4 replies · 3 people · 4 h", "#12 · 4 replies", "#20 · 4 replies")
	bob.types("/support stats 2026-11-16..2026-11-22 Data")
	says(t, bob.hears("10 opened").Rendered(), "5 resolved, 5 open.", "P2 0 of 5, P3 0 of 5", "10 late: 5 unclaimed, 5 claimed late")
	if n := h.scrape()[`supporty_tickets{state="open"}`]; n != 5 {
		t.Errorf("%v tickets are open by the metrics", n)
	}
	h.advance(10 * time.Hour)
	says(t, h.reads("support-digest", "40 opened").Rendered(), five...)
}

// The page, its file and the exports have the same numbers as Slack.
func TestFortyTicketsOnThePageAndInFiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t, fortyCategories, withPages(t))
	h.cfg.Squads = []config.Squad{{Name: "Money", Lead: h.sim.State().Person("dana").ID}}
	h.playsForty()
	h.start()
	v := h.visitor()
	v.signsIn("Dana")
	const week = "period=2026-11-16..2026-11-22"
	says(t, v.gets("/?"+week).body, "Kind of work", "Oldest still open", ">#8<", ">#4<", ">#12<", ">#20<")
	says(t, v.gets("/statistics.csv?"+week).body,
		"Tickets,Opened,This period,40", "Tickets,Reopened,This period,1", "Tickets,Resolved,This period,31", "Tickets,Closed without a solution,This period,5", "Tickets,Open at the end,This period,5",
		"On time,P1,On time,0", "On time,P1,Solved or late,5", "On time,P2,On time,11", "On time,P2,Solved or late,16", "On time,P3,On time,10", "On time,P3,Solved or late,15",
		`"Late, by cause",Unclaimed,Late,10`, `"Late, by cause",Claimed late,Late,5`,
		"Time to answer,All,Half within,1800,seconds", "Time to answer,All,Nine in ten within,5400,seconds", "Time to solve,All,Half within,5400,seconds", "Time to solve,All,Nine in ten within,14400,seconds",
		"Tickets and code changes,Billing,Tickets,15", "Tickets and code changes,Billing,Code changes,5", "Tickets and code changes,Access,Tickets,10", "Tickets and code changes,Data,Code changes,0",
		"Kind of work,Operational,Tickets,15", "Kind of work,Strategic,Tickets,10",
		"Questions that return,Billing,Repeated,15", "Questions that return,Access,Repeated,5", "Asked most often,Cards fail,Half solved within,5400,seconds",
		"What it took,Solved tickets,This period,30", "What it took,Replies,This period,40", `What it took,"People who wrote, each once a ticket",This period,35`, "What it took,Active in the threads,This period,3000,seconds",
		`"What it took, by category",Data,Tickets,5`, `"What it took, by category",Data,Replies,20`, "The costliest threads,#4,Replies,4", "The costliest threads,#4,People,3", "The costliest threads,#4,Took,14400,seconds")
	says(t, v.gets("/statistics.csv?category=Data&"+week).body, "Tickets,Opened,This period,10", "Tickets,Open at the end,This period,5", "On time,P2,On time,0", "On time,P2,Solved or late,5",
		`"Late, by cause",Unclaimed,Late,5`, `"Late, by cause",Claimed late,Late,5`)

	file, left := h.exported(app.Export{What: "tickets"})
	says(t, left, "5")
	for text, want := range map[string]int{"\n": 1 + 35, ",resolved,": 25, ",closed,": 5, ",open,": 5, ",resolved,code,": 5, ",true,": 15, ",false,": 15} {
		if n := strings.Count(file, text); n != want {
			t.Errorf("%d times %q among the tickets, not %d", n, text, want)
		}
	}
	timeline, _ := h.exported(app.Export{What: "timeline"})
	for text, want := range map[string]int{",opened,": 35, ",reopened,": 1, ",resolved,": 26, ",closed,": 5} {
		if n := strings.Count(timeline, text); n != want {
			t.Errorf("%d times %q in the timelines, not %d", n, text, want)
		}
	}
	if replies, _ := h.exported(app.Export{What: "replies"}); strings.Count(replies, "\n") != 1+40 {
		t.Errorf("replies: %s", replies)
	}
}
