package slackview

import (
	"cmp"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// FirstLine is the first line of a text that is not empty, short enough for a title.
func FirstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = slackformat.OneLine(line); line != "" {
			return slackformat.Clip(line, desk.MaxTitle)
		}
	}
	return ""
}

// orNothing replaces the text of a message without one.
func orNothing(text string) string { return cmp.Or(text, "(a message without text)") }
