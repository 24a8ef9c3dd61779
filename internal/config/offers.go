package config

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Assign is how a squad's new tickets are offered to its people, one after the other.
type Assign string

// The ways to offer tickets.
const (
	AssignNobody      Assign = ""             // they are not
	AssignDuty        Assign = "duty"         // to who is on duty first, then to who is next
	AssignLeastLoaded Assign = "least-loaded" // to who has fewest open tickets first
	AssignRoundRobin  Assign = "round-robin"  // to who was asked longest ago first
)

// StandingOwner is who knows a requester or a category best: their tickets are offered to them first. It has one of the
// two.
type StandingOwner struct {
	// Requester is the id of a person.
	Requester string
	// Category is the name of a category.
	Category string
	// Owner is the id of who knows it best.
	Owner string
}

// Of an offer that nobody takes.
const (
	usualOffer    = 30 * time.Minute
	shortestOffer = time.Minute
	longestOffer  = 24 * time.Hour
)

// Offered is for how much open time its tickets are offered.
func (s Squad) Offered() time.Duration {
	if s.Offer == 0 {
		return usualOffer
	}
	return s.Offer
}

// Gardeners are the ids of the standing gardener and the deputy, as far as there are any.
func (s Squad) Gardeners() []string {
	return slices.DeleteFunc([]string{s.Gardener, s.Deputy}, func(id string) bool { return id == "" })
}

func assign(raw any) (Assign, error) {
	if raw == "" {
		return AssignNobody, nil
	}
	return oneOf(choice("duty", AssignDuty), choice("least-loaded", AssignLeastLoaded), choice("round-robin", AssignRoundRobin))(raw)
}

var ownerFields = []field[StandingOwner]{
	{"requester", in(func(o *StandingOwner) *string { return &o.Requester }, scalar(personOrNobody))},
	{"category", in(func(o *StandingOwner) *string { return &o.Category }, scalar(line(0, longestOptionText)))},
	{"owner", in(func(o *StandingOwner) *string { return &o.Owner }, scalar(person))},
}

func owners(at string, raw any, into *[]StandingOwner) Problems {
	var read []StandingOwner
	of := func(o StandingOwner) string { return o.Requester + "/" + strings.ToLower(o.Category) }
	problems := list(owner, of)(at, raw, &read)
	if len(problems) == 0 && len(read) > 0 {
		*into = read
	}
	return problems
}

func owner(at string, raw any, into *StandingOwner) Problems {
	problems := group(ownerFields)(at, raw, into)
	switch {
	case len(problems) > 0:
	case into.Owner == "":
		problems = Problems{{Path: at + ".owner", Want: "is missing; write the id of who knows it best, like U0123456789 (in their profile, Copy member ID)"}}
	case (into.Requester == "") == (into.Category == ""):
		problems = Problems{{Path: at, Want: "needs a requester or a category, and not both; write one of them"}}
	}
	return problems
}

// checkOffers finds tickets that would be offered to nobody.
func (c Config) checkOffers() (problems Problems) {
	for i, s := range c.Squads {
		problems = append(problems, s.checkOffers(fmt.Sprintf("squads[%d]", i))...)
	}
	for i, o := range c.Owners {
		known := func(k Category) bool { return strings.EqualFold(k.Name, o.Category) }
		if o.Category != "" && !slices.ContainsFunc(c.Categories, known) {
			problems = append(problems, Problem{Path: fmt.Sprintf("owners[%d].category", i), Value: show(o.Category), Want: "is not one of the categories; write one of their names"})
		}
	}
	return problems
}

func (s Squad) checkOffers(at string) (problems Problems) {
	inSquad := func(id string) bool { return s.Group != "" || id == s.Lead || slices.Contains(s.Members, id) }
	for field, id := range map[string]string{".gardener": s.Gardener, ".deputy": s.Deputy} {
		if id != "" && !inSquad(id) {
			problems = append(problems, Problem{Path: at + field, Value: show(id), Want: "is not in the squad; write the id under members, too"})
		}
	}
	switch {
	case s.Deputy != "" && s.Gardener == "":
		problems = append(problems, Problem{Path: at + ".deputy", Want: "is the deputy of nobody; name the gardener, too"})
	case s.Deputy != "" && s.Deputy == s.Gardener:
		problems = append(problems, Problem{Path: at + ".deputy", Want: "is the gardener; write somebody else, or nobody"})
	}
	switch s.Assign {
	case AssignDuty:
		if len(s.Rota) == 0 && s.Gardener == "" && len(s.Members) == 0 && s.Group == "" { // a rota can be made in Slack
			problems = append(problems, Problem{Path: at + ".assign", Value: show(s.Assign), Want: "needs somebody who is on duty; set a rota or a gardener, or write round-robin"})
		}
	case AssignLeastLoaded, AssignRoundRobin:
		if len(s.Members) == 0 && s.Group == "" {
			problems = append(problems, Problem{Path: at + ".assign", Value: show(s.Assign), Want: "needs people; set members or group"})
		}
	case AssignNobody:
	}
	return problems
}

// OwnersOf are the standing owners of categories and of requesters, by their names and ids.
func (c Config) OwnersOf() (categories, requesters map[string]string) {
	categories, requesters = map[string]string{}, map[string]string{}
	for _, o := range c.Owners {
		if o.Requester != "" {
			requesters[o.Requester] = o.Owner
		}
		for _, k := range c.Categories {
			if o.Category != "" && strings.EqualFold(k.Name, o.Category) {
				categories[k.Name] = o.Owner
			}
		}
	}
	return categories, requesters
}
