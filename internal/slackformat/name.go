package slackformat

import "strings"

// CalledName returns the first of the names that is not blank; "" if all are.
func CalledName(names ...string) string {
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" {
			return n
		}
	}
	return ""
}
