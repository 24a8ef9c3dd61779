package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigCheckNamesTheMinuteOutOfOrder(t *testing.T) {
	t.Setenv("SUPPORTY_SLACK_APP_TOKEN", "xapp-1-A1-1-abc")
	t.Setenv("SUPPORTY_SLACK_BOT_TOKEN", "xoxb-1-abc")
	t.Setenv("SUPPORTY_CHANNELS_SUPPORT", "support")
	for text, want := range map[string]string{
		"priorities: [{name: P1, resolve: 4h}]":                   "priorities: P1 is solved within 4h, P2 within 3h; but filed ",
		"priorities: [{name: P1, resolve: 30m}]":                  "",
		"warn_at: 2\npriorities: [{name: P1, resolve: 4h}]":       "warn_at: 2 is not between 0 and 1",
		"mode: production\npriorities: [{name: P1, resolve: 4h}]": "database.url: is not set; mode is production, which needs a Postgres of its own, like postgres://user:password@host:5432/supporty\npriorities: P1 is solved within 4h, P2 within 3h; but filed ",
	} {
		file := filepath.Join(t.TempDir(), "supporty.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c := rootCommand()
		c.SetArgs([]string{"config", "check", "--config", file})
		c.SetOut(t.Output())
		if err := c.Execute(); (err != nil) != (want != "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
