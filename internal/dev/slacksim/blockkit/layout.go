package blockkit

import (
	"fmt"
	"reflect"
	"unicode/utf8"
)

// markdownLength is what all markdown blocks of a message may hold together,
// https://docs.slack.dev/reference/block-kit/blocks/markdown-block.
const markdownLength = 12_000

// placed is an object (a block or an element) and the JSON pointer to it.
type placed struct {
	at     string
	object map[string]any
}

// messageRules and viewRules hold for blocks that are each right by themselves.
func messageRules(blocks []placed) []string {
	return join(uniqueBlockIDs(blocks), elementRules(blocks), oneTable(blocks), markdownTotal(blocks))
}

func viewRules(view map[string]any, blocks []placed) []string {
	return join(uniqueBlockIDs(blocks), elementRules(blocks), oneTable(blocks), oneFocus(blocks), submitForInputs(view, blocks))
}

func uniqueBlockIDs(blocks []placed) []string {
	return unique("block_id", blocks)
}

// elementRules looks at the elements of each block apart from the others.
func elementRules(blocks []placed) []string {
	var problems []string
	for _, b := range blocks {
		elements := elementsOf(b)
		problems = append(problems, unique("action_id", elements)...)
		for _, e := range elements {
			problems = append(problems, initialOptions(e)...)
		}
	}
	return problems
}

func unique(property string, objects []placed) []string {
	var problems []string
	seen := map[string]bool{}
	for _, o := range objects {
		name, _ := o.object[property].(string)
		if name != "" && seen[name] {
			problems = append(problems, problem(o.at+"/"+property, "`%s` \"%s\" already exists", property, name)...)
		}
		seen[name] = true
	}
	return problems
}

// initialOptions must be among the options, in every property.
func initialOptions(e placed) []string {
	offered := optionsOf(e.object)
	if len(offered) == 0 {
		return nil
	}
	var problems []string
	chosen := append(children(e, "initial_options"), child(e, "initial_option")...)
	for _, c := range chosen {
		if !contains(offered, c.object) {
			problems = append(problems, problem(c.at, "must exactly match one of the options")...)
		}
	}
	return problems
}

func optionsOf(element map[string]any) []map[string]any {
	options := objectsIn(element["options"])
	for _, group := range objectsIn(element["option_groups"]) {
		options = append(options, objectsIn(group["options"])...)
	}
	return options
}

func contains(options []map[string]any, option map[string]any) bool {
	for _, o := range options {
		if reflect.DeepEqual(o, option) {
			return true
		}
	}
	return false
}

func oneTable(blocks []placed) []string {
	if len(ofType("table", blocks)) > 1 {
		return []string{"only_one_table_allowed"}
	}
	return nil
}

func markdownTotal(blocks []placed) []string {
	total := 0
	for _, b := range ofType("markdown", blocks) {
		text, _ := b.object["text"].(string)
		total += utf8.RuneCountInString(text)
		if total > markdownLength {
			return problem(b.at+"/text", "must be less than %d characters", markdownLength+1)
		}
	}
	return nil
}

func oneFocus(blocks []placed) []string {
	focused := false
	for _, b := range blocks {
		for _, e := range elementsOf(b) {
			if e.object["focus_on_load"] != true {
				continue
			}
			if focused {
				return problem(e.at+"/focus_on_load", "must define `focus_on_load` on only one element")
			}
			focused = true
		}
	}
	return nil
}

func submitForInputs(view map[string]any, blocks []placed) []string {
	if view["type"] != "modal" || view["submit"] != nil {
		return nil
	}
	var problems []string
	for _, b := range ofType("input", blocks) {
		problems = append(problems, problem(b.at+"/input", "must define `submit` to use an `input` block in modals")...)
	}
	return problems
}

// placedBlocks lists blocks in the order they are shown, those inside of other
// blocks after the one they are in.
func placedBlocks(at string, blocks any) []placed {
	var all []placed
	for _, b := range placedIn(at, blocks) {
		all = append(all, b)
		all = append(all, children(b, "child_blocks")...)
		all = append(all, children(b, "tasks")...)
		if b.object["type"] == "carousel" {
			all = append(all, children(b, "elements")...)
		}
	}
	return all
}

// elementsOf lists what a person can act on in a block.
func elementsOf(b placed) []placed {
	all := append(child(b, "accessory"), child(b, "element")...)
	all = append(all, children(b, "elements")...)
	return append(all, children(b, "actions")...)
}

func ofType(name string, objects []placed) []placed {
	var found []placed
	for _, o := range objects {
		if o.object["type"] == name {
			found = append(found, o)
		}
	}
	return found
}

func child(of placed, property string) []placed {
	object, ok := of.object[property].(map[string]any)
	if !ok {
		return nil
	}
	return []placed{{of.at + "/" + property, object}}
}

func children(of placed, property string) []placed {
	return placedIn(of.at+"/"+property, of.object[property])
}

func placedIn(at string, value any) []placed {
	var all []placed
	for i, o := range objectsIn(value) {
		all = append(all, placed{fmt.Sprintf("%s/%d", at, i), o})
	}
	return all
}

// objectsIn returns the items of an array of objects; any other item is nil,
// so that positions are kept.
func objectsIn(value any) []map[string]any {
	items, _ := value.([]any)
	objects := make([]map[string]any, len(items))
	for i, item := range items {
		objects[i], _ = item.(map[string]any)
	}
	return objects
}

func join(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
