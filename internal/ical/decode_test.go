package ical_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"supporty/internal/ical"
)

// Whatever bytes a calendar has, its text is UTF-8 without NUL. What is UTF-8 already stays as it is.
func TestDecode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"UTF-8":                     {"SUMMARY:Zo\r\n ë", "SUMMARY:Zo\r\n ë"},
		"Latin-1":                   {"SUMMARY:Zo\xeb", "SUMMARY:Zoë"},
		"both":                      {"Zo\xeb, Zoë", "Zoë, Zoë"},
		"folded within a character": {"Zo\xc3\r\n \xab", "Zoë"},
		"NUL":                       {"Zo\x00e", "Zo\ufffde"},
		"nothing":                   {"", ""},
	} {
		if got := ical.Decode(test.text); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestIsWhole(t *testing.T) {
	t.Parallel()
	whole := calendar(event("1", "SUMMARY:Bob"))
	for text, want := range map[string]bool{
		whole: true, strings.ToLower(whole) + "\n\n": true, strings.TrimSpace(whole): true, "": false,
		whole[:len(whole)-4]: false, calendar() + "BEGIN:VCALENDAR": false, "BEGIN:VCALENDAR\nSUMMARY:END:VCALENDAR": false,
	} {
		if got := ical.IsWhole(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("Zo\xc3\r\n \xab\x00")
	f.Fuzz(func(t *testing.T, text string) {
		if got := ical.Decode(text); !utf8.ValidString(got) || strings.Contains(got, "\x00") {
			t.Fatalf("%q", got)
		}
	})
}
