package layout

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"supporty/internal/dev/slacksim/wire"
)

// Element is an interactive part of a message or view, and where it stands.
type Element struct {
	Block    string // block id
	Action   string // action id
	Kind     string // static_select, button …
	Input    bool   // it is the element of an input block
	Optional bool   // its input block may stay empty
	Dispatch bool   // its input block sends block_actions
	Raw      wire.Object
}

// Decode reads a blocks array; what is no array reads as none.
func Decode(raw json.RawMessage) []any {
	var blocks []any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(&blocks) != nil {
		return nil
	}
	return blocks
}

// Elements lists the interactive elements of some blocks, in reading order.
func Elements(blocks []any) []Element {
	var found []Element
	for _, b := range blocks {
		block, ok := b.(wire.Object)
		if !ok {
			continue
		}
		for _, raw := range parts(block) {
			found = append(found, NewElement(block, raw))
		}
		children, _ := block["child_blocks"].([]any)
		found = append(found, Elements(children)...)
	}
	return found
}

// parts returns the elements of a block that have an action id.
func parts(block wire.Object) []wire.Object {
	candidates := []any{block["accessory"], block["element"]}
	if list, ok := block["elements"].([]any); ok {
		candidates = append(candidates, list...)
	}
	var found []wire.Object
	for _, c := range candidates {
		if raw, ok := c.(wire.Object); ok && isInteractive(wire.Text(raw, "type")) {
			found = append(found, raw)
		}
	}
	return found
}

// NewElement is an element as it stands in a block.
func NewElement(block, raw wire.Object) Element {
	optional, _ := block["optional"].(bool)
	dispatch, _ := block["dispatch_action"].(bool)
	return Element{
		Block: wire.Text(block, "block_id"), Action: wire.Text(raw, "action_id"), Kind: wire.Text(raw, "type"),
		Input: wire.Text(block, "type") == "input", Optional: optional, Dispatch: dispatch, Raw: raw,
	}
}

func isInteractive(kind string) bool {
	return IsStateful(kind) || slices.Contains([]string{"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"}, kind)
}

// WithIDs gives every block and every interactive element that has no id a
// random one, as Slack does.
func WithIDs(raw json.RawMessage) json.RawMessage {
	blocks := Decode(raw)
	if len(blocks) == 0 {
		return nil
	}
	if !FillIDs(blocks) {
		return raw
	}
	return wire.Encode(blocks)
}

// FillIDs is WithIDs for blocks that are decoded already. It says whether an id was missing.
func FillIDs(blocks []any) bool {
	changed := false
	for _, b := range blocks {
		block, ok := b.(wire.Object)
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

func fill(o wire.Object, key string) bool {
	if wire.Text(o, key) != "" {
		return false
	}
	o[key] = wire.RandomHex(3)
	return true
}

// Find returns the element of that action, block, or block/action.
func Find(list []Element, action string) (Element, bool) {
	for _, el := range list {
		if el.Action == action || el.Block == action || el.Block+"/"+el.Action == action {
			return el, true
		}
	}
	return Element{}, false
}

// IsEmpty says whether a JSON list has nothing in it, or is none.
func IsEmpty(raw json.RawMessage) bool {
	return len(raw) == 0 || len(Decode(raw)) == 0
}

// Missing is the error that there is no element of that name.
func Missing(list []Element, action string) error {
	var there []string
	for _, el := range list {
		there = append(there, el.Action)
	}
	return fmt.Errorf("there is no element %q; there are %q", action, slices.Compact(there))
}
