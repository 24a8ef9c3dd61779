package config

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

const exampleFile = "../../config.example.yaml"

func TestExampleFileIsTheDefaults(t *testing.T) {
	t.Parallel()
	got, err := LoadOffline(exampleFile, []string{"HOME=/home/ada"})
	if err != nil {
		t.Fatalf("LoadOffline: %v", err)
	}
	want := Default()
	want.Database.DataDir = "/home/ada/.local/share/supporty/postgres"
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("example file (-defaults +example):\n%s", diff)
	}
}

func TestExampleFileNamesEverySetting(t *testing.T) {
	t.Parallel()
	var example map[string]any
	if err := yaml.Unmarshal(readExample(t), &example); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, path := range paths(settings) {
		want[path] = true
	}
	for _, path := range paths(priorityFields) {
		want["priorities."+path] = true
	}
	for _, path := range paths(hoursFields) {
		want["hours."+path] = true
	}
	for _, path := range paths(categoryFields) {
		want["categories."+path] = true
	}
	// What consists of groups is named by their fields, so it is no leaf itself.
	delete(want, "hours")
	delete(want, "priorities")
	delete(want, "categories")
	got := map[string]bool{}
	leaves("", example, got)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("settings named (-code +example):\n%s", diff)
	}
}

// leaves collects the paths of all values; the items of a list share theirs.
func leaves(at string, value any, into map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for key, below := range value {
			leaves(strings.TrimPrefix(at+"."+key, "."), below, into)
		}
	case []any:
		if len(value) == 0 {
			into[at] = true
		}
		for _, item := range value {
			leaves(at, item, into)
		}
	default:
		into[at] = true
	}
}

func TestExampleFileExplainsEveryLine(t *testing.T) {
	t.Parallel()
	explained := false
	for number, line := range strings.Split(string(readExample(t)), "\n") {
		line = strings.TrimSpace(line)
		comment := strings.HasPrefix(line, "#")
		if line != "" && !comment && !explained {
			t.Errorf("line %d has no comment above it: %s", number+1, line)
		}
		explained = comment
	}
}

func readExample(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
