package slackformat

import (
	"testing"

	"supporty/internal/ticket"
)

// A message that nobody can open has no address, such as a saved answer, which has no channel.
func TestPermalink(t *testing.T) {
	t.Parallel()
	for m, want := range map[ticket.Message]string{
		{Channel: "C1", TS: "1763632300.000100"}: "https://acme.slack.com/archives/C1/p1763632300000100",
		{Channel: "C1"}:                          "",
		{TS: "saved-1"}:                          "",
		{}:                                       "",
	} {
		if got := Permalink("https://acme.slack.com/", m); got != want {
			t.Errorf("%+v: %q, want %q", m, got, want)
		}
	}
	if got := Permalink("", ticket.Message{Channel: "C1", TS: "1.1"}); got != "" {
		t.Errorf("without a workspace: %q", got)
	}
}
