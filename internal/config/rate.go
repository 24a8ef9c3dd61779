package config

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Rate is an amount of money, and how its currency is written.
type Rate struct {
	Amount        float64
	Before, After string // such as "£", or " EUR"
}

// amount is a number with its currency before or behind it.
var amount = regexp.MustCompile(`^([^\d\s<>&]{1,4})? ?(\d{1,7}(?:\.\d{1,2})?)(?: ?([^\d\s<>&]{1,4}))?$`)

// rate parses an amount of money. The empty text is none.
func rate(raw any) (Rate, error) {
	text := strings.TrimSpace(fmt.Sprint(raw))
	if text == "" {
		return Rate{}, nil
	}
	m := amount.FindStringSubmatch(text)
	if m == nil || (m[1] == "") == (m[3] == "") {
		return Rate{}, errors.New("is not an amount with its currency; write something like £60, or 60 EUR")
	}
	value, err := strconv.ParseFloat(m[2], 64)
	if err != nil || value == 0 {
		return Rate{}, errors.New("is no amount; write something like £60, or leave it empty")
	}
	r := Rate{Amount: value, Before: m[1]}
	if m[3] != "" {
		r.After = " " + m[3]
	}
	return r, nil
}
