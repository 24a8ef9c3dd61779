package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"supporty/internal/config"
	"supporty/internal/slackapi"
)

// workspace is what the bot may do in Slack, and what the names in the settings stand for
// there.
type workspace struct {
	places
	bot        slackapi.Identity
	files      bool        // the bot may read and write files; without, views cannot ask for them
	references []reference // one for each setting that names something
}

// places are ids.
type places struct {
	support    string
	digest     string
	alerts     string // user groups; empty if not configured, or not found
	responders string
	operators  []string // those who can be told
	escalation escalationPolicy
}

// lookAround asks Slack for all of it. Slack may be away for a while when we start; what is
// wrong for good with what the desk cannot do without is said at once. Running is the support
// channel of a desk that runs: it stays what it is.
func (a *App) lookAround(ctx context.Context, cfg config.Config, running string) (workspace, error) {
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
	return w, a.db.RememberNames(ctx, l.names)
}

func (l *look) workspace(cfg config.Config) (w workspace, err error) {
	if w.bot, err = patiently(l, l.slack.Identify); err != nil {
		return w, fmt.Errorf("Slack does not accept the bot token (slack.bot_token): %w", err)
	}
	if w.files, err = l.files(); err != nil {
		return w, fmt.Errorf("Slack does not say what the bot may do: %w", err)
	}
	w.places = l.around(cfg)
	w.references = l.references
	switch {
	case l.ctx.Err() != nil: // what was not found may be there
		return w, l.ctx.Err()
	case w.support == "":
		return w, errors.New(w.references[0].String())
	}
	return w, nil
}

// around looks for everything that the settings name.
func (l *look) around(cfg config.Config) places {
	p := places{support: cmp.Or(l.settle(supportSetting, channels, cfg.Channels.Support, "what is to be said there waits").id, l.running)}
	if cfg.Channels.Digest != cfg.Channels.Support {
		p.digest = l.settle("channels.digest", channels, cfg.Channels.Digest, "the digest is posted in the support channel").open()
	}
	p.digest = cmp.Or(p.digest, p.support)
	if cfg.Alerts.Group != "" {
		p.alerts = l.settle("alerts.group", groups, cfg.Alerts.Group, "nobody is called by name, and what has no owner is told to the channel").id
	}
	if cfg.Responders.Group != "" {
		p.responders = l.responders(cfg.Responders.Group)
	}
	for i, id := range cfg.Operators {
		if l.person(fmt.Sprintf("operators[%d]", i), id, "they are told nothing") != "" {
			p.operators = append(p.operators, id)
		}
	}
	p.escalation = l.escalationPolicy(cfg, p.alerts)
	return p
}

// supportSetting names what the desk cannot do without.
const supportSetting = "channels.support"

// responders is the group of those who answer tickets. Who was in one that is not there any
// more is known.
func (l *look) responders(handle string) string {
	known := l.known[groups.named(handle)]
	meanwhile := "all members of the support channel who are not guests answer tickets"
	if known != "" {
		meanwhile = "those who were in it last answer tickets"
	}
	return cmp.Or(l.settle("responders.group", groups, handle, meanwhile).id, known)
}

const askAgainAfter = 2 * time.Second

// patiently asks again while Slack does not answer.
func patiently[T any](l *look, ask func(context.Context) (T, error)) (T, error) {
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

// files reports whether the bot may read and write files. Where Slack does not say what is
// granted, it is asked for one of them: a form that asks for files without it does not open.
// That it may not write any is told of each file.
func (l *look) files() (bool, error) {
	granted, err := patiently(l, l.slack.Scopes)
	if err != nil || granted != nil {
		return granted["files:read"] && granted["files:write"], err
	}
	l.log.Warn("Slack did not say what is granted to the bot; does a proxy take the header x-oauth-scopes away?")
	return patiently(l, l.slack.ReadsFiles)
}
