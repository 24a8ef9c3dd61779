package slacksim

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"supporty/internal/dev/slacksim/workspace"
)

// LoadConfig reads a workspace from a YAML file; workspace.example.yaml has all
// of its keys. What the file leaves out is as in the zero Config, people and
// channels together. The error names everything that is wrong with the file, a
// line each: where, what stands there, and what would be right.
func LoadConfig(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("reading the workspace: %w", err)
	}
	return parseConfig(data)
}

func parseConfig(data []byte) (Config, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return Config{}, fmt.Errorf("reading the workspace: %w", err)
	}
	var cfg Config
	r := &fileReader{}
	if len(root.Content) > 0 {
		r.read("", root.Content[0], mapInto(configKeys(&cfg)))
	}
	w := &cfg.Workspace
	if w.People == nil && w.Channels == nil {
		standard := DefaultWorkspace()
		w.People, w.Channels, w.Usergroups = standard.People, standard.Channels, standard.Usergroups
	}
	if w.Team == "" {
		w.Team = DefaultWorkspace().Team
	}
	r.checkWorkspace(*w)
	if len(r.problems) > 0 {
		return Config{}, errors.New(strings.Join(r.problems, "\n"))
	}
	return cfg, nil
}

func configKeys(c *Config) keys {
	w := &c.Workspace
	return keys{
		"team": textInto(&w.Team), "domain": textInto(&w.Domain, fits(domainName, "should be the part before .slack.com")),
		"bot":       textInto(&w.Bot, handle),
		"app_token": textInto(&c.AppToken, begins("xapp-")), "bot_token": textInto(&c.BotToken, begins("xoxb-")),
		"scopes":      textsInto(&c.Scopes),
		"rate_limits": boolInto(&c.Limits.On),
		"home_off":    boolInto(&c.HomeDisabled),
		"beliefs":     mapInto(beliefKeys(&c.Beliefs)),
		"people":      listInto(&w.People, personKeys),
		"channels":    listInto(&w.Channels, channelKeys),
		"usergroups":  listInto(&w.Usergroups, usergroupKeys),
		"commands":    listInto(&c.Commands, commandKeys),
		"shortcuts":   listInto(&c.Shortcuts, shortcutKeys),
		"steps":       listInto(&c.Steps, stepKeys),
	}
}

func beliefKeys(b *Beliefs) keys {
	return keys{
		"root_mention_follows":  boolInto(&b.RootMentionFollows),
		"direct_thread_mute":    boolInto(&b.DirectThreadMute),
		"private_named":         boolInto(&b.PrivateNamed),
		"files_at_once":         boolInto(&b.FilesAtOnce),
		"complete_again":        boolInto(&b.CompleteAgain),
		"drops_missed":          boolInto(&b.DropsMissed),
		"tombstone_is_anothers": boolInto(&b.TombstoneIsAnothers),
		"commands_escaped":      boolInto(&b.CommandsEscaped),
		"options_escaped":       boolInto(&b.OptionsEscaped),
		"events_lack_payload":   boolInto(&b.EventsLackPayload),
		"reads_lack_metadata":   boolInto(&b.ReadsLackMetadata),
		"archive_takes_out":     boolInto(&b.ArchiveTakesOut),
		"guests_invited":        boolInto(&b.GuestsInvited),
	}
}

func personKeys(p *Person) keys {
	return keys{
		"name": textInto(&p.Name, handle), "real_name": textInto(&p.RealName), "email": textInto(&p.Email),
		"tz": textInto(&p.TZ, zone), "admin": boolInto(&p.Admin), "deactivated": boolInto(&p.Deactivated),
		"restricted": boolInto(&p.Restricted), "ultra_restricted": boolInto(&p.UltraRestricted),
		"presence":    textInto(&p.Presence, presence),
		"status_text": textInto(&p.StatusText), "status_emoji": textInto(&p.StatusEmoji, fits(emojiCode, "should be an emoji's name between colons, such as :palm_tree:")),
		"team_id": textInto(&p.TeamID),
	}
}

func channelKeys(c *Channel) keys {
	return keys{
		"name": textInto(&c.Name, channel), "topic": textInto(&c.Topic),
		"private": boolInto(&c.Private), "archived": boolInto(&c.Archived), "external": boolInto(&c.External), "members": textsInto(&c.Members),
	}
}

func usergroupKeys(g *Usergroup) keys {
	return keys{"handle": textInto(&g.Handle, handle), "name": textInto(&g.Name), "members": textsInto(&g.Members), "disabled": boolInto(&g.Disabled), "admins": boolInto(&g.Admins)}
}

func commandKeys(c *Command) keys {
	return keys{"name": textInto(&c.Name, begins("/")), "description": textInto(&c.Description), "hint": textInto(&c.Hint), "escape": boolInto(&c.Escape)}
}

func shortcutKeys(s *Shortcut) keys {
	return keys{"callback": textInto(&s.Callback), "name": textInto(&s.Name), "global": boolInto(&s.Global)}
}

func stepKeys(s *WorkflowStep) keys {
	return keys{"callback": textInto(&s.Callback), "name": textInto(&s.Name), "inputs": listInto(&s.Inputs, stepInputKeys)}
}

func stepInputKeys(i *StepInput) keys {
	return keys{
		"name": textInto(&i.Name), "title": textInto(&i.Title), "hint": textInto(&i.Hint),
		"person": boolInto(&i.Person), "required": boolInto(&i.Required),
	}
}

var (
	domainName  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	channelName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]+$`)
	handleName  = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}._-]*$`)
	emojiCode   = regexp.MustCompile(`^:[a-z0-9_+'-]+:$`)
)

func fits(pattern *regexp.Regexp, want string) func(string) string {
	return func(text string) string {
		if pattern.MatchString(text) {
			return ""
		}
		return want
	}
}

// channel counts the characters beside the pattern, which would take megabytes with {1,80}.
func channel(text string) string {
	const want = "should be a channel's name: small letters, digits, - and _, at most 80"
	if utf8.RuneCountInString(text) > 80 {
		return want
	}
	return fits(channelName, want)(text)
}

func handle(text string) string {
	return fits(handleName, "should be a handle: small letters, digits, dots, - and _, without @")(text)
}

func begins(prefix string) func(string) string {
	return func(text string) string {
		if strings.HasPrefix(text, prefix) && len(text) > len(prefix) {
			return ""
		}
		return "should begin with " + prefix
	}
}

func zone(text string) string {
	if _, err := time.LoadLocation(text); err != nil {
		return "should be a time zone, such as Europe/London"
	}
	return ""
}

func presence(text string) string {
	if text == "active" || text == "away" {
		return ""
	}
	return "should be active or away"
}

// checkWorkspace looks at what refers to each other: names that are missing,
// taken twice, or nobody's.
func (r *fileReader) checkWorkspace(w Workspace) {
	bot := w.Bot
	if bot == "" {
		bot = workspace.DefaultBot
	}
	people := names(w.People, func(p Person) string { return p.Name })
	r.checkNames("people", "name", append([]string{bot}, people...), 1)
	r.checkNames("channels", "name", names(w.Channels, func(c Channel) string { return c.Name }), 0)
	r.checkNames("usergroups", "handle", names(w.Usergroups, func(g Usergroup) string { return g.Handle }), 0)
	for i, c := range w.Channels {
		r.checkMembers(fmt.Sprintf("channels[%d].members", i), c.Members, append(people, bot))
	}
	for i, g := range w.Usergroups {
		r.checkMembers(fmt.Sprintf("usergroups[%d].members", i), g.Members, people)
	}
}

func names[T any](list []T, name func(T) string) []string {
	found := make([]string, len(list))
	for i, item := range list {
		found[i] = name(item)
	}
	return found
}

// checkNames wants each name once. The first of them stand for what is no item
// of the list.
func (r *fileReader) checkNames(path, key string, list []string, before int) {
	for i, name := range list {
		item := fmt.Sprintf("%s[%d]", path, i-before)
		at := item + "." + key
		switch {
		case name == "" && !r.said(item) && !r.said(at):
			r.say(at, "is missing")
		case name != "" && slices.Index(list, name) < i:
			r.say(at, fmt.Sprintf("%q is taken; each should be another", name))
		}
	}
}

// said tells whether a place has been complained of.
func (r *fileReader) said(path string) bool {
	return slices.ContainsFunc(r.problems, func(p string) bool { return strings.HasPrefix(p, path+":") })
}

func (r *fileReader) checkMembers(path string, members, people []string) {
	for i, member := range members {
		if !slices.Contains(people, strings.TrimPrefix(member, "@")) {
			r.say(fmt.Sprintf("%s[%d]", path, i), fmt.Sprintf("%q is nobody; there are %s", member, strings.Join(people, ", ")))
		}
	}
}
