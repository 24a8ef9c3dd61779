package slackview

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/deploy"
	"supporty/internal/ticket"
)

var (
	shop2 = deploy.Deployment{ID: 2, Service: "shop", Version: "1.4.2", URL: "https://ci.example.com/runs?id=2&x=1", At: friday.Add(-20 * time.Minute)}
	shop1 = deploy.Deployment{ID: 1, Service: "shop", Version: hostile, At: friday.Add(-26 * time.Hour)}
)

func TestCardOfAnIncident(t *testing.T) {
	t.Parallel()
	said := func(is ticket.Incident, of ticket.DeploymentID) ticket.Entry {
		return entry(ticket.Assessed, "UBOB", time.Minute, ticket.Details{Incident: is, Deployment: of})
	}
	scene := sceneAt(after(time.Hour))
	scene.Cause = shop2
	goldenMessage(t, "card_incident", Card(ticket42(t, opened(), said(ticket.IsIncident, 0)), scene))
	scene.Cause = shop1
	goldenMessage(t, "card_incident_hostile", Card(ticket42(t, opened(), said(ticket.IsIncident, 1)), scene))
	scene.Cause = deploy.Deployment{}
	r := ticket42(t, opened(), said(ticket.IsIncident, ticket.NoDeployment), said(ticket.NotIncident, 0))
	rows := strings.Join(timeline(r.Timeline, scene), "\n")
	for _, want := range []string{"that no deployment caused it", "that it is no incident"} {
		if !strings.Contains(rows, want) {
			t.Errorf("%q is not in\n%s", want, rows)
		}
	}
}
