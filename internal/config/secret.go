package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that is never printed: formatting with any verb, logging and
// marshalling all give "[set]" or "[not set]". The zero value is not set.
//
// fmt cannot call methods on a value in an unexported field, so do not print a
// struct that keeps a Secret in one.
type Secret string

// Reveal returns the text itself. Call it only to pass the text to the code that needs
// it.
func (s Secret) Reveal() string { return string(s) }

// String says whether the secret is set.
func (s Secret) String() string {
	if s == "" {
		return "[not set]"
	}
	return "[set]"
}

// GoString keeps %#v from showing the text.
func (s Secret) GoString() string { return s.String() }

// Format covers every verb: without it, fmt shows the text when a verb does not fit, as in %d.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText keeps the text out of JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue keeps the text out of slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
