package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// untilFriday is the time until a Friday, 17:00 UTC.
func untilFriday(now time.Time) time.Duration {
	friday := time.Date(now.Year(), now.Month(), now.Day(), 17, 0, 0, 0, time.UTC)
	for friday.Weekday() != time.Friday || friday.Before(now) {
		friday = friday.AddDate(0, 0, 1)
	}
	return friday.Sub(now)
}

func TestOpeningHours(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Hours = settings(t, "Mon-Fri 09:00-18:00 UTC").Hours })
	h.advance(untilFriday(h.clock.Now()))
	alice := h.as("alice")
	alice.ok(alice.actor.Command(h.ctx, "general", "/support", ""))
	form, err := alice.actor.View(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got := form.Rendered(); !strings.Contains(got, "The desk closes at") || !strings.Contains(got, "P2: solved by") {
		t.Errorf("the form does not say what applies:\n%s", got)
	}
	urgent := alice.opens(newTicket{priority: "P1", title: "Site is down", text: "500 everywhere.", category: "Product"})
	blocked := alice.opens(usual("Checkout fails"))

	h.advance(time.Hour + time.Minute) // Friday 18:01
	h.await("the P1's lateness in the evening", func(s slacksim.State) bool {
		return first(s.Thread(urgent.TS)[1:], "#1 Site is down (Alice) passed its 1 h target") != nil
	})
	h.advance(24 * time.Hour)                 // Saturday
	h.advance(38*time.Hour + 13*time.Minute)  // Monday 08:14
	h.advance(time.Hour + 45*time.Minute)     // Monday 09:59
	h.as("alice").opens(usual("Another one")) // when its card stands, earlier messages are posted too
	if said := h.thread(blocked); len(said) != 0 {
		t.Fatalf("the P2 spoke before Monday 10:15:\n%s", texts(said))
	}
	h.advance(17 * time.Minute) // Monday 10:16
	h.await("the P2's warning on Monday", func(s slacksim.State) bool {
		return first(s.Thread(blocked.TS)[1:], "#2 Checkout fails (Alice) has no owner and is to be solved by") != nil
	})
	h.advance(45 * time.Minute) // Monday 11:01
	h.await("the P2's lateness on Monday", func(s slacksim.State) bool {
		return first(s.Thread(blocked.TS)[1:], "#2 Checkout fails (Alice) passed its 3 h target") != nil
	})
}
