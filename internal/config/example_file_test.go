package config

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

const exampleFile = "../../config.example.yaml"

func TestExampleFileIsTheDefaults(t *testing.T) {
	t.Parallel()
	got, err := LoadOffline(exampleFile, []string{"HOME=/home/ada"})
	if err != nil {
		t.Fatalf("LoadOffline: %v", err)
	}
	want := Default()
	want.Database.DataDir = "/home/ada/.local/share/supporty/postgres"
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("example file (-defaults +example):\n%s", diff)
	}
}

func TestExampleFileNamesEverySetting(t *testing.T) {
	t.Parallel()
	var example map[string]any
	if err := yaml.Unmarshal(readExample(t), &example); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, path := range paths(settings) {
		want[path] = true
	}
	for _, path := range paths(priorityFields) {
		want["priorities."+path] = true
	}
	for _, path := range paths(hoursFields) {
		want["hours."+path] = true
	}
	for _, path := range paths(categoryFields) {
		want["categories."+path] = true
	}
	// The setting hours is a group, so the example names its fields.
	delete(want, "hours")
	delete(want, "priorities")
	delete(want, "categories")
	got := map[string]bool{}
	leaves("", example, got)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("settings named (-code +example):\n%s", diff)
	}
}

// Every line of the example file can also be set by the environment, which takes
// precedence. With these variables over a file with other values, Load returns what it
// returns for an empty file.
func TestExampleFileWorksFromTheEnvironment(t *testing.T) {
	t.Parallel()
	const otherwise = `mode: production
slack: {app_token: xapp-other, bot_token: xoxb-other, api_url: https://slack.example.com/api/, pace: 2}
channels: {support: other, digest: other}
database: {url: postgres://other/other, migrate: false, data_dir: /other}
http: {addr: 127.0.0.1:1}
command: /other
emoji: {claim: [wave], resolve: [tada], wait: [zzz]}
languages: [de]
direct_messages: messages
messages: "off"
messages_category: Data
files: {max_size: 1 KB}
hours: {zone: Europe/Paris, open: [Sat 10:00-11:00], holidays: [2026-01-02], country: AU, region: NSW}
priorities: [{name: P1, resolve: 59m}]
warn_at: 0.5
squads: [{name: Other}]
categories: [Data]
alerts: {group: other}
escalations: [{at: 100%, notify: duty}]
pages: [{name: other, url: "https://example.com/"}]
operators: [U0OTHER]
responders: {group: other}
urgent_line: other
digest: {schedule: "0 8 * * 2", zone: Europe/Paris}
sweep: {interval: 1s}
retention: {inputs: 8 days, words: forever, ended: 31 days}
log: {level: error, format: json}
`
	var example map[string]any
	if err := yaml.Unmarshal(readExample(t), &example); err != nil {
		t.Fatal(err)
	}
	// An empty variable counts as not set, so these have values, in the environment and
	// in the expected file.
	given := map[string]string{
		"slack.app_token": "xapp-1", "slack.bot_token": "xoxb-1", "channels.support": "help", "channels.digest": "weekly",
		"database.url": "host=db", "database.data_dir": "/data", "messages_category": "Other", "hours.zone": "Europe/London",
		"hours.open": "Mon-Fri 09:00-18:00,Sat 10:00-12:00", "hours.holidays": "2026-12-24, 2026-12-31", "hours.country": "DE", "hours.region": "BY",
		"alerts.group": "duty", "responders.group": "S0123", "urgent_line": "Call us.", "operators": "U0DANA",
		"squads": "[{name: Checkout, targets: [{name: P2, resolve: 2h}]}]", "escalations": "[{at: 50%, notify: owner}]", "pages": "[{name: duty, url: 'https://example.com/duty'}]",
	}
	want, environ := map[string]any{}, []string{"HOME=/home/ada"}
	for _, path := range settingPaths() {
		value := valueAt(example, path)
		if text, ok := given[path]; ok {
			value = text
		}
		text := fmt.Sprint(value)
		if list, ok := value.([]any); ok {
			text = inline(t, list)
		}
		environ = append(environ, variable(path)+"="+text)
		put(want, path, value)
	}
	for _, path := range []string{"squads", "escalations", "pages"} {
		want[path] = flow(want[path])
	}
	file, err := yaml.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	asWritten, err := decode(file, environ[:1], Config.check)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode([]byte(otherwise), environ, Config.check)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asWritten, got, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("from the environment (-file +environment):\n%s", diff)
	}
}

// settingPaths are the paths of all settings; for a group, the paths of its fields.
func settingPaths() []string {
	var all []string
	for _, path := range paths(settings) {
		if len(parts[path]) == 0 {
			all = append(all, path)
		}
		for _, part := range parts[path] {
			all = append(all, path+"."+part)
		}
	}
	return all
}

func valueAt(values map[string]any, path string) any {
	section, rest, below := strings.Cut(path, ".")
	if !below {
		return values[path]
	}
	return valueAt(values[section].(map[string]any), rest)
}

func put(values map[string]any, path string, value any) {
	section, rest, below := strings.Cut(path, ".")
	if !below {
		values[path] = value
		return
	}
	if values[section] == nil {
		values[section] = map[string]any{}
	}
	put(values[section].(map[string]any), rest, value)
}

// inline is a list on one line.
func inline(t *testing.T, list []any) string {
	t.Helper()
	node := yaml.Node{}
	if err := node.Encode(list); err != nil {
		t.Fatal(err)
	}
	node.Style = yaml.FlowStyle
	text, err := yaml.Marshal(&node)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// leaves collects the paths of all values; the items of a list share theirs.
func leaves(at string, value any, into map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for key, below := range value {
			leaves(strings.TrimPrefix(at+"."+key, "."), below, into)
		}
	case []any:
		if len(value) == 0 {
			into[at] = true
		}
		for _, item := range value {
			leaves(at, item, into)
		}
	default:
		into[at] = true
	}
}

func TestExampleFileExplainsEveryLine(t *testing.T) {
	t.Parallel()
	explained := false
	for number, line := range strings.Split(string(readExample(t)), "\n") {
		line = strings.TrimSpace(line)
		comment := strings.HasPrefix(line, "#")
		if line != "" && !comment && !explained {
			t.Errorf("line %d has no comment above it: %s", number+1, line)
		}
		explained = comment
	}
}

func readExample(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
