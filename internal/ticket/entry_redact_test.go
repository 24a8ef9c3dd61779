package ticket_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"supporty/internal/ticket"
)

// Every text of an entry that people write can be redacted. What stays are ids and names of the
// settings.
func TestRedactingEveryText(t *testing.T) {
	t.Parallel()
	kept := []string{"Category", "Assignee", "Requester", "Solution", "Incident", "Work", "Drill", "CloseReason", "Message.Channel", "Message.TS", "Channel", "Emoji", "Notify", "Form", "Folded.Requester", "People", "Fields.Name", "Fields.Kind", "Reply.Thread"}
	var d ticket.Details
	fill(reflect.ValueOf(&d).Elem())
	if !d.Redact(func(text string) string { return strings.ReplaceAll(text, "needle", ticket.RedactedMark) }) {
		t.Error("nothing was redacted")
	}
	for _, field := range having(reflect.ValueOf(d), "") {
		if !slices.Contains(kept, field) {
			t.Errorf("%s still has it", field)
		}
	}
}

// fill puts a needle into every text.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("needle")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	default:
	}
}

// having returns the paths of the texts with a needle.
func having(v reflect.Value, path string) (paths []string) {
	switch v.Kind() {
	case reflect.String:
		if strings.Contains(v.String(), "needle") {
			return []string{path}
		}
	case reflect.Slice:
		for i := range v.Len() {
			paths = append(paths, having(v.Index(i), path)...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := strings.TrimPrefix(path+"."+v.Type().Field(i).Name, ".")
			if v.Type().Field(i).IsExported() {
				paths = append(paths, having(v.Field(i), name)...)
			}
		}
	default:
	}
	return paths
}
