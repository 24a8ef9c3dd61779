package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	longestTarget     = 365 * 24 * time.Hour
	mostDays          = 100
	longestOptionText = 75  // docs.slack.dev/reference/block-kit/composition-objects/option-object
	mostCategories    = 200 // with all that is told of them a form stays below 250 KB: docs.slack.dev/reference/methods/views.open
)

// priorityFields has no name: the name selects the priority and cannot be changed.
var priorityFields = []field[Priority]{
	{"name", func(string, any, *Priority) Problems { return nil }},
	{"title", in(func(p *Priority) *string { return &p.Title }, scalar(line(1, 60)))},
	{"impact", in(func(p *Priority) *string { return &p.Impact }, scalar(line(1, longestOptionText)))},
	{"resolve", in(func(p *Priority) *Target { return &p.Resolve }, scalar(target))},
	{"respond", in(func(p *Priority) *Target { return &p.Respond }, scalar(target))},
	{"next_reply", in(func(p *Priority) *time.Duration { return &p.NextReply }, scalar(orNone(duration(time.Minute, longestTarget))))},
	{"hours", in(func(p *Priority) *bool { return &p.FollowsHours }, scalar(oneOf(choice("always", false), choice("desk", true))))},
	{"alert_respond", in(func(p *Priority) *bool { return &p.AlertRespond }, scalar(boolean))},
	{"warn_at", in(func(p *Priority) *float64 { return &p.WarnAt }, scalar(ownFraction))},
}

// orNone reads a duration that may be empty, which means none.
func orNone(parse func(any) (time.Duration, error)) func(any) (time.Duration, error) {
	return func(raw any) (time.Duration, error) {
		if raw == "" {
			return 0, nil
		}
		return parse(raw)
	}
}

var workingDays = regexp.MustCompile(`^(\d+) +working +days?$`)

// target parses a duration or a number of working days.
func target(raw any) (Target, error) {
	value, _ := raw.(string)
	if found := workingDays.FindStringSubmatch(strings.TrimSpace(value)); found != nil {
		days, err := strconv.Atoi(found[1])
		if err != nil || days < 1 || days > mostDays {
			return Target{}, fmt.Errorf("is out of range; write something from 1 working day to %d working days", mostDays)
		}
		return Target{Days: days}, nil
	}
	if strings.Contains(value, "day") {
		return Target{}, errors.New("is neither a duration nor working days; write something like 3h, 45m or 2 working days")
	}
	open, err := duration(time.Second, longestTarget)(raw)
	return Target{Open: open}, err
}

// priorities reads a list in which each item overrides fields of one priority. Everything
// that is not in the list keeps its default.
func priorities(at string, raw any, into *[]Priority) Problems {
	raws, ok := flow(raw).([]any)
	if !ok {
		return Problems{{Path: at, Value: show(raw), Want: `is not a list of priorities; in the config file, write "- name: P1" and its settings below it`}}
	}
	var problems Problems
	seen := map[string]bool{}
	for i, raw := range raws {
		where := fmt.Sprintf("%s[%d]", at, i)
		name := nameOf(raw)
		index := slices.IndexFunc(*into, func(p Priority) bool { return strings.EqualFold(p.Name, name) })
		switch {
		case index < 0:
			problems = append(problems, Problem{Path: where + ".name", Value: show(name), Want: "is not a priority; write P1, P2 or P3"})
		case seen[(*into)[index].Name]:
			problems = append(problems, Problem{Path: where + ".name", Value: show(name), Want: "is already in the list; put its settings in one place"})
		default:
			seen[(*into)[index].Name] = true
			problems = append(problems, group(priorityFields)(where, raw, &(*into)[index])...)
		}
	}
	return problems
}

func nameOf(raw any) string {
	values, _ := raw.(map[string]any)
	name, _ := values["name"].(string)
	return strings.TrimSpace(name)
}

// categories reads a list of names, or of groups with a name.
func categories(at string, raw any, into *[]Category) Problems {
	var read []Category
	problems := list(category, func(c Category) string { return strings.ToLower(c.Name) })(at, raw, &read)
	switch {
	case len(problems) > 0:
		return problems
	case len(read) == 0:
		return Problems{{Path: at, Want: "names no category; name at least one, or leave the setting out"}}
	case len(read) > mostCategories:
		return Problems{{Path: at, Want: fmt.Sprintf("names %d categories; a form holds at most %d", len(read), mostCategories)}}
	}
	*into = read
	return nil
}
