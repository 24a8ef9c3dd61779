package slackformat

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// Mark identifies a message of ours in Slack. It is in the message's metadata and in the id of
// its first block: Slack may leave metadata out where messages are read, but a block keeps its
// id. Anyone in the workspace can read both, so a mark has numbers only.
type Mark struct {
	ID      string // the id of the row in the outbox; empty if there is no mark
	Version int64  // the version that the message shows
}

// markType distinguishes our marks from the metadata of other apps.
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

// On returns a copy of blocks whose first block has the mark. The given blocks stay unchanged,
// because another try marks them differently. A new version has a new id, as Slack asks.
// https://docs.slack.dev/reference/block-kit/blocks
func (m Mark) On(blocks []slack.Block) []slack.Block {
	if m.ID == "" || len(blocks) == 0 {
		return blocks
	}
	return append([]slack.Block{named(blocks[0], m.BlockID())}, blocks[1:]...)
}

// named returns a copy of a block with an id, if our messages can begin with such a block. It
// returns any other block unchanged.
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

// MarkOf is the mark of a message that was read from Slack.
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
	version, _ := strconv.ParseInt(text, 10, 64) // 0 for a message that is not ours
	return Mark{ID: id, Version: version}
}
