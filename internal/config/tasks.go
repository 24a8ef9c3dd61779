package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Task is what a squad has to do again and again: a ticket is opened for it at fixed times, for the gardener.
type Task struct {
	// Title is that of the tickets; unique in the squad.
	Title string
	// Text is that of the tickets; may be empty.
	Text string
	// Category is the name of a category of the squad without targets. Empty: the squad's first one.
	Category string
	// Cron is when, as in Digest.Schedule, in the zone of the squad's hours.
	Cron string
}

const (
	longestTaskTitle = 120
	longestTaskText  = 3000
	mostTasks        = 50
)

var taskFields = []field[Task]{
	{"title", in(func(t *Task) *string { return &t.Title }, scalar(line(1, longestTaskTitle)))},
	{"text", in(func(t *Task) *string { return &t.Text }, scalar(lines(longestTaskText)))},
	{"category", in(func(t *Task) *string { return &t.Category }, scalar(line(0, longestOptionText)))},
	{"cron", in(func(t *Task) *string { return &t.Cron }, scalar(schedule))},
}

func tasks(at string, raw any, into *[]Task) Problems {
	title := func(t Task) string { return strings.ToLower(t.Title) }
	return atMost(mostTasks, list(task, title))(at, raw, into)
}

func task(at string, raw any, into *Task) Problems {
	problems := group(taskFields)(at, raw, into)
	given, ok := raw.(map[string]any)
	for field, write := range map[string]string{"title": "write what is to be done", "cron": `write when, as a cron expression, like "0 9 * * 1" for Monday at 09:00`} {
		if ok && given[field] == nil {
			problems = append(problems, Problem{Path: at + "." + field, Want: "is missing; " + write})
		}
	}
	return problems
}

// checkTasks finds tasks without a gardener or a category.
func (c Config) checkTasks() (problems Problems) {
	for i, s := range c.Squads {
		if len(s.Tasks) > 0 && s.Gardener == "" {
			problems = append(problems, Problem{Path: fmt.Sprintf("squads[%d].tasks", i), Want: "are nobody's; set the squad's gardener, too"})
		}
		for j, t := range s.Tasks {
			if c.CategoryOf(s, t) == "" {
				problems = append(problems, Problem{
					Path: fmt.Sprintf("squads[%d].tasks[%d].category", i, j), Value: show(t.Category),
					Want: "is not a category of the squad without targets; write the name of one with clock: none and this squad",
				})
			}
		}
	}
	return problems
}

// CategoryOf is the category in which the tickets of a task are opened; empty if there is none.
func (c Config) CategoryOf(s Squad, t Task) string {
	i := slices.IndexFunc(c.Categories, func(k Category) bool {
		return k.NoClock && strings.EqualFold(k.Squad, s.Name) && (t.Category == "" || strings.EqualFold(k.Name, t.Category))
	})
	if i < 0 {
		return ""
	}
	return c.Categories[i].Name
}

// ZoneOf is the zone of a squad's hours; without hours that of the digest.
func (c Config) ZoneOf(s Squad) (*time.Location, error) {
	return time.LoadLocation(cmp.Or(c.promise(s.Override).Hours.Zone, c.Digest.Zone.String()))
}
