package directory

import (
	"slices"
	"strings"

	"supporty/internal/desk"
)

// Places are where the people are who matter to the desk. Channels, groups and people are ids.
type Places struct {
	Support    string // the support channel
	Responders string // the user group of the responders; empty: the members of the channel
	Operators  []string
	Squads     []Squad
	Guests     bool     // guests and externals read the tickets of channels that they are in
	Answering  bool     // externals may answer, and not ask
	Homes      []string // the other channels in which tickets live, or have lived
	Entrusted  []Entrusted
}

// Entrusted are the people who answer the private tickets of a category. So they are responders.
type Entrusted struct {
	Category string
	Squad    string // whose people they are; empty for none
	People   []string
}

// Squad is a team that owns categories. Its people answer for them, so they are responders.
type Squad struct {
	Name    string
	Group   string // the user group whose members are in it; empty for none
	Members []string
	Lead    string // empty for nobody; the lead is in it too
	Home    string // the channel in which its tickets live; empty for the support channel
}

// standings returns what a person is in each of the other channels, without those where they
// are nothing. Members answer there who are not guests, and of a group of responders only its
// members; the people of a squad answer in its home.
func (p Places) standings(person Profile) (all []desk.Standing) {
	squads, grouped := p.squadsOf(person), p.Responders == "" || slices.Contains(person.Places, p.Responders)
	for _, home := range p.Homes {
		at := func(s Squad) bool { return s.Home == home && slices.Contains(squads, s.Name) }
		s := desk.Standing{Channel: home, Member: slices.Contains(person.Places, home)}
		s.Responder = person.mayAnswer() && (s.Member && grouped || slices.ContainsFunc(p.Squads, at))
		if s.Member || s.Responder {
			all = append(all, s)
		}
	}
	return all
}

// mayAnswer reports whether a person can be a responder at all.
func (p Profile) mayAnswer() bool { return !p.Bot && !p.Guest && !p.External && !p.Deactivated }

// Groups returns the user groups whose members matter, each once.
func (p Places) Groups() []string {
	var all []string
	add := func(group string) {
		if group != "" && !slices.Contains(all, group) {
			all = append(all, group)
		}
	}
	add(p.Responders)
	for _, s := range p.Squads {
		add(s.Group)
	}
	return all
}

// squadsOf returns the names of the squads that a person is in.
func (p Places) squadsOf(person Profile) []string {
	return p.namesOf(func(s Squad) bool {
		in := s.Group != "" && slices.Contains(person.Places, s.Group)
		return in || person.ID == s.Lead || slices.Contains(s.Members, person.ID)
	})
}

// entrustedTo returns the categories whose private tickets a person answers.
func (p Places) entrustedTo(person Profile) (categories []string) {
	squads := p.squadsOf(person)
	for _, e := range p.Entrusted {
		if slices.Contains(e.People, person.ID) || slices.ContainsFunc(squads, func(s string) bool { return strings.EqualFold(s, e.Squad) }) {
			categories = append(categories, e.Category)
		}
	}
	return categories
}

// entrustedWith returns the people who answer the private tickets of a category: those who are
// named, and the user group of its squad.
func (p Places) entrustedWith(category string) (people []string, group string) {
	for _, e := range p.Entrusted {
		if e.Category != category {
			continue
		}
		people = append(people, e.People...)
		for _, s := range p.Squads {
			if strings.EqualFold(s.Name, e.Squad) {
				people, group = append(append(people, s.Members...), s.Lead), s.Group
			}
		}
	}
	return people, group
}

// ledBy returns the names of the squads that a person leads.
func (p Places) ledBy(person Profile) []string {
	return p.namesOf(func(s Squad) bool { return person.ID == s.Lead })
}

func (p Places) namesOf(has func(Squad) bool) (names []string) {
	for _, s := range p.Squads {
		if has(s) {
			names = append(names, s.Name)
		}
	}
	return names
}
