//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// firstRelease is the commit of version 0.1.0, written down because a clone may come without
// tags. The schema is frozen since: a program runs beside the one before from there on, and not
// beside what came earlier. Empty means that nothing is released yet.
const firstRelease = "96657c8f2117d0702d6cd677f9fb4572b7575540"

// versionBefore is the newest version that was released: by its tag, or the first one by its
// commit.
func versionBefore(t *testing.T) string {
	t.Helper()
	const unchecked = "SKIPPED, NOT CHECKED: the version before beside this one; "
	out, err := exec.Command("git", "describe", "--tags", "--abbrev=0", "--match", "v*").Output()
	switch {
	case err == nil:
		return strings.TrimSpace(string(out))
	case firstRelease == "":
		t.Skip(unchecked + "none is released yet")
	case exec.Command("git", "cat-file", "-e", firstRelease+"^{commit}").Run() != nil:
		t.Skip(unchecked + "this clone lacks " + firstRelease)
	}
	return firstRelease
}

// programOf builds a released version.
func programOf(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	source := filepath.Join(dir, "source")
	must(t, os.Mkdir(source, 0o755))
	top, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	must(t, err)
	archive := filepath.Join(dir, "source.tar")
	run(t, strings.TrimSpace(string(top)), "git", "archive", "-o", archive, version)
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
