package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Problem is one thing that is wrong with the settings, said to whoever wrote them.
type Problem struct {
	// Path is where: priorities[1].resolve, or the environment variable's name.
	Path string
	// Value is what was found there, quoted if it is a text. Of a secret it is
	// "[set]" at most; empty if there is nothing to show.
	Value string
	// Want continues the sentence that Value begins and says what would be right.
	Want string
}

// String is one line: path, value and what would be right.
func (p Problem) String() string {
	if p.Value == "" {
		return p.Path + ": " + p.Want
	}
	return p.Path + ": " + p.Value + " " + p.Want
}

// Problems is everything that is wrong, found in one pass; Load returns it as
// its error. It is safe to show: no secret is in it.
type Problems []Problem

// Error is one line a problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// cleaned returns the problems with paths that are safe to show: a key of the
// file can be anything, a token or several lines among it. Values were cleaned
// by show, and what is wanted never quotes the file.
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

// secretText follows the prefixes of docs.slack.dev/authentication/tokens, and
// the two places where a connection string keeps a password.
var secretText = regexp.MustCompile(`(?i)(xox[a-z]|xapp|xwfp)[-.][\w.-]*|[a-z]+://.*@|password\s*=.*`)

func redact(text string) string { return secretText.ReplaceAllString(text, "[hidden]") }

const longestShown = 60

// show renders a value for a problem: short, on one line, texts in quotes. What
// is secret goes first, while it can be recognised as a whole.
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
