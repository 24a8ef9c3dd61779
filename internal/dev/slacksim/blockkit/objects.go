package blockkit

import "math"

// The composition objects,
// https://docs.slack.dev/reference/block-kit/composition-objects.

const (
	idLength   = 255
	urlLength  = 3000
	textLength = 3000
	// unlimited stands where Slack publishes no limit.
	unlimited = math.MaxInt32
)

var (
	id        = characters(0, idLength)
	url       = characters(1, urlLength)
	anyString = characters(0, unlimited)
	anyLength = whole(0, unlimited)
	unixTime  = whole(0, 1<<53)
)

// plainText accepts a plain_text object of 1 to most characters.
func plainText(most int) check {
	return byType(schemas{"plain_text": plainTextOf(most)})
}

// anyText accepts a plain_text or mrkdwn object of 1 to most characters.
func anyText(most int) check {
	return oneOfSchemas(byType(schemas{
		"plain_text": plainTextOf(most),
		"mrkdwn":     mrkdwnOf(most),
	}))
}

func plainTextOf(most int) check {
	return object(fields{"type*": anything, "text*": characters(1, most), "emoji": boolean})
}

func mrkdwnOf(most int) check {
	return object(fields{"type*": anything, "text*": characters(1, most), "verbatim": boolean})
}

var confirm = object(fields{
	"title*":   plainText(100),
	"text*":    anyText(300),
	"confirm*": plainText(30),
	"deny*":    plainText(30),
	"style":    buttonStyle,
})

var buttonStyle = anyOf("primary", "danger")

// Options differ by the element they are in: radio buttons and checkboxes show
// mrkdwn, only the overflow menu follows a url.
var (
	selectOption   = object(optionFields(plainText(75)))
	choiceOption   = object(optionFields(anyText(75)))
	overflowOption = object(optionFields(plainText(75)), fields{"url": url})

	optionGroup = object(fields{
		"label*":   plainText(75),
		"options*": list(1, 100, selectOption),
	})
)

func optionFields(label check) fields {
	return fields{"text*": label, "value*": characters(0, 150), "description": label}
}

var conversationFilter = object(fields{
	"include":                          list(1, 4, anyOf("im", "mpim", "private", "public")),
	"exclude_external_shared_channels": boolean,
	"exclude_bot_users":                boolean,
})

var dispatchActionConfig = object(fields{
	"trigger_actions_on": list(1, 2, anyOf("on_enter_pressed", "on_character_entered")),
})

// slackFile accepts a file named by its id or its url; whether there is such a
// file is not looked at here.
func slackFile(at string, value any) []string {
	file, ok := value.(map[string]any)
	if ok && file["id"] == nil && file["url"] == nil {
		return problem(at, "invalid slack file")
	}
	return slackFileFields(at, value)
}

var slackFileFields = object(fields{"id": characters(1, idLength), "url": url})

var slackIcon = object(fields{"type*": anyOf("icon"), "name*": characters(1, unlimited)})
