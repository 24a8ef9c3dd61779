package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// reader parses the raw value at a path into its typed place. If that is not possible it
// returns problems and leaves the place as it was.
type reader[T any] func(at string, raw any, into *T) Problems

// field is a named setting of S.
type field[S any] struct {
	path string
	read reader[S]
}

// in makes a reader for S from a reader for one of its fields.
func in[S, T any](place func(*S) *T, read reader[T]) reader[S] {
	return func(at string, raw any, into *S) Problems { return read(at, raw, place(into)) }
}

// scalar reads with parse; an error of parse becomes the problem's Want.
func scalar[T any](parse func(raw any) (T, error)) reader[T] {
	return func(at string, raw any, into *T) Problems {
		parsed, err := parse(raw)
		if err != nil {
			return Problems{{Path: at, Value: show(raw), Want: err.Error()}}
		}
		*into = parsed
		return nil
	}
}

// hidden reads a secret: a problem has the parser's sentence, but not the value.
func hidden(parse func(text string) (string, error)) reader[Secret] {
	return func(at string, raw any, into *Secret) Problems {
		value, err := text(raw)
		if err == nil {
			value, err = parse(value)
		}
		if err != nil {
			return Problems{{Path: at, Value: "[set]", Want: err.Error()}}
		}
		*into = Secret(value)
		return nil
	}
}

// list reads a YAML list, or a text with commas, as an environment variable has it. Two
// items with the same key are a problem.
func list[T any](item reader[T], key func(T) string) reader[[]T] {
	return func(at string, raw any, into *[]T) Problems {
		raws, err := items(raw)
		if err != nil {
			return Problems{{Path: at, Value: show(raw), Want: err.Error()}}
		}
		var problems Problems
		values := make([]T, 0, len(raws))
		seen := map[string]int{}
		for i, raw := range raws {
			var value T
			where := fmt.Sprintf("%s[%d]", at, i)
			if found := item(where, raw, &value); len(found) > 0 {
				problems = append(problems, found...)
				continue
			}
			if first, ok := seen[key(value)]; ok {
				problems = append(problems, Problem{Path: where, Value: show(key(value)), Want: fmt.Sprintf("is already in the list, at %s[%d]; name it once", at, first)})
				continue
			}
			seen[key(value)] = i
			values = append(values, value)
		}
		if len(problems) == 0 {
			*into = values
		}
		return problems
	}
}

// atMost refuses a list with too many items before the items are read.
func atMost[T any](most int, read reader[[]T]) reader[[]T] {
	return func(at string, raw any, into *[]T) Problems {
		if raws, err := items(raw); err == nil && len(raws) > most {
			return Problems{{Path: at, Want: fmt.Sprintf("has %d items; write at most %d", len(raws), most)}}
		}
		return read(at, raw, into)
	}
}

func items(raw any) ([]any, error) {
	switch raw := flow(raw).(type) {
	case []any:
		return raw, nil
	case string:
		var parts []any
		for part := range strings.SplitSeq(raw, ",") {
			if part = strings.TrimSpace(part); part != "" {
				parts = append(parts, part)
			}
		}
		return parts, nil
	default:
		return nil, errors.New("is not a list; write [one, two]")
	}
}

// group reads an item of a list that has fields.
func group[S any](fields []field[S]) reader[S] {
	return func(at string, raw any, into *S) Problems {
		values, ok := raw.(map[string]any)
		if !ok {
			return Problems{{Path: at, Value: show(raw), Want: "is not a group of settings; write name: and, below it, the others"}}
		}
		var problems Problems
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if !slices.Contains(paths(fields), key) {
				problems = append(problems, unknown(at+"."+key, key, paths(fields)))
			}
		}
		for _, f := range fields {
			switch value := values[f.path].(type) {
			case nil:
			case ownVariable:
				problems = append(problems, f.read(value.name, value.value, into)...)
			default:
				problems = append(problems, f.read(at+"."+f.path, value, into)...)
			}
		}
		return problems
	}
}

func paths[S any](fields []field[S]) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.path
	}
	return names
}

// unknown is the problem of an unknown name. Its value is not shown: it may be a secret
// under a misspelt name.
func unknown(at, name string, known []string) Problem {
	if near := suggest(name, known); near != "" {
		return Problem{Path: at, Want: "is not a setting; did you mean " + near + "?"}
	}
	return Problem{Path: at, Want: "is not a setting; config.example.yaml lists all of them"}
}
