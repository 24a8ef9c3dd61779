package layout

import (
	"testing"

	"supporty/internal/dev/slacksim/wire"
)

// nobody knows no names.
type nobody struct{}

func (nobody) References(names []string) []string { return names }

func (nobody) Chosen(Element, []string) (any, error) { return nil, nil }

// People cannot send what Slack's own checks refuse.
func TestTypedInput(t *testing.T) {
	t.Parallel()
	whole := wire.Object{"is_decimal_allowed": false, "min_value": "1", "max_value": "10"}
	decimal := wire.Object{"is_decimal_allowed": true}
	for _, test := range []struct {
		kind, given, want string
		raw               wire.Object
	}{
		{"number_input", "3.5", "", decimal},
		{"number_input", "3", "", whole},
		{"number_input", "", "", whole},
		{"number_input", "three", `number_input "it": takes a number, not "three"`, decimal},
		{"number_input", "3.5", `number_input "it": takes a whole number, not "3.5"`, whole},
		{"number_input", "0", `number_input "it": takes no number below 1`, whole},
		{"number_input", "11", `number_input "it": takes no number above 10`, whole},
		{"url_text_input", "https://example.com/a?b=1", "", nil},
		{"url_text_input", "example.com", `url_text_input "it": takes the address of a page, not "example.com"`, nil},
		{"email_text_input", "ann@example.com", "", nil},
		{"email_text_input", "ann", `email_text_input "it": takes an e-mail address, not "ann"`, nil},
		{"datepicker", "2026-11-30", "", nil},
		{"datepicker", "", "", nil},
		{"datepicker", "30 Nov", `datepicker "it": takes something like 2026-11-30, not "30 Nov"`, nil},
		{"timepicker", "9:75", `timepicker "it": takes something like 09:30, not "9:75"`, nil},
	} {
		got := ""
		if _, err := (Element{Kind: test.kind, Action: "it", Raw: test.raw}).Entered(test.given, nobody{}); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s of %q: %q, want %q", test.kind, test.given, got, test.want)
		}
	}
}
