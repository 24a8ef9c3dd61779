package slacksim

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fileReader reads YAML into settings. It goes on after a problem, so that one
// run tells all of them.
type fileReader struct {
	problems []string
}

// intake takes over the value at a place of the file.
type intake func(r *fileReader, path string, n *yaml.Node)

// keys are what a mapping may hold.
type keys map[string]intake

// wrong notes what stands at a place, and what would be right.
func (r *fileReader) wrong(path string, n *yaml.Node, want string) {
	value := map[yaml.Kind]string{yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list"}[n.Kind]
	if n.Kind == yaml.ScalarNode {
		value = fmt.Sprintf("%q", n.Value)
	}
	r.say(path, value+" "+want)
}

func (r *fileReader) say(path, what string) {
	r.problems = append(r.problems, path+": "+what)
}

// read takes over a node, wherever an alias leads. An empty value sets nothing.
func (r *fileReader) read(path string, n *yaml.Node, into intake) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Tag != "!!null" {
		into(r, path, n)
	}
}

// mapInto reads a mapping with these keys and no others.
func mapInto(known keys) intake {
	return func(r *fileReader, path string, n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			r.wrong(path, n, "should be a mapping")
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			at := strings.TrimPrefix(path+"."+name, ".")
			if known[name] == nil {
				r.say(at, "is not known here; there are "+strings.Join(slices.Sorted(maps.Keys(known)), ", "))
				continue
			}
			r.read(at, n.Content[i+1], known[name])
		}
	}
}

// listInto reads a list whose items have the keys that item names.
func listInto[T any](into *[]T, item func(*T) keys) intake {
	return func(r *fileReader, path string, n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.wrong(path, n, "should be a list")
			return
		}
		*into = make([]T, len(n.Content))
		for i, content := range n.Content {
			r.read(fmt.Sprintf("%s[%d]", path, i), content, mapInto(item(&(*into)[i])))
		}
	}
}

// textInto reads a text that passes a check. The check is given what was read and
// answers with what would be right, or "".
func textInto(into *string, checks ...func(string) string) intake {
	return func(r *fileReader, path string, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			r.wrong(path, n, "should be a text")
			return
		}
		for _, check := range checks {
			if want := check(n.Value); want != "" {
				r.wrong(path, n, want)
				return
			}
		}
		*into = n.Value
	}
}

// boolInto reads true or false.
func boolInto(into *bool) intake {
	return func(r *fileReader, path string, n *yaml.Node) {
		if n.Decode(into) != nil {
			r.wrong(path, n, "should be true or false")
		}
	}
}

// textsInto reads a list of texts.
func textsInto(into *[]string) intake {
	return func(r *fileReader, path string, n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.wrong(path, n, "should be a list of names")
			return
		}
		*into = make([]string, len(n.Content))
		for i, content := range n.Content {
			r.read(fmt.Sprintf("%s[%d]", path, i), content, textInto(&(*into)[i]))
		}
	}
}
