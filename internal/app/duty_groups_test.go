package app_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/dev/slacksim"
)

// withDutyGroup keeps who is on duty in @checkout-duty.
func withDutyGroup(c *config_, sim *simConfig) {
	rota(c, sim)
	sim.Scopes = append(slacksim.DefaultScopes(), "usergroups:write")
	c.Squads[0].DutyGroup = "checkout-duty"
}

// hasGroup waits until a group has these people and no others.
func (h *harness) hasGroup(handle string, want ...string) {
	h.t.Helper()
	h.await("@"+handle+" of "+strings.Join(want, ", "), func(s slacksim.State) bool {
		i := slices.IndexFunc(s.Usergroups, func(g slacksim.Usergroup) bool { return g.Handle == handle })
		return i >= 0 && slices.Equal(s.Usergroups[i].Members, want)
	})
}

func (h *harness) groupID(handle string) string {
	h.t.Helper()
	for _, g := range h.look().Usergroups {
		if g.Handle == handle {
			return g.ID
		}
	}
	h.t.Fatalf("there is no @%s", handle)
	return ""
}

func (h *harness) fills() {
	h.t.Helper()
	if err := h.bot.FillDutyGroups(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

// Who is on duty is in the user group, alone, from the start and from each change on; what people change
// by hand is repaired after a restart. Slack is not asked without need, and while nobody is on duty the
// group stays as it is.
func TestWhoIsOnDutyIsInAUserGroup(t *testing.T) {
	t.Parallel()
	group := slacksim.Usergroup{Handle: "checkout-duty", Members: []string{"alice", "erin"}}
	h := before(t, func(h *harness) { h.sets(group) }, withDutyGroup)
	stop := h.startOne()
	h.advance(time.Second)
	h.fills()
	h.hasGroup("checkout-duty", "U0BOB1")
	asked := h.called("usergroups.users.list")
	h.fills()
	if n := h.called("usergroups.users.list"); n != asked {
		t.Errorf("asked %d times more", n-asked)
	}
	h.advance(time.Hour)
	h.fills()
	h.hasGroup("checkout-duty", "U0DANA")
	if n := h.called("usergroups.users.update"); n != 2 {
		t.Errorf("changed %d times", n)
	}
	stop()
	h.sets(group)
	stop = h.startOne()
	h.fills()
	h.hasGroup("checkout-duty", "U0DANA")
	h.deactivates("bob")
	h.deactivates("dana")
	h.until(`SELECT count(*) = 2 FROM people WHERE id IN ('U0BOB1', 'U0DANA') AND deactivated`)
	h.fills()
	h.hasGroup("checkout-duty", "U0DANA")
	stop()
	says(t, h.doctor(), "ok    squads[0].duty_group", "@checkout-duty has who is on duty, as of 2026-11-16T11:00")
}

// doctor is what the doctor says.
func (h *harness) doctor() string {
	var report bytes.Buffer
	app.Doctor(h.ctx, h.cfg, &report)
	return report.String()
}

// What Slack refuses is said once in the log, and by the doctor with what to do; it keeps nobody from
// being on duty.
func TestAUserGroupThatCannotBeChanged(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		group slacksim.Usergroup
		scope string
		want  string
	}{
		"only admins may": {slacksim.Usergroup{Handle: "checkout-duty", Members: []string{"alice"}, Admins: true}, "usergroups:write", "the workspace does not let the bot (permission_denied): Tools & settings"},
		"no scope":        {slacksim.Usergroup{Handle: "checkout-duty", Members: []string{"alice"}}, "team:read", "missing [usergroups:write]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := before(t, func(h *harness) { h.sets(test.group) }, withDutyGroup, func(_ *config_, sim *simConfig) {
				sim.Scopes = append(slacksim.DefaultScopes(), test.scope)
			})
			stop := h.startOne()
			h.advance(time.Second)
			h.fills()
			h.fills()
			h.as("bob").gets("You are on duty for Checkout until")
			h.hasGroup("checkout-duty", h.look().Person("alice").ID)
			stop()
			if n := strings.Count(h.log.String(), "could not be put into a user group"); n != 1 {
				t.Errorf("said %d times", n)
			}
			says(t, h.doctor(), "FAIL  squads[0].duty_group", test.want)
		})
	}
}

// A group that is switched off while the bot runs is said, and so is one that is read under another name: it
// is not written.
func TestUserGroupsThatAreNotWritten(t *testing.T) {
	t.Parallel()
	group := slacksim.Usergroup{Handle: "checkout-duty", Members: []string{"alice"}}
	h := before(t, func(h *harness) { h.sets(group) }, withDutyGroup)
	group.ID = h.groupID("checkout-duty")
	stop := h.startOne()
	h.advance(time.Second)
	h.fills()
	h.hasGroup("checkout-duty", "U0BOB1")
	off := group
	off.Disabled = true
	h.sets(off)
	h.advance(time.Hour)
	h.fills()
	says(t, h.doctor(), "FAIL  squads[0].duty_group", "the group is gone or switched off (no_such_subteam)")
	stop()
	h.sets(group)
	h.cfg.Responders.Group = group.ID
	t.Cleanup(h.startOne())
	h.fills()
	h.hasGroup("checkout-duty", h.look().Person("alice").ID)
	says(t, h.log.String(), "is a group that the bot reads")
}
