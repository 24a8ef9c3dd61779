package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/manifest"
	"supporty/internal/postgres"
	"supporty/internal/slackout"
)

// finding is one line of the doctor's report.
type finding struct {
	about string
	ok    bool
	says  string // what was found; when not ok, what to do
}

// Doctor checks what the program rests on and writes one line about each. It
// reports whether all is in order. It changes nothing.
func Doctor(ctx context.Context, cfg config.Config, w io.Writer) bool {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	c := slackout.New(slackout.Options{
		BotToken: cfg.Slack.BotToken.Reveal(), AppToken: cfg.Slack.AppToken.Reveal(), APIURL: cfg.Slack.APIURL,
	})
	findings := append(examineSlack(ctx, c, cfg), examineDatabase(ctx, cfg)...)
	healthy := true
	for _, f := range findings {
		sign := "ok  "
		if !f.ok {
			sign, healthy = "FAIL", false
		}
		_, _ = fmt.Fprintf(w, "%s  %-16s %s\n", sign, f.about, strings.Join(strings.Fields(f.says), " ")) // errors may have several lines
	}
	return healthy
}

// examineSlack says nothing of what a wrong bot token keeps from being seen.
func examineSlack(ctx context.Context, c *slackout.Client, cfg config.Config) []finding {
	who, err := c.Identify(ctx)
	switch {
	case err != nil && passing(slackout.ScopeOf(err)):
		return []finding{{"Slack", false, fmt.Sprintf("%s cannot be reached: %v: look at the network between, a proxy, and slack.api_url", cfg.Slack.APIURL, err)}}
	case err != nil:
		return []finding{examineAppToken(ctx, c), {"bot token", false, fmt.Sprintf("%v: copy the Bot User OAuth Token (OAuth & Permissions) to slack.bot_token", err)}}
	}
	findings := []finding{
		examineAppToken(ctx, c), {"bot token", true, fmt.Sprintf("is %s in workspace %s", who.UserID, who.Team)},
		examineInstallation(ctx, c), examineScopes(ctx, c),
		examineChannel(ctx, c, "support channel", "channels.support", cfg.Channels.Support),
	}
	if cfg.Channels.Digest != cfg.Channels.Support {
		findings = append(findings, examineChannel(ctx, c, "digest channel", "channels.digest", cfg.Channels.Digest))
	}
	findings = append(findings, examineGroups(ctx, c, cfg)...)
	return append(findings, examineEscalations(ctx, c, cfg)...)
}

func examineAppToken(ctx context.Context, c *slackout.Client) finding {
	if err := c.CanConnect(ctx); err != nil {
		return finding{"app token", false, fmt.Sprintf("%v: create an app-level token with the scope connections:write (Basic Information, App-Level Tokens), set slack.app_token, and switch Socket Mode on", err)}
	}
	return finding{"app token", true, "opens connections"}
}

// examineInstallation names an installation for many workspaces: with its token several
// methods want to be told which (docs.slack.dev/enterprise/organization-ready-apps).
func examineInstallation(ctx context.Context, c *slackout.Client) finding {
	switch wide, err := c.OrgWide(ctx); {
	case err != nil:
		return finding{"installation", false, err.Error()}
	case wide:
		return finding{"installation", false, "is org-wide, for all workspaces of an organisation, and the bot serves one: install the app in that workspace alone, and set slack.bot_token to its token"}
	}
	return finding{"installation", true, "is for this workspace"}
}

func examineScopes(ctx context.Context, c *slackout.Client) finding {
	granted, err := c.Scopes(ctx)
	switch {
	case err != nil:
		return finding{"scopes", false, err.Error()}
	case granted == nil:
		return finding{"scopes", true, "Slack did not say which are granted; does a proxy take the header x-oauth-scopes away?"}
	}
	var missing []string
	for _, s := range manifest.Scopes {
		if !granted[s.Name] {
			missing = append(missing, s.Name)
		}
	}
	if len(missing) > 0 {
		return finding{"scopes", false, fmt.Sprintf("missing %v: add them (OAuth & Permissions) and install the app again", missing)}
	}
	return finding{"scopes", true, fmt.Sprintf("all %d granted", len(manifest.Scopes))}
}

func examineChannel(ctx context.Context, c *slackout.Client, about, path, name string) finding {
	info, err := c.Channel(ctx, name)
	switch {
	case err != nil:
		return finding{about, false, fmt.Sprintf("%q: %v: create it and invite the bot with /invite, or set %s", name, err, path)}
	case info.Archived:
		return finding{about, false, fmt.Sprintf("#%s is archived: unarchive it, or set %s to another", info.Name, path)}
	case !info.Member:
		return finding{about, false, fmt.Sprintf("the bot is not in #%s: invite it there with /invite", info.Name)}
	}
	return finding{about, true, "#" + info.Name}
}

func examineGroups(ctx context.Context, c *slackout.Client, cfg config.Config) []finding {
	var findings []finding
	for _, group := range [][2]string{{"alerts.group", cfg.Alerts.Group}, {"responders.group", cfg.Responders.Group}} {
		path, handle := group[0], group[1]
		if handle == "" {
			continue
		}
		if _, err := c.Group(ctx, handle); err != nil {
			findings = append(findings, finding{path, false, fmt.Sprintf("%q: %v: create the user group, or change the setting", handle, err)})
			continue
		}
		findings = append(findings, finding{path, true, handle})
	}
	return findings
}

// examineEscalations looks for everybody whom escalations name.
func examineEscalations(ctx context.Context, c *slackout.Client, cfg config.Config) []finding {
	l := newLook(ctx, c, slog.New(slog.DiscardHandler))
	l.strict = true
	found, err := l.ladder(cfg)
	switch {
	case err != nil:
		return []finding{{"escalations", false, err.Error()}}
	case len(found.choices) == 0:
		return nil
	}
	return []finding{{"escalations", true, fmt.Sprintf("%d steps, %d recipients", len(found.steps), len(found.choices))}}
}

func examineDatabase(ctx context.Context, cfg config.Config) []finding {
	life := newLifecycle(slog.New(slog.DiscardHandler))
	defer func() { _ = life.stop() }() // nothing was changed
	url, err := life.databaseURL(ctx, cfg.Database, life.log)
	if err != nil {
		return []finding{{"database", false, err.Error()}}
	}
	db, err := postgres.Open(url)
	if err != nil {
		return []finding{{"database", false, fmt.Sprintf("%v: check database.url", err)}}
	}
	defer db.Close()
	if err := reach(ctx, db); err != nil {
		return []finding{{"database", false, err.Error()}}
	}
	findings := []finding{{"database", true, "answers"}, examineSchema(ctx, db, cfg.Database.Migrate), examineClock(ctx, db)}
	if pending, err := db.Pending(ctx); err != nil || pending > 0 {
		return findings // the tables may not be there yet
	}
	return append(findings, examineDeadlines(ctx, db))
}

// mostNamed is how many disagreements are named.
const mostNamed = 5

// examineDeadlines compares what is stored of deadlines with the timelines that
// they follow from.
func examineDeadlines(ctx context.Context, db *postgres.DB) finding {
	const about = "deadlines"
	now, err := businessTime(ctx, db)
	if err != nil {
		return finding{about, false, err.Error()}
	}
	found, looked, err := desk.New(db, nil, db.Policies(), nil).Audit(ctx, db, now)
	switch {
	case len(found) > 0:
		var named []string
		for _, d := range found[:min(len(found), mostNamed)] {
			named = append(named, d.String())
		}
		return finding{about, false, fmt.Sprintf("%d stored times disagree with the timelines, %d tickets looked at: %s. Any change of such a ticket writes its deadlines anew, an edit of its title for example; what is void is found anew with every use. Please report how it came to be", len(found), looked, strings.Join(named, "; "))}
	case err != nil:
		return finding{about, false, fmt.Sprintf("after %d tickets: %v: run the doctor again when the database has less to do", looked, err)}
	}
	return finding{about, true, fmt.Sprintf("agree with the timelines, %d tickets looked at", looked)}
}

func businessTime(ctx context.Context, db *postgres.DB) (time.Time, error) {
	setting, err := db.Clock(ctx)
	return setting.At(time.Now()), err
}

func examineSchema(ctx context.Context, db *postgres.DB, migrates bool) finding {
	pending, err := db.Pending(ctx)
	switch {
	case err != nil:
		return finding{"migrations", false, fmt.Sprintf("%v: may the database user read the schema?", err)}
	case pending > 0 && migrates:
		return finding{"migrations", true, fmt.Sprintf("%d to do, at the next start", pending)}
	case pending > 0:
		return finding{"migrations", false, fmt.Sprintf("%d to do: run supporty migrate, or set database.migrate", pending)}
	}
	return finding{"migrations", true, "up to date"}
}

// tolerance is by how much the machines' clocks may differ: times of day come
// from Slack, from this machine and from the database.
const tolerance = 2 * time.Second

func examineClock(ctx context.Context, db *postgres.DB) finding {
	skew, err := db.Skew(ctx)
	switch {
	case err != nil:
		return finding{"clock", false, err.Error()}
	case skew.Abs() > tolerance:
		return finding{"clock", false, fmt.Sprintf("this machine and the database differ by %s: switch time synchronisation on", skew.Round(time.Millisecond))}
	}
	return finding{"clock", true, "agrees with the database's"}
}
