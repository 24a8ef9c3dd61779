package slackformat

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// Mark identifies a message of ours in Slack. It travels in the message's metadata and
// in the id of its first block: whether Slack shows metadata where it is read again is
// not certain, and a block keeps its id. Anyone in the workspace can read both: numbers
// only.
type Mark struct {
	ID      string // of the outbox; empty for no mark
	Version int64  // of what it shows
}

// markType names our marks among those of other apps.
const markType = "supporty_message"

// Metadata is the mark as a message's metadata.
func (m Mark) Metadata() slack.SlackMetadata {
	return slack.SlackMetadata{EventType: markType, EventPayload: map[string]any{
		"id": m.ID, "version": strconv.FormatInt(m.Version, 10),
	}}
}

// BlockID is the mark as the id of a block.
func (m Mark) BlockID() string {
	return markType + ":" + m.ID + ":" + strconv.FormatInt(m.Version, 10)
}

// MarkIn reads the mark in a block's id; the zero Mark if there is none.
func MarkIn(blockID string) Mark {
	rest, ours := strings.CutPrefix(blockID, markType+":")
	id, text, _ := strings.Cut(rest, ":")
	version, err := strconv.ParseInt(text, 10, 64)
	if !ours || err != nil {
		return Mark{}
	}
	return Mark{ID: id, Version: version}
}

// On returns blocks of which the first bears the mark. Those given are left as they are:
// another try words them with another mark. A new version has a new id, as Slack asks for.
// https://docs.slack.dev/reference/block-kit/blocks
func (m Mark) On(blocks []slack.Block) []slack.Block {
	if m.ID == "" || len(blocks) == 0 {
		return blocks
	}
	return append([]slack.Block{named(blocks[0], m.BlockID())}, blocks[1:]...)
}

// named returns a copy of a block with an id, if it is one of those that our messages
// begin with; any other as it is.
func named(b slack.Block, id string) slack.Block {
	switch b := b.(type) {
	case *slack.HeaderBlock:
		c := *b
		c.BlockID = id
		return &c
	case *slack.SectionBlock:
		c := *b
		c.BlockID = id
		return &c
	}
	return b
}

// MarkOf is the mark of a message that was read.
func MarkOf(m slack.Message) Mark {
	if blocks := m.Blocks.BlockSet; len(blocks) > 0 {
		if mark := MarkIn(blocks[0].ID()); mark.ID != "" {
			return mark
		}
	}
	if m.Metadata.EventType != markType {
		return Mark{}
	}
	id, _ := m.Metadata.EventPayload["id"].(string)
	text, _ := m.Metadata.EventPayload["version"].(string)
	version, _ := strconv.ParseInt(text, 10, 64) // 0 for a message that somebody else wrote
	return Mark{ID: id, Version: version}
}
