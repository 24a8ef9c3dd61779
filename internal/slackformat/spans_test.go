package slackformat_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/slackformat"
)

func TestSpans(t *testing.T) {
	t.Parallel()
	names := func(string) string { return "Bob & Co" }
	for text, want := range map[string][]slackformat.Span{
		"":           nil,
		"plain":      {{Text: "plain"}},
		"*Now*: 1 h": {{Text: "Now", Bold: true}, {Text: ": 1 h"}},
		"<!date^1795179000^{date_short_pretty} {time}|Fri 20 Nov 12:50 UTC> filed": {
			{Text: "Fri 20 Nov 12:50 UTC", At: time.Unix(1795179000, 0).UTC()}, {Text: " filed"},
		},
		"see <https://example.com/?a=1&amp;b=2|PAY-7>.": {{Text: "see "}, {Text: "PAY-7", URL: "https://example.com/?a=1&b=2"}, {Text: "."}},
		"<javascript:alert(1)|press>":                   {{Text: "press (javascript:alert(1))"}},
		"<@U0BOB1>":                                     {{Text: "@Bob & Co"}},
		slackformat.Escape("*a* <b> @here & > c"):       {{Text: "∗a∗ <b> @here & > c"}},
	} {
		if diff := cmp.Diff(want, slackformat.Spans(text, names)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// What was written by people is text in any case.
func FuzzSpansOfEscapedText(f *testing.F) {
	f.Add("*bold* <https://example.com|x> <!channel>")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range slackformat.Spans(slackformat.Escape(text), func(id string) string { return id }) {
			if s.Bold || s.URL != "" || !s.At.IsZero() {
				t.Errorf("%q has a mark: %+v", text, s)
			}
		}
	})
}
