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

// escalationPolicy is the escalations of the settings, with ids in place of names. The
// steps are part of the policy, which a ticket keeps until its end. A recipient that does
// not exist at present keeps its id in the steps; one that never existed keeps its name.
// The replacements for such recipients are not part of the policy: they apply at the
// moment.
type escalationPolicy struct {
	steps   []sla.Escalation
	choices []slackview.RecipientChoice // recipients for people to choose: those of the steps and all pages, each once
	instead map[string]string           // the present replacements of recipients
}

// escalationPolicy looks up the recipients of the settings. alerts is the group on duty.
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

// add records a recipient, and returns the text for it in a step. A recipient without a
// label does not exist at present.
func (e *escalationPolicy) add(r config.Recipient, c slackview.RecipientChoice) string {
	named := desk.RecipientNamed.Recipient(r.String())
	switch {
	case c.Recipient == "":
		return named
	case c.Label == "":
		e.instead[c.Recipient] = desk.RecipientDuty
		return c.Recipient
	}
	e.instead[named] = c.Recipient // for tickets that were filed before it existed
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

// recipient looks up a recipient of the settings in Slack.
func (l *look) recipient(setting string, r config.Recipient, meanwhile string) slackview.RecipientChoice {
	switch r.Kind {
	case config.Duty:
		return slackview.RecipientChoice{Recipient: desk.RecipientDuty, Label: "Who is on duty"}
	case config.ToPage:
		return pageChoice(r.Name)
	case config.ToGroup:
		return l.groupOrChannel(setting, desk.RecipientGroup, groups, r.Name, meanwhile)
	case config.ToChannel:
		return l.groupOrChannel(setting, desk.RecipientChannel, channels, r.Name, meanwhile)
	case config.ToPerson:
		return slackview.RecipientChoice{Recipient: desk.RecipientPerson.Recipient(r.Name), Label: l.person(setting, r.Name, meanwhile)}
	case config.Owner:
	}
	return slackview.RecipientChoice{Recipient: desk.RecipientOwner, Label: "The owner"}
}

// groupOrChannel looks up a group or a channel. The result has no Recipient if it never existed.
func (l *look) groupOrChannel(setting string, as desk.RecipientKind, k kind, name, meanwhile string) slackview.RecipientChoice {
	p := l.lookUp(setting, k, name, meanwhile)
	if p.open() != "" {
		return slackview.RecipientChoice{Recipient: as.Recipient(p.id), Label: p.name}
	}
	if id := cmp.Or(p.id, l.known[k.named(name)]); id != "" {
		return slackview.RecipientChoice{Recipient: as.Recipient(id)}
	}
	return slackview.RecipientChoice{}
}
