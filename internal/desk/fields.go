package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"supporty/internal/ticket"
)

// ErrOutdated is the cause if a form asks for something else than the settings do: they
// have changed since it was drawn.
var ErrOutdated = errors.New("the form is older than the settings")

// Limits of fields, in characters.
const (
	MaxFieldText     = 250
	MaxFieldLongText = 1000
)

// AskedField is a field that the form asks for in a category.
type AskedField struct {
	Name     string
	Kind     ticket.FieldKind
	Required bool
	Hint     string   // shown below it; may be empty
	Choices  []string // of FieldChoice and FieldChoices
	Incident string   // the choice that makes a ticket an incident; empty for none
}

// FieldID is the name of a field in a form. An error about the field carries it. Fields
// of several categories with the same name and kind are one, so that what was filled in
// stays when the category changes.
func FieldID(f ticket.Field) string {
	sum := sha256.Sum256([]byte(f.Name))
	return fieldPrefix + string(f.Kind) + ":" + hex.EncodeToString(sum[:6])
}

const fieldPrefix = "field:"

// FieldKindOf returns the kind of a field by its FieldID, or false if it is not the id of a
// field of a category.
func FieldKindOf(id string) (ticket.FieldKind, bool) {
	rest, ours := strings.CutPrefix(id, fieldPrefix)
	kind, _, _ := strings.Cut(rest, ":")
	return ticket.FieldKind(kind), ours && slices.Contains(ticket.FieldKinds, ticket.FieldKind(kind))
}

// ID is the FieldID of the field.
func (a AskedField) ID() string { return FieldID(a.Empty()) }

// Empty is the field with nothing filled in.
func (a AskedField) Empty() ticket.Field { return ticket.Field{Name: a.Name, Kind: a.Kind} }

// Asking returns the desk, which asks for these fields in the categories of these names.
func (d *Desk) Asking(fields map[string][]AskedField) *Desk {
	own := *d
	own.fields = fields
	return &own
}

// checkFields returns the fields of a form as they are stored, or an error at the one that
// is wrong. Those that the category no longer asks for stay as they were filled in. If
// nobody was asked, because the ticket comes from a message, there are none.
func (d *Desk) checkFields(category string, given []ticket.Field) ([]ticket.Field, error) {
	if given == nil {
		return nil, nil
	}
	asked := d.fields[category]
	var checked []ticket.Field
	for _, a := range asked {
		f := a.Empty()
		i := slices.IndexFunc(given, f.Same)
		if i >= 0 {
			f.Values = cleanValues(f.Kind, given[i].Values)
		}
		if a.Kind == ticket.FieldFile && i < 0 {
			continue // Edit… does not ask for files, nor does a form that takes none
		}
		if err := a.check(f.Values); err != nil {
			return nil, err.At(a.ID())
		}
		if i >= 0 {
			checked = append(checked, f)
		}
	}
	for _, f := range given {
		if !slices.ContainsFunc(asked, func(a AskedField) bool { return a.Empty().Same(f) }) {
			f.Values = cleanValues(f.Kind, f.Values)
			checked = append(checked, f)
		}
	}
	return checked, nil
}

// cleanValues drops what cannot be stored, and what is empty then.
func cleanValues(kind ticket.FieldKind, values []string) []string {
	var kept []string
	for _, v := range values {
		if kind == ticket.FieldLongText {
			v = clean(v)
		} else {
			v = cleanLine(v)
		}
		if strings.ContainsFunc(v, unicode.IsGraphic) {
			kept = append(kept, v)
		}
	}
	return kept
}

// Accepts reports whether the field can be filled in like that.
func (a AskedField) Accepts(values []string) bool { return a.check(values) == nil }

// check says what is wrong with what was filled in.
func (a AskedField) check(values []string) *ticket.Error {
	switch {
	case len(values) == 0 && a.Required:
		return ticket.Errorf(ticket.Invalid, "Please fill this in.")
	case len(values) == 0:
		return nil
	case a.Kind == ticket.FieldChoices:
		return a.checkChoices(values)
	}
	switch value := values[0]; a.Kind {
	case ticket.FieldText:
		return atMost(value, MaxFieldText)
	case ticket.FieldLongText:
		return atMost(value, MaxFieldLongText)
	case ticket.FieldChoice:
		return a.checkChoices(values[:1])
	case ticket.FieldNumber:
		return matching(numeral, value, "Write a number, such as 12 or 3.5.")
	case ticket.FieldPerson:
		return matching(personID, value, "Choose a person.")
	case ticket.FieldDate:
		return checkDate(value)
	case ticket.FieldLink:
		return checkLink(value)
	case ticket.FieldChoices, ticket.FieldFile:
	}
	return nil
}

func (a AskedField) checkChoices(values []string) *ticket.Error {
	for _, v := range values {
		if !slices.Contains(a.Choices, v) {
			return ticket.Errorf(ticket.Invalid, "This is not in the settings any more. Choose another.").Because(ErrOutdated)
		}
	}
	return nil
}

func atMost(value string, most int) *ticket.Error {
	if utf8.RuneCountInString(value) > most {
		return ticket.Errorf(ticket.Invalid, "Please keep this under %d characters.", most)
	}
	return nil
}

var (
	numeral  = regexp.MustCompile(`^[+-]?[0-9]{1,20}([.,][0-9]{1,20})?$`)
	personID = regexp.MustCompile(`^[UW][A-Z0-9]{1,40}$`)
)

func matching(shape *regexp.Regexp, value, sentence string) *ticket.Error {
	if !shape.MatchString(value) {
		return ticket.Errorf(ticket.Invalid, "%s", sentence)
	}
	return nil
}

func checkDate(value string) *ticket.Error {
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		return ticket.Errorf(ticket.Invalid, "Choose a date.")
	}
	return nil
}

// checkLink accepts addresses of pages that can be shown as a link.
func checkLink(value string) *ticket.Error {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsAny(value, " <>|\"") {
		return ticket.Errorf(ticket.Invalid, "Write the address of a page, such as https://example.com/page.")
	}
	return atMost(value, MaxFieldLongText)
}
