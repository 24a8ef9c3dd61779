package config_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
)

func TestOffersInTheFile(t *testing.T) {
	t.Parallel()
	c, err := config.Load(write(t, "squads: "+`[{name: Checkout, members: [U0ALICE1, U0BOB222], assign: round-robin, offer: 1h, gardener: U0ALICE1, deputy: U0BOB222}]
owners: [{requester: U0CAROL1, owner: U0ALICE1}, {category: payments, owner: U0BOB222}]`), needed)
	if err != nil {
		t.Fatal(err)
	}
	categories, requesters := c.OwnersOf()
	s := c.Squads[0]
	if s.Assign != config.AssignRoundRobin || s.Offered() != time.Hour || (config.Squad{}).Offered() != 30*time.Minute || len(s.Gardeners()) != 2 ||
		categories["Payments"] != "U0BOB222" || requesters["U0CAROL1"] != "U0ALICE1" {
		t.Errorf("%+v, %v, %v", s, categories, requesters)
	}
}

func TestOffersThatReachNobody(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		`[{name: Checkout, assign: duty, lead: U0ALICE1}]`:                                           "squads[0].assign",
		`[{name: Checkout, assign: least-loaded}]`:                                                   "needs people",
		`[{name: Checkout, assign: loudest}]`:                                                        "squads[0].assign",
		`[{name: Checkout, members: [U0ALICE1], gardener: U0BOB222}]`:                                "squads[0].gardener",
		`[{name: Checkout, members: [U0ALICE1], deputy: U0ALICE1}]`:                                  "is the deputy of nobody",
		`[{name: Checkout, members: [U0ALICE1], gardener: U0ALICE1, deputy: U0ALICE1}]`:              "is the gardener",
		"[]\nowners: [{category: Nothing, owner: U0BOB222}]":                                         "owners[0].category",
		"[]\nowners: [{owner: U0BOB222}]":                                                            "needs a requester or a category",
		"[]\nowners: [{category: Payments, requester: U0BOB222, owner: U0BOB222}]":                   "and not both",
		"[]\nowners: [{category: Payments}]":                                                         "owners[0].owner",
		"[]\nowners: [{category: Payments, owner: U0BOB222}, {category: payments, owner: U0ALICE1}]": "owners[1]",
	} {
		if _, err := config.Load(write(t, "squads: "+file), needed); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestTasksInTheFile(t *testing.T) {
	t.Parallel()
	const squad = `squads: [{name: Checkout, members: [U0ALICE1], gardener: U0ALICE1, hours: "Mon-Fri 09:00-17:00 Asia/Tokyo", tasks: [{title: Flaky tests, cron: "0 9 * * 1"}]}]` + "\n"
	cfg, err := config.Load(write(t, squad+`categories: [{name: Payments, squad: Checkout}, {name: Garden, squad: checkout, clock: none}]`), needed)
	if err != nil {
		t.Fatal(err)
	}
	s := cfg.Squads[0]
	zone, err := cfg.ZoneOf(s)
	if err != nil || zone.String() != "Asia/Tokyo" || cfg.CategoryOf(s, s.Tasks[0]) != "Garden" {
		t.Errorf("%v, %v, %q", err, zone, cfg.CategoryOf(s, s.Tasks[0]))
	}
	for file, want := range map[string]string{
		squad: "squads[0].tasks[0].category",
		`squads: [{name: Checkout, tasks: [{title: Flaky tests, cron: "0 9 * * 1"}]}]`: "are nobody's",
		`squads: [{name: Checkout, tasks: [{title: Flaky tests}]}]`:                    "squads[0].tasks[0].cron",
		`squads: [{name: Checkout, tasks: [{cron: "0 9 * * 1"}]}]`:                     "squads[0].tasks[0].title",
		`squads: [{name: Checkout, tasks: [{title: A, cron: often}]}]`:                 "is not a cron expression",
	} {
		if _, err := config.Load(write(t, file), needed); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
}
