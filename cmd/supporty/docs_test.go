package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages are the documents about the program.
func pages(t *testing.T) map[string]string {
	t.Helper()
	files := []string{"../../config.example.yaml"}
	for _, pattern := range []string{"../../*.md", "../../docs/*.md", "../../docs/*/*.md", "../../internal/dev/slacksim/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(text)
	}
	return texts
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s#]+)`)
	target  = regexp.MustCompile("(?m)(?:^|`)make ([a-z]+)")
	command = regexp.MustCompile("(?m)(?:^|`|\\$ |\"|bin/)supporty ([a-z]+)(?: ([a-z]+))?([^`\"#\n]*)")
	flag    = regexp.MustCompile(`--([a-z][a-z-]*)`)
)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for page, text := range pages(t) {
		for _, found := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), found[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}

func TestCommandsInDocumentsExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for page, text := range pages(t) {
		for _, found := range target.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(string(makefile), "\n"+found[1]+":") {
				t.Errorf("%s: make knows no %s", page, found[1])
			}
		}
		for _, found := range command.FindAllStringSubmatch(text, -1) {
			c, rest, err := rootCommand().Find(strings.Fields(found[1] + " " + found[2]))
			if err != nil || c.HasSubCommands() && len(rest) > 0 {
				t.Errorf("%s: there is no %q", page, found[0])
				continue
			}
			for _, option := range flag.FindAllStringSubmatch(found[3], -1) {
				if c.Flags().Lookup(option[1]) == nil && c.InheritedFlags().Lookup(option[1]) == nil {
					t.Errorf("%s: %s has no --%s", page, c.CommandPath(), option[1])
				}
			}
		}
	}
}

// TestReadmeIsShort: what it is and how to begin is read; what is long is not.
func TestReadmeIsShort(t *testing.T) {
	t.Parallel()
	if n := len(strings.Fields(pages(t)["../../README.md"])); n == 0 || n >= 900 {
		t.Errorf("the README has %d words; what does not fit into 900 belongs into docs/", n)
	}
}
