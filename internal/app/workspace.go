package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/config"
	"supporty/internal/directory"
	"supporty/internal/slackapi"
)

// workspace is what the bot may do in Slack, and the ids for the names in the settings.
type workspace struct {
	places
	bot        slackapi.Identity
	bookmarks  bool        // the bot may change bookmarks
	files      bool        // the bot may read and write files; otherwise forms cannot ask for files
	rooms      bool        // the bot may make private channels, for private tickets
	references []reference // one for each setting that names something in Slack
}

// places are ids.
type places struct {
	support    string
	digest     string
	alerts     string // user groups; empty if not configured, or not found
	responders string
	squads     []directory.Squad
	homes      []string // the channels other than the support channel in which tickets live, or have lived
	entrusted  []directory.Entrusted
	operators  []string          // those who can be told
	dutyGroups map[string]string // by squad: the user group in which who is on duty is kept
	escalation escalationPolicy
}

// readWorkspace asks Slack for everything in a workspace. At the start, Slack may not answer
// for a while. A permanent error about something that the desk needs is returned at once.
// running is the support channel of a running desk, which does not change.
func (a *App) readWorkspace(ctx context.Context, cfg config.Config, running string) (workspace, error) {
	known, err := a.db.Names(ctx)
	if err != nil {
		return workspace{}, err
	}
	l := newLook(ctx, a.slack, known, a.log)
	l.running = running
	w, err := l.workspace(cfg)
	if err != nil {
		return w, err
	}
	if w.homes, err = a.db.HomeChannels(ctx, w.homesOfSquads()); err != nil {
		return w, err
	}
	w.homes = slices.DeleteFunc(w.homes, func(home string) bool { return home == w.support })
	return w, a.db.RememberNames(ctx, l.names)
}

func (l *look) workspace(cfg config.Config) (w workspace, err error) {
	if w.bot, err = untilAnswered(l, l.slack.Identify); err != nil {
		return w, fmt.Errorf("Slack does not accept the bot token (slack.bot_token): %w", err)
	}
	if w.files, w.rooms, w.bookmarks, err = l.granted(); err != nil {
		return w, fmt.Errorf("Slack does not say what the bot may do: %w", err)
	}
	w.places = l.lookUpAll(cfg)
	w.references = l.references
	switch {
	case l.ctx.Err() != nil: // what was not found may be there
		return w, l.ctx.Err()
	case w.support == "":
		return w, errors.New(w.references[0].String())
	}
	return w, nil
}

// lookUpAll looks up everything that the settings name.
func (l *look) lookUpAll(cfg config.Config) places {
	p := places{support: cmp.Or(l.lookUp(supportSetting, channels, cfg.Channels.Support, "what is to be said there waits").id, l.running)}
	if cfg.Channels.Digest != cfg.Channels.Support {
		p.digest = l.lookUp("channels.digest", channels, cfg.Channels.Digest, "the digest is posted in the support channel").open()
	}
	p.digest = cmp.Or(p.digest, p.support)
	if cfg.Alerts.Group != "" {
		p.alerts = l.lookUp("alerts.group", groups, cfg.Alerts.Group, "nobody is called by name, and what has no owner is told to the channel").id
	}
	if cfg.Responders.Group != "" {
		p.responders = l.responders(cfg.Responders.Group)
	}
	p.squads = l.squads(cfg.Squads, p.support)
	p.dutyGroups = l.dutyGroups(cfg.Squads, p)
	p.entrusted = l.entrusted(cfg.Categories)
	for i, id := range cfg.Operators {
		if l.person(fmt.Sprintf("operators[%d]", i), id, "they are told nothing") != "" {
			p.operators = append(p.operators, id)
		}
	}
	p.escalation = l.escalationPolicy(cfg, p.alerts)
	l.ladders(cfg)
	for i, o := range cfg.Owners {
		l.person(fmt.Sprintf("owners[%d].owner", i), o.Owner, "nothing is offered to them first")
	}
	return p
}

// supportSetting is the setting that the desk needs.
const supportSetting = "channels.support"

// responders is the id of the responders' group. If the group no longer exists, it is the
// last known id, whose stored members stay.
func (l *look) responders(handle string) string {
	return l.groupOrLast("responders.group", handle,
		"all members of the support channel who are not guests answer tickets", "those who were in it last answer tickets")
}

// groupOrLast is the id of a group, or the last known one. It tells what holds meanwhile.
func (l *look) groupOrLast(setting, handle, unknown, known string) string {
	last := l.known[groups.named(handle)]
	meanwhile := unknown
	if last != "" {
		meanwhile = known
	}
	return cmp.Or(l.lookUp(setting, groups, handle, meanwhile).id, last)
}

// squads are the squads with their people and channels, as far as they are found.
func (l *look) squads(all []config.Squad, support string) (squads []directory.Squad) {
	for i, s := range all {
		setting := fmt.Sprintf("squads[%d]", i)
		squad := directory.Squad{Name: s.Name}
		if s.Group != "" {
			squad.Group = l.groupOrLast(setting+".group", s.Group, "only who is named is in the squad", "those who were in it last are in the squad")
		}
		squad.Members = l.members(setting, s)
		if s.Lead != "" && l.person(setting+".lead", s.Lead, "nobody leads the squad") != "" {
			squad.Lead = s.Lead
		}
		if s.HomeChannel != "" {
			squad.Home = l.home(setting+".home_channel", s.HomeChannel, support)
		}
		squads = append(squads, squad)
	}
	return squads
}

// dutyGroups are the user groups in which who is on duty is kept, by squad. One whose members count
// elsewhere is not written, whatever it is called in the settings.
func (l *look) dutyGroups(all []config.Squad, p places) map[string]string {
	const meanwhile = "who is on duty is in no user group"
	groupOf, read := map[string]string{}, map[string]bool{p.responders: true}
	for _, s := range p.squads {
		read[s.Group] = true
	}
	for i, s := range all {
		if s.DutyGroup == "" {
			continue
		}
		setting := fmt.Sprintf("squads[%d].duty_group", i)
		id := l.lookUp(setting, groups, s.DutyGroup, meanwhile).id
		switch {
		case id == "":
		case read[id]:
			l.references = l.references[:len(l.references)-1]
			l.misses(setting, fmt.Sprintf("%q is a group that the bot reads, or that another squad has: name one that is for this alone", s.DutyGroup), meanwhile)
		default:
			groupOf[s.Name], read[id] = id, true
		}
	}
	return groupOf
}

// ladders looks for those whom ladders call last.
func (l *look) ladders(cfg config.Config) {
	const meanwhile = "who is on duty is called in their place"
	if cfg.Ladder.Last != "" {
		l.person("ladder.last", cfg.Ladder.Last, meanwhile)
	}
	for i, s := range cfg.Squads {
		if s.Ladder.Last != "" {
			l.person(fmt.Sprintf("squads[%d].ladder.last", i), s.Ladder.Last, meanwhile)
		}
	}
}

// members are those whom a squad lists, and those of its rota.
func (l *look) members(setting string, s config.Squad) (members []string) {
	add := func(at, id, meanwhile string) {
		if !slices.Contains(members, id) && l.person(at, id, meanwhile) != "" {
			members = append(members, id)
		}
	}
	for i, id := range s.Members {
		add(fmt.Sprintf("%s.members[%d]", setting, i), id, "they are not in the squad")
	}
	for i, layer := range s.Rota {
		for j, id := range layer.People {
			add(fmt.Sprintf("%s.rota[%d].people[%d]", setting, i, j), id, "nobody is called by name while it is their turn")
		}
		for j, n := range layer.Names {
			add(fmt.Sprintf("%s.rota[%d].names[%d].person", setting, i, j), n.Person, "nobody is called by name while it is their shift")
		}
	}
	return members
}

// home is the id of a squad's channel; empty if that is the support channel. A channel that
// does not take messages at present is known by its last id, so that nothing is posted where
// others read it.
func (l *look) home(setting, name, support string) string {
	last := l.known[channels.named(name)]
	meanwhile := "tickets of the squad live in the support channel"
	if last != "" {
		meanwhile = "what is to be said there waits"
	}
	home := cmp.Or(l.lookUp(setting, channels, name, meanwhile).id, last)
	if home == support {
		return ""
	}
	return home
}

// peopleFor are the same, with what guests may see, and whether people of other companies may ask.
func (p places) peopleFor(cfg config.Config) directory.Places {
	people := p.people()
	people.Guests = cfg.Guests == config.GuestsChannel
	people.Answering = cfg.OtherCompanies == config.OthersAnswer
	return people
}

// homesOfSquads are the channels that squads have as their homes.
func (p places) homesOfSquads() (homes []string) {
	for _, s := range p.squads {
		if s.Home != "" {
			homes = append(homes, s.Home)
		}
	}
	return homes
}

// leads are who leads the squads that own categories, by the categories.
func (p places) leads(cfg config.Config) map[string]string {
	leads := map[string]string{}
	for _, s := range p.squads {
		for _, category := range owned(cfg)[s.Name] {
			leads[category] = s.Lead
		}
	}
	return leads
}

// homesOfCategories are the channels in which tickets of categories live, if that is not the
// support channel.
func (p places) homesOfCategories(cfg config.Config) map[string]string {
	homes := map[string]string{}
	for _, s := range p.squads {
		for _, category := range owned(cfg)[s.Name] {
			if s.Home != "" {
				homes[category] = s.Home
			}
		}
	}
	return homes
}

// entrusted are the people of each category, as far as they are found. A squad answers the private
// tickets of its categories, and who is named answers them too.
func (l *look) entrusted(all []config.Category) (entrusted []directory.Entrusted) {
	for i, c := range all {
		e := directory.Entrusted{Category: c.Name, Squad: c.Squad}
		for j, id := range c.People {
			if l.person(fmt.Sprintf("categories[%d].people[%d]", i, j), id, "they do not read its private tickets") != "" {
				e.People = append(e.People, id)
			}
		}
		if e.Squad != "" || len(e.People) > 0 {
			entrusted = append(entrusted, e)
		}
	}
	return entrusted
}

// people are the places of the people who matter.
func (p places) people() directory.Places {
	return directory.Places{Support: p.support, Responders: p.responders, Operators: p.operators, Squads: p.squads, Homes: p.homes, Entrusted: p.entrusted}
}

const askAgainAfter = 2 * time.Second

// untilAnswered repeats a call until Slack answers.
func untilAnswered[T any](l *look, ask func(context.Context) (T, error)) (T, error) {
	for {
		answer, err := ask(l.ctx)
		if err == nil || !passing(slackapi.ScopeOf(err)) {
			return answer, err
		}
		l.log.Warn("Slack does not answer; asking again", "error", err)
		select {
		case <-l.ctx.Done():
			return answer, l.ctx.Err()
		case <-time.After(askAgainAfter):
		}
	}
}

func passing(s slackapi.Scope) bool {
	return s == slackapi.Temporary || s == slackapi.Unsure || s == slackapi.Limited
}

// granted reports whether the bot may read and write files, make private channels, and change
// bookmarks. If Slack
// does not report the permissions, granted calls a method that needs one of those for files.
// Without the permission a form with a field for files would not open. A missing permission to
// write is reported for each file, and one to make channels for each channel.
func (l *look) granted() (files, rooms, bookmarks bool, err error) {
	granted, err := untilAnswered(l, l.slack.Scopes)
	if err != nil || granted != nil {
		return granted["files:read"] && granted["files:write"], granted["groups:write"], granted["bookmarks:read"] && granted["bookmarks:write"], err
	}
	l.log.Warn("Slack did not say what is granted to the bot; does a proxy take the header x-oauth-scopes away?")
	files, err = untilAnswered(l, l.slack.ReadsFiles)
	return files, true, false, err
}
