package config

import (
	"fmt"
	"slices"
	"strings"

	"supporty/internal/ticket"
)

// Field is a field that a category adds to the form.
type Field struct {
	// Name is its label; unique in its category regardless of case; at most 75 characters.
	Name string
	// Kind says what can be filled in.
	Kind ticket.FieldKind
	// Required fields have to be filled in.
	Required bool
	// Hint is shown below it; at most 150 characters.
	Hint string
	// Choices are the choices of a choice or choices field: 1 to 100, each at most 75
	// characters and named once.
	Choices []string
	// Incident is the choice that makes a ticket an incident; empty for none.
	Incident string
}

const (
	mostFields  = 10  // a section of a card holds ten: docs.slack.dev/reference/block-kit/blocks/section-block
	mostChoices = 100 // docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element
	longestHint = 150
)

var fieldFields = []field[Field]{
	{"name", in(func(f *Field) *string { return &f.Name }, scalar(line(1, longestOptionText)))},
	{"kind", in(func(f *Field) *ticket.FieldKind { return &f.Kind }, scalar(oneOf(fieldKinds()...)))},
	{"required", in(func(f *Field) *bool { return &f.Required }, scalar(boolean))},
	{"hint", in(func(f *Field) *string { return &f.Hint }, scalar(line(0, longestHint)))},
	{"incident", in(func(f *Field) *string { return &f.Incident }, scalar(line(0, longestOptionText)))},
	{"choices", in(func(f *Field) *[]string { return &f.Choices }, atMost(mostChoices, list(scalar(line(1, longestOptionText)), itself)))},
}

func fieldKinds() []named[ticket.FieldKind] {
	var kinds []named[ticket.FieldKind]
	for _, k := range ticket.FieldKinds {
		kinds = append(kinds, choice(string(k), k))
	}
	return kinds
}

// formFields reads the fields of a category.
func formFields(at string, raw any, into *[]Field) Problems {
	name := func(f Field) string { return f.Name }
	item := namedGroup(fieldFields, name, "write what the form is to ask for")
	whole := func(at string, raw any, into *Field) Problems {
		problems := item(at, raw, into)
		if len(problems) == 0 {
			problems = into.check(at)
		}
		return problems
	}
	var read []Field
	problems := atMost(mostFields, list(whole, func(f Field) string { return strings.ToLower(f.Name) }))(at, raw, &read)
	if len(problems) == 0 && len(read) > 0 {
		*into = read
	}
	return problems
}

// check finds contradictions in a field.
func (f Field) check(at string) Problems {
	chosen := f.Kind == ticket.FieldChoice || f.Kind == ticket.FieldChoices
	switch {
	case f.Kind == "":
		return Problems{{Path: at + ".kind", Want: "is missing; write text, long_text, number, choice, choices, date, person, link or file"}}
	case chosen && len(f.Choices) == 0:
		return Problems{{Path: at + ".choices", Want: "names no choice; write what can be chosen, such as [Chrome, Firefox]"}}
	case f.Incident != "" && !slices.Contains(f.Choices, f.Incident):
		return Problems{{Path: at + ".incident", Value: show(f.Incident), Want: "is none of the choices; write the choice that makes a ticket an incident"}}
	case !chosen && len(f.Choices) > 0:
		return Problems{{Path: at + ".choices", Want: fmt.Sprintf("belong to a choice, and this is a %s; write kind: choice, or take them out", f.Kind)}}
	}
	return nil
}
