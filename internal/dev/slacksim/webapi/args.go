package webapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// args are the arguments of a call: strings as they are, everything else as JSON.
type args map[string]string

// readArgs reads a form body, a JSON body or a query, and the token, which may
// stand in the Authorization header or a form body, never in a query.
func readArgs(r *http.Request) (args, string, error) {
	a := args{}
	token := strings.TrimSpace(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer"))
	for key, values := range r.URL.Query() {
		a[key] = values[0]
	}
	delete(a, "token")
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		return a, token, fmt.Errorf("reading the call: %w", err)
	}
	if isJSON(r) {
		return a, token, a.readJSON(body)
	}
	if err := a.readForm(string(body)); err != nil {
		return a, token, err
	}
	token = cmp.Or(a["token"], token)
	delete(a, "token")
	return a, token, nil
}

func isJSON(r *http.Request) bool {
	contentType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return contentType == "application/json"
}

func (a args) readJSON(body []byte) error {
	if len(body) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return refuse("invalid_json")
	}
	for key, raw := range fields {
		var value string
		if json.Unmarshal(raw, &value) != nil {
			value = string(raw)
		}
		if value != "null" {
			a[key] = value
		}
	}
	delete(a, "token")
	return nil
}

func (a args) readForm(body string) error {
	form, err := url.ParseQuery(body)
	if err != nil {
		return refuse("invalid_form_data")
	}
	for key, values := range form {
		a[key] = values[0]
	}
	return nil
}

func (a args) flag(key string) bool { return a[key] == "true" || a[key] == "1" }

func (a args) number(key string, otherwise, most int) int {
	n, err := strconv.Atoi(a[key])
	if err != nil || n <= 0 {
		return otherwise
	}
	return min(n, most)
}

// json returns a JSON argument; nil if it is missing.
func (a args) json(key string) json.RawMessage {
	if a[key] == "" {
		return nil
	}
	return json.RawMessage(a[key])
}

// has says whether an argument was given at all, be it empty.
func (a args) has(key string) bool {
	_, ok := a[key]
	return ok
}
