package slackview

import (
	"embed"
	"io/fs"
)

// goldens are the files that the tests compare with.
//
//go:embed testdata/*.json
var goldens embed.FS

// Samples is everything that this package can render, as its golden files: messages and
// modals as Slack would receive them, one a JSON file. The demo shows all of them on a
// page.
func Samples() (fs.FS, error) { return fs.Sub(goldens, "testdata") }
