package slackview

import (
	"testing"
	"time"

	"supporty/internal/desk"
)

func TestDrills(t *testing.T) {
	t.Parallel()
	drills := []desk.Drill{
		{Ticket: 9, Squad: "<Core> & co", BeganAt: after(-time.Hour)},
		{Ticket: 7, Squad: "Checkout", BeganAt: after(-48 * time.Hour), AnsweredAt: after(-48*time.Hour + 4*time.Minute), EndedAt: after(-47 * time.Hour)},
		{Ticket: 5, Squad: "Checkout", BeganAt: after(-72 * time.Hour), EndedAt: after(-71 * time.Hour)},
	}
	goldenMessage(t, "drills", Drills(drills, false, sceneAt(friday)))
	goldenMessage(t, "drills_agreed", Drills(nil, true, sceneAt(friday)))
}
