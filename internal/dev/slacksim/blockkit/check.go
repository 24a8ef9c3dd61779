package blockkit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// check reports what is wrong with the decoded JSON value that stands at a
// JSON pointer.
type check func(at string, value any) []string

// fields maps the properties that an object may have to what each may hold. A
// name that ends in * is required: "title*".
type fields map[string]check

// schemas maps type names to the schema of each.
type schemas map[string]check

// object accepts JSON objects with the properties of all the sets given.
func object(sets ...fields) check {
	allowed, required := map[string]check{}, []string(nil)
	for _, set := range sets {
		for name, c := range set {
			bare, isRequired := strings.CutSuffix(name, "*")
			allowed[bare] = c
			if isRequired {
				required = append(required, bare)
			}
		}
	}
	slices.Sort(required)
	return func(at string, value any) []string {
		object, ok := value.(map[string]any)
		if !ok {
			return problem(at, "must provide an object")
		}
		return append(missing(at, object, required), checkProperties(at, object, allowed)...)
	}
}

func missing(at string, object map[string]any, required []string) []string {
	var problems []string
	for _, name := range required {
		if _, ok := object[name]; !ok {
			problems = append(problems, problem(at, "missing required field: %s", name)...)
		}
	}
	return problems
}

func checkProperties(at string, object map[string]any, allowed map[string]check) []string {
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if c, ok := allowed[name]; ok {
			problems = append(problems, c(at+"/"+name, object[name])...)
		} else {
			problems = append(problems, problem(at, "invalid additional property: %s", name)...)
		}
	}
	return problems
}

// byType accepts objects by the schema that their type property names.
func byType(types schemas) check {
	return func(at string, value any) []string {
		object, ok := value.(map[string]any)
		if !ok {
			return problem(at, "must provide an object")
		}
		if _, ok := object["type"]; !ok {
			return problem(at, "missing required field: type")
		}
		name, ok := object["type"].(string)
		if !ok {
			return problem(at+"/type", "must provide a string")
		}
		if c, ok := types[name]; ok {
			return c(at, value)
		}
		return problem(at+"/type", "unsupported type: %s", name)
	}
}

// oneOfSchemas puts before the problems of a value the line that Slack adds
// where several schemas are possible.
func oneOfSchemas(c check) check {
	return func(at string, value any) []string {
		problems := c(at, value)
		if len(problems) == 0 {
			return nil
		}
		return append(problem(at, "failed to match all allowed schemas"), problems...)
	}
}

// either adds to c that an object must have one of two properties.
func either(first, second string, c check) check {
	return func(at string, value any) []string {
		problems := c(at, value)
		object, ok := value.(map[string]any)
		if !ok || object[first] != nil || object[second] != nil {
			return problems
		}
		return append(problem(at+"/type", "must define either `%s` or `%s`", first, second), problems...)
	}
}

// list accepts arrays of least to most items.
func list(least, most int, item check) check {
	return func(at string, value any) []string {
		items, ok := value.([]any)
		switch {
		case !ok:
			return problem(at, "must provide an array")
		case len(items) < least:
			return problem(at, "must provide at least %d items", least)
		case len(items) > most:
			return problem(at, "no more than %d items allowed", most)
		}
		var problems []string
		for i, v := range items {
			problems = append(problems, item(fmt.Sprintf("%s/%d", at, i), v)...)
		}
		return problems
	}
}

// characters accepts strings of least to most characters.
func characters(least, most int) check {
	return text(func(at, s string) []string {
		switch n := utf8.RuneCountInString(s); {
		case n < least:
			return problem(at, "must be more than %d characters", least-1)
		case n > most:
			return problem(at, "must be less than %d characters", most+1)
		}
		return nil
	})
}

// anyOf accepts the strings given.
func anyOf(words ...string) check {
	return text(func(at, s string) []string {
		if slices.Contains(words, s) {
			return nil
		}
		return problem(at, "must be one of: %s", strings.Join(words, ", "))
	})
}

// timeAs accepts strings in a layout of package time, which Slack calls format.
func timeAs(layout, format string) check {
	return text(func(at, s string) []string {
		if _, err := time.Parse(layout, s); err != nil || len(s) != len(layout) {
			return problem(at, "must match format %s", format)
		}
		return nil
	})
}

func text(c func(at, s string) []string) check {
	return func(at string, value any) []string {
		s, ok := value.(string)
		if !ok {
			return problem(at, "must provide a string")
		}
		return c(at, s)
	}
}

// whole accepts integers from least to most.
func whole(least, most float64) check {
	return func(at string, value any) []string {
		n, ok := value.(float64)
		switch {
		case !ok || n != math.Trunc(n):
			return problem(at, "must provide an integer")
		case n < least:
			return problem(at, "must be more than %.0f", least-1)
		case n > most:
			return problem(at, "must be less than %.0f", most+1)
		}
		return nil
	}
}

func number(at string, value any) []string {
	if _, ok := value.(float64); !ok {
		return problem(at, "must provide a number")
	}
	return nil
}

func positive(at string, value any) []string {
	if n, ok := value.(float64); ok && n <= 0 {
		return problem(at, "must be more than 0")
	}
	return number(at, value)
}

func boolean(at string, value any) []string {
	if _, ok := value.(bool); !ok {
		return problem(at, "must provide a boolean")
	}
	return nil
}

// orNull accepts null beside what c accepts.
func orNull(c check) check {
	return func(at string, value any) []string {
		if value == nil {
			return nil
		}
		return c(at, value)
	}
}

// anything accepts what has been looked at elsewhere, such as a type.
func anything(string, any) []string { return nil }

func problem(at, format string, args ...any) []string {
	return []string{fmt.Sprintf(format, args...) + " [json-pointer:" + at + "]"}
}
