package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Limits of the manifest, of which the app itself takes two shortcuts.
// https://docs.slack.dev/reference/app-manifest
const (
	longestShortcut = 24
	mostShortcuts   = 10 - 2
)

// CommandWords are the words behind the slash command that do something already. No category
// can have one of them.
var CommandWords = []string{
	"help", "list", "mine", "show", "why", "claim", "putback", "give", "resolve", "wait", "hold", "resume", "priority",
	"duplicate", "close", "withdraw", "reopen", "escalate", "note", "say", "follow", "unfollow", "find", "duty", "drill", "me", "digest", "stats", "private",
}

var oneWord = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,30}$`)

func commandWord(raw any) (string, error) {
	value, err := text(raw)
	value = strings.ToLower(value)
	switch {
	case err != nil:
		return "", err
	case !oneWord.MatchString(value):
		return "", errors.New("is not a word of letters, digits, - and _; write something like access")
	case slices.Contains(CommandWords, value):
		return "", errors.New("is a command already; write another word")
	}
	return value, nil
}

// checkWaysIn finds words and shortcuts that two categories have, and too many shortcuts.
func (c Config) checkWaysIn() Problems {
	var problems Problems
	words, shortcuts := map[string]string{}, map[string]string{}
	for i, k := range c.Categories {
		at := fmt.Sprintf("categories[%d]", i)
		problems = append(problems, taken(words, at+".command", k.Command)...)
		problems = append(problems, taken(shortcuts, at+".shortcut", k.Shortcut)...)
	}
	if len(shortcuts) > mostShortcuts {
		problems = append(problems, Problem{Path: "categories", Want: fmt.Sprintf("have %d shortcuts; Slack takes %d besides the app's own two", len(shortcuts), mostShortcuts)})
	}
	return problems
}

func taken(names map[string]string, at, name string) Problems {
	if name == "" {
		return nil
	}
	if first, ok := names[strings.ToLower(name)]; ok {
		return Problems{{Path: at, Value: show(name), Want: "is also " + first + "; write another one"}}
	}
	names[strings.ToLower(name)] = at
	return nil
}
