package app_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

const deployToken = "a-token-of-24-characters"

// withDeployments has a service for Payments, and a category and a field of incidents.
func withDeployments(cfg *config_, _ *simConfig) {
	cfg.HTTP.Addr = "127.0.0.1:0"
	cfg.Deployments.Token = deployToken
	cfg.Categories = []config.Category{
		{Name: "Payments", Filing: config.Filing{Service: "shop"}},
		{Name: "Outages", Filing: config.Filing{Service: "shop", Incident: true}},
		{Name: "Other"},
	}
}

// deploys reports a deployment and returns the answer.
func (h *harness) deploys(key, body string) (status int, says string) {
	h.t.Helper()
	return h.requests(http.MethodPost, "/v1/deployments", body, http.Header{
		"Authorization": {"Bearer " + deployToken}, "Content-Type": {"application/json"}, "Idempotency-Key": {key},
	})
}

// A deployment that a pipeline reports is told on the card of an incident after it, also if it is
// reported late. Somebody can say that it was not to blame. The numbers follow.
func TestADeploymentBreaksSomething(t *testing.T) {
	t.Parallel()
	h := setup(t, withDeployments)
	alice, bob := h.as("alice"), h.as("bob")
	if status, says := h.deploys("1", `{"service":"shop","version":"1.4.1"}`); status != http.StatusCreated {
		t.Fatalf("%d %s", status, says)
	}
	if status, says := h.deploys("1", `{"service":"shop","version":"1.4.1"}`); status != http.StatusOK || !strings.Contains(says, `"id":1`) {
		t.Errorf("again: %d %s", status, says)
	}
	if status, says := h.deploys("2", `{"service":"warehouse"}`); status != http.StatusUnprocessableEntity || !strings.Contains(says, "There are: shop.") {
		t.Errorf("an unknown service: %d %s", status, says)
	}
	h.advance(time.Hour)
	card := alice.opens(newTicket{priority: "P1", title: "Checkout is down", text: "All of it.", category: "Outages"})
	h.reads("support", "Incident · after shop 1.4.1")

	at := h.clock.Now().Add(-10 * time.Minute).UTC().Format(time.RFC3339)
	if status, says := h.deploys("3", `{"service":"shop","version":"1.4.2","deployed_at":"`+at+`"}`); status != http.StatusCreated {
		t.Fatalf("late: %d %s", status, says)
	}
	h.reads("support", "Incident · after shop 1.4.2")

	bob.types("/support stats 7d")
	bob.hears("Broke something: 1 of 2")
	bob.chooses(card, "incident:1")
	bob.submits(slacksim.FormValues{"incident": "yes", "deployment": "1"})
	h.reads("support", "Incident · after shop 1.4.1")
	bob.chooses(card, "incident:1")
	bob.submits(slacksim.FormValues{"incident": "yes", "deployment": "-1"})
	h.until(`SELECT deployment = -1 FROM tickets WHERE number = 1`)
	bob.types("/support stats 7d")
	bob.hears("Broke something: 0 of 2")
	if strings.Contains(h.log.String(), deployToken) {
		t.Error("the token is in the log")
	}
}

// A ticket that nobody took for an incident becomes one in its menu.
func TestATicketBecomesAnIncident(t *testing.T) {
	t.Parallel()
	h := setup(t, withDeployments)
	h.deploys("1", `{"service":"shop","version":"1.4.1"}`)
	card := h.as("alice").opens(usual("Checkout fails"))
	bob := h.as("bob")
	bob.chooses(card, "incident:1")
	bob.seesIn("The last one before it: shop 1.4.1")
	bob.submits(slacksim.FormValues{"incident": "yes"})
	h.reads("support", "Incident · after shop 1.4.1")
	h.as("alice").chooses(card, "incident:1")
	h.as("alice").submits(slacksim.FormValues{"incident": "no"})
	h.until(`SELECT NOT incident FROM tickets WHERE number = 1`)
}

// The command line records a deployment by the same rules.
func TestRecordingADeploymentByHand(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withDeployments)
	record := func(d app.DeploymentRecord) (string, error) {
		var out bytes.Buffer
		err := d.Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), &out)
		return out.String(), err
	}
	d := app.DeploymentRecord{Service: "shop", Version: "1.4.2", At: "2026-11-16T09:00:00Z", Key: "k"}
	for _, want := range []string{"Recorded: deployment 1 of shop, at 2026-11-16T09:00:00Z.", "Recorded before: deployment 1"} {
		if says, err := record(d); err != nil || !strings.Contains(says, want) {
			t.Errorf("%q, %v", says, err)
		}
	}
	for want, d := range map[string]app.DeploymentRecord{
		"is not a time":              {Service: "shop", At: "yesterday"},
		"There are: shop.":           {Service: "warehouse"},
		"used for another":           {Service: "shop", Key: "k"},
		"The time lies ahead.":       {Service: "shop", At: "2027-01-01T00:00:00Z"},
		"The service is missing.":    {},
		"is not the address of a pa": {Service: "shop", URL: "shop"},
	} {
		if says, err := record(d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %q, %v", d, says, err)
		}
	}
	if says, err := record(app.DeploymentRecord{Service: "shop"}); err != nil || !strings.Contains(says, "Recorded: deployment") {
		t.Errorf("without a key: %q, %v", says, err)
	}
}

// Settings that change are told in the numbers of the time.
func TestChangedSettingsAreMarked(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withDeployments)
	changed := h.cfg
	changed.Priorities = append([]config.Priority{}, h.cfg.Priorities...)
	changed.Priorities[1].Resolve.Open = 2 * time.Hour
	h.settings = func() (config.Config, error) { return changed, nil }
	h.start()
	h.as("alice").opens(usual("Checkout fails"))
	h.reloads <- struct{}{}
	h.until(`SELECT count(*) = 4 FROM setting_states`)
	bob := h.as("bob")
	bob.types("/support stats 7d")
	bob.hears("*Settings that changed*\n16 Nov: targets")
}
