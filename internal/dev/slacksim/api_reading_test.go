package slacksim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim/wire"
)

func TestReadingMethods(t *testing.T) {
	t.Parallel()
	ctx, b, ts := posted(t, Config{})
	state := b.srv.State()
	support := state.Channel("support")
	channels, _, err := b.api.GetConversationsContext(ctx, &slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}, ExcludeArchived: true})
	must(t)(nil, err)
	var names []string
	for _, c := range channels {
		names = append(names, fmt.Sprint(c.Name, " ", c.IsMember))
	}
	want := []string{"general false", "support true", "engineering false", "support-digest true"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("channels (-want +got):\n%s", diff)
	}
	members, _, err := b.api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: support.ID})
	if err != nil || !cmp.Equal(members, support.Members) {
		t.Errorf("members %v, %v", members, err)
	}
	users, err := b.api.GetUsersContext(ctx)
	if err != nil || len(users) != 6 {
		t.Errorf("%d users, %v", len(users), err)
	}
	erin, err := b.api.GetUserInfoContext(ctx, state.Person("erin").ID)
	if err != nil || !erin.IsRestricted || erin.TZ != "Europe/London" || erin.Profile.Email == "" {
		t.Errorf("erin is %+v, %v", erin, err)
	}
	groups, err := b.api.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(groups) != 1 || !cmp.Equal(groups[0].Users, []string{state.Person("bob").ID}) {
		t.Errorf("groups %+v, %v", groups, err)
	}
	team, err := b.api.GetTeamInfoContext(ctx)
	if err != nil || team.Name != "Acme" {
		t.Errorf("team %+v, %v", team, err)
	}
	link, err := b.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: support.ID, Ts: ts})
	if err != nil || !strings.HasSuffix(link, "/archives/"+support.ID+"/p"+strings.ReplaceAll(ts, ".", "")) {
		t.Errorf("permalink %s, %v", link, err)
	}
	im, _, _, err := b.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{erin.ID}, ReturnIM: true})
	if err != nil || !im.IsIM || im.User != erin.ID {
		t.Errorf("direct message %+v, %v", im, err)
	}
}

func TestHistoryAndReplies(t *testing.T) {
	t.Parallel()
	ctx, b, ts := posted(t, Config{})
	support := b.srv.State().Channel("support").ID
	for i := range 5 {
		_, _, err := b.api.PostMessageContext(ctx, support, words(fmt.Sprint("root ", i)),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "row", EventPayload: map[string]any{"id": fmt.Sprint(i)}}))
		must(t)(nil, err)
		_, _, err = b.api.PostMessageContext(ctx, support, words(fmt.Sprint("reply ", i)), slack.MsgOptionTS(ts))
		must(t)(nil, err)
	}
	var got []string
	for cursor := ""; ; {
		page, err := b.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: support, Limit: 2, Cursor: cursor, IncludeAllMetadata: true})
		must(t)(nil, err)
		for _, m := range page.Messages {
			got = append(got, fmt.Sprint(m.Text, m.Metadata.EventPayload["id"]))
		}
		if cursor = page.ResponseMetaData.NextCursor; cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"root 44", "root 33", "root 22", "root 11", "root 00", "help<nil>"}, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	var replies []string
	for cursor, more := "", true; more; {
		var page []slack.Message
		var err error
		page, more, cursor, err = b.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: support, Timestamp: ts, Limit: 3, Cursor: cursor})
		must(t)(nil, err)
		for _, m := range page[1:] {
			replies = append(replies, m.Text)
		}
		if page[0].Text != "help" || page[0].ReplyCount != 5 {
			t.Errorf("page begins with %+v", page[0])
		}
	}
	if diff := cmp.Diff([]string{"reply 0", "reply 1", "reply 2", "reply 3", "reply 4"}, replies); diff != "" {
		t.Errorf("replies (-want +got):\n%s", diff)
	}
}

func TestAnswersOfTheSmallMethods(t *testing.T) {
	t.Parallel()
	ctx, b, ts := posted(t, Config{})
	state := b.srv.State()
	who, err := b.api.AuthTestContext(ctx)
	if err != nil || who.UserID != state.BotUserID || who.BotID == "" || who.TeamID != state.Team.ID {
		t.Errorf("auth.test %+v, %v", who, err)
	}
	bot, err := b.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: who.BotID})
	if err != nil || bot.Name != "supporty" {
		t.Errorf("bots.info %+v, %v", bot, err)
	}
	ref := slack.NewRefToMessage(state.Channel("support").ID, ts)
	must(t)(nil, b.api.AddReactionContext(ctx, "eyes", ref))
	if err := b.api.AddReactionContext(ctx, "eyes", ref); err == nil || err.Error() != "already_reacted" {
		t.Errorf("a second reaction: %v", err)
	}
	item, err := b.api.GetReactionsContext(ctx, ref, slack.NewGetReactionsParameters())
	if err != nil || len(item.Reactions) != 1 || item.Reactions[0].Users[0] != state.BotUserID {
		t.Errorf("reactions.get %+v, %v", item, err)
	}
	must(t)(nil, b.api.RemoveReactionContext(ctx, "eyes", ref))
	joined, _, _, err := b.api.JoinConversationContext(ctx, state.Channel("general").ID)
	if err != nil || !joined.IsMember {
		t.Errorf("conversations.join %+v, %v", joined, err)
	}
	if _, _, _, err := b.api.JoinConversationContext(ctx, state.Channel("old").ID); err == nil || err.Error() != "is_archived" {
		t.Errorf("joining an archive: %v", err)
	}
}

func TestHistoryHidesMetadataUnlessAsked(t *testing.T) {
	t.Parallel()
	ctx, b, _ := posted(t, Config{})
	support := b.srv.State().Channel("support").ID
	_, _, err := b.api.PostMessageContext(ctx, support, words("x"),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "row", EventPayload: map[string]any{"id": "1"}}))
	must(t)(nil, err)
	page, err := b.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: support, Limit: 1})
	must(t)(nil, err)
	if m := page.Messages[0].Metadata; m.EventType != "row" || m.EventPayload != nil {
		t.Errorf("metadata %+v", m)
	}
}

// What is shown of metadata where all is asked for, and in events, under either reading.
func TestMetadataByBeliefs(t *testing.T) {
	t.Parallel()
	for _, believed := range []Beliefs{{}, {EventsLackPayload: true}, {ReadsLackMetadata: true}} {
		ctx, b := setup(t, Config{Beliefs: believed}, nil)
		support := b.srv.State().Channel("support").ID
		_, ts, err := b.api.PostMessageContext(ctx, support, words("x"),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "row", EventPayload: map[string]any{"id": "1"}}))
		must(t)(nil, err)
		history, err := b.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: support, Limit: 1, IncludeAllMetadata: true})
		must(t)(nil, err)
		replies, _, _, err := b.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: support, Timestamp: ts, IncludeAllMetadata: true})
		must(t)(nil, err)
		for _, m := range []slack.Message{history.Messages[0], replies[0]} {
			if shown := m.Metadata.EventPayload["id"] == "1"; shown == believed.ReadsLackMetadata || (m.Metadata.EventType == "") != believed.ReadsLackMetadata {
				t.Errorf("%+v: read as %+v", believed, m.Metadata)
			}
		}
		metadata, _ := b.await(t, ctx, "the event", ofType("message")).event()["metadata"].(wire.Object)
		if metadata["event_type"] != "row" || (metadata["event_payload"] == nil) != believed.EventsLackPayload {
			t.Errorf("%+v: the event has %+v", believed, metadata)
		}
	}
}
