package app

import (
	"slices"
	"strings"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/slackview"
)

// laddersOf are the ladders of the categories that have one, and the pages that reach people.
func laddersOf(cfg config.Config) (map[string]desk.LadderPeople, map[string][]string) {
	all := map[string]desk.LadderPeople{}
	for _, c := range cfg.Categories {
		if l, lead := cfg.LadderOf(c.Name); l.Last != "" {
			all[c.Name] = desk.LadderPeople{Lead: lead, Last: l.Last, Guests: l.Guests}
		}
	}
	return all, cfg.PagesOf()
}

// callsOf is what the P1s of categories do to people while the desk is closed.
func callsOf(cfg config.Config) map[string]slackview.Calling {
	all := map[string]slackview.Calling{}
	pages := cfg.PagesOf()
	atOnce := slices.ContainsFunc(cfg.Escalations, pagesAtOnce)
	for _, c := range cfg.Categories {
		ladder, _ := cfg.LadderOf(c.Name)
		now := atOnce && !c.NoClock && !cfg.Promise(c.Name).Priorities[0].FollowsHours
		reaches := func(person string) bool { return len(pages[person]) > 0 }
		calls := slackview.Calling{Ladder: ladder.Last != "", Guests: ladder.Guests || now}
		calls.Wakes = now || calls.Ladder && slices.ContainsFunc(cfg.OnLadder(c.Name), reaches)
		if calls.Ladder || calls.Wakes {
			all[c.Name] = calls
		}
	}
	return all
}

// pagesAtOnce reports whether a step calls a page as soon as a P1 is filed.
func pagesAtOnce(e config.Escalation) bool {
	applies := len(e.Priorities) == 0 || slices.Contains(e.Priorities, "P1")
	page := func(r config.Recipient) bool { return r.Kind == config.ToPage }
	return applies && e.At == config.Offset{} && slices.ContainsFunc(e.Notify, page)
}

// asleep are the categories whose ladder wakes nobody, because no page reaches anybody on it.
func asleep(cfg config.Config) (categories []string) {
	calls := callsOf(cfg)
	for _, c := range cfg.Categories {
		if calls[c.Name].Ladder && !calls[c.Name].Wakes {
			categories = append(categories, c.Name)
		}
	}
	return categories
}

// examineLadders tells of ladders that wake nobody.
func examineLadders(cfg config.Config) []finding {
	const about = "ladder"
	if categories := asleep(cfg); len(categories) > 0 {
		return []finding{{about, warns, "wakes nobody for the P1s of " + strings.Join(categories, ", ") +
			": an app cannot break Slack's do-not-disturb; give a page the ids of those whom it reaches (pages, people)"}}
	}
	if len(callsOf(cfg)) > 0 {
		return []finding{{about, fine, "a page reaches somebody for the P1s of every category that calls"}}
	}
	return nil
}
