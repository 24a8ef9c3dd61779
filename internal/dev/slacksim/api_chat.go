package slacksim

import (
	"encoding/json"
	"strings"

	"supporty/internal/dev/slacksim/blockkit"
)

const (
	maxText       = 40000 // characters; chat.postMessage cuts what is longer
	maxUpdateText = 4000  // bytes; chat.update refuses what is longer
)

// destination finds where to post: a channel by id or name, or the direct
// message with a person.
func destination(tx *Tx, ref string) (*Channel, error) {
	if p := tx.personByID(ref); p != nil {
		return tx.conversation(tx.bot.user, p.ID), nil
	}
	if c := tx.channel(ref); c != nil {
		ref = c.ID
	}
	return visible(tx, ref)
}

// visible finds a channel that the bot can see, by id alone.
func visible(tx *Tx, id string) (*Channel, error) {
	c := tx.channel(id)
	if c == nil || c.ID != id || ((c.Private || c.IM) && !c.has(tx.bot.user)) {
		return nil, refuse("channel_not_found")
	}
	return c, nil
}

// writable finds a channel that the bot may post to.
func (api *API) writable(tx *Tx, ref string) (*Channel, error) {
	c, err := destination(tx, ref)
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, refuse("is_archived")
	case !c.has(tx.bot.user) && !api.granted("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// newDraft reads a message out of arguments, and refuses what Slack would refuse.
func newDraft(tx *Tx, a args) (Message, error) {
	m := Message{
		User: tx.bot.user, BotID: tx.bot.bot, Text: a["text"], ThreadTS: a["thread_ts"],
		Blocks: a.json("blocks"), Attachments: a.json("attachments"), Metadata: a.json("metadata"),
	}
	if a.has("markdown_text") {
		if m.Text != "" || m.Blocks != nil {
			return m, refuse("markdown_text_conflict")
		}
		m.Text = a["markdown_text"]
	}
	if err := checkBlocks(m.Blocks); err != nil {
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
	case isEmptyList(m.Attachments):
		m.Attachments = nil
	}
	if m.Text == "" && isEmptyList(m.Blocks) && m.Attachments == nil {
		return m, refuse("no_text")
	}
	return m, nil
}

func checkBlocks(blocks json.RawMessage) error {
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
		return &apiError{code, object{"errors": problems, "response_metadata": object{"messages": worded(problems)}}}
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

// noMetadata is how metadata is cleared.
const noMetadata = "{}"

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
		return json.RawMessage(noMetadata), nil
	}
	if err != nil || metadata.EventType == "" || metadata.EventPayload == nil {
		return nil, refuse("invalid_metadata_format")
	}
	return raw, nil
}

func isEmptyList(raw json.RawMessage) bool {
	return len(raw) == 0 || len(decodeBlocks(raw)) == 0
}

func (api *API) postMessage(tx *Tx, a args) (object, error) {
	c, err := api.writable(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	m, err := newDraft(tx, a)
	if err != nil {
		return nil, err
	}
	if err := checkThread(c, m.ThreadTS); err != nil {
		return nil, err
	}
	m.Broadcast = m.ThreadTS != "" && a.flag("reply_broadcast")
	body := object{}
	if runes := []rune(m.Text); len(runes) > maxText {
		m.Text = string(runes[:maxText])
		body["warning"] = "message_truncated"
		body["response_metadata"] = object{"warnings": []string{"message_truncated"}}
	}
	posted := tx.post(c, m)
	body["channel"], body["ts"], body["message"] = c.ID, posted.TS, tx.wire(posted)
	return body, nil
}

// checkThread wants the ts of a message that stands in the channel itself.
// Slack documents no error for a missing parent; thread_not_found is what
// people report.
func checkThread(c *Channel, parent string) error {
	if parent == "" {
		return nil
	}
	m := c.find(parent)
	switch {
	case m == nil:
		return refuse("thread_not_found")
	case m.IsReply() || strings.HasSuffix(m.Subtype, "_join") || strings.HasSuffix(m.Subtype, "_leave"):
		return refuse("cannot_reply_to_message")
	}
	return nil
}

func (api *API) updateMessage(tx *Tx, a args) (object, error) {
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
	now := tx.newTS()
	m := tx.change(c, old, func(m *Message) {
		m.Text, m.Blocks = draft.Text, draft.Blocks
		if a.has("attachments") {
			m.Attachments = draft.Attachments
		}
		if draft.Metadata != nil {
			m.Metadata = draft.Metadata
		}
		if isEmptyList(draft.Blocks) {
			m.Edited = &Edit{User: m.User, TS: now}
		}
	})
	return object{"channel": c.ID, "ts": m.TS, "text": m.Text, "message": tx.wire(m)}, nil
}

// own finds a message of the bot itself.
func own(tx *Tx, a args, otherwise string) (*Channel, *Message, error) {
	c, err := visible(tx, a["channel"])
	if err != nil {
		return nil, nil, err
	}
	m := c.find(a["ts"])
	switch {
	case m == nil || m.Subtype == "tombstone" && !tx.beliefs.TombstoneIsAnothers:
		return nil, nil, refuse("message_not_found")
	case m.BotID != tx.bot.bot:
		return nil, nil, refuse(otherwise)
	}
	return c, m, nil
}

func (api *API) deleteMessage(tx *Tx, a args) (object, error) {
	c, m, err := own(tx, a, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	tx.remove(c, m)
	return object{"channel": c.ID, "ts": m.TS}, nil
}

func (api *API) postEphemeral(tx *Tx, a args) (object, error) {
	c, err := api.writable(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	reader := tx.personByID(a["user"])
	if reader == nil || !c.has(reader.ID) {
		return nil, refuse("user_not_in_channel")
	}
	draft, err := newDraft(tx, a)
	if err != nil {
		return nil, err
	}
	m := tx.postEphemeral(c, reader.ID, draft)
	return object{"message_ts": m.TS}, nil
}

func (api *API) getPermalink(tx *Tx, a args) (object, error) {
	c, err := visible(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	m := c.find(a["message_ts"])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := "https://" + tx.team.Domain + ".slack.com/archives/" + c.ID + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.IsReply() {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + c.ID
	}
	return object{"channel": c.ID, "permalink": link}, nil
}
