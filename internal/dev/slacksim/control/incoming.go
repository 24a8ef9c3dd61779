package control

import (
	"encoding/json"
	"errors"
	"fmt"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/webapi"
	"supporty/internal/dev/slacksim/workspace"
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
func incoming(tx *workspace.Tx, in AppMessage) (*workspace.Message, error) {
	c := tx.Channel(in.Channel)
	if c == nil || c.Archived {
		return nil, fmt.Errorf("there is no channel %q to post to", in.Channel)
	}
	if in.Text == "" && layout.IsEmpty(in.Blocks) && layout.IsEmpty(in.Attachments) {
		return nil, errors.New("a message needs text, blocks or attachments")
	}
	if err := webapi.CheckBlocks(in.Blocks); err != nil {
		return nil, fmt.Errorf("the blocks: %w", err)
	}
	if err := webapi.CheckThread(c, in.Thread); err != nil {
		return nil, fmt.Errorf("the thread %s: %w", in.Thread, err)
	}
	name := in.Username
	if name == "" {
		name = "Alerts"
	}
	return tx.Post(c, workspace.Message{
		Subtype: "bot_message", BotID: otherApp(tx, name), Username: name, ThreadTS: in.Thread,
		Text: in.Text, Blocks: in.Blocks, Attachments: in.Attachments,
	}), nil
}

// otherApp is the bot id of another app, the same for all that it has posted.
func otherApp(tx *workspace.Tx, name string) string {
	for _, c := range tx.Channels {
		for _, m := range c.Messages {
			if m.Username == name {
				return m.BotID
			}
		}
	}
	return tx.NewID("B")
}
