package slackformat

import (
	"fmt"
	"testing"

	"github.com/slack-go/slack"
)

func TestMarksAreOursOnly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		metadata slack.SlackMetadata
		want     Mark
	}{
		{Mark{ID: "7", Version: 3}.Metadata(), Mark{ID: "7", Version: 3}},
		{slack.SlackMetadata{EventType: "task_created", EventPayload: map[string]any{"id": "7"}}, Mark{}},
		{slack.SlackMetadata{EventType: markType, EventPayload: map[string]any{"id": 7.0, "version": 3.0}}, Mark{}},
		{slack.SlackMetadata{EventType: markType, EventPayload: map[string]any{"id": "7", "version": "x"}}, Mark{ID: "7"}},
		{slack.SlackMetadata{}, Mark{}},
	} {
		t.Run(fmt.Sprint(test.metadata), func(t *testing.T) {
			if got := MarkOf(slack.Message{Msg: slack.Msg{Metadata: test.metadata}}); got != test.want {
				t.Errorf("%+v is %+v", test.metadata, got)
			}
		})
	}
	for id, want := range map[string]Mark{
		Mark{ID: "7", Version: 3}.BlockID(): {ID: "7", Version: 3},
		"supporty_message:7:x":              {}, "supporty_message:7": {}, "other:7:3": {}, "Zk3": {}, "": {},
	} {
		t.Run(id, func(t *testing.T) {
			block := slack.NewSectionBlock(nil, nil, nil, slack.SectionBlockOptionBlockID(id))
			if got := MarkOf(slack.Message{Msg: slack.Msg{Blocks: slack.Blocks{BlockSet: []slack.Block{block}}}}); got != want {
				t.Errorf("%s is %+v", id, got)
			}
		})
	}
}

// The first block gets the mark, and the given blocks stay unchanged.
func TestBlocksBearMarks(t *testing.T) {
	t.Parallel()
	text := slack.NewTextBlockObject(slack.PlainTextType, "x", false, false)
	for _, b := range []slack.Block{slack.NewHeaderBlock(text), slack.NewSectionBlock(text, nil, nil)} {
		given := []slack.Block{b, slack.NewDividerBlock()}
		got := Mark{ID: "7", Version: 3}.On(given)
		if MarkIn(got[0].ID()) != (Mark{ID: "7", Version: 3}) || got[1].ID() != "" || given[0].ID() != "" {
			t.Errorf("%s: %q, %q; given %q", b.BlockType(), got[0].ID(), got[1].ID(), given[0].ID())
		}
		if unmarked := (Mark{}).On(given); unmarked[0].ID() != "" {
			t.Errorf("%s without a mark: %q", b.BlockType(), unmarked[0].ID())
		}
	}
}
