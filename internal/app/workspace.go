package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"supporty/internal/config"
	"supporty/internal/pgdev"
	"supporty/internal/sla"
	"supporty/internal/slackout"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// workspace is what the names in the configuration stand for in Slack.
type workspace struct {
	bot        slackout.Identity
	support    string // channel ids
	digest     string
	alerts     string // user group ids; empty if not configured
	responders string
	escalation ladder
}

// lookAround asks Slack for all of it. Slack may be away for a while when we
// start; what is wrong for good is said at once.
func lookAround(ctx context.Context, c *slackout.Client, cfg config.Config, log *slog.Logger) (workspace, error) {
	l := look{ctx: ctx, slack: c, log: log}
	var w workspace
	var err error
	if w.bot, err = patiently(l, c.Identify); err != nil {
		return w, fmt.Errorf("Slack does not accept the bot token (slack.bot_token): %w", err)
	}
	if w.support, err = l.channel("channels.support", cfg.Channels.Support); err != nil {
		return w, err
	}
	w.digest = w.support
	if cfg.Channels.Digest != cfg.Channels.Support {
		if w.digest, err = l.channel("channels.digest", cfg.Channels.Digest); err != nil {
			return w, err
		}
	}
	if w.alerts, err = l.group("alerts.group", cfg.Alerts.Group); err != nil {
		return w, err
	}
	if w.responders, err = l.group("responders.group", cfg.Responders.Group); err != nil {
		return w, err
	}
	w.escalation, err = l.ladder(cfg)
	return w, err
}

type look struct {
	ctx   context.Context //nolint:containedctx // lives as long as lookAround
	slack *slackout.Client
	log   *slog.Logger
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
	info, err := patiently(l, func(ctx context.Context) (slackout.ChannelInfo, error) { return l.slack.Channel(ctx, name) })
	if err != nil {
		return "", fmt.Errorf("%s: %q cannot be found; if it is private, invite the bot first: %w", path, name, err)
	}
	if !info.Member {
		return "", fmt.Errorf("%s: the bot is not in #%s; invite it there with /invite", path, info.Name)
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

// databaseURL is the configured database, or one of our own.
func (l *lifecycle) databaseURL(ctx context.Context, cfg config.Database, log *slog.Logger) (string, error) {
	if url := cfg.URL.Reveal(); url != "" {
		return url, nil
	}
	log.Info("database.url is not set: using an embedded PostgreSQL, which is meant for first steps", "dir", cfg.DataDir)
	server, err := pgdev.Start(ctx, pgdev.Config{Dir: cfg.DataDir, Log: log})
	if err != nil {
		return "", fmt.Errorf("starting the embedded PostgreSQL: %w", err)
	}
	l.onStop("embedded PostgreSQL", server.Stop)
	if err := server.CreateDatabase(ctx, "supporty"); err != nil {
		return "", err
	}
	return server.URL("supporty"), nil
}

// policyOf is what the settings promise, with what is done where nobody answers for a
// ticket. Categories that promise the same as all others are not in it: naming one more
// is no other promise.
func policyOf(cfg config.Config, escalations []sla.Escalation) (sla.Policy, error) {
	general, err := targetsOf(cfg.Promise(""))
	if err != nil {
		return sla.Policy{}, err
	}
	policy := sla.Policy{Targets: general, Escalations: escalations}
	for _, c := range cfg.Categories {
		own, err := targetsOf(cfg.Promise(c.Name))
		if err != nil {
			return sla.Policy{}, err
		}
		if maps.EqualFunc(own, general, sla.Target.Equal) {
			continue
		}
		if policy.Categories == nil {
			policy.Categories = map[string]sla.Targets{}
		}
		policy.Categories[c.Name] = own
	}
	return policy, nil
}

func targetsOf(promise config.Promise) (sla.Targets, error) {
	calendar, err := sla.NewCalendar(promise.Hours)
	if err != nil {
		return nil, err
	}
	targets := sla.Targets{}
	for i, p := range promise.Priorities {
		target := sla.Target{
			Resolve: p.Resolve.Open, ResolveDays: p.Resolve.Days, Respond: p.Respond.Open, RespondDays: p.Respond.Days,
			NextReply: p.NextReply, AlertRespond: p.AlertRespond, WarnAt: p.WarnAt,
		}
		if p.FollowsHours {
			target.Calendar = calendar
		}
		targets[i+1] = target
	}
	return targets, nil
}

func categoryNames(cfg config.Config) []string {
	var names []string
	for _, c := range cfg.Categories {
		names = append(names, c.Name)
	}
	return names
}

func formOf(cfg config.Config, policy sla.Policy, recipients []slackview.RecipientChoice) slackview.FormParams {
	form := slackview.FormParams{Categories: categoryNames(cfg), Policy: policy, Command: cfg.Command, Recipients: recipients}
	for i, p := range cfg.Priorities {
		form.Priorities = append(form.Priorities, slackview.PriorityChoice{
			Priority: ticket.Priority(i + 1), Title: p.Title, Impact: p.Impact,
		})
	}
	return form
}
