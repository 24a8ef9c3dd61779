package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// ledByDana has a rota of Bob and Dana in the settings, and Dana leads the squad. Erin is in it.
func ledByDana(c *config_, sim *simConfig) {
	rota(c, sim)
	sim.Workspace.People[4].ID, sim.Workspace.People[4].Restricted = "U0ERIN1", false
	c.Squads[0].Members = append(c.Squads[0].Members, "U0ERIN1")
	c.Squads[0].Rota[0].People = []string{"U0BOB1", "U0DANA"}
	c.Squads[0].Lead = "U0DANA"
}

// filled in is the form as it is sent, with something else in some fields.
func rotaFilledIn(other slacksim.FormValues) slacksim.FormValues {
	v := slacksim.FormValues{
		"people": []string{"U0ERIN1", "U0BOB1"}, "turn": "12h", "day": "daily", "time": "09:00", "zone": "Europe/London",
		"during": "always", "starts": "2026-11-18",
	}
	for field, value := range other {
		v[field] = value
	}
	return v
}

func (p *person) opensRota() {
	p.h.t.Helper()
	p.types("/support duty checkout")
	p.clicks(p.hears("Checkout:"), "rota:Checkout")
	p.seesForm()
}

// Who leads a squad makes its rota in Slack: first they are shown what it comes to, then it counts, from its
// first turn on. What was before stays as it was, and whom it concerns is told once. Then the rota of the
// settings counts again.
func TestMakingARota(t *testing.T) {
	t.Parallel()
	h := setup(t, ledByDana)
	h.advance(time.Second)
	dana := h.as("dana")
	dana.opensRota()
	shown := dana.sends(rotaFilledIn(nil))
	if shown.Closed || len(shown.Errors) > 0 {
		t.Fatalf("the form is closed, or refused: %+v", shown)
	}
	form, err := dana.actor.View(h.ctx)
	if err != nil || !strings.Contains(string(form.Body), "Erin until") || !strings.Contains(string(form.Body), "Save") {
		t.Fatalf("what it comes to is not shown: %s, %v", form.Body, err)
	}
	h.until(`SELECT count(*) = 0 FROM duty_rotas`)
	dana.submits(nil)
	h.until(`SELECT count(*) = 1 AND bool_and(made_by = 'U0DANA' AND valid_from = '2026-11-18 09:00Z') FROM duty_rotas`)
	says(t, h.as("bob").gets("Dana made another rota for Checkout, from").Rendered(), "Your first shift is from")
	says(t, h.as("erin").gets("Dana made another rota for Checkout, from").Rendered(), "Your first shift is from")
	dana.types("/support duty checkout wed 9:30")
	says(t, dana.hears("Checkout: Erin until").Rendered(), "Dana made this rota on", "in the place of that of the settings")
	h.as("alice").types("/support duty checkout 10:30")
	h.as("alice").hears("Checkout: Bob until")

	h.advance(49 * time.Hour) // to Wednesday 11:00
	h.until(`SELECT array_agg(person ORDER BY since) = '{U0BOB1,U0DANA,U0BOB1,U0ERIN1}' FROM duty_shifts`)
	dana.opensRota()
	if out := dana.sends(slacksim.FormValues{"settings": []string{"settings"}}); out.Closed || len(out.Errors) > 0 {
		t.Fatalf("the form is closed, or refused: %+v", out)
	}
	dana.submits(nil)
	h.advance(time.Second)
	h.until(`SELECT (array_agg(person ORDER BY since DESC))[1] = 'U0DANA' FROM duty_shifts`)
	h.as("erin").gets("Dana had the rota of the settings count again for Checkout, from")
	h.allPosted()
	if n := count(h.as("erin").directs(), "Dana made another rota"); n != 1 {
		t.Errorf("Erin is told %d times", n)
	}
	dana.types("/support duty checkout")
	dana.hears("the rota of the settings counts again: Dana chose that")
	says(t, h.doctor(), "ok    squads[0].rota", "counts again: U0DANA chose that in Slack, as of 2026-11-18T11:00")
}

// A squad without a rota in the settings gets its first one in Slack, and somebody is on duty at once.
func TestTheFirstRotaIsMadeInSlack(t *testing.T) {
	t.Parallel()
	h := setup(t, ledByDana, func(c *config_, _ *simConfig) { c.Squads[0].Rota = nil })
	h.as("alice").types("/support duty")
	h.as("alice").hears("There is no rota.")
	dana := h.as("dana")
	dana.opensRota()
	dana.sends(rotaFilledIn(slacksim.FormValues{"turn": "1 week", "day": "4", "starts": "2026-11-16"}))
	dana.submits(nil)
	h.advance(time.Second)
	h.as("erin").gets("You are on duty for Checkout until")
	h.as("alice").types("/support duty")
	says(t, h.as("alice").hears("Checkout: Erin until").Rendered(), ", then Bob.")
}

// Nobody but who leads the squad, and operators, makes its rota. What cannot be a rota is refused at its
// field.
func TestRotasThatAreNotMade(t *testing.T) {
	t.Parallel()
	h := setup(t, ledByDana, func(c *config_, sim *simConfig) {
		c.Squads[0].Hours = nil
		c.Hours.Zone = ""
		sim.Workspace.People[0].ID = "U0ALICE"
	})
	h.as("bob").types("/support duty")
	if m := h.as("bob").hears("Checkout:"); strings.Contains(string(m.Blocks), "rota:Checkout") {
		t.Error("Bob, who does not lead the squad, is offered its rota")
	}
	h.deactivates("erin")
	dana := h.as("dana")
	dana.opensRota()
	for field, test := range map[string]struct {
		other slacksim.FormValues
		want  string
	}{
		"people, left":      {slacksim.FormValues{"people": []string{"U0BOB1", "U0ERIN1"}}, "Erin is not in Checkout."},
		"people, elsewhere": {slacksim.FormValues{"people": []string{"U0ALICE"}}, "Alice is not in Checkout."},
		"people, a bot":     {slacksim.FormValues{"people": []string{h.look().BotUserID}}, "is not in Checkout."},
		"turn, none":        {slacksim.FormValues{"turn": "0h"}, "That is out of range; write something from 30m to 12 weeks."},
		"turn, long":        {slacksim.FormValues{"turn": "400 days"}, "That is out of range; write something from 30m to 12 weeks."},
		"turn, words":       {slacksim.FormValues{"turn": "a while"}, "That is not the length of a turn"},
		"zone":              {slacksim.FormValues{"zone": "Europe/Londn"}, `"Europe/Londn" is not a time zone`},
		"during":            {slacksim.FormValues{"during": "outside"}, "is always open"},
		"starts, far":       {slacksim.FormValues{"starts": "2028-01-01"}, "more than a year ahead"},
		"starts, past":      {slacksim.FormValues{"starts": "2024-01-01"}, "more than a year ago"},
	} {
		at, _, _ := strings.Cut(field, ",")
		v := rotaFilledIn(slacksim.FormValues{"people": []string{"U0BOB1"}})
		for name, value := range test.other {
			v[name] = value
		}
		out := dana.sends(v)
		if out.Closed || !strings.Contains(out.Errors[at], test.want) {
			t.Errorf("%s: %+v", field, out)
		}
	}
	h.until(`SELECT count(*) = 0 FROM duty_rotas`)
}

// Whether a P1 wakes somebody is told by the rota as it was made: whom a page reaches may take turns only by
// that.
func TestWhoIsWokenByARotaThatWasMade(t *testing.T) {
	t.Parallel()
	pages, _ := pagesTo(t, map[string][]int{"erin": {200}})
	h := setup(t, ladder, pages, func(c *config_, sim *simConfig) {
		ledByDana(c, sim)
		c.Squads[0].Ladder = config.Ladder{Last: "U0CAROL"}
		c.Pages[0].People = []string{"U0ERIN1"}
	})
	says(t, h.doctor(), "warn  ladder", "wakes nobody for the P1s of")
	alice, dana := h.as("alice"), h.as("dana")
	forecast := func(want string) {
		t.Helper()
		alice.types("/support")
		alice.seesIn(want)
	}
	forecast("this wakes nobody")
	dana.opensRota()
	dana.sends(rotaFilledIn(nil))
	dana.submits(nil)
	h.advance(time.Second)
	says(t, h.doctor(), "ok    ladder")
	forecast("This calls a person who is on duty")
}
