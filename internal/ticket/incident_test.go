package ticket_test

import (
	"testing"

	"supporty/internal/ticket"
)

// Whether a ticket is an incident is what was said last: by the settings for its category, or by
// somebody.
func TestIncident(t *testing.T) {
	t.Parallel()
	says := func(is ticket.Incident, of ticket.DeploymentID) func(*ticket.Entry) {
		return with(ticket.Details{Incident: is, Deployment: of})
	}
	edited := func(category string, is ticket.Incident) func(*ticket.Entry) {
		return with(ticket.Details{Title: "Checkout fails", Category: category, Incident: is})
	}
	outage := opened()
	outage.Incident = ticket.IsIncident
	for _, test := range []struct {
		name     string
		timeline []ticket.Entry
		is       bool
		of       ticket.DeploymentID
	}{
		{"nothing said", []ticket.Entry{opened()}, false, 0},
		{"by its category", []ticket.Entry{outage}, true, 0},
		{"by somebody", []ticket.Entry{opened(), entry(ticket.Assessed, bob, minute(1), says(ticket.IsIncident, 7))}, true, 7},
		{"no deployment", []ticket.Entry{outage, entry(ticket.Assessed, bob, minute(1), says(ticket.IsIncident, ticket.NoDeployment))}, true, -1},
		{"somebody knows better", []ticket.Entry{outage, entry(ticket.Assessed, bob, minute(1), says(ticket.NotIncident, 7))}, false, 0},
		{"edited to a category of incidents", []ticket.Entry{opened(), entry(ticket.Edited, alice, minute(1), edited("outages", ticket.IsIncident))}, true, 0},
		{"edited to another category", []ticket.Entry{outage, entry(ticket.Edited, alice, minute(1), edited("questions", ticket.NotIncident))}, false, 0},
		{"edited, and nothing follows", []ticket.Entry{outage, entry(ticket.Edited, alice, minute(1), edited("other", ""))}, true, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := play(t, test.timeline...); got.Incident != test.is || got.Deployment != test.of {
				t.Errorf("incident %t, of deployment %d", got.Incident, got.Deployment)
			}
		})
	}
}
