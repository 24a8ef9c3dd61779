package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// While somebody answers where a message belongs, they may write the next one. It was not
// part of the question, so it is asked about anew.
func TestWhatComesWithTheAnswerIsAskedAboutAnew(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	first, second := ticket.Message{Channel: "D1", TS: "1.1"}, ticket.Message{Channel: "D1", TS: "1.2"}
	address := func(m ticket.Message) {
		t.Helper()
		if n, err := h.Address(t.Context(), rita, m, 0, nine, nine); n != 0 || err != nil {
			t.Fatal(n, err)
		}
	}
	address(first)
	address(second)
	if err := h.Settle(t.Context(), rita, []ticket.Message{first}, desk.BelongsToTicket, 7, minutes(1)); err != nil {
		t.Fatal(err)
	}
	const asked = `SELECT coalesce(string_agg(concat_ws(' ', details->>'belongs', details->>'into', details->>'messages'), '; ' ORDER BY id), '') FROM outbox`
	want := `ticket 7 [{"ts": "1.1", "channel": "D1"}]; [{"ts": "1.2", "channel": "D1"}]`
	if got := h.textOf(asked); got != want {
		t.Errorf("asked: %s\nwant   %s", got, want)
	}
	if err := h.Settle(t.Context(), rita, []ticket.Message{first, second}, desk.BelongsNowhere, 0, minutes(2)); err != nil {
		t.Fatal(err)
	}
	want = `ticket 7 [{"ts": "1.1", "channel": "D1"}]; nowhere [{"ts": "1.2", "channel": "D1"}]`
	if got := h.textOf(asked); got != want {
		t.Errorf("asked: %s\nwant   %s", got, want)
	}
}
