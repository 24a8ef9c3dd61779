package ical

import (
	"strings"
	"unicode/utf8"
)

// unfolded joins the lines that were folded. Some programs fold within a character.
var unfolded = strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "")

// Decode returns the text of a calendar as UTF-8, without NUL, which a database refuses. Calendars should be
// UTF-8; a byte that is none stands for its character in Latin-1.
func Decode(text string) string {
	if !utf8.ValidString(text) {
		text = latin1(unfolded.Replace(text))
	}
	return strings.ReplaceAll(text, "\x00", string(utf8.RuneError))
}

// latin1 reads what is not UTF-8 as Latin-1, in which each byte is a character.
func latin1(text string) string {
	var all strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && size == 1 {
			r = rune(text[0])
		}
		all.WriteRune(r)
		text = text[size:]
	}
	return all.String()
}

// IsWhole reports whether a calendar has its end: one that was cut off lacks shifts.
func IsWhole(text string) bool {
	text = strings.TrimSpace(text)
	return strings.EqualFold(strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:]), "END:VCALENDAR")
}
