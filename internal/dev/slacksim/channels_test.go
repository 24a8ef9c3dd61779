package slacksim

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/wire"
)

func mayManage() []string {
	return append(moreScopes(), "groups:write", "channels:manage", "mpim:write")
}

// ownChannel makes a private channel of the app, with alice in it.
func ownChannel(t *testing.T, ctx context.Context, b *simHarness) string {
	t.Helper()
	made, err := b.api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: "ticket-42", IsPrivate: true})
	must(t)(made, err)
	must(t)(b.api.InviteUsersToConversationContext(ctx, made.ID, b.srv.State().Person("alice").ID))
	return made.ID
}

// The app hears of its channel what it hears of others.
func TestChannelsOfTheAppCauseEvents(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{Scopes: mayManage()}, nil)
	id := ownChannel(t, ctx, b)
	must(t)(b.api.SetTopicOfConversationContext(ctx, id, "About #42"))
	must(t)(nil, b.api.KickUserFromConversationContext(ctx, id, b.srv.State().Person("alice").ID))
	must(t)(nil, b.api.ArchiveConversationContext(ctx, id))
	must(t)(b.client.CreatePerson(ctx, Person{Name: "last"})) // heard after everything else
	b.await(t, ctx, "the last event", ofType("team_join"))
	var got []string
	for _, r := range b.received() {
		got = append(got, layout.Joined(" ", r.Type, wire.Text(r.event(), "subtype")))
	}
	want := []string{
		"member_joined_channel", "message group_join", "member_joined_channel", "message group_join", "message group_topic",
		"member_left_channel", "message group_leave", "message group_archive", "group_archive", "team_join",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestChannelRefusals(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{Scopes: mayManage()}, nil)
	id, state := ownChannel(t, ctx, b), b.srv.State()
	must(t)(b.client.CreateChannel(ctx, Channel{Name: "secret", Private: true, Members: []string{"bob"}}))
	must(t)(b.client.As("bob").Invite(ctx, "general", "supporty"))
	general, bob, self := state.Channel("general").ID, state.Person("bob").ID, state.BotUserID
	for _, tt := range []struct {
		method, want string
		args         params
	}{
		{"conversations.create", "name_taken", params{"name": "secret", "is_private": "true"}},
		{"conversations.invite", "cant_invite_self", params{"channel": id, "users": self}},
		{"conversations.invite", "user_not_found", params{"channel": id, "users": "U0NOBODY," + bob}},
		{"conversations.invite", "no_user", params{"channel": id}},
		{"conversations.invite", "invalid_arguments", params{"channel": id, "users": strings.Repeat(bob+",", 101)}},
		{"conversations.invite", "not_in_channel", params{"channel": state.Channel("engineering").ID, "users": bob}},
		{"conversations.invite", "channel_not_found", params{"channel": b.srv.State().Channel("secret").ID, "users": bob}},
		{"conversations.invite", "", params{"channel": id, "users": "U0NOBODY," + bob, "force": "true"}},
		{"conversations.kick", "cant_kick_self", params{"channel": id, "user": self}},
		{"conversations.kick", "user_not_found", params{"channel": id, "user": "U0NOBODY"}},
		{"conversations.kick", "not_in_channel", params{"channel": id, "user": state.Person("dana").ID}},
		{"conversations.kick", "cant_kick_from_general", params{"channel": general, "user": bob}},
		{"conversations.setTopic", "too_long", params{"channel": id, "topic": strings.Repeat("é", 251)}},
		{"conversations.setPurpose", "", params{"channel": id, "purpose": strings.Repeat("é", 250)}},
		{"conversations.archive", "cant_archive_general", params{"channel": general}},
		{"conversations.unarchive", "not_archived", params{"channel": id}},
		{"conversations.archive", "", params{"channel": id}},
		{"conversations.archive", "already_archived", params{"channel": id}},
		{"conversations.invite", "is_archived", params{"channel": id, "users": bob}},
		{"conversations.setTopic", "is_archived", params{"channel": id, "topic": "x"}},
		{"conversations.unarchive", "not_in_channel", params{"channel": id}},
	} {
		if got := b.srv.call(tt.method, b.srv.BotToken(), tt.args).err(); got != tt.want {
			t.Errorf("%s %v: %q, want %q", tt.method, tt.args, got, tt.want)
		}
	}
}
