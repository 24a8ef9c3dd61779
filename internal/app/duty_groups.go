package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/config"
	"supporty/internal/postgres"
	"supporty/internal/slackapi"
)

// filled is what a user group was seen to have.
type filled struct {
	person  string
	failure string
	at      time.Time // real time
}

// lookIntoGroups is how often a user group is looked into though nobody else is on duty: people change it
// by hand, and a workspace may begin to let the bot.
const lookIntoGroups = 10 * time.Minute

// FillDutyGroups keeps who is on duty in the user group of each squad that has one, alone. While nobody is,
// the group stays as it is: it is never empty. Slack is asked only if somebody else is on duty than was
// seen last, after the start, and every ten minutes. Of several copies, the one that sends does it.
func (a *App) FillDutyGroups(ctx context.Context) error {
	p := a.components.Load()
	if len(p.workspace.dutyGroups) == 0 || !a.holdsLease(ctx) {
		return nil
	}
	a.filling.Lock()
	defer a.filling.Unlock()
	now := a.clock.Now()
	roster, err := p.desk.Roster(ctx, now)
	if err != nil {
		return err
	}
	var failed []error
	for _, s := range roster {
		group, person := p.workspace.dutyGroups[s.Name], s.Rota.At(now)
		last := a.filled[group]
		if group == "" || person == "" || last.person == person && time.Since(last.at) < lookIntoGroups {
			continue
		}
		failed = append(failed, a.fillDutyGroup(ctx, postgres.DutyGroup{Squad: s.Name, Group: group, Person: person, TriedAt: now}, last))
	}
	return errors.Join(failed...)
}

// fillDutyGroup makes a user group what it is to be, if it is not. What may pass is tried again at once,
// and what Slack refuses in ten minutes.
func (a *App) fillDutyGroup(ctx context.Context, g postgres.DutyGroup, last filled) error {
	err := a.haveInGroup(ctx, g.Group, g.Person)
	if errors.Is(err, errOtherSends) {
		return nil
	}
	if err != nil && (ctx.Err() != nil || passing(slackapi.ScopeOf(err))) {
		return fmt.Errorf("looking into the user group of who is on duty in %s: %w", g.Squad, err)
	}
	if err != nil {
		g.Failure = cmp.Or(slackapi.CodeOf(err), err.Error())
	}
	switch {
	case g.Failure != "" && g.Failure != last.failure:
		a.log.Warn("who is on duty could not be put into a user group; it is tried again every ten minutes", "squad", g.Squad, "group", g.Group, "person", g.Person, "error", err)
	case g.Failure == "" && last.failure != "":
		a.log.Info("who is on duty is in the user group again", "squad", g.Squad, "group", g.Group)
	}
	if a.filled == nil {
		a.filled = map[string]filled{}
	}
	a.filled[g.Group] = filled{g.Person, g.Failure, time.Now()}
	return a.db.NoteDutyGroup(ctx, g)
}

// errOtherSends says that another copy sends by now. It knows better who is on duty.
var errOtherSends = errors.New("another copy sends")

func (a *App) haveInGroup(ctx context.Context, group, person string) error {
	there, err := a.slack.GroupMembers(ctx, group)
	if err != nil || slices.Equal(there, []string{person}) {
		return err
	}
	if !a.holdsLease(ctx) {
		return errOtherSends
	}
	return a.slack.SetGroupMembers(ctx, group, []string{person})
}

// examineDutyGroups tells which user groups could not be changed when the bot last tried. The doctor tries
// nothing itself.
func examineDutyGroups(ctx context.Context, db *postgres.DB, cfg config.Config) (findings []finding) {
	if !cfg.HasDutyGroups() || db == nil {
		return nil
	}
	done, _ := db.DutyGroups(ctx) // the table may not be there yet
	for i, s := range cfg.Squads {
		about := fmt.Sprintf("squads[%d].duty_group", i)
		at := slices.IndexFunc(done, func(g postgres.DutyGroup) bool { return g.Squad == s.Name })
		switch {
		case s.DutyGroup == "":
		case at < 0:
			findings = append(findings, finding{about, fine, "is written once somebody is on duty. The workspace has to let everybody change user groups: " + groupsForAll})
		case done[at].Failure != "":
			findings = append(findings, finding{about, fails, fmt.Sprintf("@%s could not be changed at %s: %s", s.DutyGroup, done[at].TriedAt.Format(time.RFC3339), groupFailure(done[at].Failure))})
		default:
			findings = append(findings, finding{about, fine, fmt.Sprintf("@%s has who is on duty, as of %s", s.DutyGroup, done[at].TriedAt.Format(time.RFC3339))})
		}
	}
	return findings
}

// groupsForAll is where a workspace lets a bot change user groups:
// https://docs.slack.dev/reference/methods/usergroups.users.update
const groupsForAll = "Tools & settings, Workspace settings, Permissions, User Groups, set to everyone; Slack lets a bot change them only then"

func groupFailure(code string) string {
	switch code {
	case "permission_denied":
		return "the workspace does not let the bot (permission_denied): " + groupsForAll
	case "missing_scope":
		return "the bot has no scope usergroups:write (missing_scope): add it (OAuth & Permissions) and install the app again"
	case "no_such_subteam":
		return "the group is gone or switched off (no_such_subteam): switch it on, or name another"
	case "invalid_users", "invalid_user", "single_channel_guests_cannot_be_added", "failed_for_some_users":
		return "who is on duty cannot be in a user group (" + code + "): guests and bots cannot"
	case "plan_upgrade_required":
		return "the workspace's plan has no user groups (plan_upgrade_required): take the setting out"
	}
	return code
}
