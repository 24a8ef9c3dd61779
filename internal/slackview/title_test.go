package slackview

import (
	"strings"
	"testing"
	"unicode/utf8"

	"supporty/internal/desk"
)

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

func FuzzFirstLine(f *testing.F) {
	f.Add("one\ntwo")
	f.Fuzz(func(t *testing.T, text string) {
		if got := FirstLine(text); utf8.RuneCountInString(got) > desk.MaxTitle {
			t.Errorf("%q became %q", text, got)
		}
	})
}
