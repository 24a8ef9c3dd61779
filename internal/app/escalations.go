package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/directory"
	"supporty/internal/sla"
	"supporty/internal/slackview"
)

// ladder is what the settings say of escalations, with ids in place of names.
type ladder struct {
	steps   []sla.Escalation
	choices []slackview.RecipientChoice // whom people can escalate to: the steps' recipients and all pages, each once
}

func (l look) ladder(cfg config.Config) (ladder, error) {
	var all ladder
	for i, e := range cfg.Escalations {
		step := sla.Escalation{Percent: e.At.Percent, After: e.At.After, Every: e.Repeat, Most: e.Most}
		for _, p := range e.Priorities {
			n, err := strconv.Atoi(strings.TrimPrefix(p, "P"))
			if err != nil {
				return ladder{}, fmt.Errorf("escalations[%d].priorities: %w", i, err)
			}
			step.Priorities = append(step.Priorities, n)
		}
		for j, r := range e.Notify {
			choice, err := l.recipient(fmt.Sprintf("escalations[%d].notify[%d]", i, j), r)
			if err != nil {
				return ladder{}, err
			}
			step.Notify = append(step.Notify, choice.Recipient)
			all.offer(choice)
		}
		all.steps = append(all.steps, step)
	}
	for _, p := range cfg.Pages {
		all.offer(pageChoice(p.Name))
	}
	return all, nil
}

func (l *ladder) offer(c slackview.RecipientChoice) {
	if !slices.ContainsFunc(l.choices, func(o slackview.RecipientChoice) bool { return o.Recipient == c.Recipient }) {
		l.choices = append(l.choices, c)
	}
}

func pageChoice(name string) slackview.RecipientChoice {
	return slackview.RecipientChoice{Recipient: desk.RecipientPage.Recipient(name), Label: "Page " + name}
}

// recipient asks Slack for whom or what a setting names.
func (l look) recipient(path string, r config.Recipient) (slackview.RecipientChoice, error) {
	var kind desk.RecipientKind
	var id, label string
	var err error
	switch r.Kind {
	case config.Owner:
		return slackview.RecipientChoice{Recipient: desk.RecipientOwner, Label: "The owner"}, nil
	case config.Duty:
		return slackview.RecipientChoice{Recipient: desk.RecipientDuty, Label: "Who is on duty"}, nil
	case config.ToPage:
		return pageChoice(r.Name), nil
	case config.ToGroup:
		kind, label = desk.RecipientGroup, "@"+r.Name
		id, err = l.group(path, r.Name)
	case config.ToChannel:
		kind, label = desk.RecipientChannel, "#"+r.Name
		id, err = l.channel(path, r.Name)
	case config.ToPerson:
		kind, id = desk.RecipientPerson, r.Name
		label, err = l.person(path, r.Name)
		label, err = cmp.Or(label, id), l.optional(err)
	}
	return slackview.RecipientChoice{Recipient: kind.Recipient(id), Label: label}, err
}

// person is what somebody is called.
func (l look) person(path, id string) (string, error) {
	p, err := patiently(l, func(ctx context.Context) (directory.Profile, error) { return l.slack.Profile(ctx, id) })
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %q cannot be looked up: %w", path, id, err)
	case p.Stranger || p.Gone || p.Bot:
		return "", fmt.Errorf("%s: %q is nobody of this workspace; write the id of somebody who is (in their profile, Copy member ID)", path, id)
	}
	return p.Name, nil
}
