package slackapi

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/emoji"
	"supporty/internal/slackformat"
)

// Written is a message as it stands now.
type Written struct {
	TS        string
	User      string // who wrote it; empty for some bots
	Bot       bool   // whether a bot wrote it
	Text      string // mrkdwn
	Reactions []Reaction
	Files     []slackformat.File // without deleted ones

	subtype     string
	latestReply string
}

// RepliedTo is the time of the newest reply to the message; the zero time if there is none.
func (w Written) RepliedTo() time.Time { return slackformat.Time(w.latestReply) }

// Gone reports whether the message was deleted and only a placeholder for its replies is
// left.
func (w Written) Gone() bool { return w.subtype == "tombstone" }

// At is when the message was written, by Slack's clock.
func (w Written) At() time.Time { return slackformat.Time(w.TS) }

// ByPerson reports whether a person wrote the message. Slack's own messages about the channel
// do not count.
func (w Written) ByPerson() bool {
	switch w.subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		return w.User != "" && !w.Bot
	}
	return false
}

// Reaction is one emoji on a message. The name has no skin tone.
type Reaction struct {
	Emoji  string
	People []string // ids, in the order in which they added the emoji
	Others bool     // there are more people than Slack names
}

// Thread is a first message and its replies.
type Thread struct {
	Gone    bool     // the first message was deleted
	Root    *Written // the first message; nil if it is gone or Slack did not show it
	Replies []Written
}

// Thread returns a thread with its replies since a time. A thread that is gone is no error.
// Like other reads that are not urgent, it leaves room in Slack's limits for writers.
func (c *Client) Thread(ctx context.Context, channel, root string, since time.Time) (Thread, error) {
	all, err := c.readAll(ctx, c.replies, "conversations.replies", channel, root, since)
	if ScopeOf(err) == Gone && err != nil {
		return Thread{Gone: true}, nil
	}
	if err != nil {
		return Thread{}, err
	}
	var t Thread
	for _, w := range all {
		switch {
		case w.TS != root:
			t.Replies = append(t.Replies, w)
		case w.Gone():
			t.Gone = true
		default:
			t.Root = &w
		}
	}
	return t, nil
}

// Direct is a message in direct messages. Thread is the message that it replies to; empty if
// there is none.
type Direct struct {
	Written
	Thread string
}

// Directs returns the messages in a direct channel since a time. It also reads the threads of
// messages that are not older than threads.
func (c *Client) Directs(ctx context.Context, channel string, since, threads time.Time) ([]Direct, error) {
	roots, err := c.readAll(ctx, c.history, "conversations.history", channel, "", threads)
	if err != nil {
		return nil, err
	}
	var all []Direct
	for _, w := range roots {
		if w.At().After(since) {
			all = append(all, Direct{Written: w})
		}
		if !w.RepliedTo().After(since) {
			continue
		}
		t, err := c.Thread(ctx, channel, w.TS, since)
		if err != nil {
			return nil, err
		}
		for _, r := range t.Replies {
			all = append(all, Direct{Written: r, Thread: w.TS})
		}
	}
	return all, nil
}

// Direct returns the channel of the direct messages with a person.
func (c *Client) Direct(ctx context.Context, person string) (string, error) {
	if err := c.limits.leaveRoom(ctx, "conversations.open"); err != nil {
		return "", err
	}
	return c.conversation(ctx, person)
}

type reader func(ctx context.Context, channel, thread, cursor string, since time.Time) ([]slack.Message, string, error)

// readAll reads all pages. A thread's first message is on each of them.
func (c *Client) readAll(ctx context.Context, read reader, method, channel, thread string, since time.Time) ([]Written, error) {
	var all []Written
	for cursor := ""; ; {
		if err := c.limits.leaveRoom(ctx, method); err != nil {
			return nil, err
		}
		page, next, err := read(ctx, channel, thread, cursor, since)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			if len(all) == 0 || m.Timestamp != thread {
				all = append(all, written(m))
			}
		}
		if next == "" {
			return all, nil
		}
		cursor = next
	}
}

// Skim returns up to 200 messages of a channel, without replies, the newest first. It begins
// with the message that has the ts, or with the next older one. more reports whether there are
// older ones than it returns. Of a thread it shows the time of the last reply, but neither the
// replies nor their emoji.
func (c *Client) Skim(ctx context.Context, channel, ts string) (page []Written, more bool, err error) {
	const method = "conversations.history"
	if err := c.limits.leaveRoom(ctx, method); err != nil {
		return nil, false, err
	}
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return nil, false, err
	}
	r, err := c.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Latest: ts, Inclusive: true, Limit: 200,
	})
	if err != nil {
		return nil, false, c.failed(ctx, method, err)
	}
	for _, m := range r.Messages {
		page = append(page, written(m))
	}
	return page, r.HasMore, nil
}

func written(m slack.Message) Written {
	w := Written{
		TS: m.Timestamp, User: m.User, Bot: m.BotID != "", Text: m.Text, Files: slackformat.FilesOf(m.Files),
		subtype: m.SubType, latestReply: m.LatestReply,
	}
	for _, r := range m.Reactions {
		w.Reactions = append(w.Reactions, Reaction{Emoji: emoji.Name(r.Name), People: r.Users, Others: r.Count > len(r.Users)})
	}
	return w
}
