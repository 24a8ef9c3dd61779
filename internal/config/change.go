package config

import (
	"context"
	"os"
	"time"
)

// fixed are the settings that need a restart, because connections, sockets and listeners
// are made from them at the start.
var fixed = []fixedSetting{
	keep("mode", func(c *Config) *Mode { return &c.Mode }),
	keep("slack", func(c *Config) *Slack { return &c.Slack }),
	keep("channels.support", func(c *Config) *string { return &c.Channels.Support }),
	keep("database", func(c *Config) *Database { return &c.Database }),
	keep("http", func(c *Config) *HTTP { return &c.HTTP }),
	keep("sweep", func(c *Config) *Sweep { return &c.Sweep }),
	keep("log", func(c *Config) *Log { return &c.Log }),
}

type fixedSetting struct {
	path string
	// keep copies the setting from one Config to another, and reports whether its value
	// was different there.
	keep func(from Config, to *Config) bool
}

func keep[T comparable](path string, place func(*Config) *T) fixedSetting {
	return fixedSetting{path, func(from Config, to *Config) bool {
		differs := *place(&from) != *place(to)
		*place(to) = *place(&from)
		return differs
	}}
}

// Become returns the settings that a running program with the settings c takes from next:
// all that need no restart. The names of changed settings that need one are returned as
// well.
func (c Config) Become(next Config) (Config, []string) {
	var needRestart []string
	for _, f := range fixed {
		if f.keep(c, &next) {
			needRestart = append(needRestart, f.path)
		}
	}
	return next, needRestart
}

// File is a file whose content may change. It compares content, because the file behind a
// name may be replaced as a whole, as Kubernetes does.
type File struct {
	path  string
	known string
}

// WatchFile returns the file with its present content.
func WatchFile(path string) *File { return &File{path: path, known: content(path)} }

// Watch calls changed whenever the content of the file has changed, until ctx is done. It
// reads the file periodically. After a change it reads the file once more before the
// change counts, because the file may be half written.
func (f *File) Watch(ctx context.Context, every time.Duration, changed func()) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for seen := f.known; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := content(f.path)
		if now != "" && now != f.known && now == seen {
			f.known = now
			changed()
		}
		seen = now
	}
}

// content is the content of the file, or "" if it cannot be read at present.
func content(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(data)
}
