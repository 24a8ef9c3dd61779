package slackformat

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordJoiner is invisible. After an @ it keeps Slack from reading a mention. Before a >
// at the beginning of a line it keeps Slack from reading a quote.
const wordJoiner = "\u2060"

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "@"+wordJoiner)

// Escape makes text safe as mrkdwn: the result contains no code between < and >, no plain
// @here, and no mark that formats.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
func Escape(text string) string {
	return quoteMark.ReplaceAllString(EscapeCodes(withoutMarks(text)), wordJoiner+"&gt;")
}

// EscapeCodes is Escape for text whose marks have a meaning, such as the name of an emoji.
func EscapeCodes(text string) string { return escaper.Replace(text) }

// quoteMark begins a quote, at the beginning of a line.
var quoteMark = regexp.MustCompile(`(?m)^&gt;`)

// lookalikes replace the marks of bold, italic, strikethrough and code, for which Slack has
// no escape. A zero-width character beside the mark would not help: it counts as the edge of
// a word, and Slack looks for marks there. Nothing is replaced in long text of people, which
// is shown as rich text, nor in titles of cards and forms, which are plain text.
var lookalikes = map[rune]rune{'*': '\u2217', '_': '\u02CD', '~': '\u223C', '`': '\u02CB'}

// withoutMarks replaces marks that format with characters that look the same. Within a word
// Slack ignores _, so it stays: names of variables can still be searched for and copied.
func withoutMarks(text string) string {
	runes := []rune(text)
	inWord := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	shown := make([]rune, len(runes))
	for i, r := range runes {
		shown[i] = r
		if like, mark := lookalikes[r]; mark && (r != '_' || !inWord(i-1) || !inWord(i+1)) {
			shown[i] = like
		}
	}
	return string(shown)
}

// Clip shortens text to a number of characters. The last one is … if anything was left out.
func Clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:most-1]), " \n") + "…"
}

// OneLine turns all white space into single spaces. It removes directional overrides, which
// would reverse the text beside it.
func OneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// Join joins the texts that are not empty.
func Join(separator string, texts ...string) string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, separator)
}
