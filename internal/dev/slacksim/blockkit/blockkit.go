// Package blockkit says what Slack would refuse in a message's blocks or in a
// view, in Slack's own words.
//
// It is a table of Block Kit (which types there are, which properties they
// have, how long each may be, where each may stand) and a small walker over
// it. Objects, elements and blocks are in the files of these names, check.go
// holds the building blocks of the table, and layout.go holds the rules that
// span several blocks. Limits come from docs.slack.dev/reference/block-kit,
// and from live answers where these differ.
//
// The package is pure: no HTTP, no state, no knowledge of tokens, scopes or
// people. What depends on the workspace (a file that does not exist, a scope
// that is missing, an external_id that is taken) and the sizes of a whole
// request (view_too_large, msg_blocks_too_long) do not belong here.
package blockkit

import "encoding/json"

// Message reports what Slack would refuse in the blocks array of a message,
// nil if it would accept it. Each problem is worded as in the errors array of
// Slack's answer, without the "[ERROR] " that response_metadata.messages puts
// before it, such as
//
//	must be less than 3001 characters [json-pointer:/blocks/0/text/text]
//
// Lengths are counted in characters (runes), not bytes. Empty input means that
// the message has no blocks and is accepted; input that is not JSON is reported
// as not being an array. A second table is reported as only_one_table_allowed,
// for which Slack answers with the code invalid_attachments; for anything else
// the code is invalid_blocks.
//
// Where Slack's wording is not known (numbers, formats, enumerations,
// focus_on_load, initial options) it follows the nearest wording that is.
func Message(blocks json.RawMessage) []string {
	if len(blocks) == 0 {
		return nil
	}
	decoded := decode(blocks)
	if problems := messageBlocks("/blocks", decoded); len(problems) > 0 {
		return problems
	}
	return messageRules(placedBlocks("/blocks", decoded))
}

// View is to a modal or home view what [Message] is to a message; its pointers
// begin with /view and Slack's code for its problems is invalid_arguments.
// Problems that span several blocks are looked for only once every block is
// right by itself, as Slack does. Empty input is reported as not being an
// object.
func View(view json.RawMessage) []string {
	decoded := decode(view)
	if problems := anyView("/view", decoded); len(problems) > 0 {
		return problems
	}
	fields, _ := decoded.(map[string]any)
	return viewRules(fields, placedBlocks("/view/blocks", fields["blocks"]))
}

// The containers of blocks, https://docs.slack.dev/reference/block-kit/blocks
// and https://docs.slack.dev/surfaces/modals.
var (
	messageBlocks = list(0, 50, byType(blocksOn(inMessage)))

	anyView = oneOfSchemas(byType(schemas{
		"modal": object(viewFields, fields{
			"title*":          plainText(24),
			"blocks*":         list(0, 100, byType(blocksOn(inModal))),
			"submit":          plainText(24),
			"close":           plainText(24),
			"clear_on_close":  boolean,
			"notify_on_close": boolean,
		}),
		"home": object(viewFields, fields{
			"blocks*": list(0, 100, byType(blocksOn(inHome))),
		}),
	}))

	viewFields = fields{
		"type*":            anything,
		"private_metadata": characters(0, 3000),
		"callback_id":      characters(0, 255),
		"external_id":      characters(0, 255),
	}
)

// decode returns nil, which no schema accepts, for anything but JSON.
func decode(raw json.RawMessage) any {
	var decoded any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		return nil
	}
	return decoded
}
