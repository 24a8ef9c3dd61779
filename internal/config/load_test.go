package config_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/config"
)

// sameZone lets cmp compare configs: a time.Location has no exported fields.
var sameZone = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })

// needed is the least environment that Load accepts.
var needed = []string{
	"HOME=/home/ada",
	"SUPPORTY_SLACK_APP_TOKEN=xapp-1-A1",
	"SUPPORTY_SLACK_BOT_TOKEN=xoxb-1",
	"SUPPORTY_CHANNELS_SUPPORT=support",
}

// defaults is the result of Load for needed alone.
func defaults() config.Config {
	want := config.Default()
	want.Slack.AppToken = "xapp-1-A1"
	want.Slack.BotToken = "xoxb-1"
	want.Channels = config.Channels{Support: "support", Digest: "support"}
	want.Database.DataDir = "/home/ada/.local/share/supporty/postgres"
	return want
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// numbers is a list in the environment's form: 1,2,3.
func numbers(count int) string {
	words := make([]string, count)
	for i := range words {
		words[i] = strconv.Itoa(i + 1)
	}
	return strings.Join(words, ",")
}

func TestLoadReads(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		file   string
		env    []string
		change func(*config.Config)
	}{
		{name: "an empty file", change: func(*config.Config) {}},
		{name: "sections and settings without a value", file: "slack:\nmode:\ndigest:\n  zone:\n", change: func(*config.Config) {}},
		{name: "the file over the defaults", file: "mode: Production\ndatabase: {url: postgres://db/s, migrate: false}", change: func(c *config.Config) {
			c.Mode = config.Production
			c.Database.URL = "postgres://db/s"
			c.Database.Migrate = false
		}},
		{name: "a pace for a simulator", file: "slack: {pace: 20}", change: func(c *config.Config) { c.Slack.Pace = 20 }},
		{name: "the environment over the file", file: "sweep: {interval: 30s}\nwarn_at: 0.5", env: []string{"SUPPORTY_SWEEP_INTERVAL=2m", "SUPPORTY_WARN_AT=0.9"}, change: func(c *config.Config) {
			c.Sweep.Interval = 2 * time.Minute
			c.WarnAt = 0.9
		}},
		{name: "an empty variable is not set", file: "command: /desk", env: []string{"SUPPORTY_COMMAND="}, change: func(c *config.Config) {
			c.Command = "/desk"
		}},
		{name: "lists from the environment", env: []string{"SUPPORTY_EMOJI_CLAIM=eyes, :raising_hand: ,", "SUPPORTY_CATEGORIES=Billing,Access"}, change: func(c *config.Config) {
			c.Emoji["claim"] = []string{"eyes", "raising_hand"}
			c.Categories = []config.Category{{Name: "Billing"}, {Name: "Access"}}
		}},
		{name: "booleans and levels from the environment", env: []string{"SUPPORTY_DATABASE_MIGRATE=false", "SUPPORTY_LOG_LEVEL=WARN", "SUPPORTY_LOG_FORMAT=json"}, change: func(c *config.Config) {
			c.Database.Migrate = false
			c.Log = config.Log{Level: slog.LevelWarn, Format: config.JSON}
		}},
		{name: "a priority overrides only what it names", file: "Priorities:\n  - Name: p2\n    Resolve: 4h\n    alert_respond: true\n", change: func(c *config.Config) {
			c.Priorities[1].Resolve = config.Target{Open: 4 * time.Hour}
			c.Priorities[1].AlertRespond = true
		}},
		{name: "working days, and whose hours count", file: "priorities:\n  - {name: P1, hours: desk}\n  - {name: P2, resolve: 1 working day}\n  - {name: P3, resolve: 2 working days, respond: 1  working day, hours: Always}", change: func(c *config.Config) {
			c.Priorities[0].FollowsHours = true
			c.Priorities[1].Resolve = config.Target{Days: 1}
			c.Priorities[2].Resolve, c.Priorities[2].Respond = config.Target{Days: 2}, config.Target{Days: 1}
			c.Priorities[2].FollowsHours = false
		}},
		{name: "categories as words and as groups", file: "categories: [Billing, {name: Data, }]", change: func(c *config.Config) {
			c.Categories = []config.Category{{Name: "Billing"}, {Name: "Data"}}
		}},
		{name: "an emoji by another of its names", file: "emoji: {claim: [raised_hand], resolve: [':thumbsup:']}", change: func(c *config.Config) {
			c.Emoji["claim"], c.Emoji["resolve"] = []string{"hand"}, []string{"+1"}
		}},
		{name: "an empty list switches a gesture off", file: "emoji: {claim: []}", change: func(c *config.Config) {
			c.Emoji["claim"] = []string{}
		}},
		{name: "what people write along with a name", file: "channels: {digest: '#weekly'}\nalerts: {group: '@on-call'}\nresponders: {group: S0123}\nslack: {api_url: 'http://localhost:8080/api'}", change: func(c *config.Config) {
			c.Channels.Digest = "weekly"
			c.Alerts.Group = "on-call"
			c.Responders.Group = "S0123"
			c.Slack.APIURL = "http://localhost:8080/api/"
		}},
		{name: "squads with people", file: "squads: [{name: Checkout, group: '@checkout', members: [U0DANA, W0BOB], lead: U0ANN}, {name: Night, lead: ''}]", change: func(c *config.Config) {
			c.Squads = []config.Squad{{Name: "Checkout", Group: "checkout", Members: []string{"U0DANA", "W0BOB"}, Lead: "U0ANN"}, {Name: "Night"}}
		}},
		{name: "operators", file: "operators: [U0DANA, W0BOB]", change: func(c *config.Config) { c.Operators = []string{"U0DANA", "W0BOB"} }},
		{name: "any free port", file: `http: {addr: "127.0.0.1:0"}`, change: func(c *config.Config) { c.HTTP.Addr = "127.0.0.1:0" }},
		{name: "a server switched off in the file", file: `http: {addr: ""}`, change: func(c *config.Config) { c.HTTP.Addr = "" }},
		{name: "a server switched off by the environment", env: []string{"SUPPORTY_HTTP_ADDR=off"}, change: func(c *config.Config) { c.HTTP.Addr = "" }},
		{name: "the XDG data directory", env: []string{"XDG_DATA_HOME=/data"}, change: func(c *config.Config) {
			c.Database.DataDir = "/data/supporty/postgres"
		}},
		{name: "a relative XDG data directory is ignored", env: []string{"XDG_DATA_HOME=data"}, change: func(*config.Config) {}},
		{name: "root's home lets no database in", env: []string{"HOME=/root"}, change: func(c *config.Config) {
			c.Database.DataDir = "/var/lib/supporty/postgres"
		}},
		{name: "a data directory below the home", file: "database: {data_dir: ~/pg}", change: func(c *config.Config) {
			c.Database.DataDir = "/home/ada/pg"
		}},
		{name: "several database hosts", env: []string{"SUPPORTY_DATABASE_URL=postgres://u:p@a:5432,b:5432/s?target_session_attrs=read-write"}, change: func(c *config.Config) {
			c.Database.URL = "postgres://u:p@a:5432,b:5432/s?target_session_attrs=read-write"
		}},
		{name: "a database as key and value", env: []string{"SUPPORTY_DATABASE_URL=host=a,b dbname=s"}, change: func(c *config.Config) {
			c.Database.URL = "host=a,b dbname=s"
		}},
		{name: "variables that only share the prefix", env: []string{"SUPPORTY_SERVICE_HOST=10.0.0.1", "SUPPORTY_PORT=tcp://10.0.0.1:80", "SUPPORTY_SERVICE_PORT_METRICS=9090", "SUPPORTY_DB_PORT_5432_TCP_ADDR=10.0.0.2", "SUPPORTY_CONFIG=x"}, change: func(*config.Config) {}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := defaults()
			tt.change(&want)
			got, err := config.Load(write(t, tt.file), append(needed[:len(needed):len(needed)], tt.env...))
			if err != nil {
				t.Fatalf("Load: %v", err)
			}
			if diff := cmp.Diff(want, got, sameZone); diff != "" {
				t.Errorf("config (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadReadsZoneAndSchedule(t *testing.T) {
	t.Parallel()
	got, err := config.Load(write(t, "digest: {schedule: '30 8 * * FRI', zone: Europe/London}"), needed)
	if err != nil {
		t.Fatal(err)
	}
	if got.Digest.Schedule != "30 8 * * FRI" || got.Digest.Zone.String() != "Europe/London" {
		t.Errorf("digest = %+v", got.Digest)
	}
}

func TestLoadReadsSizes(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int64{"0": 0, "0 MB": 0, "500 KB": 500 << 10, "50 mb": 50 << 20, "1 GB": 1 << 30} {
		t.Run(value, func(t *testing.T) {
			cfg, err := config.Load("", append([]string{"SUPPORTY_FILES_MAX_SIZE=" + value}, needed...))
			if err != nil || cfg.Files.MaxSize != want {
				t.Errorf("%q is %d, %v", value, cfg.Files.MaxSize, err)
			}
		})
	}
}

func TestLoadReportsProblems(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		file string
		env  []string
		want string // lines, each with its newline
	}{
		{name: "several at once", file: "warn_at: 1\nsweep: {interval: 6m}\nlog: {level: loud}\nhttp: {adr: ''}", want: `
http.adr: is not a setting; did you mean http.addr?
warn_at: 1 is not between 0 and 1; write something like 0.75
sweep.interval: "6m" is out of range; write something from 1s to 5m
log.level: "loud" is not a choice here; write debug, info, warn or error
`},
		{name: "a section left out", file: "zone: UTC", want: "zone: is not a setting; did you mean digest.zone?\n"},
		{name: "far from anything", file: "colour: blue", want: "colour: is not a setting; config.example.yaml lists all of them\n"},
		{name: "far from anything, without a value", file: "colour:", want: "colour: is not a setting; config.example.yaml lists all of them\n"},
		{name: "a value for a section", file: "slack: xoxb-sekrit", want: "slack: has settings of its own; write them on the lines below it, indented\n"},
		{name: "a section for a value", file: "command: {name: /x}", want: "command: a group of settings is not a text; put it in quotes\n"},
		{name: "a misspelt variable", env: []string{"SUPPORTY_SLACK_BOTTOKEN=xoxb-sekrit"}, want: "SUPPORTY_SLACK_BOTTOKEN: is not a setting; did you mean SUPPORTY_SLACK_BOT_TOKEN?\n"},
		{name: "a variable that is none", env: []string{"SUPPORTY_SLACK_TOKEN=xoxb-sekrit", "SUPPORTY_HOURS_ZOEN=UTC"}, want: `
SUPPORTY_HOURS_ZOEN: is not a setting; did you mean SUPPORTY_HOURS_ZONE?
SUPPORTY_SLACK_TOKEN: is not a setting; config.example.yaml lists all of them
`},
		{name: "across sections, without guesses", file: "hours: {zone: Mars, holidays: [soon]}\nsquads: [{name: S, targets: [{name: P3, respond: 25h}]}]\ncategories: [{name: C, squad: T}, 7]\nmessages_category: D", env: []string{"SUPPORTY_SLACK_BOT_TOKEN=x"}, want: `
SUPPORTY_SLACK_BOT_TOKEN: [set] is not a token of this kind; it begins with xoxb-
hours.zone: "Mars" is not a time zone; write a name like Europe/London or UTC
hours.holidays[0]: "soon" is not a date; write something like 2026-12-25
categories[1]: 7 is not a text; put it in quotes
`},
		{name: "a wrong variable is named", env: []string{"SUPPORTY_WARN_AT=75%"}, want: "SUPPORTY_WARN_AT: \"75%\" is not between 0 and 1; write something like 0.75\n"},
		{name: "groups in the environment", env: []string{"SUPPORTY_PRIORITIES=[{Name: P1, resolv: 1h}]", "SUPPORTY_SQUADS=[{}]\nmode: production", "SUPPORTY_PAGES=[{"}, want: `
SUPPORTY_PRIORITIES[0].resolv: is not a setting; did you mean resolve?
SUPPORTY_SQUADS[0]: "[{}]\nmode: production" is not a group of settings; write name: and, below it, the others
SUPPORTY_PAGES[0]: "[{" is not a group of settings; write name: and, below it, the others
`},
		{name: "priorities in the environment", env: []string{"SUPPORTY_PRIORITIES=P1"}, want: `
SUPPORTY_PRIORITIES: "P1" is not a list of priorities; in the config file, write "- name: P1" and its settings below it
`},
		{name: "a priority's settings", file: "priorities:\n- name: P1\n- name: P2\n  resolve: 3 hourz\n  respond: 45\n  alert_respond: maybe\n  impcat: x\n  title: ''\n", want: `
priorities[1].impcat: is not a setting; did you mean impact?
priorities[1].title: "" is empty; write a word or two, or leave the setting out
priorities[1].resolve: "3 hourz" is not a duration; write something like 3h or 45m
priorities[1].respond: 45 has no unit; write something like 3h or 45m
priorities[1].alert_respond: "maybe" is neither yes nor no; write true or false
`},
		{name: "priorities that are not the three", file: "priorities: [{name: P4}, {resolve: 1h}, {name: P1}, {name: p1}, 7]", want: `
priorities[0].name: "P4" is not a priority; write P1, P2 or P3
priorities[1].name: "" is not a priority; write P1, P2 or P3
priorities[3].name: "p1" is already in the list; put its settings in one place
priorities[4].name: "" is not a priority; write P1, P2 or P3
`},
		{name: "an answer after the solution", file: "priorities: [{name: P2, resolve: 30m}]", want: "priorities: P2 is answered within 45m, later than it is solved, within 30m; write a shorter respond for it\n"},
		{name: "a target of no time", file: "priorities: [{name: P3, resolve: 0s, respond: 1d}]", want: `
priorities[0].resolve: "0s" is out of range; write something from 1s to 8760h
priorities[0].respond: "1d" is not a duration; write something like 3h or 45m
`},
		{name: "categories", file: "categories: [Data, data, {name: Ops, sqad: x}, {}, 404, '" + strings.Repeat("é", 76) + "']", want: `
categories[1]: "data" is already in the list, at categories[0]; name it once
categories[2].sqad: is not a setting; did you mean squad?
categories[3].name: is missing; write what the category is called
categories[4]: 404 is not a text; put it in quotes
categories[5]: "` + strings.Repeat("é", 60) + `…" has 76 characters; 75 is the most
`},
		{name: "no category", file: "categories: []", want: "categories: names no category; name at least one, or leave the setting out\n"},
		{name: "categories that are no list", file: "categories: {name: x}", want: "categories: a group of settings is not a list; write [one, two]\n"},
		{name: "emoji", file: "emoji: {claim: ['thumbsup::skin-tone-2', 👀, ':eyes:', eyes], resolve: [tick, eyes]}", want: `
emoji.claim[0]: "thumbsup::skin-tone-2" names a skin tone; write the emoji without it, every skin tone counts as the emoji itself
emoji.claim[1]: "👀" is not an emoji's name; write it as Slack shows it between colons, like eyes
emoji.claim[3]: "eyes" is already in the list, at emoji.claim[2]; name it once
emoji.resolve: "eyes" is also in emoji.claim; one emoji cannot mean both
`},
		{name: "an emoji by two of its names", file: "emoji: {claim: [thumbsup], resolve: ['+1']}", want: "emoji.resolve: \"+1\" is also in emoji.claim; one emoji cannot mean both\n"},
		{name: "one emoji for both", file: "emoji: {claim: [ok], resolve: [ok]}", want: "emoji.resolve: \"ok\" is also in emoji.claim; one emoji cannot mean both\n"},
		{name: "swapped tokens", env: []string{"SUPPORTY_SLACK_APP_TOKEN=xoxb-sekrit", "SUPPORTY_SLACK_BOT_TOKEN=xapp-sekrit"}, want: `
SUPPORTY_SLACK_APP_TOKEN: [set] is a bot token; it belongs in slack.bot_token (are the two swapped?)
SUPPORTY_SLACK_BOT_TOKEN: [set] is an app-level token; it belongs in slack.app_token (are the two swapped?)
`},
		{name: "other tokens", env: []string{"SUPPORTY_SLACK_APP_TOKEN=sekrit", "SUPPORTY_SLACK_BOT_TOKEN=xoxp-sekrit"}, want: `
SUPPORTY_SLACK_APP_TOKEN: [set] is not a token of this kind; it begins with xapp-
SUPPORTY_SLACK_BOT_TOKEN: [set] is a person's token; the bot needs tokens of its own
`},
		{name: "half tokens", env: []string{"SUPPORTY_SLACK_APP_TOKEN=xapp-", "SUPPORTY_SLACK_BOT_TOKEN=xoxe.xoxb-1-sekrit"}, want: `
SUPPORTY_SLACK_APP_TOKEN: [set] is only the beginning of a token; copy all of it
SUPPORTY_SLACK_BOT_TOKEN: [set] is a token that expires; switch token rotation off in the app's settings and install the app again
`},
		{name: "a token with a space", env: []string{"SUPPORTY_SLACK_BOT_TOKEN=xoxb-1 sekrit"}, want: "SUPPORTY_SLACK_BOT_TOKEN: [set] has a space or a line break in it; copy the token once more\n"},
		{name: "secrets in the wrong place", file: "channels: {digest: xoxb-Sekrit}\nalerts: {group: 'host=x password=sekrit'}\nresponders: {group: 'postgres://u:sekrit@h/s'}", want: `
channels.digest: "[hidden]" is not a channel; write its name, like support, or its id, like C0123456789
alerts.group: "host=x [hidden]" is not a user group; write its handle, like support-engineers, or its id, like S0123456789
responders.group: "[hidden]h/s" is not a user group; write its handle, like support-engineers, or its id, like S0123456789
`},
		{name: "operators by their names", file: "operators: [dana, U0BOB, U0BOB]", want: `
operators[0]: "dana" is not a person; write their id, like U0123456789 (in their profile, Copy member ID)
operators[2]: "U0BOB" is already in the list, at operators[1]; name it once
`},
		{name: "people of a squad by their names", file: "squads: [{name: Checkout, group: The team, members: [dana, U0BOB, U0BOB], lead: bob}]", want: `
squads[0].group: "The team" is not a user group; write its handle, like support-engineers, or its id, like S0123456789
squads[0].members[0]: "dana" is not a person; write their id, like U0123456789 (in their profile, Copy member ID)
squads[0].members[2]: "U0BOB" is already in the list, at squads[0].members[1]; name it once
squads[0].lead: "bob" is not a person; write their id, like U0123456789 (in their profile, Copy member ID)
`},
		{name: "a production without a database", file: "mode: production", want: "database.url: is not set; mode is production, which needs a Postgres of its own, like postgres://user:password@host:5432/supporty\n"},
		{name: "another database", file: "mode: production\ndatabase: {url: 'mysql://u:sekrit@h/s'}", want: "database.url: [set] is not a Postgres address; write postgres://user:password@host:5432/supporty, or host=… dbname=…\n"},
		{name: "no home", env: []string{"HOME="}, want: "database.data_dir: is not set, and the environment names no home directory; write where the embedded Postgres may keep its data\n"},
		{name: "addresses", file: "http: {addr: '9090'}\nslack: {api_url: slack.com}\ncommand: support", want: `
slack.api_url: "slack.com" is not the address of a Web API; write something like https://slack.com/api/
http.addr: "9090" is not host:port; write something like 127.0.0.1:9090, or "off"
command: "support" is not a slash command; write / and up to 31 small letters, digits, - or _, like /support
`},
		{name: "days without a unit", file: "retention: {inputs: 30}", want: "retention.inputs: 30 is not a number of days; write something like 30 days, or forever\n"},
		{name: "a time in hours", file: "retention: {words: 200h}", want: "retention.words: \"200h\" is not a number of days; write something like 30 days, or forever\n"},
		{name: "kept too short", file: "retention: {ended: 29 days}", want: "retention.ended: \"29 days\" is out of range; write something from 30 days to 3650 days, or forever\n"},
		{name: "a share of more than all", file: "survey: {share: 101}", want: "survey.share: 101 is not a whole number from 0 to 100; write something like 100\n"},
		{name: "a share that is no number", file: "survey: {share: all}", want: "survey.share: \"all\" is not a whole number from 0 to 100; write something like 100\n"},
		{name: "a size without a unit", file: "files: {max_size: 50}", want: "files.max_size: 50 is not a size; write something like 50 MB, or 0\n"},
		{name: "a size that is none", file: "files: {max_size: large}", want: "files.max_size: \"large\" is not a size; write something like 50 MB, or 0\n"},
		{name: "a size beyond Slack's", file: "files: {max_size: 2 GB}", want: "files.max_size: \"2 GB\" is more than Slack takes; write 1 GB or less\n"},
		{name: "messages that are neither", file: "messages: maybe", want: "messages: \"maybe\" is not a choice here; write ask, file or off\n"},
		{name: "messages of no category", file: "messages_category: Zoo", want: "messages_category: \"Zoo\" is not one of the categories; write one of their names, or leave it empty for the last one\n"},
		{name: "a pace that is none", file: "slack: {pace: fast}", want: "slack.pace: \"fast\" is not a number from 0.1 to 1000; write something like 1\n"},
		{name: "the urgent line", file: "urgent_line: \"a\\nb\"", want: `urgent_line: "a\nb" is not one line of plain text; write it on one line` + "\n"},
		{name: "a schedule that is none", file: "digest: {schedule: Mondays, zone: Mars/Olympus}", want: `
digest.schedule: "Mondays" is not a cron expression; write five fields, like "0 9 * * 1" for Monday at 09:00
digest.zone: "Mars/Olympus" is not a time zone; write a name like Europe/London or UTC
`},
		{name: "a schedule with a zone", file: "digest: {schedule: 'TZ=UTC', zone: Local}", want: `
digest.schedule: "TZ=UTC" names a zone; put the zone in digest.zone and only the five fields here
digest.zone: "Local" is not a time zone; write a name like Europe/London or UTC
`},
		{name: "a schedule tied to no hour", file: "digest: {schedule: '@every 1h'}", want: `digest.schedule: "@every 1h" is not a cron expression; write five fields, like "0 9 * * 1" for Monday at 09:00` + "\n"},
		{name: "a schedule that never comes", file: "digest: {schedule: '0 0 30 2 *'}", want: `digest.schedule: "0 0 30 2 *" never comes; write a day that exists, like "0 9 * * 1" for Monday at 09:00` + "\n"},
		{name: "more categories than a form holds", env: []string{"SUPPORTY_CATEGORIES=" + numbers(201)}, want: "SUPPORTY_CATEGORIES: names 201 categories; a form holds at most 200\n"},
		{name: "numbers for texts", file: "slack: {api_url: 1}\nchannels: {digest: 2}\nhttp: {addr: 9090}\nalerts: {group: 3}\nemoji: {claim: [100]}\ndigest: {schedule: 4, zone: 5}", want: `
slack.api_url: 1 is not a text; put it in quotes
channels.digest: 2 is not a text; put it in quotes
http.addr: 9090 is not a text; put it in quotes
emoji.claim[0]: 100 is not a text; put it in quotes
alerts.group: 3 is not a text; put it in quotes
digest.schedule: 4 is not a text; put it in quotes
digest.zone: 5 is not a text; put it in quotes
`},
		{name: "not YAML", file: "slack:\n\tbot_token: xoxb-sekrit", want: "config file: is not YAML; see line 2: found character that cannot start any token\n"},
		{name: "a template left as it was", file: "database: {url: {{ sekrit }}}", want: "config file: is not YAML; put values with any of { [ & * ! in quotes\n"},
		{name: "a file that is one value", file: "xoxb-sekrit", want: "config file: is not a list of settings, each written once as name: value; see line 1\n"},
		{name: "a setting written twice", file: "mode: production\nmode: development", want: "config file: is not a list of settings, each written once as name: value; see line 2\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(write(t, tt.file), append(needed[:len(needed):len(needed)], tt.env...))
			var problems config.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("Load: %v, want Problems", err)
			}
			if diff := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), problems.Error()+"\n"); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if strings.Contains(strings.ToLower(err.Error()), "sekrit") {
				t.Errorf("a secret is told: %v", err)
			}
		})
	}
}

func TestLoadReportsMissingSettings(t *testing.T) {
	t.Parallel()
	environ := []string{"HOME=/home/ada"}
	_, err := config.Load(write(t, "channels:\n  support: #support\n"), environ)
	want := config.Problems{
		{Path: "slack.app_token", Want: "is not set; write the app-level token (xapp-…), or set SUPPORTY_SLACK_APP_TOKEN"},
		{Path: "slack.bot_token", Want: "is not set; write the bot token (xoxb-…), or set SUPPORTY_SLACK_BOT_TOKEN"},
		{Path: "channels.support", Want: "is not set; write the channel's name without #, like support (in YAML, # begins a comment)"},
	}
	var got config.Problems
	if !errors.As(err, &got) {
		t.Fatalf("Load: %v, want Problems", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if _, err := config.LoadOffline("", environ); err != nil {
		t.Errorf("LoadOffline: %v", err)
	}
	if _, err := config.LoadOffline("", append(environ, "SUPPORTY_SLACK_BOT_TOKEN=x")); err == nil {
		t.Error("LoadOffline accepted a wrong token")
	}
}

func TestLoadNeedsTheFileItIsGiven(t *testing.T) {
	t.Parallel()
	_, err := config.Load(filepath.Join(t.TempDir(), "absent.yaml"), needed)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Load: %v, want %v", err, fs.ErrNotExist)
	}
}

func TestDefaultIsFresh(t *testing.T) {
	t.Parallel()
	before := fmt.Sprintf("%+v", config.Default())
	changed := config.Default()
	changed.Priorities[0].Title = "changed"
	changed.Emoji["claim"][0] = "changed"
	changed.Emoji["resolve"][0] = "changed"
	changed.Categories[0].Name = "changed"
	if diff := cmp.Diff(before, fmt.Sprintf("%+v", config.Default())); diff != "" {
		t.Errorf("a change to one default reached the next:\n%s", diff)
	}
}
