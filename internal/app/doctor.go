package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/manifest"
	"supporty/internal/postgres"
	"supporty/internal/slackapi"
)

// finding is one line of the doctor's report.
type finding struct {
	about string
	sign  string
	says  string // what was found; if not fine, what to do
}

// The signs of findings.
const (
	fine  = "ok"
	warns = "warn" // all works, and something wants to be changed
	fails = "FAIL"
)

// Doctor checks the program's dependencies and writes one line about each. It reports
// whether all of them work. It changes nothing.
func Doctor(ctx context.Context, cfg config.Config, w io.Writer) bool {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	life := newLifecycle(slog.New(slog.DiscardHandler))
	defer func() { _ = life.stop() }() // nothing was changed
	db, unreachable := openDatabase(ctx, life, cfg)
	c := slackapi.New(slackapi.Options{
		BotToken: cfg.Slack.BotToken.Reveal(), AppToken: cfg.Slack.AppToken.Reveal(), APIURL: cfg.Slack.APIURL,
	})
	var known map[postgres.Name]string
	if unreachable == nil {
		defer db.Close()
		known, _ = db.Names(ctx) // the table may not be there yet
	}
	var rotas []desk.MadeRota
	if unreachable == nil {
		rotas, _ = db.Rotas(ctx) // the table may not be there yet
	}
	findings := append(examineSlack(ctx, c, cfg, known), examineLadders(cfg, turnsMade(rotas))...)
	if findings = append(findings, unreachable...); unreachable == nil {
		findings = append(findings, examineDatabase(ctx, db, cfg)...)
	} else {
		db = nil
	}
	findings = slices.Concat(findings, examineCalendars(ctx, db, cfg), examineMadeRotas(rotas, cfg), examineDutyGroups(ctx, db, cfg))
	return write(w, findings)
}

// write reports whether no finding is a failure.
func write(w io.Writer, findings []finding) bool {
	works, width := true, 16
	for _, f := range findings {
		works, width = works && f.sign != fails, max(width, len(f.about))
	}
	for _, f := range findings {
		_, _ = fmt.Fprintf(w, "%-4s  %-*s %s\n", f.sign, width, f.about, strings.Join(strings.Fields(f.says), " ")) // errors may have several lines
	}
	return works
}

// examineSlack stops after a wrong bot token, since nothing else can be checked then.
func examineSlack(ctx context.Context, c *slackapi.Client, cfg config.Config, known map[postgres.Name]string) []finding {
	who, err := c.Identify(ctx)
	switch {
	case err != nil && passing(slackapi.ScopeOf(err)):
		return []finding{{"Slack", fails, fmt.Sprintf("%s cannot be reached: %v: look at the network between, a proxy, and slack.api_url", cfg.Slack.APIURL, err)}}
	case err != nil:
		return []finding{examineAppToken(ctx, c), {"bot token", fails, fmt.Sprintf("%v: copy the Bot User OAuth Token (OAuth & Permissions) to slack.bot_token", err)}}
	}
	findings := []finding{
		examineAppToken(ctx, c), {"bot token", fine, fmt.Sprintf("is %s in workspace %s", who.UserID, who.Team)},
		examineInstallation(ctx, c), examineScopes(ctx, c, cfg),
	}
	return append(findings, examineNames(ctx, c, cfg, known)...)
}

func examineAppToken(ctx context.Context, c *slackapi.Client) finding {
	if err := c.CanConnect(ctx); err != nil {
		return finding{"app token", fails, fmt.Sprintf("%v: create an app-level token with the scope connections:write (Basic Information, App-Level Tokens), set slack.app_token, and switch Socket Mode on", err)}
	}
	return finding{"app token", fine, "opens connections"}
}

// examineInstallation reports an installation for a whole organisation. With its token
// several methods require the workspace
// (docs.slack.dev/enterprise/organization-ready-apps).
func examineInstallation(ctx context.Context, c *slackapi.Client) finding {
	switch wide, err := c.OrgWide(ctx); {
	case err != nil:
		return finding{"installation", fails, err.Error()}
	case wide:
		return finding{"installation", fails, "is org-wide, for all workspaces of an organisation, and the bot serves one: install the app in that workspace alone, and set slack.bot_token to its token"}
	}
	return finding{"installation", fine, "is for this workspace"}
}

// examineScopes also looks for what private categories need, if there are any, and bookmarks.
func examineScopes(ctx context.Context, c *slackapi.Client, cfg config.Config) finding {
	private := cfg.PrivateCategories()
	wanted := manifest.Wanted(len(private) > 0, cfg.Bookmarks, cfg.HasDutyGroups())
	granted, err := c.Scopes(ctx)
	switch {
	case err != nil:
		return finding{"scopes", fails, err.Error()}
	case granted == nil:
		return finding{"scopes", fine, "Slack did not say which are granted; does a proxy take the header x-oauth-scopes away?"}
	}
	var missing []string
	for _, s := range wanted {
		if !granted[s.Name] {
			missing = append(missing, s.Name)
		}
	}
	switch {
	case len(missing) > 0 && len(private) > 0:
		return finding{"scopes", fails, fmt.Sprintf("missing %v: add them (OAuth & Permissions) and install the app again; supporty manifest --private has all that the private categories need: %s", missing, strings.Join(private, ", "))}
	case len(missing) > 0 && cfg.Bookmarks:
		return finding{"scopes", fails, fmt.Sprintf("missing %v: add them (OAuth & Permissions) and install the app again; supporty manifest --bookmarks has all that bookmarks need", missing)}
	case len(missing) > 0 && cfg.HasDutyGroups():
		return finding{"scopes", fails, fmt.Sprintf("missing %v: add them (OAuth & Permissions) and install the app again; supporty manifest --duty-groups has all that user groups of who is on duty need", missing)}
	case len(missing) > 0:
		return finding{"scopes", fails, fmt.Sprintf("missing %v: add them (OAuth & Permissions) and install the app again", missing)}
	}
	return finding{"scopes", fine, fmt.Sprintf("all %d granted", len(wanted))}
}

// namesWithin leaves time to check the database.
const namesWithin = 15 * time.Second

// examineNames looks for every channel, group and person in the settings, as the program
// does.
func examineNames(ctx context.Context, c *slackapi.Client, cfg config.Config, known map[postgres.Name]string) []finding {
	ctx, cancel := context.WithTimeout(ctx, namesWithin)
	defer cancel()
	l := newLook(ctx, c, known, slog.New(slog.DiscardHandler))
	l.lookUpAll(cfg)
	if err := ctx.Err(); err != nil {
		return []finding{{"names", fails, "Slack did not say in time what the names in the settings stand for: run the doctor again"}}
	}
	signs := map[state]string{found: fine, renamed: warns, moved: warns, missing: fails}
	var findings []finding
	for _, s := range l.references {
		if s.meanwhile != "" {
			s.says += ". Until then " + s.meanwhile
		}
		findings = append(findings, finding{s.setting, signs[s.state], s.says})
	}
	return findings
}

// openDatabase returns a finding if the database cannot be reached.
func openDatabase(ctx context.Context, life *lifecycle, cfg config.Config) (*postgres.DB, []finding) {
	url, err := life.databaseURL(ctx, cfg.Database, life.log)
	if err != nil {
		return nil, []finding{{"database", fails, err.Error()}}
	}
	db, err := postgres.Open(url)
	if err != nil {
		return nil, []finding{{"database", fails, fmt.Sprintf("%v: check database.url", err)}}
	}
	if err := reach(ctx, db); err != nil {
		db.Close()
		return nil, []finding{{"database", fails, err.Error()}}
	}
	return db, nil
}

func examineDatabase(ctx context.Context, db *postgres.DB, cfg config.Config) []finding {
	findings := []finding{{"database", fine, "answers"}, examineSchema(ctx, db, cfg.Database.Migrate), examineClock(ctx, db)}
	if pending, err := db.PendingMigrations(ctx); err != nil || pending > 0 {
		return findings // the tables may not be there yet
	}
	return append(findings, examineSearch(ctx, db), examineOutbox(ctx, db), examineDeadlines(ctx, db), examineCounts(ctx, db, cfg), examinePictures(ctx, db))
}

// examineOutbox names the reasons for which messages do not get into Slack.
func examineOutbox(ctx context.Context, db *postgres.DB) finding {
	const about = "messages"
	list, err := db.Stuck(ctx)
	switch {
	case err != nil:
		return finding{about, fails, err.Error()}
	case len(list) == 0:
		return finding{about, fine, "get into Slack"}
	}
	var reasons []string
	for _, s := range list {
		if !slices.Contains(reasons, s.Reason) && len(reasons) < mostNamed {
			reasons = append(reasons, s.Reason)
		}
	}
	return finding{about, warns, fmt.Sprintf("%d do not get into Slack, the oldest since %s: %s. supporty outbox lists them",
		len(list), list[0].Since.UTC().Format(time.RFC3339), strings.Join(reasons, "; "))}
}

// examinePictures tells why Slack did not take the newest picture of a digest.
func examinePictures(ctx context.Context, db *postgres.DB) finding {
	const about = "pictures"
	switch why, err := db.PictureLeftOut(ctx); {
	case err != nil:
		return finding{about, fails, err.Error()}
	case why != "":
		return finding{about, warns, fmt.Sprintf("Slack did not take the picture of the newest digest (%s), so its thread has tables alone: the bot needs the scope files:write, and the workspace must allow uploads", why)}
	}
	return finding{about, fine, "none of a digest was refused"}
}

func examineSearch(ctx context.Context, db *postgres.DB) finding {
	const about = "search"
	w, err := db.Words(ctx)
	switch {
	case err != nil:
		return finding{about, fails, err.Error()}
	case !w.Alike:
		return finding{about, warns, "works, but does not find words that are spelled a little differently: that needs Postgres's extension pg_trgm, which this user may not create. As an administrator of the database run CREATE EXTENSION pg_trgm, then supporty migrate, and start the copies again"}
	case w.Older > 0:
		return finding{about, fine, fmt.Sprintf("in %s; tickets up to #%d are still to be read, which goes on while a copy runs", w.Language, w.Older)}
	}
	return finding{about, fine, fmt.Sprintf("in %s, also for words that are spelled a little differently", w.Language)}
}

// mostNamed is how many disagreements, or reasons, are named.
const mostNamed = 5

// examineDeadlines compares the stored deadlines with those computed from the timelines.
func examineDeadlines(ctx context.Context, db *postgres.DB) finding {
	const about = "deadlines"
	now, err := businessTime(ctx, db)
	if err != nil {
		return finding{about, fails, err.Error()}
	}
	found, looked, err := desk.New(db, nil, db.Policies(), nil).Audit(ctx, db, now)
	switch {
	case len(found) > 0:
		var named []string
		for _, d := range found[:min(len(found), mostNamed)] {
			named = append(named, d.String())
		}
		return finding{about, fails, fmt.Sprintf("%d stored times disagree with the timelines, %d tickets looked at: %s. Any change of such a ticket writes its deadlines anew, an edit of its title for example; what is void is found anew with every use. Please report how it came to be", len(found), looked, strings.Join(named, "; "))}
	case err != nil:
		return finding{about, fails, fmt.Sprintf("after %d tickets: %v: run the doctor again when the database has less to do", looked, err)}
	}
	return finding{about, fine, fmt.Sprintf("agree with the timelines, %d tickets looked at", looked)}
}

// examineCounts compares the counts of days with the tickets that they count.
func examineCounts(ctx context.Context, db *postgres.DB, cfg config.Config) finding {
	const about = "statistics"
	wrong, looked, err := db.CheckCounts(ctx, cfg.Cost.Pause)
	switch {
	case err != nil:
		return finding{about, fails, fmt.Sprintf("%v: run the doctor again when the database has less to do", err)}
	case len(wrong) > 0:
		return finding{about, fails, fmt.Sprintf("the counts of %d of %d days looked at differ from the tickets, such as %s: delete all rows of the table counted_days, and the program counts all days anew. Please report how it came to be", len(wrong), looked, wrong[0].Format(time.DateOnly))}
	}
	return finding{about, fine, fmt.Sprintf("counts agree with the tickets, %d days looked at", looked)}
}

// businessTime is the time of the business clock.
func businessTime(ctx context.Context, db *postgres.DB) (time.Time, error) {
	setting, err := db.Clock(ctx)
	return setting.At(time.Now()), err
}

func examineSchema(ctx context.Context, db *postgres.DB, migrates bool) finding {
	pending, err := db.PendingMigrations(ctx)
	switch {
	case err != nil:
		return finding{"migrations", fails, fmt.Sprintf("%v: may the database user read the schema?", err)}
	case pending > 0 && migrates:
		return finding{"migrations", fine, fmt.Sprintf("%d to do, at the next start", pending)}
	case pending > 0:
		return finding{"migrations", fails, fmt.Sprintf("%d to do: run supporty migrate, or set database.migrate", pending)}
	}
	return finding{"migrations", fine, "up to date"}
}

// tolerance is how much the machines' clocks may differ. Times come from Slack, from this
// machine and from the database.
const tolerance = 2 * time.Second

func examineClock(ctx context.Context, db *postgres.DB) finding {
	skew, err := db.Skew(ctx)
	switch {
	case err != nil:
		return finding{"clock", fails, err.Error()}
	case skew.Abs() > tolerance:
		return finding{"clock", fails, fmt.Sprintf("this machine and the database differ by %s: switch time synchronisation on", skew.Round(time.Millisecond))}
	}
	return finding{"clock", fine, "agrees with the database's"}
}
