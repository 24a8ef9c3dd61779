package config

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"supporty/internal/tracker"
)

// Filing is what a category tells the people who file its tickets, and who solve them.
type Filing struct {
	// Description says what the category is for; at most 75 characters, the most that
	// Slack shows below an option.
	Description string
	// Priority is preselected in the form: P1, P2 or P3. Empty means P3.
	Priority string
	// Runbook is the address of a page that helps to solve its tickets; empty for none.
	Runbook string
	// Help is what helps us help you: what a requester should know or say. It may have
	// several lines; at most 1000 characters.
	Help string
	// IssueForm is where issues about its tickets are made; empty for Config.IssueForm.
	IssueForm tracker.Form
	// Command is a word that can stand behind the slash command: the form then opens with
	// the category. Empty for none.
	Command string
	// Shortcut is the name of a global shortcut that opens the form with the category; at
	// most 24 characters. Empty for none.
	Shortcut string
	// Private means that its tickets live in private channels of their own, each with its
	// people alone.
	Private bool
	// People are the ids of those who answer its private tickets, beside its squad.
	People []string
	// Incident means that all of its tickets are incidents.
	Incident bool
	// Service is the service whose deployments may cause its incidents; at most 75 characters.
	// Several categories can have the same. Empty for none.
	Service string
	// Fields are what the form asks for in this category, in their order; at most 10.
	Fields []Field
}

// PrivateCategories are the names of the categories whose tickets are private.
func (c Config) PrivateCategories() (names []string) {
	for _, own := range c.Categories {
		if own.Private {
			names = append(names, own.Name)
		}
	}
	return names
}

const (
	longestHelp    = 1000
	longestRunbook = 250
)

var filingFields = []field[Category]{
	{"description", in(func(c *Category) *string { return &c.Description }, scalar(line(0, longestOptionText)))},
	{"priority", in(func(c *Category) *string { return &c.Priority }, scalar(orEmpty(oneOf(choice("P1", "P1"), choice("P2", "P2"), choice("P3", "P3")))))},
	{"runbook", in(func(c *Category) *string { return &c.Runbook }, scalar(webAddress))},
	{"issue_form", in(func(c *Category) *tracker.Form { return &c.IssueForm }, scalar(issueForm))},
	{"help", in(func(c *Category) *string { return &c.Help }, scalar(lines(longestHelp)))},
	{"command", in(func(c *Category) *string { return &c.Command }, scalar(orEmpty(commandWord)))},
	{"shortcut", in(func(c *Category) *string { return &c.Shortcut }, scalar(line(0, longestShortcut)))},
	{"private", in(func(c *Category) *bool { return &c.Private }, scalar(boolean))},
	{"people", in(func(c *Category) *[]string { return &c.People }, entrusted)},
	{"incident", in(func(c *Category) *bool { return &c.Incident }, scalar(boolean))},
	{"service", in(func(c *Category) *string { return &c.Service }, scalar(line(0, longestOptionText)))},
	{"fields", in(func(c *Category) *[]Field { return &c.Fields }, formFields)},
}

// entrusted reads ids of people. An empty list is the same as none.
func entrusted(at string, raw any, into *[]string) Problems {
	var read []string
	problems := list(scalar(person), itself)(at, raw, &read)
	if len(problems) == 0 && len(read) > 0 {
		*into = read
	}
	return problems
}

// orEmpty reads a text that may be empty, which means that something more general applies.
func orEmpty(parse func(any) (string, error)) func(any) (string, error) {
	return func(raw any) (string, error) {
		if raw == "" {
			return "", nil
		}
		return parse(raw)
	}
}

// webAddress parses the address of a page that people open; it may be empty.
func webAddress(raw any) (string, error) {
	value, err := line(0, longestRunbook)(raw)
	if err != nil || value == "" {
		return "", err
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(value, " <>|\"") {
		return "", errors.New("is not the address of a page; write something like https://wiki.example.com/payments")
	}
	return value, nil
}

// issueForm parses the address of a tracker's form; it may be empty.
func issueForm(raw any) (tracker.Form, error) {
	value, err := text(raw)
	if err != nil {
		return "", err
	}
	return tracker.ParseForm(value)
}

// lines accepts a text of several lines with a greatest number of characters.
func lines(most int) func(any) (string, error) {
	return func(raw any) (string, error) {
		value, err := text(raw)
		if err != nil {
			return "", err
		}
		other := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
		switch length := utf8.RuneCountInString(value); {
		case length > most:
			return "", fmt.Errorf("has %d characters; %d is the most", length, most)
		case strings.ContainsFunc(value, other):
			return "", errors.New("is not plain text; it contains control characters")
		}
		return value, nil
	}
}
