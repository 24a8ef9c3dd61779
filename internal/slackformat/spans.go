package slackformat

import (
	"strconv"
	"strings"
	"time"
)

// Span is a piece of mrkdwn that looks alike: text, perhaps bold, perhaps a link; or a moment.
type Span struct {
	Text string
	Bold bool
	URL  string    // of a link; else empty
	At   time.Time // of a date, whose Text is for clients without dates, in UTC; else zero
}

// Spans reads mrkdwn that this program has written, for pages outside of Slack. Text of people in
// it is escaped, so its marks mean nothing. Names of people in mentions are names's.
func Spans(text string, names Names) []Span {
	var spans []Span
	bold := false
	plain := func(s string) {
		for i, part := range strings.Split(s, "*") {
			bold = bold != (i > 0)
			if part != "" {
				spans = append(spans, Span{Text: seen(part), Bold: bold})
			}
		}
	}
	last := 0
	for _, at := range codes.FindAllStringIndex(text, -1) {
		plain(text[last:at[0]])
		spans = append(spans, coded(text[at[0]+1:at[1]-1], bold, names))
		last = at[1]
	}
	plain(text[last:])
	return spans
}

// seen is escaped text as its readers see it.
func seen(text string) string { return strings.ReplaceAll(unescaper.Replace(text), wordJoiner, "") }

// coded is what stands between < and >.
func coded(code string, bold bool, names Names) Span {
	s := Span{Bold: bold, Text: seen(readable(code, names))}
	target, label, _ := strings.Cut(code, "|")
	if date, ok := strings.CutPrefix(target, "!date^"); ok {
		seconds, _, _ := strings.Cut(date, "^")
		if n, err := strconv.ParseInt(seconds, 10, 64); err == nil {
			s.At = time.Unix(n, 0).UTC()
		}
	}
	if address := seen(target); strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		s.URL, s.Text = address, seen(label)
		if label == "" {
			s.Text = address
		}
	}
	return s
}
