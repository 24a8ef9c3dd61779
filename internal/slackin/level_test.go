package slackin

import (
	"fmt"
	"io"
	"log/slog"
	"testing"

	"supporty/internal/ticket"
)

// Mistakes of people are not logged as warnings: an operator has nothing to do about
// them.
func TestMistakesOfPeopleAreNoWarnings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want slog.Level
	}{
		{ticket.Errorf(ticket.Invalid, "A title is missing."), slog.LevelInfo},
		{fmt.Errorf("claiming: %w", ticket.Errorf(ticket.Forbidden, "Only a responder may do that.")), slog.LevelInfo},
		{ticket.Errorf(ticket.Conflict, "It is solved already."), slog.LevelInfo},
		{ticket.Errorf(ticket.Unavailable, "Our database is not answering."), slog.LevelWarn},
		{io.EOF, slog.LevelWarn},
	} {
		t.Run(fmt.Sprint(test.err), func(t *testing.T) {
			if got := levelOf(test.err); got != test.want {
				t.Errorf("%v is logged as %s", test.err, got)
			}
		})
	}
}
