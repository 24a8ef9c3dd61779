package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
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

// initialValue is what an element holds before anybody touches it.
func initialValue(el element) object {
	kind := kinds[el.kind]
	value := el.raw[kind.initial]
	if value == nil && (kind.shape == shapeOptions || kind.shape == shapeRefs || el.kind == "file_input") {
		value = []any{}
	}
	return object{"type": el.kind, kind.field: value}
}

// entered is the value after a person typed or chose something. It refuses what
// a person could not do: an option that is not offered, text too long.
func (tx *Tx) entered(el element, given any) (object, error) {
	kind := kinds[el.kind]
	value, err := tx.shaped(el, kind.shape, given)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", el.kind, el.action, err)
	}
	return object{"type": el.kind, kind.field: value}, nil
}

func (tx *Tx) shaped(el element, s shape, given any) (any, error) {
	switch s {
	case shapeText:
		return textValue(el, fmt.Sprint(orEmpty(given)))
	case shapeOption, shapeOptions:
		if external, ok := externalOptions(el, given); ok {
			return oneOrAll(s, external), nil
		}
		list, err := options(el, listOf(given))
		if err != nil {
			return nil, err
		}
		return oneOrAll(s, list), nil
	case shapeRef:
		if refs := tx.refs(listOf(given)); len(refs) > 0 {
			return refs[0], nil
		}
		return nil, nil
	case shapeRefs:
		return tx.refs(listOf(given)), nil
	case shapeInt:
		return seconds(given)
	case shapeJSON:
		if el.kind == "file_input" {
			return tx.chosenFiles(el, listOf(given))
		}
	}
	return given, nil
}

// chosenFiles refuses what the field does not take: another type, too many.
func (tx *Tx) chosenFiles(el element, ids []string) ([]File, error) {
	files, err := tx.shared(ids)
	if err != nil {
		return nil, err
	}
	if most, ok := el.raw["max_files"].(json.Number); ok {
		if n, _ := most.Int64(); int64(len(files)) > n {
			return nil, fmt.Errorf("takes at most %d files", n)
		}
	}
	types, _ := el.raw["filetypes"].([]any)
	for _, f := range files {
		if len(types) > 0 && !slices.Contains(types, any(f.Filetype)) {
			return nil, fmt.Errorf("takes %v, not %s", types, f.Name)
		}
	}
	return files, nil
}

// externalOptions takes options as the app offered them, {"text", "value"},
// for a menu that has none of its own.
func externalOptions(el element, given any) ([]any, bool) {
	if !strings.Contains(el.kind, "external") {
		return nil, false
	}
	list, many := given.([]any)
	if !many {
		list = []any{given}
	}
	chosen := []any{}
	for _, item := range list {
		o, ok := item.(object)
		if !ok {
			return nil, false
		}
		chosen = append(chosen, object{
			"text": object{"type": "plain_text", "text": text(o, "text"), "emoji": true}, "value": text(o, "value"),
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

func textValue(el element, typed string) (any, error) {
	if typed == "" {
		return nil, nil
	}
	if most, ok := el.raw["max_length"].(json.Number); ok {
		if n, _ := most.Int64(); int64(len([]rune(typed))) > n {
			return nil, fmt.Errorf("takes at most %d characters", n)
		}
	}
	if el.kind == "number_input" {
		if _, err := strconv.ParseFloat(typed, 64); err != nil {
			return nil, fmt.Errorf("takes a number, not %q", typed)
		}
	}
	return typed, nil
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

// options finds the offered options with those values.
func options(el element, values []string) ([]any, error) {
	chosen := []any{}
	for _, value := range values {
		option := findOption(el.raw, value)
		if option == nil && strings.Contains(el.kind, "external") {
			option = object{"text": object{"type": "plain_text", "text": value, "emoji": true}, "value": value}
		}
		if option == nil {
			return nil, fmt.Errorf("offers no option with value or label %q", value)
		}
		chosen = append(chosen, option)
	}
	return chosen, nil
}

// findOption looks for a value first, then for a label.
func findOption(raw object, wanted string) object {
	var labelled object
	for _, o := range offered(raw) {
		if text(o, "value") == wanted {
			return o
		}
		if textOf(o, "text") == wanted {
			labelled = o
		}
	}
	return labelled
}

// offered lists the options of an element, those in groups included.
func offered(raw object) []object {
	var found []object
	list, _ := raw["options"].([]any)
	for _, o := range list {
		if option, ok := o.(object); ok {
			found = append(found, option)
		}
	}
	groups, _ := raw["option_groups"].([]any)
	for _, g := range groups {
		if group, ok := g.(object); ok {
			found = append(found, offered(group)...)
		}
	}
	return found
}

// refs turns names of people and channels into ids; ids and dates stay.
func (tx *Tx) refs(given []string) []string {
	refs := []string{}
	for _, ref := range given {
		if p := tx.person(ref); p != nil {
			ref = p.ID
		} else if c := tx.channel(ref); c != nil {
			ref = c.ID
		}
		refs = append(refs, ref)
	}
	return refs
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

// isEmpty says whether a value counts as not filled in.
func isEmpty(value object) bool {
	for key, v := range value {
		if key == "type" {
			continue
		}
		list, isList := v.([]any)
		ids, isIDs := v.([]string)
		files, isFiles := v.([]File)
		if v == nil || (isList && len(list) == 0) || (isIDs && len(ids) == 0) || (isFiles && len(files) == 0) {
			continue
		}
		return false
	}
	return true
}
