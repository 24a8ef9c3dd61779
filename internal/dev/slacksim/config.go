package slacksim

import (
	"context"
	"io/fs"
	"time"

	"supporty/internal/dev/slacksim/wire"
)

// Config says how the simulated Slack behaves. The zero value is a small
// company (see [Workspace]) on a free local port, with Slack's timings and
// without rate limits.
type Config struct {
	Addr      string    // host:port to listen on; "" means 127.0.0.1:0
	Open      bool      // other machines, and other names of this one, may reach it and be everybody
	Workspace Workspace // who and what is there at the start

	// Now is the business time: it stamps messages and events. Nil means
	// time.Now. It may jump forward; stamps never run back. Everything that
	// Slack times for itself (acknowledgements, triggers, pings, limits,
	// response_urls) is real time whatever Now says. It is called under the
	// server's lock, by several readers at once, and must not call the server.
	Now func() time.Time

	// File keeps the workspace between runs: it is read at the start, if it
	// exists, in place of Workspace, and written when something has changed and
	// at Close. "" keeps nothing.
	File string

	AppToken string   // "" generates one beginning xapp-1-
	BotToken string   // "" generates one beginning xoxb-
	Scopes   []string // granted to the bot token; nil means DefaultScopes
	Limits   Limits

	// RetryDelays are the waits before each repetition of an event that was
	// not acknowledged; nil means Slack's: at once, 1 min, 5 min.
	RetryDelays []time.Duration
	AckTimeout  time.Duration // 0 means 3 s
	TriggerLife time.Duration // how long a trigger opens a form; 0 means 3 s
	PingEvery   time.Duration // 0 means 10 s

	// SignIn is the app's registration for "Sign in with Slack".
	SignIn SignIn

	// Beliefs are readings of what Slack does not document.
	Beliefs Beliefs

	// HomeDisabled takes the Home tab away: views.publish answers not_enabled.
	HomeDisabled bool

	// What the app has registered, and the page offers. Nil means those of
	// DefaultCommands, DefaultShortcuts and DefaultSteps. The server itself accepts any.
	Commands  []Command
	Shortcuts []Shortcut
	Steps     []WorkflowStep // of workflows

	// Time lets people move the business time; nil takes its controls away.
	Time TimeControl

	// Toggles are switches, by name, for what can go wrong beside Slack, such
	// as "database away". They are called with the wished state.
	Toggles map[string]func(ctx context.Context, on bool) error

	// Progress tells how far something that is prepared in the background has
	// come, such as example history. Done is at least total when it is over.
	// It must be quick. Nil means that nothing is prepared.
	Progress func() (done, total int, what string)

	// Links lead to pages beside the workspace, from its own page.
	Links []Link

	// Samples are messages and views of the bot as JSON files, shown on /kit.
	Samples fs.FS
}

// SignIn is the app's registration for "Sign in with Slack".
type SignIn struct {
	ClientID, ClientSecret string   // "" generates them
	Redirects              []string // where people may be led back; nil means any address on this machine
}

// DefaultCommands is what a support desk registers.
func DefaultCommands() []Command {
	return []Command{{Name: "/support", Description: "Open a support ticket", Hint: "[what is wrong, or help]", Escape: true}}
}

// DefaultShortcuts is what a support desk registers.
func DefaultShortcuts() []Shortcut {
	return []Shortcut{
		{Callback: "ticket_from_message", Name: "Open a support ticket"},
		{Callback: "ticket_new", Name: "Open a support ticket", Global: true},
	}
}

// DefaultSteps is what a support desk offers for workflows.
func DefaultSteps() []WorkflowStep {
	return []WorkflowStep{{Callback: "open_ticket", Name: "Open a support ticket", Inputs: []StepInput{
		{Name: "requester", Title: "Who needs it", Person: true, Required: true},
		{Name: "title", Title: "Title", Required: true},
		{Name: "text", Title: "What happened"},
		{Name: "category", Title: "Category", Hint: "Empty for the first"},
		{Name: "priority", Title: "Priority", Hint: "P1, P2 or P3; empty for that of the category"},
	}}}
}

// DefaultWorkspace is the company used when none is given: alice, bob, dana and
// the guest erin are in #support, carol is not; bob is @oncall.
func DefaultWorkspace() Workspace {
	return Workspace{
		Team: "Acme",
		People: []Person{
			{Name: "alice", RealName: "Alice", TZ: "Europe/London"},
			{Name: "bob", RealName: "Bob", TZ: "Europe/London", Admin: true},
			{Name: "carol", RealName: "Carol", TZ: "America/New_York"},
			{Name: "dana", RealName: "Dana", TZ: "Europe/Berlin"},
			{Name: "erin", RealName: "Erin", TZ: "Europe/London", Restricted: true},
		},
		Channels: []Channel{
			{Name: "general", Members: []string{"alice", "bob", "carol", "dana"}},
			{Name: "support", Members: []string{"alice", "bob", "dana", "erin", "supporty"}},
			{Name: "engineering", Members: []string{"bob", "dana"}},
			{Name: "support-digest", Members: []string{"bob", "dana", "supporty"}},
		},
		Usergroups: []Usergroup{{Handle: "oncall", Name: "On call", Members: []string{"bob"}}},
	}
}

// DefaultScopes are those that Supporty's manifest asks for, and no others: whoever
// calls more than that is refused here as in a real workspace.
func DefaultScopes() []string {
	return []string{
		"commands", "chat:write", "app_mentions:read", "channels:history", "groups:history", "im:history",
		"channels:read", "groups:read", "reactions:read", "users:read", "usergroups:read",
		"files:read", "files:write", "im:write",
	}
}

func (c Config) withDefaults() Config {
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	if c.Workspace.Team == "" && c.Workspace.People == nil && c.Workspace.Channels == nil {
		c.Workspace = DefaultWorkspace()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.AppToken == "" {
		c.AppToken = "xapp-1-A" + wire.RandomHex(16)
	}
	if c.BotToken == "" {
		c.BotToken = "xoxb-" + wire.RandomHex(16)
	}
	if c.SignIn.ClientID == "" {
		c.SignIn.ClientID, c.SignIn.ClientSecret = "1."+wire.RandomHex(8), wire.RandomHex(16)
	}
	if c.Scopes == nil {
		c.Scopes = DefaultScopes()
	}
	if c.Commands == nil {
		c.Commands = DefaultCommands()
	}
	if c.Shortcuts == nil {
		c.Shortcuts = DefaultShortcuts()
	}
	if c.Steps == nil {
		c.Steps = DefaultSteps()
	}
	return c.withTimings()
}

func (c Config) withTimings() Config {
	if c.RetryDelays == nil {
		c.RetryDelays = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if c.AckTimeout == 0 {
		c.AckTimeout = 3 * time.Second
	}
	if c.TriggerLife == 0 {
		c.TriggerLife = 3 * time.Second
	}
	if c.PingEvery == 0 {
		c.PingEvery = 10 * time.Second
	}
	if c.Limits.Scale == 0 {
		c.Limits.Scale = 1
	}
	return c
}
