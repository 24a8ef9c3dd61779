package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A parser's error completes the sentence `"value" …`: it says what is wrong with the
// value, and then what to write.

func text(raw any) (string, error) {
	value, ok := raw.(string)
	if !ok {
		return "", errors.New("is not a text; put it in quotes")
	}
	return strings.TrimSpace(value), nil
}

// line accepts a text on one line with a least and a greatest number of characters.
func line(least, most int) func(any) (string, error) {
	return func(raw any) (string, error) {
		value, err := text(raw)
		if err != nil {
			return "", err
		}
		switch length := utf8.RuneCountInString(value); {
		case length < least:
			return "", errors.New("is empty; write a word or two, or leave the setting out")
		case length > most:
			return "", fmt.Errorf("has %d characters; %d is the most", length, most)
		case strings.ContainsFunc(value, unicode.IsControl):
			return "", errors.New("is not one line of plain text; write it on one line")
		}
		return value, nil
	}
}

func boolean(raw any) (bool, error) {
	if value, ok := raw.(bool); ok {
		return value, nil
	}
	if value, ok := raw.(string); ok {
		if parsed, err := strconv.ParseBool(strings.TrimSpace(value)); err == nil {
			return parsed, nil
		}
	}
	return false, errors.New("is neither yes nor no; write true or false")
}

func fraction(raw any) (float64, error) {
	value, err := strconv.ParseFloat(strings.TrimSpace(fmt.Sprint(raw)), 64)
	if err != nil || !(value > 0 && value < 1) { // in this form NaN is refused too
		return 0, errors.New("is not between 0 and 1; write something like 0.75")
	}
	return value, nil
}

// ownFraction reads a fraction that may be empty: then a more general one applies.
func ownFraction(raw any) (float64, error) {
	if raw == "" {
		return 0, nil
	}
	return fraction(raw)
}

// ofHundred reads a number of 100.
func ofHundred(raw any) (int, error) {
	value, err := strconv.Atoi(strings.TrimSpace(fmt.Sprint(raw)))
	if err != nil || value < 0 || value > 100 {
		return 0, errors.New("is not a whole number from 0 to 100; write something like 100")
	}
	return value, nil
}

// multiple parses a factor by which the program is faster or slower.
func multiple(raw any) (float64, error) {
	value, err := strconv.ParseFloat(strings.TrimSpace(fmt.Sprint(raw)), 64)
	if err != nil || !(value >= 0.1 && value <= 1000) {
		return 0, errors.New("is not a number from 0.1 to 1000; write something like 1")
	}
	return value, nil
}

// mostSize is Slack's own limit.
// https://slack.com/help/articles/201330736-Add-files-to-Slack
const mostSize = 1 << 30

// size parses a number of bytes: 50 MB, 500 KB, 1 GB, or 0.
func size(raw any) (int64, error) {
	number, unit, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(fmt.Sprint(raw))), " ")
	value, err := strconv.ParseInt(number, 10, 32)
	bytes, known := map[string]int64{"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}[strings.TrimSpace(unit)]
	switch {
	case err == nil && value == 0 && (known || unit == ""):
		return 0, nil
	case err != nil || value < 0 || !known:
		return 0, errors.New("is not a size; write something like 50 MB, or 0")
	case value*bytes > mostSize:
		return 0, errors.New("is more than Slack takes; write 1 GB or less")
	}
	return value * bytes, nil
}

// duration accepts Go's syntax only. "1d" would be ambiguous on a day with a clock
// change.
func duration(least, most time.Duration) func(any) (time.Duration, error) {
	return func(raw any) (time.Duration, error) {
		if _, ok := raw.(int); ok {
			return 0, errors.New("has no unit; write something like 3h or 45m")
		}
		value, _ := raw.(string)
		parsed, err := time.ParseDuration(strings.TrimSpace(value))
		if err != nil {
			return 0, errors.New("is not a duration; write something like 3h or 45m")
		}
		if parsed < least || parsed > most {
			return 0, fmt.Errorf("is out of range; write something from %s to %s", brief(least), brief(most))
		}
		return parsed, nil
	}
}

// brief formats a duration as a person writes it: 5m, not 5m0s.
func brief(d time.Duration) string {
	short := d.String()
	if strings.HasSuffix(short, "m0s") {
		short = strings.TrimSuffix(short, "0s")
	}
	if strings.HasSuffix(short, "h0m") {
		short = strings.TrimSuffix(short, "0m")
	}
	return short
}

// named is one allowed word and its value.
type named[T any] struct {
	name  string
	value T
}

func choice[T any](name string, value T) named[T] { return named[T]{name, value} }

func oneOf[T any](choices ...named[T]) func(any) (T, error) {
	names := make([]string, len(choices))
	for i, c := range choices {
		names[i] = c.name
	}
	want := errors.New("is not a choice here; write " + strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1])
	return func(raw any) (T, error) {
		value, _ := raw.(string)
		for _, c := range choices {
			if strings.EqualFold(strings.TrimSpace(value), c.name) {
				return c.value, nil
			}
		}
		var none T
		return none, want
	}
}
