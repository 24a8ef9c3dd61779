//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lastTag is the newest version that was released.
func lastTag(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("git", "describe", "--tags", "--abbrev=0", "--match", "v*").Output()
	if err != nil {
		t.Skip("SKIPPED, NOT CHECKED: the version before beside this one; no version is tagged here")
	}
	return strings.TrimSpace(string(out))
}

// programOf builds a released version.
func programOf(t *testing.T, tag string) string {
	t.Helper()
	dir := t.TempDir()
	source := filepath.Join(dir, "source")
	must(t, os.Mkdir(source, 0o755))
	top, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	must(t, err)
	archive := filepath.Join(dir, "source.tar")
	run(t, strings.TrimSpace(string(top)), "git", "archive", "-o", archive, tag)
	run(t, source, "tar", "xf", archive)
	built := filepath.Join(dir, "supporty")
	run(t, source, "go", "build", "-trimpath", "-o", built, "./cmd/supporty")
	return built
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	command := exec.Command(name, args...)
	command.Dir, command.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
