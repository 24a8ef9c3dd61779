package config

import (
	"context"
	"os"
	"time"
)

// fixed are the settings that hold until the program is started again: what was
// opened, connected and listened on at its start rests on them.
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
	// keep puts what is in from in its place in to, and reports whether it was
	// something else.
	keep func(from Config, to *Config) bool
}

func keep[T comparable](path string, place func(*Config) *T) fixedSetting {
	return fixedSetting{path, func(from Config, to *Config) bool {
		differs := *place(&from) != *place(to)
		*place(to) = *place(&from)
		return differs
	}}
}

// Become returns what a running program with the settings c makes of next: all of
// it but what needs a restart, which stays as it is in c and is named.
func (c Config) Become(next Config) (Config, []string) {
	var needRestart []string
	for _, f := range fixed {
		if f.keep(c, &next) {
			needRestart = append(needRestart, f.path)
		}
	}
	return next, needRestart
}

// File is a file whose content may change. It looks at the content, because what
// stands behind a name may be exchanged as a whole, as Kubernetes does.
type File struct {
	path  string
	known string
}

// WatchFile returns the file as it is now.
func WatchFile(path string) *File { return &File{path: path, known: content(path)} }

// Watch calls changed whenever the file says something else than before, until
// ctx is done. It looks every so often; a change is looked at once more before it
// counts, because it may not have been written to its end.
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

// content is empty if the file cannot be read just now.
func content(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(data)
}
