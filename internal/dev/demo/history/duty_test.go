package history_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/demo/history"
)

// People hand over, swap, take over, leave notes, and one is woken at night and says so.
func TestDutyIsPlayed(t *testing.T) {
	t.Parallel()
	p := plan(t, seed)
	p.Tickets = slices.DeleteFunc(p.Tickets, func(of history.Ticket) bool {
		asked := func(s history.Step) bool { return s.Do == history.AnswerCall }
		return !slices.ContainsFunc(of.Steps, asked)
	})
	leftOpen := history.Ticket{At: p.Duty[0].At + time.Hour, Requester: "alice", Way: history.ByCommand, Priority: "P3", Category: "Payments", Title: "An old one", Text: "It stays open.", Original: -1}
	p.Tickets = slices.Insert(p.Tickets, 0, leftOpen)
	state := play(t, p)
	told := map[string]int{}
	for _, person := range state.People {
		for _, m := range state.DMs(person.Name) {
			for _, what := range []string{"You are on duty for Checkout until", "You are on duty for Logistics until", "takes your shift for Checkout", "is on duty for Checkout in your place", "A note from", "You said that it woke you"} {
				if person.ID != state.BotUserID && strings.Contains(m.Text+string(m.Blocks), what) {
					told[what]++
				}
			}
		}
	}
	for what, n := range map[string]int{
		"You are on duty for Checkout until": 8, "You are on duty for Logistics until": 12, "takes your shift for Checkout": 1,
		"is on duty for Checkout in your place": 3, "A note from": 4, "You said that it woke you": 1,
	} {
		if told[what] < n {
			t.Errorf("%q is told %d times, not %d", what, told[what], n)
		}
	}
}
