// Package tracker knows the addresses of issue trackers: those of forms that are filled in
// already. It is pure, and needs no account and no token of a tracker.
package tracker

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// Form is the address of a tracker's form for a new issue, with {title} and {text} where
// those belong. The empty Form is none.
//
//	https://github.com/acme/shop/issues/new?title={title}&body={text}
type Form string

// longestForm is the longest address; its place is needed for title and text.
const longestForm = 500

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// ParseForm parses an address. The empty text is the empty Form. The error ends a sentence
// that begins with the address.
func ParseForm(address string) (Form, error) {
	address = strings.TrimSpace(address)
	if address == "" {
		return "", nil
	}
	u, err := url.Parse(placeholder.ReplaceAllString(address, "x"))
	before, after, _ := strings.Cut(address, "?")
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Host == "", u.User != nil, strings.ContainsFunc(address, noAddress):
		return "", errors.New("is not the address of a form; write something like https://github.com/acme/shop/issues/new?title={title}&body={text}")
	case len(address) > longestForm:
		return "", errors.New("is longer than 500 characters")
	case !strings.Contains(after, "{title}"):
		return "", errors.New("has no {title} behind its ?; write {title} where the title belongs, and {text} where the text does")
	case placeholder.MatchString(before):
		return "", errors.New("has braces before its ?; only what stands behind it is filled in")
	}
	for _, p := range placeholder.FindAllString(after, -1) {
		if p != "{title}" && p != "{text}" {
			return "", errors.New("contains " + p + "; only {title} and {text} are filled in")
		}
	}
	return Form(address), nil
}

func noAddress(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>|"`, r)
}

// Fill returns the address of the form with a title and a text. If it were longer than
// most bytes, the end of the text is left out, and then that of the title.
func (f Form) Fill(title, text string, most int) string {
	for {
		filled := strings.NewReplacer("{title}", escape(title), "{text}", escape(text)).Replace(string(f))
		switch {
		case len(filled) <= most, text == "" && title == "":
			return filled
		case text != "":
			text = shorter(text)
		default:
			title = shorter(title)
		}
	}
}

// shorter leaves out the last quarter of a text.
func shorter(text string) string {
	runes := []rune(strings.TrimSuffix(text, "…"))
	if len(runes) < 4 {
		return ""
	}
	return string(runes[:len(runes)*3/4]) + "…"
}

// escape writes spaces as %20, because not every tracker reads + as a space.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
