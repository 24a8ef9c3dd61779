package app_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// If somebody has carried more than the others of a rota in 90 days, its people hear so once a month, with the
// swap that would mend it; whose shift it is asks for it with one press.
func TestAnUnfairRotaSaysSo(t *testing.T) {
	t.Parallel()
	h := newHarness(t, rota, ledByCarol)
	h.has(`INSERT INTO duty_shifts (squad, since, person) VALUES
		('Checkout', '2026-07-01', 'U0BOB1'), ('Checkout', '2026-11-01', 'U0DANA'), ('Checkout', '2026-11-15 11:00Z', 'U0BOB1')`)
	h.start()
	h.advance(time.Second)
	h.advance(23 * time.Hour)
	bob := h.as("bob")
	told := bob.gets("In the rota of Checkout you have had")
	says(t, told.Rendered(), " in the last 90 days; the average of 2 people is", "This swap would make it more even: Dana takes the shift from")
	for _, name := range []string{"dana", "carol"} {
		if m := h.as(name).gets("In the rota of Checkout Bob has had"); strings.Contains(string(m.Blocks), "ask_proposed") {
			t.Errorf("%s can ask for Bob's shift", name)
		}
	}
	bob.clicks(told, "ask_proposed")
	bob.gets("Dana is asked to take your shift for Checkout, from")
	asked := h.as("dana").gets("Bob asks whether you take a shift for Checkout: from")
	h.as("dana").clicks(asked, regexp.MustCompile(`accept_swap:[^"]+`).FindString(string(asked.Blocks)))
	h.until(`SELECT count(*) >= 1 FROM duty_overrides WHERE person = 'U0DANA'`)
	for range 3 {
		h.advance(24 * time.Hour)
	}
	h.allPosted()
	if n := count(h.as("carol").directs(), "In the rota of Checkout"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func ledByCarol(c *config_, sim *simConfig) {
	sim.Workspace.People[2].ID = "U0CAROL"
	c.Squads[0].Lead = "U0CAROL"
}

// has changes the database before the bot starts.
func (h *harness) has(sql string) {
	h.t.Helper()
	db, err := pgx.Connect(h.ctx, h.dbURL)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = db.Close(h.ctx) }()
	if _, err := db.Exec(h.ctx, sql); err != nil {
		h.t.Fatal(err)
	}
}

// Who takes turns by a rota that was made in Slack hears that it is unfair, too.
func TestAnUnfairRotaOfSlackSaysSo(t *testing.T) {
	t.Parallel()
	h := newHarness(t, rota, ledByCarol, func(c *config_, _ *simConfig) { c.Squads[0].Rota = nil })
	h.has(`INSERT INTO duty_shifts (squad, since, person) VALUES
		('Checkout', '2026-07-01', 'U0BOB1'), ('Checkout', '2026-11-01', 'U0DANA'), ('Checkout', '2026-11-15 11:00Z', 'U0BOB1')`)
	h.has(`INSERT INTO duty_rotas (key, squad, valid_from, made_by, made_at, rota) VALUES ('k', 'Checkout', '2026-07-01', 'U0CAROL', '2026-07-01',
		'{"people": ["U0BOB1", "U0DANA"], "turn": 86400000000000, "first": "2026-11-15T11:00:00Z", "zone": "UTC", "during": "always"}')`)
	h.start()
	h.advance(time.Second)
	h.advance(23 * time.Hour)
	h.as("bob").gets("In the rota of Checkout you have had")
	h.as("dana").gets("In the rota of Checkout Bob has had")
	h.as("carol").gets("In the rota of Checkout Bob has had")
}
