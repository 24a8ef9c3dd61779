package app

import (
	"context"
	"reflect"
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

// callsOf is what the P1s of categories do to people while the desk is closed. turns has those who take turns
// in squads by a rota that was made in Slack.
func callsOf(cfg config.Config, turns map[string][]string) map[string]slackview.Calling {
	all := map[string]slackview.Calling{}
	pages := cfg.PagesOf()
	atOnce := slices.ContainsFunc(cfg.Escalations, pagesAtOnce)
	for _, c := range cfg.Categories {
		ladder, _ := cfg.LadderOf(c.Name)
		now := atOnce && !c.NoClock && !cfg.Promise(c.Name).Priorities[0].FollowsHours
		reaches := func(person string) bool { return len(pages[person]) > 0 }
		calls := slackview.Calling{Ladder: ladder.Last != "", Guests: ladder.Guests || now}
		calls.Wakes = now || calls.Ladder && slices.ContainsFunc(cfg.OnLadder(c.Name, turns), reaches)
		if calls.Ladder || calls.Wakes {
			all[c.Name] = calls
		}
	}
	return all
}

// adoptTurns has forms tell whether somebody is woken by the rotas as people have made them, in this copy or
// another.
func (a *App) adoptTurns(ctx context.Context) error {
	turns, err := a.components.Load().desk.TurnsMade(ctx, a.clock.Now())
	if err != nil || reflect.DeepEqual(turns, a.components.Load().turns) || !a.changing.TryLock() {
		return err
	}
	defer a.changing.Unlock()
	p := *a.components.Load()
	p.turns = turns
	a.replaceComponents(&p)
	return nil
}

// turnsMade are those who take turns by the rotas that were made last, by squad.
func turnsMade(rotas []desk.MadeRota) map[string][]string {
	turns := map[string][]string{}
	for _, m := range rotas {
		delete(turns, m.Squad)
		if !m.Settings {
			turns[m.Squad] = m.People
		}
	}
	return turns
}

// pagesAtOnce reports whether a step calls a page as soon as a P1 is filed.
func pagesAtOnce(e config.Escalation) bool {
	applies := len(e.Priorities) == 0 || slices.Contains(e.Priorities, "P1")
	page := func(r config.Recipient) bool { return r.Kind == config.ToPage }
	return applies && e.At == config.Offset{} && slices.ContainsFunc(e.Notify, page)
}

// asleep are the categories whose ladder wakes nobody, because no page reaches anybody on it.
func asleep(cfg config.Config, turns map[string][]string) (categories []string) {
	calls := callsOf(cfg, turns)
	for _, c := range cfg.Categories {
		if calls[c.Name].Ladder && !calls[c.Name].Wakes {
			categories = append(categories, c.Name)
		}
	}
	return categories
}

// examineLadders tells of ladders that wake nobody.
func examineLadders(cfg config.Config, turns map[string][]string) []finding {
	const about = "ladder"
	if categories := asleep(cfg, turns); len(categories) > 0 {
		return []finding{{about, warns, "wakes nobody for the P1s of " + strings.Join(categories, ", ") +
			": an app cannot break Slack's do-not-disturb; give a page the ids of those whom it reaches (pages, people)"}}
	}
	if len(callsOf(cfg, turns)) > 0 {
		return []finding{{about, fine, "a page reaches somebody for the P1s of every category that calls"}}
	}
	return nil
}
