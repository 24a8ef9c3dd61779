package slacksim

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

// posted is the default company with a private channel, an archived one and a
// message of alice's in #support.
func posted(t *testing.T, cfg Config) (context.Context, *simHarness, string) {
	t.Helper()
	ctx, b := disconnected(t, cfg, nil)
	must(t)(b.client.CreateChannel(ctx, Channel{Name: "secret", Private: true, Members: []string{"bob"}}))
	must(t)(b.client.CreateChannel(ctx, Channel{Name: "old", Members: []string{"bob", "supporty"}, Archived: true}))
	out, err := b.client.As("alice").Say(ctx, "support", "help")
	if err != nil {
		t.Fatal(err)
	}
	return ctx, b, out.TS
}

func must(t *testing.T) func(any, error) {
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func words(s string) slack.MsgOption { return slack.MsgOptionText(s, false) }

func TestRefusals(t *testing.T) {
	t.Parallel()
	ctx, b, ts := posted(t, Config{})
	state := b.srv.State()
	id := func(name string) string { return state.Channel(name).ID }
	post := func(channel string, options ...slack.MsgOption) func() error {
		return func() error { _, _, err := b.api.PostMessageContext(ctx, channel, options...); return err }
	}
	tooLong := slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", strings.Repeat("x", 3001), false, false), nil, nil)
	update := func(ts string, options ...slack.MsgOption) func() error {
		return func() error {
			_, _, _, err := b.api.UpdateMessageContext(ctx, id("support"), ts, options...)
			return err
		}
	}
	_, own, err := b.api.PostMessageContext(ctx, id("support"), words("mine"))
	must(t)(nil, err)
	tests := []struct {
		name, want string
		call       func() error
	}{
		{"post where not a member", "not_in_channel", post(id("general"), words("x"))},
		{"post in a private channel unseen", "channel_not_found", post(id("secret"), words("x"))},
		{"post nowhere", "channel_not_found", post("C0NOTHING", words("x"))},
		{"post in an archive", "is_archived", post(id("old"), words("x"))},
		{"post nothing", "no_text", post(id("support"), words(""))},
		{"post bad blocks", "invalid_blocks", post(id("support"), slack.MsgOptionBlocks(tooLong))},
		{"reply to nothing", "thread_not_found", post(id("support"), words("x"), slack.MsgOptionTS("1.000000"))},
		{"metadata without type", "invalid_metadata_format", post(id("support"), words("x"), slack.MsgOptionMetadata(slack.SlackMetadata{EventPayload: map[string]any{"a": 1}}))},
		{"update of another's", "cant_update_message", update(ts, words("x"))},
		{"update of nothing", "message_not_found", update("1.000000", words("x"))},
		{"update too long in bytes", "msg_too_long", update(own, words(strings.Repeat("é", 2001)))},
		{"delete of another's", "cant_delete_message", func() error { _, _, err := b.api.DeleteMessageContext(ctx, id("support"), ts); return err }},
		{"ephemeral to who is not there", "user_not_in_channel", func() error {
			_, err := b.api.PostEphemeralContext(ctx, id("support"), state.Person("carol").ID, words("x"))
			return err
		}},
		{"history where not a member", "not_in_channel", func() error {
			_, err := b.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: id("general")})
			return err
		}},
		{"thread of nothing", "thread_not_found", func() error {
			_, _, _, err := b.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: id("support"), Timestamp: "1.000000"})
			return err
		}},
		{"reaction not taken back", "no_reaction", func() error {
			return b.api.RemoveReactionContext(ctx, "eyes", slack.NewRefToMessage(id("support"), ts))
		}},
		{"reaction with colons", "invalid_name", func() error { return b.api.AddReactionContext(ctx, ":Eyes:", slack.NewRefToMessage(id("support"), ts)) }},
		{"reaction to nothing", "message_not_found", func() error {
			return b.api.AddReactionContext(ctx, "eyes", slack.NewRefToMessage(id("support"), "1.0"))
		}},
		{"user unknown", "user_not_found", func() error { _, err := b.api.GetUserInfoContext(ctx, "U0NOBODY"); return err }},
		{"group unknown", "no_such_subteam", func() error { _, err := b.api.GetUserGroupMembersContext(ctx, "S0NOTHING"); return err }},
		{"join of a private channel", "channel_not_found", func() error { _, _, _, err := b.api.JoinConversationContext(ctx, "C0NOTHING"); return err }},
		{"view with a trigger never given", "invalid_trigger_id", func() error { _, err := b.api.OpenViewContext(ctx, "1.2.3", form()); return err }},
		{"view with no trigger at all", "invalid_arguments", func() error { _, err := b.api.OpenViewContext(ctx, "nonsense", form()); return err }},
		{"view unknown", "not_found", func() error { _, err := b.api.UpdateViewContext(ctx, form(), "", "", "V0NOTHING"); return err }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.call(); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestBlockProblemsAreWorded(t *testing.T) {
	t.Parallel()
	ctx, b, _ := posted(t, Config{})
	bad := slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", strings.Repeat("x", 3001), false, false), nil, nil)
	_, _, err := b.api.PostMessageContext(ctx, "#support", slack.MsgOptionBlocks(bad))
	var refusal slack.SlackErrorResponse
	if !errors.As(err, &refusal) || !slices.ContainsFunc(refusal.ResponseMetadata.Messages, func(m string) bool {
		return strings.HasPrefix(m, "[ERROR] ") && strings.Contains(m, "/blocks/0/text")
	}) {
		t.Errorf("refusal is %+v", err)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	ctx, b, _ := posted(t, Config{})
	tests := []struct{ name, bot, app, wantBot, wantApp string }{
		{"none", "", "", "not_authed", "not_authed"},
		{"wrong", "xoxb-x", "xapp-x", "invalid_auth", "invalid_auth"},
		{"exchanged", b.srv.AppToken(), b.srv.BotToken(), "not_allowed_token_type", "not_allowed_token_type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			api := slack.New(tt.bot, slack.OptionAppLevelToken(tt.app), slack.OptionAPIURL(b.srv.APIURL()), slack.OptionHTTPClient(oneShot()))
			if _, err := api.AuthTestContext(ctx); err == nil || err.Error() != tt.wantBot {
				t.Errorf("auth.test: %v, want %s", err, tt.wantBot)
			}
			if _, _, err := api.StartSocketModeContext(ctx); err == nil || !strings.Contains(err.Error(), tt.wantApp) {
				t.Errorf("apps.connections.open: %v, want %s", err, tt.wantApp)
			}
		})
	}
}

func TestMissingScope(t *testing.T) {
	t.Parallel()
	ctx, b, ts := posted(t, Config{Scopes: []string{"chat:write", "channels:read"}})
	err := b.api.AddReactionContext(ctx, "eyes", slack.NewRefToMessage(b.srv.State().Channel("support").ID, ts))
	var refusal slack.SlackErrorResponse
	if !errors.As(err, &refusal) || refusal.Err != "missing_scope" || refusal.Needed != "reactions:write" || refusal.Provided != "chat:write,channels:read" {
		t.Errorf("refusal is %+v", refusal)
	}
	if _, err := b.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: b.srv.State().Channel("support").ID}); err != nil {
		t.Errorf("a scope that is granted was refused: %v", err)
	}
	private := b.srv.State().Channel("secret").ID
	if _, err := b.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: private}); err == nil || err.Error() != "missing_scope" {
		t.Errorf("a private channel needs groups:read, got %v", err)
	}
}

func TestUpdateKeepsAndClears(t *testing.T) {
	t.Parallel()
	ctx, b, _ := posted(t, Config{})
	support := b.srv.State().Channel("support").ID
	divider := slack.MsgOptionBlocks(slack.NewDividerBlock())
	_, ts, err := b.api.PostMessageContext(ctx, support, words("a"), divider,
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "row", EventPayload: map[string]any{"id": "1"}}))
	must(t)(nil, err)
	_, _, _, err = b.api.UpdateMessageContext(ctx, support, ts, words("b"), divider)
	must(t)(nil, err)
	m := b.srv.State().Channel("support").Message(ts)
	if m.Edited != nil || m.Metadata == nil || m.Blocks == nil || m.Text != "b" {
		t.Errorf("updated with blocks: %+v", m)
	}
	_, _, _, err = b.api.UpdateMessageContext(ctx, support, ts, words("c"))
	must(t)(nil, err)
	if m := b.srv.State().Channel("support").Message(ts); m.Edited == nil || m.Metadata == nil || m.Blocks != nil {
		t.Errorf("updated with text alone: %+v", m)
	}
}

func TestDeletedParentLeavesTombstone(t *testing.T) {
	t.Parallel()
	ctx, b, _ := posted(t, Config{})
	support := b.srv.State().Channel("support").ID
	_, ts, err := b.api.PostMessageContext(ctx, support, words("card"))
	must(t)(nil, err)
	out, err := b.client.As("alice").Say(ctx, "support", "reply", InThread(ts))
	must(t)(nil, err)
	must(t)(b.client.As("bob").Delete(ctx, "support", ts))
	m := b.srv.State().Channel("support").Message(ts)
	if m == nil || m.Subtype != "tombstone" || m.Text != "This message was deleted." {
		t.Fatalf("deleted parent is %+v", m)
	}
	must(t)(b.client.As("alice").Delete(ctx, "support", out.TS))
	if m := b.srv.State().Channel("support").Message(ts); m != nil {
		t.Errorf("tombstone without replies stays: %+v", m)
	}
	if _, err := b.client.As("alice").Delete(ctx, "support", ts); err == nil {
		t.Error("a message was deleted twice")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	ctx, b, _ := posted(t, Config{Limits: Limits{On: true}})
	support := b.srv.State().Channel("support").ID
	posted := 0
	var limited *slack.RateLimitedError
	for range 10 {
		if _, _, err := b.api.PostMessageContext(ctx, support, words("x")); errors.As(err, &limited) {
			break
		}
		posted++
	}
	if limited == nil || limited.RetryAfter.Seconds() != 1 || posted < 3 || posted > 5 {
		t.Errorf("after %d posts: %v", posted, limited)
	}
	if _, _, err := b.api.PostMessageContext(ctx, b.srv.State().Channel("support-digest").ID, words("x")); err != nil {
		t.Errorf("another channel is limited too: %v", err)
	}
	must(t)(nil, b.client.SetLimits(ctx, Limits{}))
	if _, _, err := b.api.PostMessageContext(ctx, support, words("x")); err != nil {
		t.Errorf("limits are off: %v", err)
	}
}
