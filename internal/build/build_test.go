package build

import (
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

func TestInfo(t *testing.T) {
	t.Parallel()
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "5b76343"}
	for _, test := range []struct {
		noted debug.BuildInfo
		want  string
	}{
		{debug.BuildInfo{}, "supporty unknown, commit unknown, unknown"},
		{debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.0"}, Settings: []debug.BuildSetting{revision}}, "supporty v1.2.0, commit 5b76343, go1.26.0"},
		{debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{revision, {Key: "vcs.modified", Value: "true"}}}, "supporty (devel), commit 5b76343+changes, go1.26.0"},
	} {
		t.Run(test.want, func(t *testing.T) {
			if got := from(&test.noted).String(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
	if got := Read().Go; got != runtime.Version() {
		t.Errorf("made by %s, which is %s", got, runtime.Version())
	}
}

// The toolchain records version and commit only if it finds the repository, so the image
// is built with the repository.
func TestImageIsBuiltFromTheRepository(t *testing.T) {
	t.Parallel()
	ignored, err := os.ReadFile("../../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(strings.Fields(string(ignored)), ".git") {
		t.Error(".dockerignore keeps .git out of the build")
	}
	recipe, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(recipe), "-buildvcs=true") {
		t.Error("the Dockerfile does not insist on the commit")
	}
}
