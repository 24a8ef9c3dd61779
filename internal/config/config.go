// Package config turns a file and the environment into one typed, checked Config. The
// rest of the program reads settings only from it.
//
// The package holds the settings, their defaults, and the sentences that tell an operator
// about mistakes. It connects to nothing, and viper does not leave this package.
package config

import (
	"cmp"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/ticket"
	"supporty/internal/tracker"
)

// Config is every setting of the program. A value that came from Load is
// checked and complete; one from Default lacks only what has no sensible
// default. It is a plain value: copy it freely, change nothing in its slices.
type Config struct {
	// Mode decides which settings a real installation must have.
	Mode Mode
	// Slack is how to reach the workspace.
	Slack Slack
	// Channels are the channels in which the bot posts.
	Channels Channels
	// Database is where tickets are kept.
	Database Database
	// HTTP is the server for health and metrics, and for the web page of leads.
	HTTP HTTP
	// Command is the slash command with its leading slash, as in the app manifest.
	Command string
	// Emoji are the reactions that act on a ticket.
	Emoji Emoji
	// Search is how tickets are found by their words.
	Search Search
	// Languages are those in which the bot recognises a reply of mere thanks: en, de …
	Languages []string
	// DirectMessages selects the form of direct messages about a ticket.
	DirectMessages DirectMessages
	// Messages selects what the bot does with a message that is about no ticket.
	Messages Messages
	// MessagesCategory is the category of messages that are filed at once. Empty means
	// the last category.
	MessagesCategory string
	// Files limits the files that people attach to messages and forms.
	Files Files
	// Hours are the opening hours; the zero value is always open. Holidays includes the
	// public holidays, from 2020 to 2049.
	Hours sla.Hours
	// Priorities are always P1, P2 and P3, in this order.
	Priorities []Priority
	// WarnAt is the fraction of a target after which a warning is due, between 0 and 1
	// exclusive. It applies to priorities without a WarnAt of their own.
	WarnAt float64
	// IssueForm is where issues about tickets are made; empty for nowhere. A category can
	// have its own.
	IssueForm tracker.Form
	// SavedAnswers are answers that responders can post with a few keys; none by default.
	SavedAnswers []SavedAnswer
	// Squads are the teams that own categories; none by default.
	Squads []Squad
	// Categories are the categories of tickets, in the order of the form; at least one.
	Categories []Category
	// Owners are who knows requesters and categories best; none by default.
	Owners []StandingOwner
	// Alerts selects the group that is pinged about tickets without an owner.
	Alerts Alerts
	// Escalations are the steps for tickets for which nobody answers; none by default.
	Escalations []Escalation
	// Ladder switches on that P1s call people while the desk is closed; a squad can have its own.
	Ladder Ladder
	// Pages are the addresses that escalations and people can call; none by default.
	Pages []Page
	// Operators are ids of people. They are told when the bot cannot post in the support
	// channel; none by default.
	Operators []string
	// Bookmarks tells whether the runbooks of categories are bookmarks of their channels.
	Bookmarks bool
	// Guests selects what guests, and people of other companies, see of tickets.
	Guests Guests
	// OtherCompanies selects whether people of other companies may ask for tickets.
	OtherCompanies Others
	// Responders selects the people who may claim and resolve tickets.
	Responders Responders
	// UrgentLine is added to "not filed" when the database is away; empty adds nothing.
	UrgentLine string
	// Digest is the weekly post.
	Digest Digest
	// Deployments is how pipelines report deployments, and which of them incidents are tied to.
	Deployments Deployments
	// Survey is how requesters are asked about solutions.
	Survey Survey
	// Cost is how the statistics estimate what support costs.
	Cost Cost
	// Duty is what being on duty costs people, and what it is paid.
	Duty OnDuty
	// Export is what may leave the desk.
	Export Export
	// Sweep is the periodic search for due alerts.
	Sweep Sweep
	// Retention is how long temporary data are kept.
	Retention Retention
	// Log is the level and format of the log.
	Log Log
}

// Files limits the files that people attach to messages and forms.
type Files struct {
	// MaxSize is the most bytes of a file that is copied to the other side of a ticket. 0
	// means that no file is copied.
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
	// ClientID and ClientSecret are the app's credentials, by which leads sign in to the web
	// page; empty if there is none.
	ClientID     string
	ClientSecret Secret
	// APIURL is the address of the Web API; it always ends in a slash, because
	// slack-go appends the method's name as it is.
	APIURL string
	// Pace is how fast the Web API is called, as a multiple of Slack's published
	// limits: 1 keeps to them, more is for a simulator. From 0.1 to 1000.
	Pace float64
}

// Channels are ids (C…, G…) or names without a leading #.
type Channels struct {
	// Support is the channel of the tickets.
	Support string
	// Digest is the channel of the weekly post. If it is not set, Load sets it to
	// Support.
	Digest string
}

// Database is where tickets are kept.
type Database struct {
	// URL is a Postgres URL or key=value string, with one host or several.
	// Empty means the embedded Postgres in DataDir. It may hold a password.
	URL Secret
	// Migrate brings the schema up to date at the start.
	Migrate bool
	// DataDir is the directory of the embedded Postgres. If it is not set, Load sets it
	// to the user's data directory. It can be empty only when URL is set.
	DataDir string
}

// HTTP is the server for health and metrics, and for the web page of leads.
type HTTP struct {
	// Addr is host:port; empty means no server.
	Addr string
	// PublicURL is the address by which leads reach the web page, without a slash at its end:
	// https, or http on this machine. Empty means no page.
	PublicURL string
}

// Emoji are the names of emoji for each sign, by the sign's name, and those that open a
// ticket. The names are as emoji.Name returns them. No name is in two lists. An empty list
// switches the gesture off.
type Emoji map[string][]string

// emojiOpens is the name under which Emoji has those that open a ticket. They are no sign,
// because they stand on a message that is no ticket yet.
const emojiOpens = "ticket"

// emojiThanks is the name under which Emoji has those that say thanks. They are no sign: they stand on the card
// and on messages about a ticket alike, and ask for nothing.
const emojiThanks = "thanks"

// Thanks are the names of the emoji that say thanks.
func (e Emoji) Thanks() []string { return e[emojiThanks] }

// emojiOffers are the names under which Emoji has those that offer a gesture on a card: the words of
// the commands that do the same. They are no signs: they offer a button, and ask for nothing.
var emojiOffers = []string{"give", "hold", "resume", "priority", "duplicate", "close", "withdraw", "reopen", "escalate", "follow", "note", "private"}

// Offers are the gestures that emoji offer, by the names of the emoji.
func (e Emoji) Offers() map[string]string {
	offers := map[string]string{}
	for _, gesture := range emojiOffers {
		for _, name := range e[gesture] {
			offers[name] = gesture
		}
	}
	return offers
}

// Opens are the names of the emoji that open a ticket from a message.
func (e Emoji) Opens() []string { return e[emojiOpens] }

// Signs are the signs by the names of their emoji.
func (e Emoji) Signs() map[string]ticket.Sign {
	signs := map[string]ticket.Sign{}
	for _, s := range ticket.Signs {
		for _, name := range e[s.Name] {
			signs[name] = s
		}
	}
	return signs
}

// Search is how tickets are found by their words.
type Search struct {
	// Language is the one in which tickets are written, as a text search configuration of
	// Postgres. It decides which forms of a word are the same.
	Language string
	// Suggest shows tickets like a new one while its title is typed.
	Suggest bool
}

// DirectMessages is the form of direct messages about a ticket.
type DirectMessages string

// Slack does not document whether a mention notifies its reader in a thread of direct
// messages in which they have not written yet. Hence two forms.
const (
	// DirectThreads puts every message about a ticket into the thread of its receipt. It
	// mentions the reader until they have written there.
	DirectThreads DirectMessages = "threads"
	// DirectSingly posts a message that must notify its reader outside of the thread,
	// with a link to the thread, until the reader has written in the thread.
	DirectSingly DirectMessages = "messages"
)

// Messages selects what the bot does with a message that is about no ticket. Such a
// message stands in the support channel and its author is no responder, or it mentions
// the bot.
type Messages string

// The choices for such a message.
const (
	// MessagesAsk asks the author alone whether to open the form with the message.
	MessagesAsk Messages = "ask"
	// MessagesFile files the message at once, if it stands in the support channel.
	MessagesFile Messages = "file"
	// MessagesOff does nothing.
	MessagesOff Messages = "off"
)

// FileUnder is the category of messages that are filed at once, or "" if none are.
func (c Config) FileUnder() string {
	if c.Messages != MessagesFile {
		return ""
	}
	return cmp.Or(c.MessagesCategory, c.Categories[len(c.Categories)-1].Name)
}

// Priority is the targets of a priority.
type Priority struct {
	// Name is P1, P2 or P3.
	Name string
	// Title is its name for people, such as "Minor"; at most 60 characters.
	Title string
	// Impact helps a requester to choose; at most 75 characters, the most that
	// Slack shows below an option (docs.slack.dev/reference/block-kit/composition-objects/option-object).
	Impact string
	// Resolve is the target to solve a ticket.
	Resolve Target
	// Respond is the target for the first answer. It may not be longer than Resolve, as
	// far as the two can be compared without a time of filing: see Config.Overtaken.
	Respond Target
	// NextReply is the target to answer each later reply of the requester; 0 for none.
	NextReply time.Duration
	// FollowsHours makes the targets count open hours by Config.Hours. Otherwise they are
	// 24×7.
	FollowsHours bool
	// AlertRespond makes a late answer an alert. The answer is measured in any case.
	AlertRespond bool
	// WarnAt is Config.WarnAt for this priority; 0 means Config.WarnAt.
	WarnAt float64
}

// Target is a duration or a number of working days. Exactly one of the two is not zero.
type Target struct {
	// Open is the duration. Only open hours count.
	Open time.Duration
	// Days is the number of working days.
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

// Alerts selects the group that is pinged about tickets without an owner.
type Alerts struct {
	// Group is a user group's id (S…) or handle without @. Empty means that no group is
	// pinged.
	Group string
}

// Responders selects the people who may claim and resolve tickets.
type Responders struct {
	// Group is a user group's id (S…) or handle without @. Empty means the members of the
	// support channel who are not guests.
	Group string
}

// Guests selects what guests, and people of other companies, see of tickets.
type Guests string

// They see their own tickets alone, or all of a channel that they are in. They never answer
// tickets of others.
const (
	GuestsOwn     Guests = "own"
	GuestsChannel Guests = "channel"
)

// Others selects what people of other companies may do, in channels that are shared with them.
type Others string

// They may ask for tickets, as guests may; or they only answer where somebody asks them.
const (
	OthersAsk    Others = "ask"
	OthersAnswer Others = "answer"
)

// Digest is the weekly post.
type Digest struct {
	// Schedule is a cron expression of five fields, or @weekly and the like, that
	// robfig/cron's ParseStandard accepts. It carries no zone of its own.
	Schedule string
	// Monthly is when there is one more digest, about the time since the one before of its kind, as in
	// Schedule. Empty means never.
	Monthly string
	// Zone is the zone of their hours; never nil after Default or Load.
	Zone *time.Location
}

// Deployments is how pipelines report deployments, and which of them incidents are tied to.
type Deployments struct {
	// Token is what a pipeline has to know; empty: nothing is taken over HTTP.
	Token Secret
	// Window is how long before an incident a deployment may be that caused it: 1m to 30 days.
	Window time.Duration
}

// Survey is how requesters are asked about solutions.
type Survey struct {
	// Share is about how many of 100 solutions are asked about: 0 to 100; 0 for none.
	Share int
}

// Cost is how the statistics estimate what support costs.
type Cost struct {
	// Pause is the longest pause between two replies of a person that counts as active: 1m to
	// 4h.
	Pause time.Duration
	// Hour is what an hour costs; the zero Rate means that no money is told.
	Hour Rate
}

// Export is what may leave the desk.
type Export struct {
	// People lets exports and views name people.
	People bool
}

// Sweep is the periodic search for due alerts.
type Sweep struct {
	// Interval is the time between two searches: 1s to 5m.
	Interval time.Duration
}

// Log is the level and format of the log.
type Log struct {
	// Level is the lowest level that is written.
	Level slog.Level
	// Format is the format of a line.
	Format LogFormat
}

// LogFormat is the format of a line in the log.
type LogFormat string

// The formats: text for people, JSON for machines.
const (
	Text LogFormat = "text"
	JSON LogFormat = "json"
)

// Default returns the settings of an empty file. Tokens and support channel have no
// default. The digest's channel and the data directory are empty, because they follow
// from other settings and from the environment.
func Default() Config {
	return Config{
		Mode:           Development,
		Slack:          Slack{APIURL: "https://slack.com/api/", Pace: 1},
		Database:       Database{Migrate: true},
		HTTP:           HTTP{Addr: "127.0.0.1:9090"},
		Command:        "/support",
		Emoji:          defaultEmoji(),
		Search:         Search{Language: "english", Suggest: true},
		Languages:      []string{"en"},
		DirectMessages: DirectThreads,
		Messages:       MessagesAsk,
		Guests:         GuestsOwn,
		OtherCompanies: OthersAsk,
		Files:          Files{MaxSize: 50 << 20},
		Priorities:     defaultPriorities(),
		WarnAt:         0.75,
		Categories:     []Category{{Name: "Payments"}, {Name: "Product"}, {Name: "Access"}, {Name: "Data"}, {Name: "Other"}},
		Operators:      []string{},
		Digest:         Digest{Schedule: "0 9 * * 1", Zone: time.UTC},
		Deployments:    Deployments{Window: 24 * time.Hour},
		Cost:           Cost{Pause: 15 * time.Minute},
		Duty:           OnDuty{Night: duty.UsualNight, Unfair: 1.5},
		Sweep:          Sweep{Interval: 5 * time.Second},
		Retention:      Retention{Inputs: 30 * day, Words: 7 * day, Ended: 90 * day},
		Log:            Log{Level: slog.LevelInfo, Format: Text},
	}
}

func defaultEmoji() Emoji {
	all := Emoji{emojiOpens: {"ticket"}, emojiThanks: {"pray"}}
	for _, s := range ticket.Signs {
		all[s.Name] = slices.Clone(s.Emoji)
	}
	for _, gesture := range emojiOffers {
		all[gesture] = []string{}
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
