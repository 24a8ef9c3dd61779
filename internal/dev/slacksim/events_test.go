package slacksim

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/wire"
)

// TestPeopleCauseEvents checks for each gesture which events the bot gets, and
// the fields by which it tells them apart.
func TestPeopleCauseEvents(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   Action // about the message of alice in #support
		want []string
	}{
		{"mention", Action{Do: "say", As: "bob", Channel: "support", Text: "@supporty help"}, []string{"message", "app_mention"}},
		{"direct message", Action{Do: "say", As: "bob", Channel: "@supporty", Text: "@supporty help"}, []string{"message"}},
		{"group message, for which the app did not ask", Action{Do: "say", As: "bob", Channel: "@supporty,@dana", Text: "@supporty help"}, nil},
		{"mention in words beside a file", Action{Do: "say", As: "bob", Channel: "support", Text: "@supporty help", Files: []string{"shot"}}, []string{"message file_share", "app_mention"}},
		{"direct message of others", Action{Do: "say", As: "bob", Channel: "@dana", Text: "psst"}, nil},
		{"channel without the bot", Action{Do: "say", As: "bob", Channel: "general", Text: "@supporty help"}, nil},
		{"edit", Action{Do: "edit", As: "alice", Channel: "support", Text: "help me"}, []string{"message message_changed"}},
		{"delete", Action{Do: "delete", As: "alice", Channel: "support"}, []string{"message message_deleted"}},
		{"delete by an admin", Action{Do: "delete", As: "bob", Channel: "support"}, []string{"message message_deleted"}},
		{"broadcast", Action{Do: "say", As: "bob", Channel: "support", Thread: "it", Broadcast: true, Text: "all"}, []string{"message thread_broadcast"}},
		{"reaction", Action{Do: "react", As: "bob", Channel: "support", Emoji: ":eyes:"}, []string{"reaction_added"}},
		{"join", Action{Do: "join", As: "carol", Channel: "support"}, []string{"member_joined_channel", "message channel_join"}},
		{"leave", Action{Do: "leave", As: "erin", Channel: "support"}, []string{"member_left_channel", "message channel_leave"}},
		{"bot is invited", Action{Do: "invite", As: "bob", Channel: "engineering", Person: "supporty"}, []string{"member_joined_channel", "message channel_join"}},
		{"bot is removed", Action{Do: "kick", As: "bob", Channel: "support", Person: "supporty"}, []string{"member_left_channel"}},
		{"archive", Action{Do: "archive", As: "bob", Channel: "support"}, []string{"message channel_archive", "channel_archive"}},
		{"rename", Action{Do: "rename", As: "bob", Channel: "support", Name: "help"}, []string{"channel_rename"}},
		{"status", Action{Do: "status", As: "bob", StatusText: "Away", Presence: "away"}, []string{"user_change"}},
		{"deactivation", Action{Do: "deactivate", As: "bob"}, []string{"user_change"}},
		{"home", Action{Do: "home", As: "bob"}, []string{"app_home_opened"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, b := setup(t, Config{}, nil)
			out, err := b.client.As("alice").Say(ctx, "support", "help")
			must(t)(nil, err)
			tt.do.TS = out.TS
			if tt.do.Thread != "" {
				tt.do.Thread = out.TS
			}
			if tt.do.Files != nil {
				f, err := b.client.As(tt.do.As).Upload(ctx, "shot.txt", []byte("what I see"))
				must(t)(nil, err)
				tt.do.Files = []string{f.ID}
			}
			must(t)(b.client.Do(ctx, tt.do))
			must(t)(b.client.CreatePerson(ctx, Person{Name: "last"})) // heard after everything else
			b.await(t, ctx, "the last event", ofType("team_join"))
			var got []string
			for _, r := range b.received()[1:] {
				got = append(got, layout.Joined(" ", r.Type, wire.Text(r.event(), "subtype")))
			}
			if diff := cmp.Diff(append(tt.want, "team_join"), got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBotHearsItself(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	support := b.srv.State().Channel("support").ID
	_, ts, err := b.api.PostMessageContext(ctx, support, words("card"))
	must(t)(nil, err)
	posted := b.await(t, ctx, "its message", ofType("message")).event()
	if posted["bot_id"] != b.srv.botID() || posted["user"] != b.srv.BotUserID() || posted["app_id"] == nil || posted["bot_profile"] == nil {
		t.Errorf("own message %v", posted)
	}
	_, _, _, err = b.api.UpdateMessageContext(ctx, support, ts, words("card, changed"))
	must(t)(nil, err)
	changed := b.await(t, ctx, "its change", func(r received) bool { return r.event()["subtype"] == "message_changed" }).event()
	message, previous := changed["message"].(wire.Object), changed["previous_message"].(wire.Object)
	if message["text"] != "card, changed" || previous["text"] != "card" || message["ts"] != ts {
		t.Errorf("change from %v to %v", previous, message)
	}
}

// TestEventsNeedTheirScopes takes one scope away and looks at what is not heard.
func TestEventsNeedTheirScopes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		scope string
		do    Action
		want  []string
	}{
		{"app_mentions:read", Action{Do: "say", As: "bob", Channel: "support", Text: "@supporty help"}, []string{"message"}},
		{"channels:history", Action{Do: "say", As: "bob", Channel: "support", Text: "@supporty help"}, []string{"app_mention"}},
		{"im:history", Action{Do: "say", As: "bob", Channel: "@supporty", Text: "help"}, nil},
		{"mpim:history", Action{Do: "say", As: "bob", Channel: "@supporty,@dana", Text: "help"}, nil},
		{"reactions:read", Action{Do: "home", As: "bob"}, []string{"app_home_opened"}},
		{"channels:read", Action{Do: "archive", As: "bob", Channel: "support"}, []string{"message"}},
	}
	for _, tc := range tests {
		t.Run(tc.scope, func(t *testing.T) {
			t.Parallel()
			scopes := slices.DeleteFunc(moreScopes(), func(s string) bool { return s == tc.scope })
			ctx, b := setup(t, Config{Scopes: scopes}, nil)
			must(t)(b.client.Do(ctx, tc.do))
			must(t)(b.client.CreatePerson(ctx, Person{Name: "last"})) // heard after everything else
			b.await(t, ctx, "the last event", ofType("team_join"))
			var got []string
			for _, r := range b.received() {
				got = append(got, r.Type)
			}
			if diff := cmp.Diff(append(tc.want, "team_join"), got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMentionSharesItsTS(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	must(t)(b.client.As("alice").Say(ctx, "support", "hey @supporty"))
	mention := b.await(t, ctx, "the mention", ofType("app_mention"))
	message := b.await(t, ctx, "the message", ofType("message"))
	if mention.event()["ts"] != message.event()["ts"] || mention.Payload["event_id"] == message.Payload["event_id"] {
		t.Errorf("mention %v, message %v", mention.Payload, message.Payload)
	}
}

func TestGroupChangeTellsWhoCameAndWent(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	must(t)(b.client.SetUsergroup(ctx, Usergroup{Handle: "oncall", Members: []string{"dana"}}))
	event := b.await(t, ctx, "the change", ofType("subteam_members_changed")).event()
	state := b.srv.State()
	want := [2][]any{{state.Person("dana").ID}, {state.Person("bob").ID}}
	got := [2][]any{event["added_users"].([]any), event["removed_users"].([]any)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("added and removed (-want +got):\n%s", diff)
	}
}
