package config

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/sla"
)

// FuzzDecode tries any file and any value of a variable. Load must not panic, must report
// each problem in one line, and must return only valid settings.
func FuzzDecode(f *testing.F) {
	example, err := os.ReadFile(exampleFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example, "")
	for _, file := range []string{
		"", "[]", "null", "a: &a [*a]", "slack: {bot_token: xoxb-sekrit}", "slack.bot_token.x: xoxb-sekrit", "? [xoxb-sekrit] : b",
		"priorities: [{name: P1, resolve: 1}, [], null, {1: 2}]", "categories: [[], {name: []}]", "digest: {schedule: 'CRON_TZ=0'}",
		"hours: Mon-Fri 09:00-18:00 UTC", "hours: {zone: UTC, open: [Sat 22:00-06:00], holidays: [2026-12-24], country: DE, region: BY}",
		"hours: {open: {}}", "squads: [{name: S, targets: [{name: P1, hours: desk}]}]\ncategories: [{name: C, squad: S, clock: none}]", "priorities: [{name: P3, resolve: 2 working days, hours: always}]",
		"emoji: {claim: {a: b}}", "database: {url: !!binary c2Vrcml0}", "\"a\\nb\": 1", "2020-01-01: .nan",
	} {
		f.Add([]byte(file), "TZ=")
	}
	f.Fuzz(func(t *testing.T, file []byte, value string) {
		environ := []string{"HOME=/h", "SUPPORTY_DIGEST_SCHEDULE=" + value, "SUPPORTY_EMOJI_CLAIM=" + value, "SUPPORTY_HOURS=" + value}
		cfg, err := decode(file, environ, Config.check)
		if err != nil {
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("not a list of problems: %v", err)
			}
			if lines := strings.Count(err.Error(), "\n") + 1; lines != len(problems) {
				t.Errorf("%d problems on %d lines:\n%v", len(problems), lines, err)
			}
			return
		}
		if len(cfg.Priorities) != 3 || len(cfg.Categories) == 0 || cfg.Digest.Zone == nil || !strings.HasSuffix(cfg.Slack.APIURL, "/") {
			t.Errorf("accepted %+v", cfg)
		}
		if _, err := sla.NewCalendar(cfg.Hours); err != nil {
			t.Errorf("accepted %+v: %v", cfg.Hours, err)
		}
		for _, p := range cfg.Priorities {
			if p.Respond == (Target{}) || p.Resolve == (Target{}) {
				t.Errorf("accepted %+v", p)
			}
		}
	})
}

func TestDurationsAreTakenAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := time.Duration(rapid.Int64Range(int64(time.Second), int64(5*time.Minute)).Draw(t, "interval"))
		cfg, err := decode([]byte("sweep: {interval: "+want.String()+"}"), []string{"HOME=/h"})
		if err != nil || cfg.Sweep.Interval != want {
			t.Fatalf("%s was read as %s, %v", want, cfg.Sweep.Interval, err)
		}
	})
}

func TestBriefIsTheSameDuration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := time.Duration(rapid.Int64Range(0, int64(longestTarget/time.Second)).Draw(t, "seconds")) * time.Second
		got, err := time.ParseDuration(brief(want))
		if err != nil || got != want {
			t.Fatalf("brief(%s) = %q: %s, %v", want, brief(want), got, err)
		}
	})
}

func TestDistance(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"mode", "mode", 0}, {"mode", "mod", 1}, {"mode", "moed", 2},
		{"adr", "addr", 1}, {"abc", "xyz", 3}, {"a", "abcdef", 5},
	}
	got := map[string]int{}
	want := map[string]int{}
	for _, tt := range tests {
		got[tt.a+"→"+tt.b], want[tt.a+"→"+tt.b] = distance(tt.a, tt.b), tt.want
		got[tt.b+"→"+tt.a], want[tt.b+"→"+tt.a] = distance(tt.b, tt.a), tt.want
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("distance (-want +got):\n%s", diff)
	}
}

func TestEverySettingHasItsOwnVariable(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, path := range paths(settings) {
		if other, ok := seen[variable(path)]; ok {
			t.Errorf("%s and %s are both %s", path, other, variable(path))
		}
		seen[variable(path)] = path
	}
	if _, ok := seen["SUPPORTY_SLACK_APP_TOKEN"]; !ok {
		t.Error("slack.app_token is not SUPPORTY_SLACK_APP_TOKEN")
	}
}
