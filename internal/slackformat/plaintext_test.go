package slackformat

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// longest is the length to which these tests clip, in characters.
const longest = 5000

// called are the names of people in these tests. A name may contain something dangerous.
func called(id string) string {
	switch id {
	case "UALICE":
		return "Alice"
	case "UBOB":
		return "Bob"
	case "UDANA":
		return "Dana <!here> & @channel"
	}
	return "a colleague"
}

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
		{strings.Repeat("é", longest+1), strings.Repeat("é", longest-1) + "…"},
	} {
		t.Run(test.in, func(t *testing.T) {
			if got := PlainText(test.in, longest, called); got != test.want {
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
		{"<div> <!nobody> <@nobody> <mailto:x> <>", "<div> <!nobody> <@nobody> <mailto:x> <>"},
		{"<!here> and <!channel> and <!subteam^S1|@leads>", "@here and @channel and @leads"},
		{"<@UALICE|alice.smith> in <#C1|general>, <#C2|>", "@Alice in #general, #C2"},
		{"<@UDANA>", "@Dana <!here> & @channel"},
		{"see <https://example.com/a?b=1&amp;c=2>.", "see https://example.com/a?b=1&c=2."},
		{"<http://example.com|example.com>", "http://example.com"},
		{"<http://has a space>", "<http://has a space>"},
		{"broken < @here <", "broken < @here <"},
		{strings.Repeat("é", longest+1), strings.Repeat("é", longest-1) + "…"},
	} {
		t.Run(test.in, func(t *testing.T) {
			if got := CommandText(test.in, longest, called); got != test.want {
				t.Errorf("%q: %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func FuzzPlainText(f *testing.F) {
	f.Add("<@UALICE> &lt;!channel&gt; <!subteam^S1|@x> <http://a|b> <#C1|c>")
	f.Add("<<>><|>&&amp;")
	f.Fuzz(func(t *testing.T, text string) {
		got := PlainText(text, longest, called)
		if utf8.RuneCountInString(got) > longest || utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func TestMentions(t *testing.T) {
	t.Parallel()
	got := Mentions("<@U1> and <@W2|dana>, not <#C3|x>, <!here> or &lt;@U4&gt;")
	if len(got) != 2 || got[0] != "U1" || got[1] != "W2" {
		t.Errorf("%v", got)
	}
}

func TestWithoutMentions(t *testing.T) {
	t.Parallel()
	const said = "<@UBOT> ask <@UBOB>, <@UBOT|supporty>"
	if got, want := WithoutMentions(said, "UBOT"), " ask <@UBOB>, "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
