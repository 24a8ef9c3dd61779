package app_test

import (
	"context"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/dev/play"
	"supporty/internal/postgres"
	"supporty/internal/sla"
)

// fortyCategories are those of the history of 40 tickets; Bob answers the private ones.
func fortyCategories(c *config_, _ *simConfig) {
	c.Categories = nil
	for _, name := range play.Categories {
		c.Categories = append(c.Categories, config.Category{Name: name, Filing: config.Filing{Private: name == play.Private}})
	}
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
