package app

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"supporty/internal/config"
	"supporty/internal/slackout"
)

// workspace is what the names in the configuration stand for in Slack.
type workspace struct {
	bot        slackout.Identity
	support    string // channel ids
	digest     string
	alerts     string // user group ids; empty if not configured
	responders string
	files      bool // the bot may read and write files; without, views cannot ask for them
	escalation ladder
}

// lookAround asks Slack for all of it. Slack may be away for a while when we
// start; what is wrong for good is said at once.
func lookAround(ctx context.Context, c *slackout.Client, cfg config.Config, log *slog.Logger) (workspace, error) {
	l := newLook(ctx, c, log)
	var w workspace
	var err error
	if w.bot, err = patiently(l, c.Identify); err != nil {
		return w, fmt.Errorf("Slack does not accept the bot token (slack.bot_token): %w", err)
	}
	granted, err := patiently(l, c.Scopes)
	if err != nil {
		return w, fmt.Errorf("Slack does not say what the bot may do: %w", err)
	}
	w.files = granted["files:read"] && granted["files:write"]
	if w.support, err = l.channel("channels.support", cfg.Channels.Support); err != nil {
		return w, err
	}
	w.digest = w.support
	if cfg.Channels.Digest != cfg.Channels.Support {
		digest, err := l.channel("channels.digest", cfg.Channels.Digest)
		if err = l.optional(err); err != nil {
			return w, err
		}
		w.digest = cmp.Or(digest, w.support)
	}
	if w.alerts, err = l.group("alerts.group", cfg.Alerts.Group); err != nil {
		return w, err
	}
	if w.responders, err = l.group("responders.group", cfg.Responders.Group); err != nil {
		return w, err
	}
	for i, id := range cfg.Operators {
		_, err = l.person(fmt.Sprintf("operators[%d]", i), id)
		if err = l.optional(err); err != nil {
			return w, err
		}
	}
	w.escalation, err = l.ladder(cfg)
	return w, err
}

type look struct {
	ctx   context.Context //nolint:containedctx // lives as long as lookAround
	slack *slackout.Client
	log   *slog.Logger
	own   func() ([]slackout.ChannelInfo, error) // the bot's channels, asked for once

	strict bool // what the desk can do without is an error as well
}

// optional is about what the desk can do without: a digest channel that the bot was
// removed from, or a person who has left, must not keep it from starting.
func (l look) optional(err error) error {
	if err == nil || l.strict || l.ctx.Err() != nil {
		return err
	}
	l.log.Warn("a setting leads nowhere; the desk works without it", "problem", err.Error())
	return nil
}

func newLook(ctx context.Context, c *slackout.Client, log *slog.Logger) look {
	l := look{ctx: ctx, slack: c, log: log}
	l.own = sync.OnceValues(func() ([]slackout.ChannelInfo, error) { return patiently(l, c.OwnChannels) })
	return l
}

const askAgainAfter = 2 * time.Second

// patiently asks again while Slack does not answer.
func patiently[T any](l look, ask func(context.Context) (T, error)) (T, error) {
	for {
		answer, err := ask(l.ctx)
		if err == nil || !passing(slackout.ScopeOf(err)) {
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

func passing(s slackout.Scope) bool {
	return s == slackout.Temporary || s == slackout.Unsure || s == slackout.Limited
}

func (l look) channel(path, name string) (string, error) {
	own, err := l.own()
	if err != nil {
		return "", fmt.Errorf("%s: Slack does not say which channels the bot is in: %w", path, err)
	}
	info, err := slackout.Called(name, own)
	if err != nil {
		return "", fmt.Errorf("%s: the bot is in no channel %q; invite it there with /invite, or write the name as it is now", path, name)
	}
	return info.ID, nil
}

func (l look) group(path, handle string) (string, error) {
	if handle == "" {
		return "", nil
	}
	id, err := patiently(l, func(ctx context.Context) (string, error) { return l.slack.Group(ctx, handle) })
	if err != nil {
		return "", fmt.Errorf("%s: the user group %q cannot be found: %w", path, handle, err)
	}
	return id, nil
}
