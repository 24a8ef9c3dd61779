package slackview

import (
	"strings"
	"testing"
	"unicode/utf8"

	"supporty/internal/desk"
)

func TestPlainText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"  plain \n", "plain"},
		{"a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"},
		{"&amp;lt;", "&lt;"},
		{"<@UALICE>, can you look?", "@Alice, can you look?"},
		{"<@UALICE|alice.smith>", "@Alice"},
		{"<@UDANA>", "@Dana <!here> & @channel"},
		{"in <#C1|general> and <#C2|> and <#C3>", "in #general and #C2 and #C3"},
		{"<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"},
		{"<http://evil.example|http://bank.example>", "http://bank.example (http://evil.example)"},
		{"<http://example.com|example.com>", "http://example.com"},
		{"<mailto:a@example.com|a@example.com> <mailto:b@example.com>", "a@example.com b@example.com"},
		{"<!here> <!channel|channel> <!everyone>", "@here @channel @everyone"},
		{"<!subteam^S1|@support> <!subteam^S1>", "@support @subteam"},
		{"<!date^1763632200^{date}|20 Nov>", "20 Nov"},
		{"&lt;!channel&gt;", "<!channel>"},
		{"broken < @here <", "broken < @here <"},
		{"<> <|x>", "x"},
		{strings.Repeat("é", desk.MaxText+1), strings.Repeat("é", desk.MaxText-1) + "…"},
	} {
		t.Run(test.in, func(t *testing.T) {
			if got := PlainText(test.in, called); got != test.want {
				t.Errorf("%q: %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestCommandText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{" wait 1 Which card? ", "wait 1 Which card?"},
		{"if a<b and c>d & e", "if a<b and c>d & e"},
		{"if a&lt;b and c&gt;d &amp; e", "if a<b and c>d & e"},
		{"&amp;lt;", "&lt;"},
		{"<div> <!channel> <@nobody> <mailto:x> <>", "<div> <!channel> <@nobody> <mailto:x> <>"},
		{"<@UALICE|alice.smith> in <#C1|general>, <#C2|>", "@Alice in #general, #C2"},
		{"<@UDANA>", "@Dana <!here> & @channel"},
		{"see <https://example.com/a?b=1&amp;c=2>.", "see https://example.com/a?b=1&c=2."},
		{"<http://example.com|example.com>", "http://example.com"},
		{"<http://has a space>", "<http://has a space>"},
		{"broken < @here <", "broken < @here <"},
		{strings.Repeat("é", desk.MaxText+1), strings.Repeat("é", desk.MaxText-1) + "…"},
	} {
		t.Run(test.in, func(t *testing.T) {
			if got := CommandText(test.in, called); got != test.want {
				t.Errorf("%q: %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestFirstLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{" \n\t\n It   is slow. \nVery.", "It is slow."},
		{strings.Repeat("a", 200), strings.Repeat("a", desk.MaxTitle-1) + "…"},
	} {
		t.Run(test.in, func(t *testing.T) {
			if got := FirstLine(test.in); got != test.want {
				t.Errorf("%q: %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func FuzzPlainText(f *testing.F) {
	f.Add("<@UALICE> &lt;!channel&gt; <!subteam^S1|@x> <http://a|b> <#C1|c>")
	f.Add("<<>><|>&&amp;")
	f.Fuzz(func(t *testing.T, text string) {
		got := PlainText(text, called)
		if utf8.RuneCountInString(got) > desk.MaxText || utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q became %q", text, got)
		}
		if utf8.RuneCountInString(FirstLine(got)) > desk.MaxTitle {
			t.Errorf("the first line of %q", got)
		}
	})
}
