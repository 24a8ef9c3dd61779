package blockkit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRulesAcrossBlocks(t *testing.T) {
	t.Parallel()
	const (
		divider  = `{"type":"divider","block_id":"d"}`
		cells    = `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`
		bare1    = `{"type":"users_select","action_id":"a"}`
		focused  = `{"type":"users_select","focus_on_load":true}`
		wanted   = `{"type":"input","label":` + some + `,"element":`
		selected = `{"type":"static_select","options":[` + option + `],"initial_option":`
	)
	markdown := `{"type":"markdown","text":"` + strings.Repeat("é", 6000) + `"}`
	for name, tt := range map[string]struct {
		place place
		json  string
		want  []string
	}{
		"block_id once":    {bare, `[` + divider + `,{"type":"divider"},{"type":"divider"}]`, nil},
		"block_id twice":   {bare, `[` + divider + `,` + divider + `]`, []string{"`block_id` \"d\" already exists [json-pointer:/blocks/1/block_id]"}},
		"block_id in view": {inAModal, divider + `,` + divider, []string{"`block_id` \"d\" already exists [json-pointer:/view/blocks/1/block_id]"}},
		"block_id of a child": {bare, `[` + divider + `,{"type":"container","title":` + some + `,"child_blocks":[` + divider + `]}]`,
			[]string{"`block_id` \"d\" already exists [json-pointer:/blocks/1/child_blocks/0/block_id]"}},
		"block_id of a card": {bare, `[{"type":"carousel","elements":[{"type":"card","block_id":"d"},{"type":"card","block_id":"d"}]}]`,
			[]string{"`block_id` \"d\" already exists [json-pointer:/blocks/0/elements/1/block_id]"}},
		"empty block_ids":      {bare, `[{"type":"divider","block_id":""},{"type":"divider","block_id":""}]`, nil},
		"action_id in a block": {asAction, bare1 + `,` + bare1, []string{"`action_id` \"a\" already exists [json-pointer:/blocks/0/elements/1/action_id]"}},
		"action_id in a card": {asBlock, `{"type":"card","actions":[{"type":"button","text":` + some + `,"action_id":"a"},{"type":"button","text":` + some + `,"action_id":"a"}]}`,
			[]string{"`action_id` \"a\" already exists [json-pointer:/blocks/0/actions/1/action_id]"}},
		"action_id in two blocks": {bare, `[{"type":"actions","elements":[` + bare1 + `]},{"type":"actions","elements":[` + bare1 + `]}]`, nil},

		"one table":        {bare, `[` + cells + `]`, nil},
		"two tables":       {bare, `[` + cells + `,` + cells + `]`, []string{"only_one_table_allowed"}},
		"markdown at most": {bare, `[` + markdown + `,` + markdown + `]`, nil},
		"markdown too long": {bare, `[` + markdown + `,` + markdown + `,{"type":"markdown","text":"x"}]`,
			[]string{"must be less than 12001 characters [json-pointer:/blocks/2/text]"}},

		"focus once": {inAModal, wanted + focused + `}`, nil},
		"focus twice": {inAModal, wanted + focused + `},` + wanted + focused + `}`,
			[]string{"must define `focus_on_load` on only one element [json-pointer:/view/blocks/1/element/focus_on_load]"}},
		"submit missing": {asView, `{"type":"modal",` + title + `,"blocks":[{"type":"divider"},` + wanted + bare1 + `}]}`,
			[]string{"must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"}},
		"submit not needed": {asView, `{"type":"modal",` + title + `,"blocks":[{"type":"divider"}]}`, nil},
		"home has none":     {inAHome, wanted + bare1 + `}`, nil},

		"initial option":         {asAccessory, selected + option + `}`, nil},
		"initial option unknown": {asAccessory, selected + `{"text":` + some + `,"value":"w"}}`, []string{"must exactly match one of the options [json-pointer:/blocks/0/accessory/initial_option]"}},
		"initial option in group": {asAccessory, `{"type":"static_select","option_groups":[{"label":` + some + `,"options":[` + option + `]}],"initial_option":` + option + `}`,
			nil},
		"initial options unknown": {asInput, `{"type":"checkboxes","options":[` + option + `],"initial_options":[` + option + `,{"text":` + some + `,"value":"w"}]}`,
			[]string{"must exactly match one of the options [json-pointer:/blocks/0/element/initial_options/1]"}},
		"initial option from outside": {asAccessory, `{"type":"external_select","initial_option":` + option + `}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, tt.place(tt.json)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
