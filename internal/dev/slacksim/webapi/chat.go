package webapi

import (
	"encoding/json"
	"strings"

	"supporty/internal/dev/slacksim/blockkit"
	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

const (
	maxText       = 40000 // characters; chat.postMessage cuts what is longer
	maxUpdateText = 4000  // bytes; chat.update refuses what is longer
)

// destination finds where to post: a channel by id or name, or the direct
// message with a person.
func destination(tx *workspace.Tx, ref string) (*workspace.Channel, error) {
	if p := tx.PersonByID(ref); p != nil {
		return tx.Conversation(tx.Bot.User, p.ID), nil
	}
	if c := tx.Channel(ref); c != nil {
		ref = c.ID
	}
	return visible(tx, ref)
}

// visible finds a channel that the bot can see, by id alone.
func visible(tx *workspace.Tx, id string) (*workspace.Channel, error) {
	c := tx.Channel(id)
	if c == nil || c.ID != id || ((c.Private || c.IM) && !c.Has(tx.Bot.User)) {
		return nil, refuse("channel_not_found")
	}
	return c, nil
}

// writable finds a channel that the bot may post to.
func (api *API) writable(tx *workspace.Tx, ref string) (*workspace.Channel, error) {
	c, err := destination(tx, ref)
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, refuse("is_archived")
	case !c.Has(tx.Bot.User) && !api.granted("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// newDraft reads a message out of arguments, and refuses what Slack would refuse.
func newDraft(tx *workspace.Tx, a args) (workspace.Message, error) {
	m := workspace.Message{
		User: tx.Bot.User, BotID: tx.Bot.ID, Text: a["text"], ThreadTS: a["thread_ts"],
		Blocks: a.json("blocks"), Attachments: a.json("attachments"), Metadata: a.json("metadata"),
	}
	if a.has("markdown_text") {
		if m.Text != "" || m.Blocks != nil {
			return m, refuse("markdown_text_conflict")
		}
		m.Text = a["markdown_text"]
	}
	if err := CheckBlocks(m.Blocks); err != nil {
		return m, err
	}
	metadata, err := readMetadata(m.Metadata)
	if err != nil {
		return m, err
	}
	m.Metadata = metadata
	switch {
	case m.Attachments != nil && !json.Valid(m.Attachments):
		return m, refuse("invalid_attachments")
	case layout.IsEmpty(m.Attachments):
		m.Attachments = nil
	}
	if m.Text == "" && layout.IsEmpty(m.Blocks) && m.Attachments == nil {
		return m, refuse("no_text")
	}
	return m, nil
}

// CheckBlocks refuses blocks that Slack would refuse.
func CheckBlocks(blocks json.RawMessage) error {
	if blocks == nil {
		return nil
	}
	if !json.Valid(blocks) {
		return refuse("invalid_blocks_format")
	}
	if problems := blockkit.Message(blocks); len(problems) > 0 {
		code := "invalid_blocks"
		if strings.HasPrefix(problems[0], "only_one_table_allowed") {
			code = "invalid_attachments"
		}
		return &apiError{code, wire.Object{"errors": problems, "response_metadata": wire.Object{"messages": worded(problems)}}}
	}
	return nil
}

// worded puts problems as response_metadata.messages has them.
func worded(problems []string) []string {
	messages := make([]string, 0, len(problems))
	for _, p := range problems {
		messages = append(messages, "[ERROR] "+p)
	}
	return messages
}

// readMetadata checks metadata; what says nothing becomes noMetadata.
func readMetadata(raw json.RawMessage) (json.RawMessage, error) {
	if raw == nil {
		return nil, nil
	}
	var metadata struct {
		EventType    string         `json:"event_type"`
		EventPayload map[string]any `json:"event_payload"`
	}
	err := json.Unmarshal(raw, &metadata)
	if err == nil && metadata.EventType == "" && metadata.EventPayload == nil {
		return json.RawMessage(workspace.NoMetadata), nil
	}
	if err != nil || metadata.EventType == "" || metadata.EventPayload == nil {
		return nil, refuse("invalid_metadata_format")
	}
	return raw, nil
}

func (api *API) postMessage(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := api.writable(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	m, err := newDraft(tx, a)
	if err != nil {
		return nil, err
	}
	if err := CheckThread(c, m.ThreadTS); err != nil {
		return nil, err
	}
	m.Broadcast = m.ThreadTS != "" && a.flag("reply_broadcast")
	body := wire.Object{}
	if runes := []rune(m.Text); len(runes) > maxText {
		m.Text = string(runes[:maxText])
		body["warning"] = "message_truncated"
		body["response_metadata"] = wire.Object{"warnings": []string{"message_truncated"}}
	}
	posted := tx.Post(c, m)
	body["channel"], body["ts"], body["message"] = c.ID, posted.TS, tx.Wire(posted)
	return body, nil
}

// CheckThread wants the ts of a message that stands in the channel itself.
// Slack documents no error for a missing parent; thread_not_found is what
// people report.
func CheckThread(c *workspace.Channel, parent string) error {
	if parent == "" {
		return nil
	}
	m := c.Message(parent)
	switch {
	case m == nil:
		return refuse("thread_not_found")
	case m.IsReply() || strings.HasSuffix(m.Subtype, "_join") || strings.HasSuffix(m.Subtype, "_leave"):
		return refuse("cannot_reply_to_message")
	}
	return nil
}

func (api *API) updateMessage(tx *workspace.Tx, a args) (wire.Object, error) {
	c, old, err := own(tx, a, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if c.Archived {
		return nil, refuse("is_archived")
	}
	if len(a["text"]) > maxUpdateText {
		return nil, refuse("msg_too_long")
	}
	draft, err := newDraft(tx, a)
	if err != nil {
		return nil, err
	}
	now := tx.NewTS()
	m := tx.Change(c, old, func(m *workspace.Message) {
		m.Text, m.Blocks = draft.Text, draft.Blocks
		if a.has("attachments") {
			m.Attachments = draft.Attachments
		}
		if draft.Metadata != nil {
			m.Metadata = draft.Metadata
		}
		if layout.IsEmpty(draft.Blocks) {
			m.Edited = &workspace.Edit{User: m.User, TS: now}
		}
	})
	return wire.Object{"channel": c.ID, "ts": m.TS, "text": m.Text, "message": tx.Wire(m)}, nil
}

// own finds a message of the bot itself.
func own(tx *workspace.Tx, a args, otherwise string) (*workspace.Channel, *workspace.Message, error) {
	c, err := visible(tx, a["channel"])
	if err != nil {
		return nil, nil, err
	}
	m := c.Message(a["ts"])
	switch {
	case m == nil || m.Subtype == "tombstone" && !tx.Beliefs.TombstoneIsAnothers:
		return nil, nil, refuse("message_not_found")
	case m.BotID != tx.Bot.ID:
		return nil, nil, refuse(otherwise)
	}
	return c, m, nil
}

func (api *API) deleteMessage(tx *workspace.Tx, a args) (wire.Object, error) {
	c, m, err := own(tx, a, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	tx.Remove(c, m)
	return wire.Object{"channel": c.ID, "ts": m.TS}, nil
}

func (api *API) postEphemeral(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := api.writable(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	reader := tx.PersonByID(a["user"])
	if reader == nil || !c.Has(reader.ID) {
		return nil, refuse("user_not_in_channel")
	}
	draft, err := newDraft(tx, a)
	if err != nil {
		return nil, err
	}
	m := tx.PostEphemeral(c, reader.ID, draft)
	return wire.Object{"message_ts": m.TS}, nil
}

func (api *API) getPermalink(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := visible(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	m := c.Message(a["message_ts"])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := "https://" + tx.Team.Domain + ".slack.com/archives/" + c.ID + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.IsReply() {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + c.ID
	}
	return wire.Object{"channel": c.ID, "permalink": link}, nil
}
