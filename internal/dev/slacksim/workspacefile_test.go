package slacksim

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim/workspace"
)

func TestTheExampleIsAWorkspace(t *testing.T) {
	t.Parallel()
	cfg, err := LoadConfig("workspace.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	srv, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	s := srv.State()
	if got := srv.AppToken() + " " + srv.BotToken(); got != "xapp-1-example xoxb-example" {
		t.Errorf("the tokens are %s", got)
	}
	carol, erin, george, hana := s.Person("carol"), s.Person("erin"), s.Person("george"), s.Person("hana")
	if carol.Presence != "away" || carol.StatusEmoji != ":palm_tree:" || carol.TZ != "Asia/Kolkata" {
		t.Errorf("carol is %+v", carol)
	}
	if !erin.Restricted || !s.Person("fay").UltraRestricted || !george.Deactivated || hana.TeamID != "T0PARTNER" {
		t.Errorf("erin is %+v, george %+v, hana %+v", erin, george, hana)
	}
	if c := s.Channel("support"); len(c.Members) != 4 || c.Topic != "Ask here" || !s.Channel("security").Private || !s.Channel("old-plans").Archived || !s.Channel("partner").External {
		t.Errorf("the channels are %+v", s.Channels)
	}
	if len(s.Usergroups) != 2 || len(s.Usergroups[0].Members) != 1 || !s.Usergroups[1].Disabled {
		t.Errorf("the groups are %+v", s.Usergroups)
	}
}

// TestTheExampleHasEveryKey keeps the example whole: each setting that a file
// can make is not zero in it, but for what is off there and says so.
func TestTheExampleHasEveryKey(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("workspace.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range []keys{
		configKeys(&Config{}), beliefKeys(&Beliefs{}), personKeys(&Person{}), channelKeys(&Channel{}), usergroupKeys(&Usergroup{}), commandKeys(&Command{}), shortcutKeys(&Shortcut{}),
	} {
		for key := range known {
			if !strings.Contains(string(data), key+":") {
				t.Errorf("%s is not in the example", key)
			}
		}
	}
}

func TestWhatAFileLeavesOut(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{"nothing": "", "a comment": "# nothing", "a key alone": "people:", "tokens": "bot_token: xoxb-1"} {
		t.Run(name, func(t *testing.T) {
			cfg, err := parseConfig([]byte(file))
			if err != nil {
				t.Errorf("%v", err)
			}
			if diff := cmp.Diff(DefaultWorkspace(), cfg.Workspace); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
	cfg, err := parseConfig([]byte("people: [{name: zoe}]"))
	if err != nil || cfg.Workspace.Channels != nil || !reflect.DeepEqual(cfg.Workspace.People, []Person{{Name: "zoe"}}) {
		t.Errorf("%+v, %v", cfg.Workspace, err)
	}
}

func TestWhatIsWrongWithAFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ file, want string }{
		{"people: 3", `people: "3" should be a list`},
		{"- people", `: a list should be a mapping`},
		{"colour: red", "colour: is not known here; there are app_token, beliefs, bot, bot_token, channels, commands, domain, home_off, people, rate_limits, scopes, shortcuts, steps, team, usergroups"},
		{"people: [alice]", `people[0]: "alice" should be a mapping`},
		{"people: [{name: zoe}, {tz: Europe/Lundon}]", "people[1].tz: \"Europe/Lundon\" should be a time zone, such as Europe/London\npeople[1].name: is missing"},
		{"people: [{name: '@zoe'}]", `people[0].name: "@zoe" should be a handle: small letters, digits, dots, - and _, without @`},
		{"people: [{name: zoe}, {name: zoe}, {name: supporty}]", "people[1].name: \"zoe\" is taken; each should be another\npeople[2].name: \"supporty\" is taken; each should be another"},
		{"people: [{name: zoe, admin: perhaps, presence: gone}]", "people[0].admin: \"perhaps\" should be true or false\npeople[0].presence: \"gone\" should be active or away"},
		{"people: [{name: zoe}]\nchannels: [{name: support, members: [zoe, supporty, zed]}]", `channels[0].members[2]: "zed" is nobody; there are zoe, supporty`},
		{"people: [{name: zoe}]\nusergroups: [{handle: oncall, members: [supporty]}]", `usergroups[0].members[0]: "supporty" is nobody; there are zoe`},
		{"channels: [{name: Support Desk}]", `channels[0].name: "Support Desk" should be a channel's name: small letters, digits, - and _, at most 80`},
		{"channels: [{name: support, members: zoe}]", `channels[0].members: "zoe" should be a list of names`},
		{"app_token: xoxb-1\nbot_token: [x]", "app_token: \"xoxb-1\" should begin with xapp-\nbot_token: a list should be a text"},
		{"commands: [{name: support}]", `commands[0].name: "support" should begin with /`},
	} {
		t.Run(test.file, func(t *testing.T) {
			_, err := parseConfig([]byte(test.file))
			if err == nil || err.Error() != test.want {
				t.Errorf("%s:\n%v\nwant\n%s", test.file, err, test.want)
			}
		})
	}
	if _, err := parseConfig([]byte("people: [")); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a file that is no YAML: %v", err)
	}
	if _, err := LoadConfig(filepath.Join(t.TempDir(), "absent.yaml")); err == nil || !strings.Contains(err.Error(), "absent.yaml") {
		t.Errorf("a file that is not there: %v", err)
	}
}

func FuzzConfigFile(f *testing.F) {
	example, err := os.ReadFile("workspace.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add([]byte("people: &p [{name: a, members: *p}]"))
	f.Fuzz(func(_ *testing.T, file []byte) {
		if cfg, err := parseConfig(file); err == nil {
			workspace.NewStore(cfg.Workspace, "", cfg.withDefaults().Now)
		}
	})
}
