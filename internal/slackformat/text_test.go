package slackformat

import "testing"

func TestEscape(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"<!channel>", "&lt;!channel&gt;"},
		{"@here", "@\u2060here"},
		{"&lt;!here&gt;", "&amp;lt;!here&amp;gt;"},
		{"a@b", "a@\u2060b"},
		{"*b* _i_ ~s~ `c`", "∗b∗ ˍiˍ ∼s∼ ˋcˋ"},
		{"user_id, __init__ and a*b", "user_id, ˍˍinitˍˍ and a∗b"},
		{"> quoted > not", "\u2060&gt; quoted &gt; not"},
	} {
		t.Run(test.in, func(t *testing.T) {
			if got := Escape(test.in); got != test.want {
				t.Errorf("%q: %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in   string
		most int
		want string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"a bcd", 3, "a…"},
		{"éééé", 3, "éé…"},
		{"", 0, ""},
	} {
		t.Run(test.in, func(t *testing.T) {
			if got := Clip(test.in, test.most); got != test.want {
				t.Errorf("%q to %d: %q, want %q", test.in, test.most, got, test.want)
			}
		})
	}
}
