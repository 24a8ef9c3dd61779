package slackview

import (
	"strings"
	"unicode/utf8"

	"supporty/internal/slackformat"
)

// mostNote is how much of a note is shown in a sentence, in characters. Escaped
// five times as long, it still fits into a section.
const mostNote = 400

// withNote ends a sentence, with what a person added to it after a colon.
func withNote(sentence, note string) string {
	note = slackformat.Clip(slackformat.OneLine(note), mostNote)
	if note == "" {
		return sentence + "."
	}
	return sentence + ": " + ended(slackformat.Escape(note))
}

// ended makes sure that a sentence ends.
func ended(sentence string) string {
	if strings.HasSuffix(sentence, ".") || strings.HasSuffix(sentence, "?") ||
		strings.HasSuffix(sentence, "!") || strings.HasSuffix(sentence, "…") {
		return sentence
	}
	return sentence + "."
}

// dots joins what is not empty: "#42 · P2 · Checkout fails".
func dots(parts ...string) string { return slackformat.Join(" · ", parts...) }

// lines puts what is not empty below each other.
func lines(texts ...string) string { return slackformat.Join("\n", texts...) }

// fitting joins what fits into a section, with some words around it; … stands for the rest.
func fitting(parts []string, between string) string {
	const most = longestSection - 600
	var text string
	for _, part := range parts {
		if utf8.RuneCountInString(text)+utf8.RuneCountInString(part) > most {
			return text + between + "…"
		}
		text = slackformat.Join(between, text, part)
	}
	return text
}

// sentences puts what is not empty one after the other.
func sentences(texts ...string) string { return slackformat.Join(" ", texts...) }
