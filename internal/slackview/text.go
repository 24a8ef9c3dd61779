package slackview

import (
	"strings"
	"unicode/utf8"
)

// wordJoiner is invisible. After an @ it keeps Slack from reading a mention.
const wordJoiner = "\u2060"

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "@"+wordJoiner)

// escape makes text safe to stand in mrkdwn: no code between < and > survives,
// and no plain @here.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
func escape(text string) string { return escaper.Replace(text) }

// clip shortens text to at most so many characters, the last being … if
// anything was left out.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:most-1]), " \n") + "…"
}

// oneLine turns all white space into single spaces. Directional overrides go:
// they would turn around what stands beside the text.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// mostNote is how much of a note is shown in a sentence, in characters. Escaped
// five times as long, it still fits into a section.
const mostNote = 400

// withNote ends a sentence, with what a person added to it after a colon.
func withNote(sentence, note string) string {
	note = clip(oneLine(note), mostNote)
	if note == "" {
		return sentence + "."
	}
	return sentence + ": " + ended(escape(note))
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
func dots(parts ...string) string { return joined(" · ", parts) }

// lines puts what is not empty below each other.
func lines(texts ...string) string { return joined("\n", texts) }

// sentences puts what is not empty one after the other.
func sentences(texts ...string) string { return joined(" ", texts) }

func joined(separator string, texts []string) string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, separator)
}
