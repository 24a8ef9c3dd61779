package blockkit

import "strings"

// surface is a set of places where a block may stand.
type surface uint8

const (
	inModal surface = 1 << iota
	inMessage
	inHome

	anywhere = inModal | inMessage | inHome
)

// blockTypes is every block an app may send,
// https://docs.slack.dev/reference/block-kit/blocks, and where. The blocks file
// and call are missing because Slack only ever returns them.
var blockTypes = map[string]struct {
	on    surface
	check check
}{
	"section":            {anywhere, section},
	"header":             {anywhere, header},
	"divider":            {anywhere, divider},
	"context":            {anywhere, contextBlock},
	"actions":            {anywhere, actions},
	"input":              {anywhere, input},
	"image":              {anywhere, imageBlock},
	"video":              {anywhere, video},
	"rich_text":          {anywhere, richText},
	"card":               {anywhere, card},
	"alert":              {inModal, alert},
	"table":              {inMessage | inHome, table},
	"data_table":         {inMessage | inHome, dataTable},
	"data_visualization": {inMessage | inHome, dataVisualization},
	"container":          {inMessage | inHome, container},
	"carousel":           {inMessage, carousel},
	"context_actions":    {inMessage, contextActions},
	"markdown":           {inMessage, markdown},
	"task_card":          {inMessage, taskCard},
	"plan":               {inMessage, plan},
}

// blocksOn returns the blocks that may stand on a surface.
func blocksOn(s surface) schemas {
	allowed := schemas{}
	for name, b := range blockTypes {
		if b.on&s != 0 {
			allowed[name] = b.check
		}
	}
	return allowed
}

var (
	section = either("text", "fields", block(fields{
		"text":      anyText(textLength),
		"fields":    list(1, 10, anyText(2000)),
		"accessory": byType(accessories),
		"expand":    boolean,
	}))

	header = block(fields{"text*": plainText(150), "level": whole(1, 4)})

	divider = block()

	contextBlock = block(fields{"elements*": list(1, 10, byType(contextElements))})

	actions = withoutMultiSelect(block(fields{
		"elements*": list(1, 25, byType(actionElements)),
	}))

	contextActions = block(fields{"elements*": list(1, 5, byType(contextActionElements))})

	input = block(fields{
		"label*":          plainText(2000),
		"element*":        byType(inputElements),
		"hint":            plainText(2000),
		"optional":        boolean,
		"dispatch_action": boolean,
	})

	imageBlock = either("image_url", "slack_file", block(imageFields, fields{"title": plainText(2000)}))

	// The scopes that a video needs are not looked at here.
	video = block(fields{
		"video_url*":        url,
		"thumbnail_url*":    url,
		"alt_text*":         anyString,
		"title*":            plainText(200),
		"title_url":         url,
		"description":       plainText(200),
		"author_name":       characters(0, 50),
		"provider_name":     anyString,
		"provider_icon_url": url,
	})

	alert = block(fields{
		"text*": anyText(textLength),
		"level": anyOf("default", "info", "warning", "error", "success"),
	})

	// The length is limited for all markdown blocks together, in layout.go.
	markdown = block(fields{"text*": anyString})
)

// block accepts a block with these properties.
func block(sets ...fields) check {
	return object(append(sets, fields{"type*": anything, "block_id": id})...)
}

// withoutMultiSelect refuses multi-selects in the words Slack has for them; its
// documentation allows them in actions, its servers do not.
func withoutMultiSelect(actions check) check {
	return func(at string, value any) []string {
		block, _ := value.(map[string]any)
		for _, e := range objectsIn(block["elements"]) {
			if name, _ := e["type"].(string); strings.HasPrefix(name, "multi_") {
				return problem(at, "unsupported element: multiselect")
			}
		}
		return actions(at, value)
	}
}
