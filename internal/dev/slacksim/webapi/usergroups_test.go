package webapi

import (
	"slices"
	"testing"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// The members of a user group are replaced as a whole, if the workspace lets the bot; it cannot leave
// nobody, and takes neither bots nor guests.
func TestMembersOfAUserGroup(t *testing.T) {
	t.Parallel()
	h := newHarness()
	var bob, dana, bot string
	h.store.Update(func(tx *workspace.Tx) {
		bob, dana, bot = tx.Person("bob").ID, tx.Person("dana").ID, tx.Bot.User
		tx.AddGroup(workspace.Usergroup{ID: "S1", Handle: "duty", Members: []string{bob}})
		tx.AddGroup(workspace.Usergroup{ID: "S2", Handle: "admins", Members: []string{bob}, Admins: true})
		tx.AddGroup(workspace.Usergroup{ID: "S3", Handle: "off", Members: []string{bob}, Disabled: true})
	})
	change := func(group, users string) string {
		return wire.Text(h.call("usergroups.users.update", "xoxb-1", args{"usergroup": group, "users": users}).body, "error")
	}
	guest := func(change func(*workspace.Person)) {
		h.store.Update(func(tx *workspace.Tx) { change(tx.Person("bob")) })
	}
	for _, test := range []struct{ group, users, want string }{
		{"S1", dana, ""}, {"S1", dana + "," + bob, ""}, {"S1", dana, ""},
		{"S1", "", "no_users_provided"}, {"S1", "U0NOBODY", "invalid_users"}, {"S1", dana + "," + bot, "invalid_user"},
		{"S2", dana, "permission_denied"}, {"S3", dana, "no_such_subteam"}, {"S4", dana, "no_such_subteam"}, {"duty", dana, "no_such_subteam"},
	} {
		if got := change(test.group, test.users); got != test.want {
			t.Errorf("%s of %q: %q, want %q", test.group, test.users, got, test.want)
		}
	}
	guest(func(p *workspace.Person) { p.Restricted = true })
	if got := change("S1", bob); got != "invalid_user" {
		t.Errorf("a guest: %q", got)
	}
	guest(func(p *workspace.Person) { p.UltraRestricted = true })
	if got := change("S1", bob); got != "single_channel_guests_cannot_be_added" {
		t.Errorf("a guest of one channel: %q", got)
	}
	h.store.Update(func(tx *workspace.Tx) {
		if got := tx.Group("S1").Members; !slices.Equal(got, []string{dana}) {
			t.Errorf("in the group are %v", got)
		}
	})
}
