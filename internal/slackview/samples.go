package slackview

import (
	"embed"
	"io/fs"
)

// goldens are the files that the tests compare with.
//
//go:embed testdata/*.json
var goldens embed.FS

// Samples is everything this package can say, as its golden files: messages and
// modals as Slack would receive them, one a JSON file. The demo shows them beside
// each other.
func Samples() (fs.FS, error) { return fs.Sub(goldens, "testdata") }
