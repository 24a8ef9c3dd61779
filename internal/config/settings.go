package config

import (
	"log/slog"
	"slices"
	"time"

	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/ticket"
	"supporty/internal/tracker"
)

// settings is the list of all settings, in the order of the example file. A setting's
// environment variable follows from its path (see variable).
var settings = slices.Concat([]field[Config]{
	{"mode", in(func(c *Config) *Mode { return &c.Mode }, scalar(oneOf(choice("development", Development), choice("production", Production))))},
	{"slack.app_token", in(func(c *Config) *Secret { return &c.Slack.AppToken }, hidden(token("xapp-")))},
	{"slack.bot_token", in(func(c *Config) *Secret { return &c.Slack.BotToken }, hidden(token("xoxb-")))},
	{"slack.client_id", in(func(c *Config) *string { return &c.Slack.ClientID }, scalar(line(0, 100)))},
	{"slack.client_secret", in(func(c *Config) *Secret { return &c.Slack.ClientSecret }, hidden(clientSecret))},
	{"slack.api_url", in(func(c *Config) *string { return &c.Slack.APIURL }, scalar(apiURL))},
	{"slack.pace", in(func(c *Config) *float64 { return &c.Slack.Pace }, scalar(multiple))},
	{"channels.support", in(func(c *Config) *string { return &c.Channels.Support }, scalar(channel))},
	{"channels.digest", in(func(c *Config) *string { return &c.Channels.Digest }, scalar(channel))},
	{"database.url", in(func(c *Config) *Secret { return &c.Database.URL }, hidden(dsn))},
	{"database.migrate", in(func(c *Config) *bool { return &c.Database.Migrate }, scalar(boolean))},
	{"database.data_dir", in(func(c *Config) *string { return &c.Database.DataDir }, scalar(text))},
	{"http.addr", in(func(c *Config) *string { return &c.HTTP.Addr }, scalar(address))},
	{"http.public_url", in(func(c *Config) *string { return &c.HTTP.PublicURL }, scalar(publicURL))},
	{"command", in(func(c *Config) *string { return &c.Command }, scalar(command))},
}, emojiSettings(), []field[Config]{
	{"search.language", in(func(c *Config) *string { return &c.Search.Language }, scalar(oneOf(searchLanguages()...)))},
	{"search.suggest", in(func(c *Config) *bool { return &c.Search.Suggest }, scalar(boolean))},
	{"languages", in(func(c *Config) *[]string { return &c.Languages }, list(scalar(oneOf(languages()...)), itself))},
	{"direct_messages", in(func(c *Config) *DirectMessages { return &c.DirectMessages }, scalar(oneOf(choice("threads", DirectThreads), choice("messages", DirectSingly))))},
	{"messages", in(func(c *Config) *Messages { return &c.Messages }, scalar(oneOf(choice("ask", MessagesAsk), choice("file", MessagesFile), choice("off", MessagesOff))))},
	{"messages_category", in(func(c *Config) *string { return &c.MessagesCategory }, scalar(line(0, longestOptionText)))},
	{"files.max_size", in(func(c *Config) *int64 { return &c.Files.MaxSize }, scalar(size))},
	{"hours", in(func(c *Config) *sla.Hours { return &c.Hours }, hours)},
	{"priorities", in(func(c *Config) *[]Priority { return &c.Priorities }, priorities)},
	{"warn_at", in(func(c *Config) *float64 { return &c.WarnAt }, scalar(fraction))},
	{"squads", in(func(c *Config) *[]Squad { return &c.Squads }, squads)},
	{"categories", in(func(c *Config) *[]Category { return &c.Categories }, categories)},
	{"owners", in(func(c *Config) *[]StandingOwner { return &c.Owners }, owners)},
	{"saved_answers", in(func(c *Config) *[]SavedAnswer { return &c.SavedAnswers }, savedAnswers)},
	{"issue_form", in(func(c *Config) *tracker.Form { return &c.IssueForm }, scalar(issueForm))},
	{"alerts.group", in(func(c *Config) *string { return &c.Alerts.Group }, scalar(userGroup))},
	{"escalations", in(func(c *Config) *[]Escalation { return &c.Escalations }, escalations)},
	{"ladder.last", in(func(c *Config) *string { return &c.Ladder.Last }, scalar(personOrNobody))},
	{"ladder.guests", in(func(c *Config) *bool { return &c.Ladder.Guests }, scalar(boolean))},
	{"pages", in(func(c *Config) *[]Page { return &c.Pages }, pages)},
	{"operators", in(func(c *Config) *[]string { return &c.Operators }, list(scalar(person), itself))},
	{"bookmarks", in(func(c *Config) *bool { return &c.Bookmarks }, scalar(boolean))},
	{"other_companies", in(func(c *Config) *Others { return &c.OtherCompanies }, scalar(oneOf(choice("ask", OthersAsk), choice("answer", OthersAnswer))))},
	{"guests", in(func(c *Config) *Guests { return &c.Guests }, scalar(oneOf(choice("own", GuestsOwn), choice("channel", GuestsChannel))))},
	{"responders.group", in(func(c *Config) *string { return &c.Responders.Group }, scalar(userGroup))},
	{"urgent_line", in(func(c *Config) *string { return &c.UrgentLine }, scalar(line(0, 300)))},
	{"digest.schedule", in(func(c *Config) *string { return &c.Digest.Schedule }, scalar(schedule))},
	{"digest.monthly", in(func(c *Config) *string { return &c.Digest.Monthly }, scalar(scheduleOrNone))},
	{"digest.zone", in(func(c *Config) **time.Location { return &c.Digest.Zone }, scalar(zone))},
	{"deployments.token", in(func(c *Config) *Secret { return &c.Deployments.Token }, hidden(ownToken))},
	{"deployments.window", in(func(c *Config) *time.Duration { return &c.Deployments.Window }, scalar(duration(time.Minute, 30*day)))},
	{"survey.share", in(func(c *Config) *int { return &c.Survey.Share }, scalar(ofHundred))},
	{"cost.pause", in(func(c *Config) *time.Duration { return &c.Cost.Pause }, scalar(duration(time.Minute, 4*time.Hour)))},
	{"cost.hour", in(func(c *Config) *Rate { return &c.Cost.Hour }, scalar(rate))},
	{"duty.night", in(func(c *Config) *duty.Night { return &c.Duty.Night }, scalar(night))},
	{"duty.unfair", in(func(c *Config) *float64 { return &c.Duty.Unfair }, scalar(unfair))},
	{"duty.feed", in(func(c *Config) *Secret { return &c.Duty.Feed }, hidden(ownToken))},
	{"duty.pay.hour", in(func(c *Config) *Rate { return &c.Duty.Pay.Hour }, scalar(rate))},
	{"duty.pay.weekend", in(func(c *Config) *Rate { return &c.Duty.Pay.Weekend }, scalar(rate))},
	{"duty.pay.holiday", in(func(c *Config) *Rate { return &c.Duty.Pay.Holiday }, scalar(rate))},
	{"duty.pay.page", in(func(c *Config) *Rate { return &c.Duty.Pay.Page }, scalar(rate))},
	{"export.people", in(func(c *Config) *bool { return &c.Export.People }, scalar(boolean))},
	{"sweep.interval", in(func(c *Config) *time.Duration { return &c.Sweep.Interval }, scalar(duration(time.Second, 5*time.Minute)))},
	{"retention.inputs", in(func(c *Config) *time.Duration { return &c.Retention.Inputs }, scalar(kept(leastInputs)))},
	{"retention.words", in(func(c *Config) *time.Duration { return &c.Retention.Words }, scalar(kept(leastWords)))},
	{"retention.ended", in(func(c *Config) *time.Duration { return &c.Retention.Ended }, scalar(kept(leastEnded)))},
	{"log.level", in(func(c *Config) *slog.Level { return &c.Log.Level }, scalar(oneOf(
		choice("debug", slog.LevelDebug), choice("info", slog.LevelInfo), choice("warn", slog.LevelWarn), choice("error", slog.LevelError))))},
	{"log.format", in(func(c *Config) *LogFormat { return &c.Log.Format }, scalar(oneOf(choice("text", Text), choice("json", JSON))))},
})

// emojiSettings are one setting for each meaning of emoji.
func emojiSettings() []field[Config] {
	var all []field[Config]
	for _, meaning := range emojiMeanings() {
		all = append(all, field[Config]{"emoji." + meaning, func(at string, raw any, into *Config) Problems {
			names := into.Emoji[meaning]
			problems := list(scalar(reaction), itself)(at, raw, &names)
			into.Emoji[meaning] = names
			return problems
		}})
	}
	return all
}

// emojiMeanings are what emoji can mean: the signs on a ticket, that a message is to be one, thanks,
// and the gestures that they offer.
func emojiMeanings() []string {
	var all []string
	for _, s := range ticket.Signs {
		all = append(all, s.Name)
	}
	return append(append(all, emojiOpens, emojiThanks), emojiOffers...)
}

func itself(text string) string { return text }
