package slacksim

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim/wire"
)

func TestAnotherAppPosts(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	alert := AppMessage{
		Channel: "support", Username: "Monitor",
		Attachments: json.RawMessage(`[{"title":"Disk full","text":"db-1 has 2 % left","fields":[{"title":"Severity","value":"high"}]}]`),
	}
	posted, err := b.client.Incoming(ctx, alert)
	must(t)(nil, err)
	if want := "Disk full\ndb-1 has 2 % left\nSeverity: high"; posted.Rendered() != want {
		t.Errorf("people read %q, want %q", posted.Rendered(), want)
	}
	event := b.await(t, ctx, "the alert", ofType("message")).event()
	got := []any{event["subtype"], event["text"], event["username"], event["bot_id"], event["user"], event["app_id"]}
	if diff := cmp.Diff([]any{"bot_message", "", "Monitor", posted.BotID, nil, nil}, got); diff != "" {
		t.Errorf("the event (-want +got):\n%s", diff)
	}
	again, err := b.client.Incoming(ctx, AppMessage{Channel: "support", Username: "Monitor", Thread: posted.TS, Blocks: json.RawMessage(section("Better", "mrkdwn"))})
	if err != nil || again.BotID != posted.BotID || again.BotID == b.srv.botID() || !again.IsReply() {
		t.Errorf("the same app posted %+v after %+v (%v)", again, posted, err)
	}
	for _, bad := range []AppMessage{{Channel: "support"}, {Channel: "nowhere", Text: "x"}, {Channel: "support", Text: "x", Thread: "1.0"}, {Channel: "support", Blocks: json.RawMessage(`[{"type":"x"}]`)}} {
		if _, err := b.client.Incoming(ctx, bad); err == nil {
			t.Errorf("%+v was posted", bad)
		}
	}
}

// TestShortcutsWhereTheBotIsNot picks a shortcut in conversations that the bot
// may know nothing of, and answers by response_url.
func TestShortcutsWhereTheBotIsNot(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, channel, want string
		beliefs             Beliefs
	}{
		{name: "a direct message of two", channel: "@bob", want: "directmessage"},
		{name: "a group message", channel: "@bob,@carol", want: "mpdm-alice--bob--carol-1"},
		{name: "a private channel", channel: "secret", want: "privategroup"},
		{name: "a private channel, by the other reading", channel: "secret", beliefs: Beliefs{PrivateNamed: true}, want: "secret"},
		{name: "a public channel", channel: "general", want: "general"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx, b := setup(t, Config{Beliefs: tc.beliefs}, nil)
			must(t)(b.client.CreateChannel(ctx, Channel{Name: "secret", Private: true, Members: []string{"alice", "bob"}}))
			said, err := b.client.As("bob").Say(ctx, tc.channel, "it is broken", toAlice(tc.channel))
			must(t)(nil, err)
			out, err := b.client.As("alice").MessageShortcut(ctx, tc.channel, said.TS, "ticket_from_message")
			if err != nil || !out.Acked {
				t.Fatalf("the shortcut: %+v, %v", out, err)
			}
			payload := b.await(t, ctx, "the shortcut", ofType("message_action")).Payload
			if got := wire.Text(payload["channel"].(wire.Object), "name"); got != tc.want {
				t.Errorf("the channel is called %q, want %q", got, tc.want)
			}
			if _, _, err := b.api.PostMessageContext(ctx, wire.Text(payload["channel"].(wire.Object), "id"), words("x")); err == nil {
				t.Error("the bot wrote where it is not")
			}
			must(t)(nil, slack.PostWebhookContext(ctx, wire.Text(payload, "response_url"), &slack.WebhookMessage{Text: "#430"}))
			if heard, err := b.client.As("alice").Heard(ctx, out.Seq); err != nil || heard.Text != "#430" {
				t.Errorf("alice heard %+v, %v", heard, err)
			}
		})
	}
}

// toAlice turns a conversation as alice names it into the one that bob means.
func toAlice(channel string) SayOption {
	names := map[string]string{"@bob": "@alice", "@bob,@carol": "@alice,@carol"}
	return func(a *Action) {
		if names[channel] != "" {
			a.Channel = names[channel]
		}
	}
}

func TestListingNeedsTheScopeOfEachType(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{Scopes: []string{"channels:read", "groups:read", "im:write"}}, nil)
	carol := b.srv.State().Person("carol").ID
	tests := []struct {
		name string
		call func() error
		want string // the scope that is missing
	}{
		{"public and private ones", list(b, "public_channel", "private_channel"), ""},
		{"direct messages", list(b, "public_channel", "im"), "im:read"},
		{"both kinds of direct messages", list(b, "im", "mpim"), "im:read,mpim:read"},
		{"those of the bot", func() error {
			_, _, err := b.api.GetConversationsForUserContext(ctx, &slack.GetConversationsForUserParameters{Types: []string{"im"}})
			return err
		}, "im:read"},
		{"a direct message opened", func() error {
			_, _, _, err := b.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{carol}})
			return err
		}, ""},
		{"a group message opened", func() error {
			_, _, _, err := b.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{carol, b.srv.State().Person("bob").ID}})
			return err
		}, "mpim:write"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := missingScope(tc.call()); got != tc.want {
				t.Errorf("missing is %q, want %q", got, tc.want)
			}
		})
	}
}

func list(b *simHarness, types ...string) func() error {
	return func() error {
		_, _, err := b.api.GetConversations(&slack.GetConversationsParameters{Types: types})
		return err
	}
}

// missingScope is what a refused call needed; the error itself if it was refused
// for something else.
func missingScope(err error) string {
	var refusal slack.SlackErrorResponse
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal) && refusal.Err == "missing_scope":
		return refusal.Needed
	}
	return err.Error()
}

func TestTheBotsConversations(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	must(t)(b.client.As("bob").SayToBot(ctx, "hello"))
	must(t)(b.client.As("bob").Say(ctx, "@dana,@supporty", "hello"))
	must(t)(b.client.As("bob").Say(ctx, "@dana", "hello"))
	found, _, err := b.api.GetConversationsForUserContext(ctx, &slack.GetConversationsForUserParameters{Types: []string{"public_channel", "im", "mpim"}})
	must(t)(nil, err)
	var got []string
	for _, c := range found {
		got = append(got, c.Name)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"", "mpdm-supporty--bob--dana-1", "support", "support-digest"}, got); diff != "" {
		t.Errorf("the bot is in (-want +got):\n%s", diff)
	}
}

// TestPeopleTakeBackInDirectThreads edits and deletes in a thread of a direct
// message, its first message last.
func TestPeopleTakeBackInDirectThreads(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	alice := b.client.As("alice")
	root, err := alice.SayToBot(ctx, "hello")
	must(t)(nil, err)
	reply, err := alice.SayToBot(ctx, "more", InThread(root.TS))
	must(t)(nil, err)
	must(t)(alice.SayToBot(ctx, "last", InThread(root.TS)))
	must(t)(alice.Edit(ctx, "@supporty", reply.TS, "more, edited"))
	must(t)(alice.Delete(ctx, "@supporty", reply.TS))
	must(t)(alice.Delete(ctx, "@supporty", root.TS))
	buried := b.await(t, ctx, "the tombstone", func(r received) bool {
		m, _ := r.event()["message"].(wire.Object)
		return wire.Text(m, "subtype") == "tombstone"
	}).event()
	if buried["subtype"] != "message_changed" || wire.Text(buried["previous_message"].(wire.Object), "text") != "hello" || buried["channel_type"] != "im" {
		t.Errorf("the first message went by %v", buried)
	}
	changed := b.await(t, ctx, "the edit", func(r received) bool { return r.event()["subtype"] == "message_changed" }).event()
	if m := changed["message"].(wire.Object); m["text"] != "more, edited" || m["thread_ts"] != root.TS || m["edited"] == nil {
		t.Errorf("the edit is %v", changed)
	}
	gone := b.await(t, ctx, "the deletion", func(r received) bool { return r.event()["subtype"] == "message_deleted" }).event()
	if gone["deleted_ts"] != reply.TS || wire.Text(gone["previous_message"].(wire.Object), "thread_ts") != root.TS {
		t.Errorf("the deletion is %v", gone)
	}
}
