package app

import (
	"maps"
	"slices"
	"strings"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/manifest"
	"supporty/internal/sla"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
	"supporty/internal/tracker"
)

// policyOf is the policy of the settings, with its escalation steps. A category without
// targets of its own is not in it, so that a new one does not change the policy.
func policyOf(cfg config.Config, escalations []sla.Escalation) (sla.Policy, error) {
	general, err := cfg.Promise("").Targets()
	if err != nil {
		return sla.Policy{}, err
	}
	ladders, _ := laddersOf(cfg)
	policy := sla.Policy{Targets: general, Escalations: escalations, Ladder: slices.Sorted(maps.Keys(ladders))}
	for _, c := range cfg.Categories {
		own, err := cfg.Promise(c.Name).Targets()
		if err != nil {
			return sla.Policy{}, err
		}
		if maps.EqualFunc(own, general, sla.Target.Equal) {
			continue
		}
		if policy.Categories == nil {
			policy.Categories = map[string]sla.Targets{}
		}
		policy.Categories[c.Name] = own
	}
	return policy, nil
}

func categoryNames(cfg config.Config) []string {
	var names []string
	for _, c := range cfg.Categories {
		names = append(names, c.Name)
	}
	return names
}

// aboutCategories is what the settings tell of categories.
func aboutCategories(cfg config.Config) slackview.Abouts {
	all := slackview.Abouts{}
	for _, c := range cfg.Categories {
		about := slackview.About{Description: c.Description, Help: c.Help, Runbook: c.Runbook, Fields: askedFields(c), Command: c.Command, Work: ticket.Work(c.Work)}
		about.Priority, _ = ticket.ParsePriority(c.Priority) // checked already; 0 if it is empty
		all[c.Name] = about
	}
	return all
}

// issueForms are the forms of issues by category; that of "" is for every other category.
func issueForms(cfg config.Config) map[string]tracker.Form {
	forms := map[string]tracker.Form{"": cfg.IssueForm}
	for _, c := range cfg.Categories {
		if c.IssueForm != "" {
			forms[c.Name] = c.IssueForm
		}
	}
	return forms
}

// Shortcuts are the shortcuts of categories, for the manifest.
func Shortcuts(cfg config.Config) []manifest.Shortcut {
	var all []manifest.Shortcut
	for _, c := range cfg.Categories {
		if c.Shortcut != "" {
			all = append(all, manifest.Shortcut{Name: c.Shortcut, Callback: slackview.ShortcutID(c.Name), Category: c.Name})
		}
	}
	return all
}

// askedFields are the fields that the form asks for in a category.
func askedFields(c config.Category) []desk.AskedField {
	var fields []desk.AskedField
	for _, f := range c.Fields {
		fields = append(fields, desk.AskedField(f))
	}
	return fields
}

// fieldsByCategory are the fields of all categories, by their names.
func fieldsByCategory(cfg config.Config) map[string][]desk.AskedField {
	all := map[string][]desk.AskedField{}
	for _, c := range cfg.Categories {
		all[c.Name] = askedFields(c)
	}
	return all
}

// answersOf are the saved answers, each with the categories of its squad.
func answersOf(cfg config.Config) []slackview.SavedAnswer {
	var all []slackview.SavedAnswer
	for _, a := range cfg.SavedAnswers {
		answer := slackview.SavedAnswer{Name: a.Name, Text: a.Text}
		if a.Squad != "" {
			answer.Categories = []string{}
		}
		for _, c := range cfg.Categories {
			if a.Squad != "" && strings.EqualFold(c.Squad, a.Squad) {
				answer.Categories = append(answer.Categories, c.Name)
			}
		}
		all = append(all, answer)
	}
	return all
}

func formOf(cfg config.Config, policy sla.Policy, w workspace, turns map[string][]string) slackview.FormParams {
	form := slackview.FormParams{Categories: categoryNames(cfg), About: aboutCategories(cfg), Policy: policy, Command: cfg.Command, Recipients: w.escalation.choices, Files: w.files && cfg.Files.MaxSize > 0, Rooms: w.rooms}
	form.Suggests = cfg.Search.Suggest
	form.IssueForms, form.SavedAnswers, form.Calling = issueForms(cfg), answersOf(cfg), callsOf(cfg, turns)
	form.Night = cfg.Duty.Night
	for i, p := range cfg.Priorities {
		form.Priorities = append(form.Priorities, slackview.PriorityChoice{
			Priority: ticket.Priority(i + 1), Title: p.Title, Impact: p.Impact,
		})
	}
	return form
}
