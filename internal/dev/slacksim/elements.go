package slacksim

import (
	"bytes"
	"encoding/json"
	"slices"
)

// element is an interactive part of a message or view, and where it stands.
type element struct {
	block    string // block id
	action   string // action id
	kind     string // static_select, button …
	input    bool   // it is the element of an input block
	optional bool   // its input block may stay empty
	dispatch bool   // its input block sends block_actions
	raw      object
}

// decodeBlocks reads a blocks array; what is no array reads as none.
func decodeBlocks(raw json.RawMessage) []any {
	var blocks []any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(&blocks) != nil {
		return nil
	}
	return blocks
}

// elements lists the interactive elements of some blocks, in reading order.
func elements(blocks []any) []element {
	var found []element
	for _, b := range blocks {
		block, ok := b.(object)
		if !ok {
			continue
		}
		for _, raw := range parts(block) {
			found = append(found, newElement(block, raw))
		}
		children, _ := block["child_blocks"].([]any)
		found = append(found, elements(children)...)
	}
	return found
}

// parts returns the elements of a block that have an action id.
func parts(block object) []object {
	candidates := []any{block["accessory"], block["element"]}
	if list, ok := block["elements"].([]any); ok {
		candidates = append(candidates, list...)
	}
	var found []object
	for _, c := range candidates {
		if raw, ok := c.(object); ok && isInteractive(text(raw, "type")) {
			found = append(found, raw)
		}
	}
	return found
}

func newElement(block, raw object) element {
	optional, _ := block["optional"].(bool)
	dispatch, _ := block["dispatch_action"].(bool)
	return element{
		block: text(block, "block_id"), action: text(raw, "action_id"), kind: text(raw, "type"),
		input: text(block, "type") == "input", optional: optional, dispatch: dispatch, raw: raw,
	}
}

func isInteractive(kind string) bool {
	_, stateful := kinds[kind]
	return stateful || slices.Contains([]string{"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"}, kind)
}

// withIDs gives every block and every interactive element that has no id a
// random one, as Slack does.
func withIDs(raw json.RawMessage) json.RawMessage {
	blocks := decodeBlocks(raw)
	if len(blocks) == 0 {
		return nil
	}
	if !nameBlocks(blocks) {
		return raw
	}
	return encode(blocks)
}

func nameBlocks(blocks []any) bool {
	changed := false
	for _, b := range blocks {
		block, ok := b.(object)
		if !ok {
			continue
		}
		changed = fill(block, "block_id") || changed
		for _, part := range parts(block) {
			changed = fill(part, "action_id") || changed
		}
	}
	return changed
}

func fill(o object, key string) bool {
	if text(o, key) != "" {
		return false
	}
	o[key] = randomHex(3)
	return true
}

// text reads a string property; "" if there is none.
func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// textOf reads the text of a text object; "" if there is none.
func textOf(o object, key string) string {
	inner, _ := o[key].(object)
	return text(inner, "text")
}
