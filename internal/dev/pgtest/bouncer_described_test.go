//go:build unix

package pgtest

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var iniBlock = regexp.MustCompile("(?s)```ini\n(.*?)```")

// TestBouncerIsAsDescribed: the tests use the settings that the documents give operators,
// line by line. PgBouncer reads a comment behind a value as a part of the value.
func TestBouncerIsAsDescribed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	found := iniBlock.FindStringSubmatch(string(text))
	if found == nil {
		t.Fatal("docs/operating.md has no configuration of PgBouncer")
	}
	tested := strings.Split(bouncerConfig, "\n")
	for line := range strings.Lines(found[1]) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(line, "#") && !slices.Contains(tested, line) {
			t.Errorf("docs/operating.md says %q, which is not what is tested", line)
		}
	}
}
