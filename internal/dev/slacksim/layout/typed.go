package layout

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// typed says for each element of which Slack checks the input itself what it takes. A
// person cannot send anything else.
//
//   - https://docs.slack.dev/reference/block-kit/block-elements/number-input-element
//   - https://docs.slack.dev/reference/block-kit/block-elements/url-input-element
//   - https://docs.slack.dev/reference/block-kit/block-elements/email-input-element
//   - https://docs.slack.dev/reference/block-kit/block-elements/date-picker-element
//   - https://docs.slack.dev/reference/block-kit/block-elements/time-picker-element
var typed = map[string]func(el Element, given string) error{
	"number_input":     number,
	"url_text_input":   address,
	"email_text_input": email,
	"datepicker":       func(_ Element, given string) error { return moment(given, time.DateOnly, "2026-11-30") },
	"timepicker":       func(_ Element, given string) error { return moment(given, "15:04", "09:30") },
}

func number(el Element, given string) error {
	n, err := strconv.ParseFloat(given, 64)
	if err != nil {
		return fmt.Errorf("takes a number, not %q", given)
	}
	if decimals, _ := el.Raw["is_decimal_allowed"].(bool); !decimals && strings.Contains(given, ".") {
		return fmt.Errorf("takes a whole number, not %q", given)
	}
	if least, ok := limit(el, "min_value"); ok && n < least {
		return fmt.Errorf("takes no number below %v", least)
	}
	if most, ok := limit(el, "max_value"); ok && n > most {
		return fmt.Errorf("takes no number above %v", most)
	}
	return nil
}

// limit reads a limit of a number, which is written as a string.
func limit(el Element, name string) (float64, bool) {
	var text string
	switch raw := el.Raw[name].(type) {
	case string:
		text = raw
	case json.Number:
		text = raw.String()
	default:
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

func address(_ Element, given string) error {
	if u, err := url.Parse(given); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("takes the address of a page, not %q", given)
	}
	return nil
}

func email(_ Element, given string) error {
	if a, err := mail.ParseAddress(given); err != nil || a.Address != given {
		return fmt.Errorf("takes an e-mail address, not %q", given)
	}
	return nil
}

func moment(given, layout, example string) error {
	if _, err := time.Parse(layout, given); err != nil && given != "" {
		return fmt.Errorf("takes something like %s, not %q", example, given)
	}
	return nil
}
