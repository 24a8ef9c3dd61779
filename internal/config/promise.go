package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"supporty/internal/sla"
)

// Override changes the promise for a category or a squad. The zero value changes nothing.
type Override struct {
	// Hours are its own opening hours; nil for Config.Hours.
	Hours *sla.Hours
	// Targets change single priorities, each at most once.
	Targets []TargetChange
}

// TargetChange changes the targets of one priority. A zero or nil field changes nothing.
type TargetChange struct {
	// Name is P1, P2 or P3.
	Name string
	// Resolve replaces Priority.Resolve.
	Resolve Target
	// Respond replaces Priority.Respond.
	Respond Target
	// FollowsHours replaces Priority.FollowsHours.
	FollowsHours *bool
	// AlertRespond replaces Priority.AlertRespond.
	AlertRespond *bool
	// WarnAt replaces Config.WarnAt.
	WarnAt float64
}

// Squad is a team that owns one or more categories.
type Squad struct {
	// Name is unique regardless of case; at most 75 characters.
	Name string
	// Group is the handle or id of the Slack user group whose members are in it; empty for none.
	Group string
	// Members are the ids of people who are in it too.
	Members []string
	// Lead is the id of who leads it; empty for nobody. The lead is a member.
	Lead string
	// HomeChannel is the name or id of the channel in which tickets of its categories live;
	// empty for the support channel.
	HomeChannel string
	// Rota says who of it is on duty. A later layer counts before an earlier one. Empty: nobody is.
	Rota []Layer
	// Assign is how its new tickets are offered to its people; empty: they are not.
	Assign Assign
	// Offer is for how much open time they are; 0 for the usual: see Offered.
	Offer time.Duration
	// Gardener is the id of who looks after what nobody is on duty for in opening hours; empty for nobody.
	Gardener string
	// Deputy stands in for the gardener; empty for nobody.
	Deputy string
	// DutyGroup is the handle or id of the Slack user group in which the bot keeps who is on duty; empty
	// for none. Nobody's rights come from it.
	DutyGroup string
	// Tasks are what it has to do again and again.
	Tasks []Task
	// Ladder is its own; the zero value means that Config.Ladder applies.
	Ladder Ladder
	// Override applies to its categories, unless they have one of their own.
	Override
}

// Category is a category of tickets.
type Category struct {
	// Name is unique regardless of case; at most 75 characters, the most that
	// an option's text may have (docs.slack.dev/reference/block-kit/composition-objects/option-object).
	Name string
	// Squad is the name of the Squad that owns it; empty for none.
	Squad string
	// Work is operational, tactical or strategic; empty for neither.
	Work string
	// NoClock means that the category has no targets.
	NoClock bool
	// Override takes precedence over the squad's.
	Override
	// Filing is what people are told of it.
	Filing
}

// Promise is the opening hours and targets of one category.
type Promise struct {
	// Hours are the opening hours of the category.
	Hours sla.Hours
	// Priorities are P1, P2 and P3, with their WarnAt; nil if there are no targets.
	Priorities []Priority
}

// Promise returns the promise of a category. Its own settings take precedence over its
// squad's, and these over the general ones. The general ones apply to every name that is
// no category.
func (c Config) Promise(category string) Promise {
	i := slices.IndexFunc(c.Categories, func(k Category) bool { return k.Name == category })
	if i < 0 {
		return c.promise()
	}
	k := c.Categories[i]
	switch squad, ok := c.squad(k.Squad); {
	case k.NoClock:
		return Promise{Hours: c.Hours}
	case ok:
		return c.promise(squad.Override, k.Override)
	}
	return c.promise(k.Override)
}

func (c Config) squad(name string) (Squad, bool) {
	i := slices.IndexFunc(c.Squads, func(s Squad) bool { return strings.EqualFold(s.Name, name) })
	if i < 0 {
		return Squad{}, false
	}
	return c.Squads[i], true
}

// promise applies overrides to the general promise, one after the other.
func (c Config) promise(overrides ...Override) Promise {
	p := Promise{Hours: c.Hours, Priorities: slices.Clone(c.Priorities)}
	for i := range p.Priorities {
		p.Priorities[i].WarnAt = cmp.Or(p.Priorities[i].WarnAt, c.WarnAt)
	}
	for _, o := range overrides {
		if o.Hours != nil {
			p.Hours = *o.Hours
		}
		for _, change := range o.Targets {
			i := slices.IndexFunc(p.Priorities, func(p Priority) bool { return p.Name == change.Name })
			change.apply(&p.Priorities[i])
		}
	}
	return p
}

func (t TargetChange) apply(p *Priority) {
	p.Resolve, p.Respond = cmp.Or(t.Resolve, p.Resolve), cmp.Or(t.Respond, p.Respond)
	p.WarnAt = cmp.Or(t.WarnAt, p.WarnAt)
	if t.FollowsHours != nil {
		p.FollowsHours = *t.FollowsHours
	}
	if t.AlertRespond != nil {
		p.AlertRespond = *t.AlertRespond
	}
}

// Targets converts the promise for the clocks. It returns an error if the hours are not
// valid.
func (p Promise) Targets() (sla.Targets, error) {
	calendar, err := sla.NewCalendar(p.Hours)
	if err != nil {
		return nil, fmt.Errorf("what is promised: %w", err)
	}
	targets := sla.Targets{}
	for i, p := range p.Priorities {
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

// check finds contradictions in the promise; at is where the promise is written.
func (p Promise) check(at string) Problems {
	var problems Problems
	always := p.Hours.Zone == ""
	for _, p := range p.Priorities {
		if p.Respond.longer(p.Resolve, always || !p.FollowsHours) {
			problems = append(problems, Problem{Path: at, Want: fmt.Sprintf("%s is answered within %s, later than it is solved, within %s; write a shorter respond for it", p.Name, p.Respond, p.Resolve)})
		}
	}
	open, days := openPerWeek(p.Hours)
	for _, p := range p.Priorities {
		if p.FollowsHours && !always && (p.Resolve.Open > 52*open || p.Resolve.Days > 52*days) {
			problems = append(problems, Problem{Path: at, Want: fmt.Sprintf("%s is solved within %s, but the desk is open for %s a week: that is more than a year; write a shorter resolve for it", p.Name, p.Resolve, brief(open))})
		}
	}
	return problems
}

// longer reports whether a target is longer than another of the same priority. Where that
// depends on the time of filing it returns false: see Config.Overtaken.
func (t Target) longer(other Target, always bool) bool {
	if always { // a day is 24 hours
		const day = 24 * time.Hour
		return t.Open+time.Duration(t.Days)*day > other.Open+time.Duration(other.Days)*day
	}
	return (t.Days > 0) == (other.Days > 0) && (t.Days > other.Days || t.Open > other.Open)
}

// openPerWeek is the open time of a week, and the number of days with open time.
func openPerWeek(h sla.Hours) (open time.Duration, days int) {
	for _, spans := range h.Week {
		days += min(len(spans), 1)
		for _, s := range spans {
			open += time.Duration(s.To-s.From) * time.Minute
		}
	}
	return open, days
}

// checkPromises checks the general promise, and each that differs from its base.
func (c Config) checkPromises() Problems {
	problems := c.promise().check("priorities")
	for i, s := range c.Squads {
		problems = append(problems, c.promise(s.Override).check(fmt.Sprintf("squads[%d]", i))...)
	}
	for i, k := range c.Categories {
		at := fmt.Sprintf("categories[%d]", i)
		if _, ok := c.squad(k.Squad); k.Squad != "" && !ok {
			problems = append(problems, Problem{Path: "squads", Want: fmt.Sprintf("has no %s, which %s names; add it, or take it out there", show(k.Squad), at)})
		}
		own := k.Hours != nil || len(k.Targets) > 0
		switch {
		case own && k.NoClock:
			problems = append(problems, Problem{Path: at, Want: "has no clock, and hours or targets; write one or the other"})
		case own:
			problems = append(problems, c.Promise(k.Name).check(at)...)
		}
	}
	return problems
}
