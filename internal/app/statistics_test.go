package app_test

import (
	"testing"
	"time"
)

// A change of a day that was counted is in the statistics at once.
func TestStatisticsOfCountedDays(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Checkout fails"))
	h.allPosted()
	stats := func(want string) {
		bob.types("/support digest")
		bob.hears(want)
	}
	h.advance(26 * time.Hour)
	h.allPosted()
	h.until(`SELECT until <= clock_timestamp() FROM leases`) // nobody sends: then, too, days are counted
	h.changes(`TRUNCATE counted_days, day_counts`)
	if err := h.bot.CountDays(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.until(`SELECT count(*) > 0 FROM day_counts`)
	stats("1 opened, 0 resolved")
	bob.reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.advance(time.Second)
	stats("1 opened, 1 resolved")
}
