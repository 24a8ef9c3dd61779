package app_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/slacksim"
)

// escalates sets escalation steps, in a workspace in which Carol and Dana have ids
// that a file can name.
func escalates(steps ...config.Escalation) choice {
	return func(c *config_, sim *simConfig) {
		sim.Workspace = slacksim.DefaultWorkspace()
		sim.Workspace.People[2].ID, sim.Workspace.People[3].ID = "U0CAROL", "U0DANA"
		c.Escalations = steps
	}
}

func step(percent int, to ...config.Recipient) config.Escalation {
	return config.Escalation{At: config.Offset{Percent: percent}, Notify: to, Most: 1}
}

func to(kind config.RecipientKind, name string) config.Recipient {
	return config.Recipient{Kind: kind, Name: name}
}

var siteIsDown = filing{priority: "P1", title: "Site is down", text: "500 everywhere.", category: "Product"}

func TestALateTicketIsEscalated(t *testing.T) {
	t.Parallel()
	later := step(100, to(config.ToPerson, "U0DANA"), to(config.ToPerson, "U0CAROL"), to(config.ToChannel, "support-digest"))
	later.At.After, later.Repeat, later.Most = 30*time.Minute, time.Hour, 2
	w := setup(t, escalates(step(100, to(config.ToGroup, "oncall")), later))
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.advance(3*time.Hour + time.Second)
	late := w.reads("support", "@Bob, please tell Alice when to expect it. @oncall, please look at it with Bob.")
	if late.Broadcast || strings.Count(late.Text, "<@") != 1 {
		t.Errorf("broadcast %v: %s", late.Broadcast, late.Text)
	}
	w.advance(30 * time.Minute)
	called := w.reads("support", "@Dana, #1 passed its 3 h target at")
	if !strings.Contains(called.Rendered(), "and Bob has not answered.") || strings.Contains(called.Rendered(), "Carol") {
		t.Errorf("it reads: %s", called.Rendered())
	}
	w.as("carol").gets("P2 · Checkout fails: it passed its 3 h target at")
	elsewhere := w.reads("support-digest", "P2 · Checkout fails: it passed its 3 h target at")
	if !strings.Contains(elsewhere.Text, "/archives/") || strings.Contains(elsewhere.Text, "<@") {
		t.Errorf("the channel reads: %s", elsewhere.Text)
	}
	w.as("dana").clicks(called, "take_over")
	w.reads("support", "Dana has it")
	w.advance(2 * time.Hour)
	w.as("alice").opens(usual("Another one")) // the outbox has been worked off
	if n := count(w.thread(card), "has not answered"); n != 1 {
		t.Errorf("after an answer it was told again:\n%s", texts(w.thread(card)))
	}
}

func TestEscalationToNobodyInParticular(t *testing.T) {
	t.Parallel()
	w := setup(t, escalates(step(0, to(config.Duty, ""))))
	w.as("alice").opens(siteIsDown)
	w.advance(time.Second)
	told := w.reads("support", "#1 is due at")
	if !told.Broadcast || !strings.Contains(told.Text, "and has no owner.") || strings.Contains(told.Text, "<!subteam") {
		t.Errorf("broadcast %v: %s", told.Broadcast, told.Text)
	}
	w.as("bob").clicks(told, "claim")
	w.reads("support", "Bob has it")
}

func TestNamesOfEscalationsAreLookedUp(t *testing.T) {
	t.Parallel()
	for recipient, want := range map[config.Recipient]string{
		to(config.ToGroup, "nobody"):        `escalations[1].notify[1]: the user group "nobody" cannot be found`,
		to(config.ToChannel, "nowhere"):     `escalations[1].notify[1]: "nowhere" cannot be found; if it is private, invite the bot first`,
		to(config.ToChannel, "engineering"): `escalations[1].notify[1]: the bot is not in #engineering; invite it there with /invite`,
		to(config.ToPerson, "U0NOBODY"):     `escalations[1].notify[1]: "U0NOBODY" is nobody of this workspace; write the id of somebody who is`,
	} {
		t.Run(recipient.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, escalates(step(0, to(config.Owner, "")), step(100, to(config.Duty, ""), recipient)))
			if err := app.Run(w.ctx, w.cfg, app.Options{Log: slog.New(slog.DiscardHandler), Unpaced: true}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %s", err, want)
			}
		})
	}
}
