package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/config"
)

// A group that is written is no group that is read, and belongs to one squad. That of alerts is only
// called by its name, so it may be written.
func TestDutyGroups(t *testing.T) {
	t.Parallel()
	const file = `
responders: {group: engineers}
alerts: {group: duty-a}
squads:
  - {name: A, group: team-a, duty_group: "@duty-a"}
  - {name: B, duty_group: %s}
`
	const want = "which the bot reads: who is on duty would be the only one in it; write a group that is for this alone"
	for group, problem := range map[string]string{
		"duty-b":       "",
		"engineers":    `squads[1].duty_group: "engineers" is also responders.group, ` + want,
		`"@team-a"`:    `squads[1].duty_group: "team-a" is also squads[0].group, ` + want,
		"duty-a":       `squads[1].duty_group: "duty-a" is also squads[0].duty_group, ` + want,
		"'@all of us'": `squads[1].duty_group: "@all of us" is not a user group; write its handle, like support-engineers, or its id, like S0123456789`,
	} {
		cfg, err := config.Load(write(t, strings.Replace(file, "%s", group, 1)), needed)
		got := ""
		if err != nil {
			got = err.Error()
		} else if !cfg.HasDutyGroups() {
			t.Error("the settings have no groups of who is on duty")
		}
		if diff := cmp.Diff(problem, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", group, diff)
		}
	}
}
