package layout

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"supporty/internal/dev/slacksim/wire"
)

// shape is the form of an element's value.
type shape int

const (
	shapeText    shape = iota // a string, null when empty
	shapeOption               // one of the element's options, null when none
	shapeOptions              // several, [] when none
	shapeRef                  // an id or date as a string, null when none
	shapeRefs                 // several ids
	shapeInt                  // a number of seconds
	shapeJSON                 // given as it is
)

// kinds says for each stateful element where its value stands in state.values,
// which property holds the initial one, and what form it has.
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
var kinds = map[string]struct {
	field, initial string
	shape          shape
}{

	"plain_text_input":           {"value", "initial_value", shapeText},
	"email_text_input":           {"value", "initial_value", shapeText},
	"url_text_input":             {"value", "initial_value", shapeText},
	"number_input":               {"value", "initial_value", shapeText},
	"static_select":              {"selected_option", "initial_option", shapeOption},
	"external_select":            {"selected_option", "initial_option", shapeOption},
	"radio_buttons":              {"selected_option", "initial_option", shapeOption},
	"checkboxes":                 {"selected_options", "initial_options", shapeOptions},
	"multi_static_select":        {"selected_options", "initial_options", shapeOptions},
	"multi_external_select":      {"selected_options", "initial_options", shapeOptions},
	"users_select":               {"selected_user", "initial_user", shapeRef},
	"channels_select":            {"selected_channel", "initial_channel", shapeRef},
	"conversations_select":       {"selected_conversation", "initial_conversation", shapeRef},
	"multi_users_select":         {"selected_users", "initial_users", shapeRefs},
	"multi_channels_select":      {"selected_channels", "initial_channels", shapeRefs},
	"multi_conversations_select": {"selected_conversations", "initial_conversations", shapeRefs},
	"datepicker":                 {"selected_date", "initial_date", shapeRef},
	"timepicker":                 {"selected_time", "initial_time", shapeRef},
	"datetimepicker":             {"selected_date_time", "initial_date_time", shapeInt},
	"rich_text_input":            {"rich_text_value", "initial_value", shapeJSON},
	"file_input":                 {"files", "", shapeJSON},
}

// Initial is what an element holds before anybody touches it.
func Initial(el Element) wire.Object {
	kind := kinds[el.Kind]
	value := el.Raw[kind.initial]
	if value == nil && (kind.shape == shapeOptions || kind.shape == shapeRefs || el.Kind == "file_input") {
		value = []any{}
	}
	return wire.Object{"type": el.Kind, kind.field: value}
}

// externalOptions takes options as the app offered them, {"text", "value"},
// for a menu that has none of its own.
func externalOptions(el Element, given any) ([]any, bool) {
	if !strings.Contains(el.Kind, "external") {
		return nil, false
	}
	list, many := given.([]any)
	if !many {
		list = []any{given}
	}
	chosen := []any{}
	for _, item := range list {
		o, ok := item.(wire.Object)
		if !ok {
			return nil, false
		}
		chosen = append(chosen, wire.Object{
			"text": wire.Object{"type": "plain_text", "text": wire.Text(o, "text"), "emoji": true}, "value": wire.Text(o, "value"),
		})
	}
	return chosen, true
}

// oneOrAll is the value of a menu: its only option, nil if none, or all.
func oneOrAll(s shape, chosen []any) any {
	switch {
	case s == shapeOptions:
		return chosen
	case len(chosen) == 0:
		return nil
	}
	return chosen[0]
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}

func textValue(el Element, given string) (any, error) {
	if given == "" {
		return nil, nil
	}
	if most, ok := el.Raw["max_length"].(json.Number); ok {
		if n, _ := most.Int64(); int64(len([]rune(given))) > n {
			return nil, fmt.Errorf("takes at most %d characters", n)
		}
	}
	if accepts, ok := typed[el.Kind]; ok {
		if err := accepts(el, given); err != nil {
			return nil, err
		}
	}
	return given, nil
}

// listOf reads a string, a list, or nothing as a list of strings.
func listOf(given any) []string {
	switch v := given.(type) {
	case nil:
		return nil
	case []string:
		return v
	case []any:
		var list []string
		for _, item := range v {
			list = append(list, fmt.Sprint(item))
		}
		return list
	case string:
		if v == "" {
			return nil
		}
	}
	return []string{fmt.Sprint(given)}
}

// chooseOptions finds the offered options with those values.
func chooseOptions(el Element, values []string) ([]any, error) {
	chosen := []any{}
	for _, value := range values {
		option := FindOption(el.Raw, value)
		if option == nil && strings.Contains(el.Kind, "external") {
			option = wire.Object{"text": wire.Object{"type": "plain_text", "text": value, "emoji": true}, "value": value}
		}
		if option == nil {
			return nil, fmt.Errorf("offers no option with value or label %q", value)
		}
		chosen = append(chosen, option)
	}
	return chosen, nil
}

// FindOption looks for a value first, then for a label.
func FindOption(raw wire.Object, wanted string) wire.Object {
	var labelled wire.Object
	for _, o := range Offered(raw) {
		if wire.Text(o, "value") == wanted {
			return o
		}
		if wire.TextOf(o, "text") == wanted {
			labelled = o
		}
	}
	return labelled
}

// Offered lists the options of an element, those in groups included.
func Offered(raw wire.Object) []wire.Object {
	var found []wire.Object
	list, _ := raw["options"].([]any)
	for _, o := range list {
		if option, ok := o.(wire.Object); ok {
			found = append(found, option)
		}
	}
	groups, _ := raw["option_groups"].([]any)
	for _, g := range groups {
		if group, ok := g.(wire.Object); ok {
			found = append(found, Offered(group)...)
		}
	}
	return found
}

// seconds reads a date and time as Slack counts it: seconds since 1970.
func seconds(given any) (any, error) {
	switch v := given.(type) {
	case nil:
		return nil, nil
	case float64:
		return int64(v), nil
	case string:
		at, err := time.Parse(time.RFC3339, v)
		if err != nil {
			return nil, fmt.Errorf("takes a time such as 2026-11-23T11:50:00Z or seconds: %w", err)
		}
		return at.Unix(), nil
	}
	return nil, fmt.Errorf("takes a time, not %v", given)
}

// Directory knows what people pick by name, and the files that they upload.
type Directory interface {
	References(names []string) []string
	Chosen(el Element, fileIDs []string) (any, error)
}

// Entered is the value after a person filled something in or chose it. It refuses what
// a person could not do: an option that is not offered, text too long.
func (el Element) Entered(given any, in Directory) (wire.Object, error) {
	kind := kinds[el.Kind]
	value, err := el.shaped(kind.shape, given, in)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", el.Kind, el.Action, err)
	}
	return wire.Object{"type": el.Kind, kind.field: value}, nil
}

func (el Element) shaped(s shape, given any, in Directory) (any, error) {
	switch s {
	case shapeText:
		return textValue(el, fmt.Sprint(orEmpty(given)))
	case shapeOption, shapeOptions:
		if external, ok := externalOptions(el, given); ok {
			return oneOrAll(s, external), nil
		}
		list, err := chooseOptions(el, listOf(given))
		if err != nil {
			return nil, err
		}
		return oneOrAll(s, list), nil
	case shapeRef:
		if accepts, ok := typed[el.Kind]; ok {
			if err := accepts(el, fmt.Sprint(orEmpty(given))); err != nil {
				return nil, err
			}
		}
		if refs := in.References(listOf(given)); len(refs) > 0 {
			return refs[0], nil
		}
		return nil, nil
	case shapeRefs:
		return in.References(listOf(given)), nil
	case shapeInt:
		return seconds(given)
	case shapeJSON:
		if el.Kind == "file_input" {
			return in.Chosen(el, listOf(given))
		}
	}
	return given, nil
}

// IsStateful says whether an element of that kind holds a value.
func IsStateful(kind string) bool {
	_, stateful := kinds[kind]
	return stateful
}
