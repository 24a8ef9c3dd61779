package slackview

import (
	"slices"
	"testing"
	"time"

	"supporty/internal/desk"
)

func TestThanksTo(t *testing.T) {
	t.Parallel()
	open := ticket42(t, opened())
	private := open
	private.Ticket.PrivateSince = after(time.Minute)
	private.Ticket.Title = "A secret"
	row := func(r desk.Record, people ...string) ThankedRow { return ThankedRow{Record: r, People: people} }
	goldenMessage(t, "thanks", ThanksTo([]ThankedRow{row(open, "UALICE", "UDANA"), row(private, "UALICE")}, homeScene(after(4*time.Hour))))
	goldenMessage(t, "thanks_many", ThanksTo(slices.Repeat([]ThankedRow{row(open, slices.Repeat([]string{"UALICE"}, 12)...)}, 12), homeScene(after(4*time.Hour))))
}
