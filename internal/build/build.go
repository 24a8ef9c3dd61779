// Package build names this program's version, as the Go toolchain recorded it. Nothing of
// the product may enter.
package build

import (
	"cmp"
	"fmt"
	"runtime/debug"
)

// Info names a program. No field is empty: a value that was not recorded is "unknown".
type Info struct {
	// Version is the tag that it was built from, or a version made of its commit's time.
	Version string
	// Commit is the commit that it was built from, with "+changes" if files had been
	// changed.
	Commit string
	// Go is the version of Go that built it.
	Go string
}

// Read returns the Info of this program.
func Read() Info {
	noted, ok := debug.ReadBuildInfo()
	if !ok {
		noted = &debug.BuildInfo{}
	}
	return from(noted)
}

// String is one line.
func (i Info) String() string {
	return fmt.Sprintf("supporty %s, commit %s, %s", i.Version, i.Commit, i.Go)
}

func from(noted *debug.BuildInfo) Info {
	settings := map[string]string{}
	for _, s := range noted.Settings {
		settings[s.Key] = s.Value
	}
	i := Info{
		Version: cmp.Or(noted.Main.Version, "unknown"),
		Commit:  cmp.Or(settings["vcs.revision"], "unknown"),
		Go:      cmp.Or(noted.GoVersion, "unknown"),
	}
	if settings["vcs.modified"] == "true" {
		i.Commit += "+changes"
	}
	return i
}
