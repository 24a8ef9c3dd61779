// Package manifest writes the Slack app manifest. An administrator pastes it into Slack
// to create the app; it also gives the reason for each permission.
//
// It holds what Slack must know of the app before the app runs. How the bot uses it is
// written elsewhere. The format is that of docs.slack.dev/reference/app-manifest.
package manifest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"
)

// Callback ids tell which shortcut was used.
const (
	// CallbackFromMessage is the message shortcut. Its payload has the message.
	CallbackFromMessage = "ticket_from_message"
	// CallbackNew is the global shortcut. Its payload has no message.
	CallbackNew = "ticket_new"
	// CallbackStep is the step of workflows that opens a ticket. Its event has the inputs.
	CallbackStep = "open_ticket"
)

// Names of what the step of workflows takes and gives.
const (
	StepRequester = "requester"
	StepTitle     = "title"
	StepText      = "text"
	StepCategory  = "category"
	StepPriority  = "priority"
	StepNumber    = "number"
	StepLink      = "link"
)

// Params are the values that differ between installations.
type Params struct {
	// AppName is the app's name, at most 35 characters. Empty means "Supporty".
	AppName string
	// Command is the slash command with its slash, as in the settings. Empty means
	// "/support".
	Command string
	// Shortcuts are global shortcuts of categories, besides the app's own; at most 8.
	Shortcuts []Shortcut
	// Private adds what private tickets need.
	Private bool
	// Bookmarks adds what runbooks as bookmarks need.
	Bookmarks bool
	// DutyGroups adds what user groups of who is on duty need.
	DutyGroups bool
	// Workflow adds the step "Open a support ticket" for Workflow Builder.
	Workflow bool
	// Redirect is where people are led back to who sign in to the web page. Empty means no
	// page.
	Redirect string
}

// Wanted are the scopes of an app with private tickets, with bookmarks, and with user groups of who is on
// duty, or without.
func Wanted(private, bookmarks, dutyGroups bool) []Scope {
	wanted := slices.Clone(Scopes)
	if private {
		wanted = append(wanted, PrivateScopes...)
	}
	if bookmarks {
		wanted = append(wanted, BookmarkScopes...)
	}
	if dutyGroups {
		wanted = append(wanted, GroupScopes...)
	}
	return wanted
}

// Shortcut is a global shortcut that opens the form with a category.
type Shortcut struct {
	// Name is what Slack's menus show; at most 24 characters.
	Name string
	// Callback tells which shortcut was used.
	Callback string
	// Category is the category's name.
	Category string
}

// YAML returns the manifest, with comments. It fails if Slack would refuse a parameter.
func YAML(p Params) ([]byte, error) {
	if p.AppName == "" {
		p.AppName = "Supporty"
	}
	if p.Command == "" {
		p.Command = "/support"
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("writing the app manifest: %w", err)
	}
	var out bytes.Buffer
	err := page.Execute(&out, map[string]any{
		"Name": p.AppName, "DisplayName": displayName(p.AppName), "Command": p.Command,
		"CallbackFromMessage": CallbackFromMessage, "CallbackNew": CallbackNew,
		"Shortcuts": p.Shortcuts, "Redirect": p.Redirect,
		"Scopes": Wanted(p.Private, p.Bookmarks, p.DutyGroups), "Events": events(p.Workflow),
		"Workflow": p.Workflow, "CallbackStep": CallbackStep, "Inputs": stepInputs, "Outputs": stepOutputs,
	})
	if err != nil {
		return nil, fmt.Errorf("writing the app manifest: %w", err)
	}
	return out.Bytes(), nil
}

//go:embed manifest.yaml.tmpl
var source string

var page = template.Must(template.New("manifest").Funcs(template.FuncMap{"quote": quote}).Parse(source))

const longestAppName = 35

var slashCommand = regexp.MustCompile(`^/[a-z0-9_-]{1,31}$`)

func (p Params) check() error {
	switch {
	case utf8.RuneCountInString(p.AppName) > longestAppName:
		return fmt.Errorf("the app's name %q is longer than %d characters", p.AppName, longestAppName)
	case !utf8.ValidString(p.AppName) || strings.TrimSpace(p.AppName) == "" || strings.ContainsFunc(p.AppName, unprintable):
		return errors.New("the app's name is not one line of plain text")
	case !slashCommand.MatchString(p.Command):
		return fmt.Errorf("%q is not a slash command like /support", p.Command)
	}
	return nil
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// quote makes a YAML string. JSON strings are valid YAML.
func quote(text string) (string, error) {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(text)
	return strings.TrimSuffix(out.String(), "\n"), err
}

var notInDisplayName = regexp.MustCompile(`[^a-z0-9._-]+`)

// displayName is the bot's name in mentions. Slack allows a-z, 0-9, - _ and dots.
func displayName(appName string) string {
	name := strings.Trim(notInDisplayName.ReplaceAllString(strings.ToLower(appName), "-"), "-")
	if name == "" {
		return "supporty"
	}
	return name
}
