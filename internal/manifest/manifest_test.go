package manifest_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"supporty/internal/manifest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestYAMLMatchesGoldenFile(t *testing.T) {
	t.Parallel()
	for name, params := range map[string]manifest.Params{
		"manifest.yaml": {}, "manifest_workflow.yaml": {Workflow: true}, "manifest_web.yaml": {Redirect: "https://support.example.com/sign-in/callback"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkGolden(t, name, params)
		})
	}
}

func checkGolden(t *testing.T, name string, params manifest.Params) {
	t.Helper()
	got, err := manifest.YAML(params)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}

// schema is the part of Slack's schema 2.0.0 that the manifest uses, with its limits.
// Decoding is strict, as in Slack: unknown keys are an error.
type schema struct {
	Metadata struct {
		Major int `yaml:"major_version"`
		Minor int `yaml:"minor_version"`
	} `yaml:"_metadata"`
	Display struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
	} `yaml:"display_information"`
	Features struct {
		AppHome struct {
			Home     bool `yaml:"home_tab_enabled"`
			Messages bool `yaml:"messages_tab_enabled"`
			ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		Bot struct {
			DisplayName  string `yaml:"display_name"`
			AlwaysOnline bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		Shortcuts []shortcut `yaml:"shortcuts"`
		Commands  []command  `yaml:"slash_commands"`
	} `yaml:"features"`
	Functions map[string]struct {
		Title       string               `yaml:"title"`
		Description string               `yaml:"description"`
		Inputs      map[string]parameter `yaml:"input_parameters"`
		Outputs     map[string]parameter `yaml:"output_parameters"`
	} `yaml:"functions"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			Enabled bool `yaml:"is_enabled"`
		} `yaml:"interactivity"`
		SocketMode    bool `yaml:"socket_mode_enabled"`
		OrgDeploy     bool `yaml:"org_deploy_enabled"`
		TokenRotation bool `yaml:"token_rotation_enabled"`

		Runtime string `yaml:"function_runtime"`
	} `yaml:"settings"`
}

type parameter struct {
	Name        string `yaml:"name"`
	Type        string `yaml:"type"`
	Title       string `yaml:"title"`
	Description string `yaml:"description"`
	Required    bool   `yaml:"is_required"`
}

type shortcut struct {
	Name        string `yaml:"name"`
	Type        string `yaml:"type"`
	CallbackID  string `yaml:"callback_id"`
	Description string `yaml:"description"`
}

type command struct {
	Command     string `yaml:"command"`
	Description string `yaml:"description"`
	UsageHint   string `yaml:"usage_hint"`
	Escape      bool   `yaml:"should_escape"`
}

func parse(t *testing.T, p manifest.Params) schema {
	t.Helper()
	text, err := manifest.YAML(p)
	if err != nil {
		t.Fatalf("YAML: %v", err)
	}
	var m schema
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&m); err != nil {
		t.Fatalf("parsing the manifest: %v\n%s", err, text)
	}
	return m
}

var displayName = regexp.MustCompile(`^[a-z0-9._-]{1,80}$`)

// obeySlack checks the rules of docs.slack.dev/reference/app-manifest.
func obeySlack(t *testing.T, m schema) {
	t.Helper()
	checkLength := func(what, text string, least, most int) {
		t.Helper()
		if n := utf8.RuneCountInString(text); n < least || n > most {
			t.Errorf("%s has %d characters, want %d to %d: %q", what, n, least, most, text)
		}
	}
	checkLength("name", m.Display.Name, 1, 35)
	checkLength("description", m.Display.Description, 1, 140)
	if m.Metadata.Major != 2 || m.Metadata.Minor != 1 {
		t.Errorf("version is %d.%d, want 2.1", m.Metadata.Major, m.Metadata.Minor)
	}
	if !displayName.MatchString(m.Features.Bot.DisplayName) {
		t.Errorf("display name %q is not one that Slack takes", m.Features.Bot.DisplayName)
	}
	for _, s := range m.Features.Shortcuts {
		checkLength("shortcut", s.Name, 1, 24)
		checkLength("shortcut's description", s.Description, 1, 150)
		checkLength("callback id", s.CallbackID, 1, 255)
	}
	for _, c := range m.Features.Commands {
		checkLength("command", c.Command, 2, 32)
		checkLength("command's description", c.Description, 1, 2000)
		checkLength("usage hint", c.UsageHint, 1, 1000)
	}
	if len(m.Features.Shortcuts) > 10 || len(m.Features.Commands) > 50 || len(m.OAuth.Scopes.Bot) > 255 || len(m.Settings.Events.Bot) > 100 {
		t.Error("the manifest has more items than Slack takes")
	}
}

func TestYAMLObeysSlack(t *testing.T) {
	t.Parallel()
	m := parse(t, manifest.Params{})
	obeySlack(t, m)
	var shortcuts []string
	for _, s := range m.Features.Shortcuts {
		shortcuts = append(shortcuts, s.Type+" "+s.CallbackID)
	}
	if diff := cmp.Diff([]string{"message ticket_from_message", "global ticket_new"}, shortcuts); diff != "" {
		t.Errorf("shortcuts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(manifest.Events, m.Settings.Events.Bot); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if !m.Settings.SocketMode || !m.Settings.Interactivity.Enabled || !m.Features.AppHome.Home || !m.Features.AppHome.Messages || m.Features.AppHome.ReadOnly {
		t.Errorf("something that the bot needs is off: %+v %+v", m.Settings, m.Features.AppHome)
	}
}

// The step of workflows is there on request alone, with its event, and makes the app org-ready.
func TestYAMLHasTheStepOnRequest(t *testing.T) {
	t.Parallel()
	m := parse(t, manifest.Params{Workflow: true})
	obeySlack(t, m)
	step := m.Functions[manifest.CallbackStep]
	if len(step.Inputs) != 5 || len(step.Outputs) != 2 || !step.Inputs[manifest.StepTitle].Required || step.Inputs[manifest.StepText].Required {
		t.Errorf("the step is %+v", step)
	}
	if !m.Settings.OrgDeploy || m.Settings.Runtime != "remote" || !slices.Contains(m.Settings.Events.Bot, "function_executed") {
		t.Errorf("the settings are %+v", m.Settings)
	}
	if m := parse(t, manifest.Params{}); m.Functions != nil || m.Settings.OrgDeploy || m.Settings.Runtime != "" {
		t.Errorf("without it: %+v", m)
	}
}

// A category can have a shortcut of its own, whatever its name contains.
func TestShortcutsOfCategories(t *testing.T) {
	t.Parallel()
	own := manifest.Shortcut{Name: `"Ask": #1 `, Callback: "ticket_new_1", Category: strings.Repeat("é", 74) + `"`}
	m := parse(t, manifest.Params{Shortcuts: slices.Repeat([]manifest.Shortcut{own}, 8)})
	obeySlack(t, m)
	want := shortcut{Name: own.Name, Type: "global", CallbackID: own.Callback, Description: "Open a ticket: " + own.Category}
	if diff := cmp.Diff(slices.Repeat([]shortcut{want}, 8), m.Features.Shortcuts[2:]); diff != "" {
		t.Errorf("shortcuts (-want +got):\n%s", diff)
	}
}

func TestYAMLGivesAReasonForEachScope(t *testing.T) {
	t.Parallel()
	text, err := manifest.YAML(manifest.Params{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, scope := range manifest.Scopes {
		names = append(names, scope.Name)
		if line := "\n      - " + scope.Name + " # " + scope.Why + "\n"; scope.Why == "" || !strings.Contains(string(text), line) {
			t.Errorf("%s comes without its reason %q", scope.Name, scope.Why)
		}
	}
	if diff := cmp.Diff(names, parse(t, manifest.Params{}).OAuth.Scopes.Bot); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

// What user groups of who is on duty need is asked for on request alone.
func TestYAMLAsksForDutyGroupsOnRequest(t *testing.T) {
	t.Parallel()
	m := parse(t, manifest.Params{DutyGroups: true})
	obeySlack(t, m)
	ordinary := parse(t, manifest.Params{}).OAuth.Scopes.Bot
	if diff := cmp.Diff(append(slices.Clone(ordinary), "usergroups:write"), m.OAuth.Scopes.Bot); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

// What private tickets need is asked for on request alone.
func TestYAMLAsksForPrivateTicketsOnRequest(t *testing.T) {
	t.Parallel()
	m := parse(t, manifest.Params{Private: true})
	obeySlack(t, m)
	ordinary := parse(t, manifest.Params{}).OAuth.Scopes.Bot
	if diff := cmp.Diff(append(slices.Clone(ordinary), "groups:write"), m.OAuth.Scopes.Bot); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
	if slices.Contains(ordinary, "groups:write") {
		t.Error("everybody is asked for it")
	}
}

// eventScopes lists for each event the scopes of which Slack requires one. Source: the
// pages of the events below docs.slack.dev/reference/events.
var eventScopes = map[string][]string{
	"message.channels":        {"channels:history"},
	"message.groups":          {"groups:history"},
	"message.im":              {"im:history"},
	"app_mention":             {"app_mentions:read"},
	"app_home_opened":         nil,
	"reaction_added":          {"reactions:read"},
	"reaction_removed":        {"reactions:read"},
	"member_joined_channel":   {"channels:read", "groups:read"},
	"member_left_channel":     {"channels:read", "groups:read"},
	"user_change":             {"users:read"},
	"channel_unarchive":       {"channels:read"},
	"group_unarchive":         {"groups:read"},
	"subteam_members_changed": {"usergroups:read"},
	"app_uninstalled":         nil,
	"tokens_revoked":          nil,
}

func TestEveryEventHasItsScope(t *testing.T) {
	t.Parallel()
	granted := func(name string) bool {
		return slices.ContainsFunc(manifest.Scopes, func(s manifest.Scope) bool { return s.Name == name })
	}
	for _, event := range manifest.Events {
		scopes, known := eventScopes[event]
		if !known {
			t.Errorf("nobody has looked up which scope %s needs", event)
		}
		if len(scopes) > 0 && !slices.ContainsFunc(scopes, granted) {
			t.Errorf("%s needs one of %v", event, scopes)
		}
	}
	for event := range eventScopes {
		if !slices.Contains(manifest.Events, event) {
			t.Errorf("%s is not asked for", event)
		}
	}
}

func TestYAMLTakesParams(t *testing.T) {
	t.Parallel()
	tests := []struct {
		params  manifest.Params
		display string
	}{
		{manifest.Params{AppName: "Help Desk", Command: "/help-desk"}, "help-desk"},
		{manifest.Params{AppName: `Bob's "desk": #1 <&>`, Command: "/d"}, "bob-s-desk-1"},
		{manifest.Params{AppName: "サポート", Command: "/support"}, "supporty"},
		{manifest.Params{AppName: strings.Repeat("é", 35), Command: "/" + strings.Repeat("x", 31)}, "supporty"},
	}
	for _, tt := range tests {
		t.Run(tt.params.AppName, func(t *testing.T) {
			t.Parallel()
			m := parse(t, tt.params)
			obeySlack(t, m)
			got := manifest.Params{AppName: m.Display.Name, Command: m.Features.Commands[0].Command}
			if diff := cmp.Diff(tt.params, got); diff != "" {
				t.Errorf("params (-want +got):\n%s", diff)
			}
			if m.Features.Bot.DisplayName != tt.display {
				t.Errorf("display name is %q, want %q", m.Features.Bot.DisplayName, tt.display)
			}
		})
	}
}

func TestYAMLRefusesLikeSlack(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		params manifest.Params
		want   string
	}{
		"a long name":      {manifest.Params{AppName: strings.Repeat("x", 36)}, "longer than 35 characters"},
		"an empty name":    {manifest.Params{AppName: " "}, "not one line of plain text"},
		"a broken name":    {manifest.Params{AppName: "a\xff"}, "not one line of plain text"},
		"two lines":        {manifest.Params{AppName: "a\nb"}, "not one line of plain text"},
		"no slash":         {manifest.Params{Command: "support"}, "not a slash command"},
		"two words":        {manifest.Params{Command: "/support me"}, "not a slash command"},
		"a long command":   {manifest.Params{Command: "/" + strings.Repeat("x", 32)}, "not a slash command"},
		"only the slash":   {manifest.Params{Command: "/"}, "not a slash command"},
		"a capital letter": {manifest.Params{Command: "/Support"}, "not a slash command"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := manifest.YAML(tt.params)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("YAML: %v, want one that says %q", err, tt.want)
			}
		})
	}
}

func FuzzYAML(f *testing.F) {
	f.Add("Supporty", "/support")
	f.Add("a: {b} # \"c\" \\", "/x")
	f.Fuzz(func(t *testing.T, name, command string) {
		params := manifest.Params{AppName: name, Command: command}
		if _, err := manifest.YAML(params); err == nil {
			obeySlack(t, parse(t, params))
		}
	})
}
