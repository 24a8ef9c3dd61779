package slackview

import (
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// Whose shift it is can ask for the swap; the others read it.
func TestUnfair(t *testing.T) {
	t.Parallel()
	shift := func(who string, from time.Duration) duty.Shift {
		return duty.Shift{Person: who, From: after(from), Until: after(from + 24*time.Hour)}
	}
	n := desk.Notice{Kind: desk.NoticeUnfair, To: "UBOB", NoticeDetails: desk.NoticeDetails{
		Squad: "<Core> & co", Unfair: &duty.Unfair{Measure: duty.OfNights, Person: "UBOB", Has: 31, Average: 17.5, People: 2, Least: "UDANA"},
		Swap: &desk.Swap{Key: "unfair:1", Squad: "<Core> & co", Swap: duty.Swap{Gives: shift("UBOB", 48*time.Hour), To: "UDANA", Takes: shift("UDANA", 96*time.Hour)}},
	}}
	goldenMessage(t, "unfair_own", Unfair(n, sceneAt(friday)))
	other := n
	other.To, other.Unfair = "UDANA", &duty.Unfair{Measure: duty.OfWeekends, Person: "UBOB", Has: 96, Average: 48, People: 4, Least: "UDANA"}
	goldenMessage(t, "unfair_other", Unfair(other, sceneAt(friday)))
	if s, err := ReadProposed(proposed(*n.Swap)); err != nil || s.Key != "unfair:1" || s.Gives != n.Swap.Gives || s.Takes != n.Swap.Takes {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := ReadProposed("{}"); ticket.CodeOf(err) != ticket.Invalid {
		t.Errorf("another value: %v", err)
	}
}
