package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Object is a JSON object under construction.
type Object = map[string]any

// Encode makes JSON of values that are known to have a JSON form.
func Encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("slacksim: encoding its own value: " + err.Error())
	}
	return b
}

// Decode reads JSON and keeps numbers as they are written.
func Decode(raw json.RawMessage, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("reading JSON: %w", err)
	}
	return nil
}

// Text reads a string property; "" if there is none.
func Text(o Object, key string) string {
	s, _ := o[key].(string)
	return s
}

// TextOf reads the text of a text object; "" if there is none.
func TextOf(o Object, key string) string {
	inner, _ := o[key].(Object)
	return Text(inner, "text")
}

// PutText sets a property unless the text is empty.
func PutText(o Object, key, value string) {
	if value != "" {
		o[key] = value
	}
}

// PutJSON sets a property unless there is nothing to set.
func PutJSON(o Object, key string, value json.RawMessage) {
	if len(value) > 0 {
		o[key] = value
	}
}
