package layout

import (
	"encoding/json"
	"maps"

	"supporty/internal/dev/slacksim/wire"
)

// StateValues is view.state.values: block id, then action id, then the value.
type StateValues map[string]map[string]map[string]any

// Set keeps what an element holds.
func (values StateValues) Set(el Element, value wire.Object) {
	if values[el.Block] == nil {
		values[el.Block] = map[string]wire.Object{}
	}
	values[el.Block][el.Action] = value
}

// Clone copies them, so that the original is not changed with the copy.
func (values StateValues) Clone() StateValues {
	copied := StateValues{}
	for block, actions := range values {
		copied[block] = maps.Clone(actions)
	}
	return copied
}

// EscapedOptions is the state with the chosen options escaped.
func EscapedOptions(values StateValues) any {
	var copied any
	_ = json.Unmarshal(wire.Encode(values), &copied) // which it has just written
	escapeOptions(copied)
	return copied
}

func escapeOptions(v any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			escapeOptions(one)
		}
	case wire.Object:
		_, isOption := v["text"].(wire.Object)
		for key, inner := range v {
			if said, ok := inner.(string); ok && (key == "text" || isOption && key == "value") {
				v[key] = Escaper.Replace(said)
			}
			escapeOptions(inner)
		}
	}
}
