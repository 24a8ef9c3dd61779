package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// SavedAnswer is an answer that responders post with a few keys.
type SavedAnswer struct {
	// Name is what people choose it by; at most 75 characters.
	Name string
	// Text is the answer, at most 2000 characters. {requester} and {number} in it stand
	// for the requester's name and the ticket's number.
	Text string
	// Squad is the squad for whose tickets it is offered; empty for all.
	Squad string
}

const (
	longestAnswer = 2000
	mostAnswers   = 100 // docs.slack.dev/reference/block-kit/block-elements/select-menu-element
)

var answerFields = []field[SavedAnswer]{
	{"name", in(func(a *SavedAnswer) *string { return &a.Name }, scalar(line(1, longestOptionText)))},
	{"text", in(func(a *SavedAnswer) *string { return &a.Text }, scalar(answerText))},
	{"squad", in(func(a *SavedAnswer) *string { return &a.Squad }, scalar(line(0, longestOptionText)))},
}

func savedAnswers(at string, raw any, into *[]SavedAnswer) Problems {
	var read []SavedAnswer
	item := namedGroup(answerFields, func(a SavedAnswer) string { return a.Name }, "write what the answer is called")
	problems := atMost(mostAnswers, list(item, func(a SavedAnswer) string { return strings.ToLower(a.Name) }))(at, raw, &read)
	if len(problems) == 0 && len(read) > 0 {
		*into = read
	}
	return problems
}

var inBraces = regexp.MustCompile(`\{\w+\}`)

func answerText(raw any) (string, error) {
	value, err := lines(longestAnswer)(raw)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(strings.TrimSpace(value), "//") {
		return "", errors.New("begins with //, which keeps an answer from the requester; leave that out")
	}
	for _, found := range inBraces.FindAllString(value, -1) {
		if found != "{requester}" && found != "{number}" {
			return "", fmt.Errorf("contains %s; only {requester} and {number} are filled in", found)
		}
	}
	return value, nil
}

// checkAnswers finds answers without a text, and those of squads that do not exist.
func (c Config) checkAnswers() Problems {
	var problems Problems
	for i, a := range c.SavedAnswers {
		at := fmt.Sprintf("saved_answers[%d]", i)
		if strings.TrimSpace(a.Text) == "" {
			problems = append(problems, Problem{Path: at + ".text", Want: "is missing; write the answer"})
		}
		if _, ok := c.squad(a.Squad); a.Squad != "" && !ok {
			problems = append(problems, Problem{Path: "squads", Want: fmt.Sprintf("has no %s, which %s names; add it, or take it out there", show(a.Squad), at)})
		}
	}
	return problems
}
