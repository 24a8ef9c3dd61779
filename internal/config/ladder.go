package config

import (
	"fmt"
	"slices"
)

// Ladder switches on that P1s call people while the desk is closed. The zero value is off.
type Ladder struct {
	// Last is the id of who is called last; empty means that the ladder is off.
	Last string
	// Guests says that the P1s of guests, and of people of other companies, call pages as well.
	Guests bool
}

var ladderFields = []field[Ladder]{
	{"last", in(func(l *Ladder) *string { return &l.Last }, scalar(personOrNobody))},
	{"guests", in(func(l *Ladder) *bool { return &l.Guests }, scalar(boolean))},
}

// ladder reads the ladder of a squad, which names who is called last.
func ladder(at string, raw any, into *Ladder) Problems {
	problems := group(ladderFields)(at, raw, into)
	if len(problems) == 0 && into.Last == "" {
		problems = Problems{{Path: at + ".last", Want: "is missing; write the id of who is called last, like U0123456789 (in their profile, Copy member ID)"}}
	}
	return problems
}

// checkLadders finds ladders of desks that are never closed.
func (c Config) checkLadders() (problems Problems) {
	const want = "needs the hours of the desk: people are called while it is closed, and without hours it is always open; set hours"
	if c.Ladder.Last != "" && c.Hours.Zone == "" {
		problems = append(problems, Problem{Path: "ladder.last", Want: want})
	}
	for i, s := range c.Squads {
		if s.Ladder.Last != "" && c.promise(s.Override).Hours.Zone == "" {
			problems = append(problems, Problem{Path: fmt.Sprintf("squads[%d].ladder.last", i), Want: want})
		}
	}
	return problems
}

// LadderOf returns the ladder of a category, and who leads its squad: that of the squad if it has
// one, else the general one. A category without targets has none.
func (c Config) LadderOf(category string) (l Ladder, lead string) {
	i := slices.IndexFunc(c.Categories, func(k Category) bool { return k.Name == category })
	if i < 0 || c.Categories[i].NoClock {
		return Ladder{}, ""
	}
	squad, _ := c.squad(c.Categories[i].Squad)
	if squad.Ladder.Last != "" {
		return squad.Ladder, squad.Lead
	}
	return c.Ladder, squad.Lead
}

// OnLadder returns the ids of those whom the ladder of a category can call: the rota of its squad,
// its lead, and the last person. turns has those who take turns in squads by another rota than that of the
// settings.
func (c Config) OnLadder(category string, turns map[string][]string) (people []string) {
	ladder, lead := c.LadderOf(category)
	if i := slices.IndexFunc(c.Categories, func(k Category) bool { return k.Name == category }); i >= 0 {
		squad, _ := c.squad(c.Categories[i].Squad)
		made, others := turns[squad.Name]
		people = append(people, made...)
		for _, layer := range squad.Rota {
			if others {
				break
			}
			people = append(people, layer.inTurn(squad)...)
		}
	}
	return append(people, lead, ladder.Last)
}

// PagesOf returns the names of the pages that reach people, by the people's ids.
func (c Config) PagesOf() map[string][]string {
	all := map[string][]string{}
	for _, p := range c.Pages {
		for _, person := range p.People {
			all[person] = append(all[person], p.Name)
		}
	}
	return all
}
