package app

import (
	"cmp"
	"fmt"
	"slices"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackview"
)

// escalationPolicy is what the settings say of escalations, with ids in place of names. The steps are
// part of the policy, by which a ticket lives until it ends: who is not there for now keeps
// their id in it, and what was never there its name. Who is told instead is a matter of the
// moment.
type escalationPolicy struct {
	steps   []sla.Escalation
	choices []slackview.RecipientChoice // whom people can escalate to: the steps' recipients and all pages, each once
	instead map[string]string           // who is told in the place of recipients
}

// escalationPolicy looks for whom the settings escalate to. Alerts is the group that is on duty.
func (l *look) escalationPolicy(cfg config.Config, alerts string) escalationPolicy {
	all := escalationPolicy{instead: map[string]string{}}
	meanwhile := "its steps tell the channel in its place"
	if alerts != "" {
		meanwhile = "its steps call the group of alerts in its place"
	}
	seen := map[config.Recipient]string{}
	for i, e := range cfg.Escalations {
		step := sla.Escalation{Percent: e.At.Percent, After: e.At.After, Every: e.Repeat, Most: e.Most}
		for _, p := range e.Priorities {
			step.Priorities = append(step.Priorities, slices.Index([]string{"P1", "P2", "P3"}, p)+1)
		}
		for j, r := range e.Notify {
			if seen[r] == "" {
				seen[r] = all.add(r, l.recipient(fmt.Sprintf("escalations[%d].notify[%d]", i, j), r, meanwhile))
			}
			step.Notify = append(step.Notify, seen[r])
		}
		all.steps = append(all.steps, step)
	}
	for _, p := range cfg.Pages {
		all.offer(pageChoice(p.Name))
	}
	return all
}

// add takes up whom or what a setting names, and returns how steps name it. Without a label
// it is not there.
func (e *escalationPolicy) add(r config.Recipient, c slackview.RecipientChoice) string {
	named := desk.RecipientNamed.Recipient(r.String())
	switch {
	case c.Recipient == "":
		return named
	case c.Label == "":
		e.instead[c.Recipient] = desk.RecipientDuty
		return c.Recipient
	}
	e.instead[named] = c.Recipient // of tickets that were filed before it was there
	e.offer(c)
	return c.Recipient
}

func (e *escalationPolicy) offer(c slackview.RecipientChoice) {
	if !slices.ContainsFunc(e.choices, func(o slackview.RecipientChoice) bool { return o.Recipient == c.Recipient }) {
		e.choices = append(e.choices, c)
	}
}

func pageChoice(name string) slackview.RecipientChoice {
	return slackview.RecipientChoice{Recipient: desk.RecipientPage.Recipient(name), Label: "Page " + name}
}

// recipient asks Slack for whom or what a setting names.
func (l *look) recipient(setting string, r config.Recipient, meanwhile string) slackview.RecipientChoice {
	switch r.Kind {
	case config.Duty:
		return slackview.RecipientChoice{Recipient: desk.RecipientDuty, Label: "Who is on duty"}
	case config.ToPage:
		return pageChoice(r.Name)
	case config.ToGroup:
		return l.apart(setting, desk.RecipientGroup, groups, r.Name, meanwhile)
	case config.ToChannel:
		return l.apart(setting, desk.RecipientChannel, channels, r.Name, meanwhile)
	case config.ToPerson:
		return slackview.RecipientChoice{Recipient: desk.RecipientPerson.Recipient(r.Name), Label: l.person(setting, r.Name, meanwhile)}
	case config.Owner:
	}
	return slackview.RecipientChoice{Recipient: desk.RecipientOwner, Label: "The owner"}
}

// apart is a group or a channel; without a recipient if it was never there.
func (l *look) apart(setting string, as desk.RecipientKind, k kind, name, meanwhile string) slackview.RecipientChoice {
	p := l.settle(setting, k, name, meanwhile)
	if p.open() != "" {
		return slackview.RecipientChoice{Recipient: as.Recipient(p.id), Label: p.name}
	}
	if id := cmp.Or(p.id, l.known[k.named(name)]); id != "" {
		return slackview.RecipientChoice{Recipient: as.Recipient(id)}
	}
	return slackview.RecipientChoice{}
}
