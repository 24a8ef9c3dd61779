package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Problem is one mistake in the settings, worded for the operator.
type Problem struct {
	// Path is the place: priorities[1].resolve, or the environment variable's name.
	Path string
	// Value is the value in that place, quoted if it is a text. For a secret it is
	// "[set]". It is empty if there is nothing to show.
	Value string
	// Want continues the sentence that Value begins and names a correct value.
	Want string
}

// String is one line: path, value and a correct value.
func (p Problem) String() string {
	if p.Value == "" {
		return p.Path + ": " + p.Want
	}
	return p.Path + ": " + p.Value + " " + p.Want
}

// Problems are all mistakes in the settings, found in one pass; Load returns them as its
// error. They contain no secret and may be printed.
type Problems []Problem

// Error has one line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// cleaned returns the problems with paths that may be printed: a key of the file can be
// any text, such as a token or several lines. show has cleaned the values, and Want never
// quotes the file.
func (ps Problems) cleaned() Problems {
	for i, p := range ps {
		if strings.ContainsFunc(p.Path, unprintable) {
			p.Path = strconv.Quote(p.Path)
		}
		ps[i].Path = redact(p.Path)
	}
	return ps
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// secretText matches the token prefixes from docs.slack.dev/authentication/tokens, and
// the two places where a connection string has a password.
var secretText = regexp.MustCompile(`(?i)(xox[a-z]|xapp|xwfp)[-.][\w.-]*|[a-z]+://.*@|password\s*=.*`)

func redact(text string) string { return secretText.ReplaceAllString(text, "[hidden]") }

const longestShown = 60

// show formats a value for a problem: short, on one line, texts in quotes. Secrets are
// removed first, while they can be recognised as a whole.
func show(raw any) string {
	switch value := raw.(type) {
	case string:
		value = redact(value)
		if runes := []rune(value); len(runes) > longestShown {
			value = string(runes[:longestShown]) + "…"
		}
		return strconv.Quote(value)
	case time.Time: // what YAML makes of a date without quotes
		return value.Format(time.DateOnly)
	case bool, int, int64, uint64, float64:
		return fmt.Sprint(value)
	case []any:
		return "a list"
	default:
		return "a group of settings"
	}
}
