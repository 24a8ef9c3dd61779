package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
)

// AppMessage is what another app posts: an alert, a build result. Its text may be
// empty and everything stand in blocks or attachments; it has no user.
// https://docs.slack.dev/reference/events/message/bot_message
type AppMessage struct {
	Channel     string          `json:"channel"`            // by name or id
	Thread      string          `json:"thread,omitempty"`   // the parent to reply to
	Username    string          `json:"username,omitempty"` // "" means Alerts
	Text        string          `json:"text,omitempty"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
}

// incoming posts for another app, whose name makes its id.
func incoming(tx *Tx, in AppMessage) (*Message, error) {
	c := tx.channel(in.Channel)
	if c == nil || c.Archived {
		return nil, fmt.Errorf("there is no channel %q to post to", in.Channel)
	}
	if in.Text == "" && isEmptyList(in.Blocks) && isEmptyList(in.Attachments) {
		return nil, errors.New("a message needs text, blocks or attachments")
	}
	if err := checkBlocks(in.Blocks); err != nil {
		return nil, fmt.Errorf("the blocks: %w", err)
	}
	if err := checkThread(c, in.Thread); err != nil {
		return nil, fmt.Errorf("the thread %s: %w", in.Thread, err)
	}
	name := in.Username
	if name == "" {
		name = "Alerts"
	}
	return tx.post(c, Message{
		Subtype: "bot_message", BotID: otherApp(tx, name), Username: name, ThreadTS: in.Thread,
		Text: in.Text, Blocks: in.Blocks, Attachments: in.Attachments,
	}), nil
}

// otherApp is the bot id of another app, the same for all that it has posted.
func otherApp(tx *Tx, name string) string {
	for _, c := range tx.channels {
		for _, m := range c.Messages {
			if m.Username == name {
				return m.BotID
			}
		}
	}
	return tx.newID("B")
}
