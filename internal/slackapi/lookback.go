package slackapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Found is a message of ours in Slack, and the version that it shows.
type Found struct {
	At      ticket.Message
	Version int64 // of its mark
}

// Find looks for our messages with a mark's id, written to a channel or a thread since a
// (real) time. The oldest comes first. If channel is a person's id, it looks in the direct
// messages with them. It reads all pages.
func (c *Client) Find(ctx context.Context, id, channel, thread string, since time.Time) ([]Found, error) {
	channel, err := c.conversation(ctx, channel)
	if err != nil {
		return nil, err
	}
	read := c.history
	if thread != "" {
		read = c.replies
	}
	var found []Found
	for cursor := ""; ; {
		page, next, err := read(ctx, channel, thread, cursor, since)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			if mark := slackformat.MarkOf(m); mark.ID == id {
				found = append(found, Found{ticket.Message{Channel: channel, TS: m.Timestamp}, mark.Version})
			}
		}
		if next == "" {
			sortByTS(found)
			return found, nil
		}
		cursor = next
	}
}

// conversation returns the direct channel with a person, or the channel itself.
func (c *Client) conversation(ctx context.Context, channel string) (string, error) {
	if channel == "" || channel[0] != 'U' && channel[0] != 'W' {
		return channel, nil
	}
	const method = "conversations.open"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return "", err
	}
	ch, _, _, err := c.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{channel}})
	if err != nil {
		return "", c.failed(ctx, method, err)
	}
	return ch.ID, nil
}

func (c *Client) history(ctx context.Context, channel, _, cursor string, since time.Time) ([]slack.Message, string, error) {
	const method = "conversations.history"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return nil, "", err
	}
	r, err := c.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Cursor: cursor, Limit: 200, Oldest: slackformat.TS(since), IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", c.failed(ctx, method, err)
	}
	return r.Messages, r.ResponseMetaData.NextCursor, nil
}

func (c *Client) replies(ctx context.Context, channel, thread, cursor string, since time.Time) ([]slack.Message, string, error) {
	const method = "conversations.replies"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return nil, "", err
	}
	page, _, next, err := c.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: thread, Cursor: cursor, Limit: 200,
		Oldest: slackformat.TS(since), IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", c.failed(ctx, method, err)
	}
	return page, next, nil
}

// sortByTS sorts by Slack's timestamps. They sort as text, because until the year 2286 they
// have ten digits before the dot.
func sortByTS(found []Found) {
	slices.SortFunc(found, func(a, b Found) int { return cmp.Compare(a.At.TS, b.At.TS) })
}
