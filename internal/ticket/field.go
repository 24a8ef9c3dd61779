package ticket

import (
	"slices"
	"strings"
)

// FieldKind is the kind of a field, and so of what it holds.
type FieldKind string

// The kinds of fields.
const (
	FieldText     FieldKind = "text"      // one line
	FieldLongText FieldKind = "long_text" // several lines
	FieldNumber   FieldKind = "number"    // as it was written
	FieldChoice   FieldKind = "choice"    // one of several
	FieldChoices  FieldKind = "choices"   // any of several
	FieldDate     FieldKind = "date"      // like 2026-11-30
	FieldPerson   FieldKind = "person"    // an id
	FieldLink     FieldKind = "link"      // the address of a page
	FieldFile     FieldKind = "file"      // the name of a file, which is put into the thread
)

// FieldKinds lists all kinds.
var FieldKinds = []FieldKind{FieldText, FieldLongText, FieldNumber, FieldChoice, FieldChoices, FieldDate, FieldPerson, FieldLink, FieldFile}

// Field is a field that a category adds to the form, with what was filled in. Name and
// kind are those of the time when it was filled in: the settings may have lost it since.
// The tags are part of the database's format.
type Field struct {
	Name   string    `json:"name"`
	Kind   FieldKind `json:"kind"`
	Values []string  `json:"values,omitempty"` // several of FieldChoices only; none if it was left empty
}

// Same reports whether two fields are one: they have the same name and kind.
func (f Field) Same(other Field) bool { return f.Name == other.Name && f.Kind == other.Kind }

// Filled returns the fields that hold something.
func Filled(fields []Field) []Field {
	var filled []Field
	for _, f := range fields {
		if len(f.Values) > 0 {
			filled = append(filled, f)
		}
	}
	return filled
}

// Refilled returns the fields of a ticket after some of them were filled in again. A field
// that is not mentioned stays: a form shows only those of its category.
func Refilled(fields, again []Field) []Field {
	all := slices.Clone(fields)
	for _, f := range again {
		if i := slices.IndexFunc(all, f.Same); i >= 0 {
			all[i] = f
		} else {
			all = append(all, f)
		}
	}
	return Filled(all)
}

// FieldWords is all that fields hold, a line each, to find a ticket by its words. People are left
// out: they are ids.
func FieldWords(fields []Field) string {
	var lines []string
	for _, f := range fields {
		value := strings.Join(f.Values, "\n")
		switch f.Kind {
		case FieldPerson:
			continue
		case FieldFile:
			value += "\n" + strings.ReplaceAll(value, ".", " ") // found by its name without the ending, too
		default:
		}
		lines = append(lines, value)
	}
	return strings.Join(lines, "\n")
}

// redactFile removes the name of a file, and reports whether the field had it.
func (f *Field) redactFile(name string) bool {
	if f.Kind != FieldFile || !slices.Contains(f.Values, name) {
		return false
	}
	return f.redact(func(string) string { return RedactedMark })
}

// redact applies a function to what the field holds, and reports whether that is another now.
func (f *Field) redact(strip func(string) string) (had bool) {
	left := make([]string, len(f.Values))
	for i, v := range f.Values {
		left[i] = strip(v)
	}
	had = !slices.Equal(left, f.Values)
	if had {
		f.Values = left
	}
	return had
}

func sameFields(a, b []Field) bool {
	return slices.EqualFunc(a, b, func(f, g Field) bool { return f.Same(g) && slices.Equal(f.Values, g.Values) })
}
