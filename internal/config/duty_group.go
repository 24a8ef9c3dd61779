package config

import (
	"fmt"
	"slices"
	"strings"
)

// HasDutyGroups reports whether the bot keeps who is on duty in any user group.
func (c Config) HasDutyGroups() bool {
	return slices.ContainsFunc(c.Squads, func(s Squad) bool { return s.DutyGroup != "" })
}

// checkDutyGroups finds groups that are written and whose members count elsewhere, and those that two
// squads write. The names alone are compared here; what they stand for is at the start.
func (c Config) checkDutyGroups() (problems Problems) {
	read := map[string]string{}
	note := func(group, path string) {
		if group != "" && read[strings.ToLower(group)] == "" {
			read[strings.ToLower(group)] = path
		}
	}
	note(c.Responders.Group, "responders.group")
	for i, s := range c.Squads {
		note(s.Group, fmt.Sprintf("squads[%d].group", i))
	}
	for i, s := range c.Squads {
		path := fmt.Sprintf("squads[%d].duty_group", i)
		if other := read[strings.ToLower(s.DutyGroup)]; s.DutyGroup != "" && other != "" {
			problems = append(problems, Problem{Path: path, Value: show(s.DutyGroup), Want: fmt.Sprintf("is also %s, which the bot reads: who is on duty would be the only one in it; write a group that is for this alone", other)})
		}
		note(s.DutyGroup, path)
	}
	return problems
}
