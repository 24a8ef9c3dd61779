package config_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/config"
)

func TestBecome(t *testing.T) {
	t.Parallel()
	old := defaults()
	for _, test := range []struct {
		name    string
		change  func(*config.Config)
		taken   bool
		restart []string
	}{
		{"nothing", func(*config.Config) {}, true, nil},
		{"targets", func(c *config.Config) { c.Priorities = c.Priorities[:1]; c.WarnAt = 0.5 }, true, nil},
		{"where the digest goes", func(c *config.Config) { c.Channels.Digest = "weekly" }, true, nil},
		{"where the tickets are", func(c *config.Config) { c.Channels.Support = "help" }, false, []string{"channels.support"}},
		{"several that need a restart", func(c *config.Config) {
			c.Slack.BotToken, c.Database.URL, c.HTTP.Addr, c.Sweep.Interval, c.Mode, c.Log.Format = "x", "y", "z", 1, config.Production, config.JSON
		}, false, []string{"mode", "slack", "database", "http", "sweep", "log"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			next := defaults()
			test.change(&next)
			got, restart := old.Become(next)
			if diff := cmp.Diff(test.restart, restart); diff != "" {
				t.Errorf("needs a restart (-want +got):\n%s", diff)
			}
			want := old
			if test.taken {
				want = next
			}
			if diff := cmp.Diff(want, got, sameZone); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		})
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	path := write(t, "mode: development\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	changed, ended := make(chan struct{}), make(chan struct{})
	file := config.WatchFile(path)
	go func() {
		defer close(ended)
		file.Watch(ctx, time.Millisecond, func() { changed <- struct{}{} })
	}()
	replace := func(text string) {
		t.Helper()
		if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{"mode: production\n", "mode: development\n"} {
		replace(text)
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("nobody was told of %q", text)
		}
	}
	cancel()
	<-ended
}
