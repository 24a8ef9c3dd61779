package slackview

import (
	"strings"
	"testing"
)

// Quoted code is shown as code, and the quote goes on below it.
func TestCodeInQuotes(t *testing.T) {
	t.Parallel()
	const before, code, after = `{"type":"rich_text_quote","elements":[{"type":"text","text":"See:"}]}`,
		`{"type":"rich_text_preformatted","elements":[{"type":"text","text":"a := *b\n  \u003chttps://x.example\u003e"}],"border":1}`,
		`{"type":"rich_text_quote","elements":[{"type":"text","text":"Why?"}]}`
	for in, want := range map[string]string{
		"See:\n```\na := *b\n  <https://x.example>\n```\nWhy?": before + "," + code + "," + after,
		"```a := *b\n  <https://x.example>```":                 code,
		"See:```\na := *b\n  <https://x.example>":              before + "," + code,
		"See:``````":  before,
		"``` ```":     `{"type":"rich_text_quote","elements":[{"type":"text","text":"` + "``` ```" + `"}]}`,
		"one ` two\n": `{"type":"rich_text_quote","elements":[{"type":"text","text":"one ` + "` two\\n" + `"}]}`,
	} {
		t.Run(in, func(t *testing.T) {
			if got := asJSON(t, quote(in)); !strings.Contains(got, `"elements":[`+want+`]}`) {
				t.Errorf("%q: %s", in, got)
			}
		})
	}
}
