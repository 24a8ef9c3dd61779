package slacksim_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// Every belief has its source and its two readings written down, and the bot is tested
// under the one that is not the usual.
func TestBeliefsAreWrittenDownAndTested(t *testing.T) {
	t.Parallel()
	sources, readings, tests := read(t, "STRICTNESS.md"), read(t, "API.md"), testsOfTheBot(t)
	beliefs := reflect.TypeFor[slacksim.Beliefs]()
	for i := range beliefs.NumField() {
		name := beliefs.Field(i).Name
		row := "| `" + beliefs.Field(i).Tag.Get("json") + "` |"
		if !strings.Contains(sources, row) || !strings.Contains(readings, row) {
			t.Errorf("%s is not in STRICTNESS.md and API.md", name)
		}
		if !strings.Contains(tests, name) {
			t.Errorf("no test of the bot sets %s", name)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func testsOfTheBot(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "slacksim") {
			all.WriteString(read(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
