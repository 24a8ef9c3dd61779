// Package config turns a file and the environment into one typed, checked
// Config, the only form in which settings reach the rest of the program.
//
// What may enter: the settings themselves, their defaults, and the sentences
// that tell an operator what is wrong with them. Nothing here connects to
// anything, and viper does not leave this package.
package config

import (
	"cmp"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Config is every setting of the program. A value that came from Load is
// checked and complete; one from Default lacks only what has no sensible
// default. It is a plain value: copy it freely, change nothing in its slices.
type Config struct {
	// Mode says how strict to be about what a real installation needs.
	Mode Mode
	// Slack is how to reach the workspace.
	Slack Slack
	// Channels are the places where the bot speaks.
	Channels Channels
	// Database is where tickets are kept.
	Database Database
	// HTTP is the server for health and metrics.
	HTTP HTTP
	// Command is the slash command with its leading slash, as in the app manifest.
	Command string
	// Emoji are the reactions that act on a ticket.
	Emoji Emoji
	// Languages are those in which the bot tells mere thanks from other replies: en, de …
	Languages []string
	// DirectMessages says how somebody outside of the channel is told about a ticket.
	DirectMessages DirectMessages
	// Messages says what becomes of a message that is about no ticket.
	Messages Messages
	// MessagesCategory is the category of messages that are filed at once; empty for the
	// last one.
	MessagesCategory string
	// Files are what people attach to messages and forms.
	Files Files
	// Hours are when the desk is open; the zero value is always. Public holidays
	// are among the dates, from 2020 to 2049.
	Hours sla.Hours
	// Priorities are always P1, P2 and P3, in this order.
	Priorities []Priority
	// WarnAt is the part of a target after which a warning is due, between 0 and 1
	// exclusive, for priorities without one of their own.
	WarnAt float64
	// Squads are who answers for categories; none by default.
	Squads []Squad
	// Categories are what a ticket can be about, in the order of the form; at least one.
	Categories []Category
	// Alerts says who hears of a ticket that nobody owns.
	Alerts Alerts
	// Escalations are what is done about tickets that nobody answers for; none by
	// default.
	Escalations []Escalation
	// Pages are the addresses that escalations and people can have called; none by
	// default.
	Pages []Page
	// Operators are the ids of people who are told when the bot cannot write in the
	// support channel; none by default.
	Operators []string
	// Responders says who may work on tickets.
	Responders Responders
	// UrgentLine is added to "not filed" when the database is away; empty adds nothing.
	UrgentLine string
	// Digest is the weekly post.
	Digest Digest
	// Sweep is the search for what is due.
	Sweep Sweep
	// Retention is for how long what matters for a while only is kept.
	Retention Retention
	// Log is how the program writes its log.
	Log Log
}

// Files are what people attach to messages and forms.
type Files struct {
	// MaxSize is how many bytes a file may have that is brought to the other side of a
	// ticket; 0 for none.
	MaxSize int64
}

// Mode is the kind of installation.
type Mode string

// The modes. Production insists on a database of its own, so that tickets
// never land in the embedded one by mistake.
const (
	Development Mode = "development"
	Production  Mode = "production"
)

// Slack is how to reach the workspace.
type Slack struct {
	// AppToken is the app-level token (xapp-) that opens Socket Mode.
	AppToken Secret
	// BotToken is the bot's token (xoxb-) for the Web API.
	BotToken Secret
	// APIURL is the address of the Web API; it always ends in a slash, because
	// slack-go appends the method's name as it is.
	APIURL string
	// Pace is how fast the Web API is called, as a multiple of Slack's published
	// limits: 1 keeps to them, more is for a simulator. From 0.1 to 1000.
	Pace float64
}

// Channels are ids (C…, G…) or names without a leading #.
type Channels struct {
	// Support is where tickets live.
	Support string
	// Digest is where the weekly post goes. Load fills in Support where it is not set.
	Digest string
}

// Database is where tickets are kept.
type Database struct {
	// URL is a Postgres URL or key=value string, with one host or several.
	// Empty means the embedded Postgres in DataDir. It may hold a password.
	URL Secret
	// Migrate brings the schema up to date at the start.
	Migrate bool
	// DataDir is the embedded Postgres's directory. Load fills in the user's data
	// directory where it is not set; it can be empty only when URL is not.
	DataDir string
}

// HTTP is the server for health and metrics.
type HTTP struct {
	// Addr is host:port; empty means no server.
	Addr string
}

// Emoji are the names of reactions, each as emoji.Name gives it, by the names of their
// signs. No name is in two lists. An empty list switches its sign off.
type Emoji map[string][]string

// Signs are what emoji mean, by their names.
func (e Emoji) Signs() map[string]ticket.Sign {
	signs := map[string]ticket.Sign{}
	for _, s := range ticket.Signs {
		for _, name := range e[s.Name] {
			signs[name] = s
		}
	}
	return signs
}

// DirectMessages says how somebody is told about a ticket by direct message.
type DirectMessages string

// What Slack does not document is whether a mention in the thread of a direct message
// notifies somebody who has not written in it.
const (
	// DirectThreads puts all about a ticket into the thread of its receipt, with a
	// mention until its reader has written there.
	DirectThreads DirectMessages = "threads"
	// DirectSingly tells what has to reach them in a message of its own, which leads to
	// the thread, until its reader has written there.
	DirectSingly DirectMessages = "messages"
)

// Messages says what becomes of a message that is about no ticket: in the support
// channel, of somebody who does not answer there, or one that mentions the bot.
type Messages string

// What can become of such a message.
const (
	// MessagesAsk asks its writer, and nobody else, whether to open the form with it.
	MessagesAsk Messages = "ask"
	// MessagesFile files it at once, if it stands in the support channel.
	MessagesFile Messages = "file"
	// MessagesOff leaves it alone.
	MessagesOff Messages = "off"
)

// FileUnder is the category in which messages are filed at once; empty if they are not.
func (c Config) FileUnder() string {
	if c.Messages != MessagesFile {
		return ""
	}
	return cmp.Or(c.MessagesCategory, c.Categories[len(c.Categories)-1].Name)
}

// Priority is one promise.
type Priority struct {
	// Name is P1, P2 or P3.
	Name string
	// Title is how people call it, such as "Minor"; at most 60 characters.
	Title string
	// Impact helps a requester to choose; at most 75 characters, the most that
	// Slack shows below an option (docs.slack.dev/reference/block-kit/composition-objects/option-object).
	Impact string
	// Resolve is how soon a ticket is solved.
	Resolve Target
	// Respond is how soon somebody answers; not longer than Resolve, where that does not
	// depend on when a ticket is filed: see Config.Overtaken.
	Respond Target
	// NextReply is how soon each later reply of the requester's is answered; 0 for
	// no such promise.
	NextReply time.Duration
	// FollowsHours says whether all count by Config.Hours. Without, they are 24×7.
	FollowsHours bool
	// AlertRespond says whether a late answer is told; it is measured in any case.
	AlertRespond bool
	// WarnAt is as Config.WarnAt, for this priority; 0 for that one.
	WarnAt float64
}

// Target is a time, or a number of working days: one of the two is more than
// zero.
type Target struct {
	// Open is the time, in which only open hours count.
	Open time.Duration
	// Days are working days.
	Days int
}

// String is the target as it is written in the file.
func (t Target) String() string {
	switch t.Days {
	case 0:
		return brief(t.Open)
	case 1:
		return "1 working day"
	}
	return strconv.Itoa(t.Days) + " working days"
}

// Alerts says who hears of a ticket that nobody owns.
type Alerts struct {
	// Group is a user group's id (S…) or handle without @; empty means that nobody is named.
	Group string
}

// Responders says who may work on tickets.
type Responders struct {
	// Group is a user group's id (S…) or handle without @; empty means the
	// members of the support channel who are not guests.
	Group string
}

// Digest is the weekly post.
type Digest struct {
	// Schedule is a cron expression of five fields, or @weekly and the like, that
	// robfig/cron's ParseStandard accepts. It carries no zone of its own.
	Schedule string
	// Zone is where Schedule's hours are counted; never nil after Default or Load.
	Zone *time.Location
}

// Sweep is the search for what is due.
type Sweep struct {
	// Interval lies between one search and the next: 1s to 5m.
	Interval time.Duration
}

// Log is how the program writes its log.
type Log struct {
	// Level is the least important level that is written.
	Level slog.Level
	// Format is how a line looks.
	Format LogFormat
}

// LogFormat is how a line of the log looks.
type LogFormat string

// The formats: text for people, JSON for machines.
const (
	Text LogFormat = "text"
	JSON LogFormat = "json"
)

// Default returns the settings of an empty file. Tokens and support channel
// have no default; the digest's channel and the data directory are empty here,
// because they follow from other settings and from the environment.
func Default() Config {
	return Config{
		Mode:           Development,
		Slack:          Slack{APIURL: "https://slack.com/api/", Pace: 1},
		Database:       Database{Migrate: true},
		HTTP:           HTTP{Addr: "127.0.0.1:9090"},
		Command:        "/support",
		Emoji:          defaultEmoji(),
		Languages:      []string{"en"},
		DirectMessages: DirectThreads,
		Messages:       MessagesAsk,
		Files:          Files{MaxSize: 50 << 20},
		Priorities:     defaultPriorities(),
		WarnAt:         0.75,
		Categories:     []Category{{Name: "Payments"}, {Name: "Product"}, {Name: "Access"}, {Name: "Data"}, {Name: "Other"}},
		Operators:      []string{},
		Digest:         Digest{Schedule: "0 9 * * 1", Zone: time.UTC},
		Sweep:          Sweep{Interval: 5 * time.Second},
		Retention:      Retention{Inputs: 30 * day, Words: 7 * day, Ended: 90 * day},
		Log:            Log{Level: slog.LevelInfo, Format: Text},
	}
}

func defaultEmoji() Emoji {
	all := Emoji{}
	for _, s := range ticket.Signs {
		all[s.Name] = slices.Clone(s.Emoji)
	}
	return all
}

func defaultPriorities() []Priority {
	return []Priority{{
		Name: "P1", Title: "Business critical",
		Impact:  "customers cannot use the product, production is down, security",
		Resolve: Target{Open: time.Hour}, Respond: Target{Open: 15 * time.Minute}, AlertRespond: true,
	}, {
		Name: "P2", Title: "Business affected",
		Impact:  "work is blocked, customers are not",
		Resolve: Target{Open: 3 * time.Hour}, Respond: Target{Open: 45 * time.Minute}, FollowsHours: true,
	}, {
		Name: "P3", Title: "Minor",
		Impact:  "cosmetics, questions, small changes",
		Resolve: Target{Open: 24 * time.Hour}, Respond: Target{Open: 6 * time.Hour}, FollowsHours: true,
	}}
}
