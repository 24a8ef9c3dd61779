package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var mapped = regexp.MustCompile("(?m)^\\| `((?:cmd|internal|migrations)[a-z0-9/]*)` \\|")

// TestMapHasEveryPackage: CONTRIBUTING.md lists every package, since readers begin there.
func TestMapHasEveryPackage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	var onMap []string
	for _, found := range mapped.FindAllStringSubmatch(string(text), -1) {
		onMap = append(onMap, found[1])
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "../../...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for p := range strings.FieldsSeq(string(out)) {
		there = append(there, strings.TrimPrefix(p, "supporty/"))
	}
	for _, p := range there {
		if !slices.Contains(onMap, p) {
			t.Errorf("CONTRIBUTING.md has no line about %s", p)
		}
	}
	for i, p := range onMap {
		if !slices.Contains(there, p) {
			t.Errorf("CONTRIBUTING.md has a line about %s, which is gone", p)
		}
		if slices.Index(onMap, p) != i {
			t.Errorf("CONTRIBUTING.md has two lines about %s", p)
		}
	}
}

var (
	named  = regexp.MustCompile("`([a-z0-9_/]+\\.(?:go|md|yaml))`(?: \\(([^)]*)\\))?")
	within = regexp.MustCompile("`(?:[A-Za-z]+\\.)?([A-Za-z]+)`")
)

// TestRecipesNameExistingFiles: every file in a recipe exists, and so does every name
// behind it.
func TestRecipesNameExistingFiles(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range named.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\n", " "), -1) {
		source, err := os.ReadFile(filepath.Join("../..", found[1]))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, name := range within.FindAllStringSubmatch(found[2], -1) {
			if !strings.Contains(string(source), name[1]) {
				t.Errorf("CONTRIBUTING.md: %s has no %s", found[1], name[1])
			}
		}
	}
}
