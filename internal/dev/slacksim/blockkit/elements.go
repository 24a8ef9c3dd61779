package blockkit

import "maps"

// The block elements, https://docs.slack.dev/reference/block-kit/block-elements,
// grouped by the blocks they may stand in.

var (
	accessories    = merged(everywhere, multiSelects, schemas{"image": image})
	actionElements = merged(everywhere, schemas{"datetimepicker": datetimepicker})
	inputElements  = merged(selects, multiSelects, choices, pickers, textInputs, schemas{
		"datetimepicker": datetimepicker,
		"file_input":     fileInput,
	})
	contextElements = schemas{
		"image":      image,
		"plain_text": plainTextOf(textLength),
		"mrkdwn":     mrkdwnOf(textLength),
	}
	contextActionElements = schemas{
		"feedback_buttons": feedbackButtons,
		"icon_button":      iconButton,
	}
	cardActions = schemas{"button": button}
)

// everywhere are the elements that both sections and actions take.
var everywhere = merged(buttons, selects, choices, pickers)

var buttons = schemas{
	"button":          button,
	"workflow_button": workflowButton,
	"overflow":        overflow,
}

var selects = schemas{
	"static_select":        either("options", "option_groups", element(selectFields, optionLists, fields{"initial_option": selectOption})),
	"external_select":      element(selectFields, fields{"initial_option": selectOption, "min_query_length": anyLength}),
	"users_select":         element(selectFields, fields{"initial_user": anyString}),
	"conversations_select": element(selectFields, conversationFields, fields{"initial_conversation": anyString, "response_url_enabled": boolean}),
	"channels_select":      element(selectFields, fields{"initial_channel": anyString, "response_url_enabled": boolean}),
}

var multiSelects = schemas{
	"multi_static_select":        either("options", "option_groups", element(multiFields, optionLists, fields{"initial_options": initialSelection})),
	"multi_external_select":      element(multiFields, fields{"initial_options": initialSelection, "min_query_length": anyLength}),
	"multi_users_select":         element(multiFields, fields{"initial_users": list(1, unlimited, anyString)}),
	"multi_conversations_select": element(multiFields, conversationFields, fields{"initial_conversations": list(1, unlimited, anyString)}),
	"multi_channels_select":      element(multiFields, fields{"initial_channels": list(1, unlimited, anyString)}),
}

var choices = schemas{
	"checkboxes": element(focusFields, confirmFields, visibleTo, fields{
		"options*":        list(1, 10, choiceOption),
		"initial_options": list(1, 10, choiceOption),
	}),
	"radio_buttons": element(focusFields, confirmFields, fields{
		"options*":       list(1, 10, choiceOption),
		"initial_option": choiceOption,
	}),
}

var pickers = schemas{
	"datepicker": element(focusFields, confirmFields, placeholder, fields{
		"initial_date": timeAs("2006-01-02", "YYYY-MM-DD"),
	}),
	"timepicker": element(focusFields, confirmFields, placeholder, fields{
		"initial_time": timeAs("15:04", "HH:mm"),
		"timezone":     anyString,
	}),
}

var textInputs = schemas{
	"plain_text_input": element(inputFields, fields{
		"initial_value": anyString,
		"multiline":     boolean,
		"min_length":    whole(0, textLength),
		"max_length":    whole(1, textLength),
	}),
	"email_text_input": element(inputFields, fields{"initial_value": anyString}),
	"url_text_input":   element(inputFields, fields{"initial_value": anyString}),
	"number_input": element(inputFields, fields{
		"is_decimal_allowed*": boolean,
		"initial_value":       anyString,
		"min_value":           anyString,
		"max_value":           anyString,
	}),
	"rich_text_input": element(inputFields, fields{
		"initial_value": byType(schemas{"rich_text": richText}),
		"min_lines":     anyLength,
		"max_lines":     anyLength,
	}),
}

var (
	image = either("image_url", "slack_file", object(imageFields))

	button = element(confirmFields, visibleTo, fields{
		"text*":                plainText(75),
		"value":                characters(0, 2000),
		"url":                  url,
		"style":                buttonStyle,
		"accessibility_label":  characters(0, 75),
		"agent_prompt":         anyString,
		"agent_prompt_display": anyString,
	})

	workflowButton = element(fields{
		"text*":               plainText(75),
		"workflow*":           object(fields{"trigger*": workflowTrigger}),
		"style":               buttonStyle,
		"accessibility_label": characters(0, 75),
	})

	workflowTrigger = object(fields{
		"url*": url,
		"customizable_input_parameters": list(0, unlimited, object(fields{
			"name*":  anyString,
			"value*": anyString,
		})),
	})

	overflow = element(confirmFields, fields{"options*": list(1, 5, overflowOption)})

	// Ten digits, which holds until the year 2286.
	datetimepicker = element(focusFields, confirmFields, fields{
		"initial_date_time": whole(1_000_000_000, 9_999_999_999),
	})

	fileInput = element(fields{
		"filetypes": list(1, unlimited, characters(1, unlimited)),
		"max_files": whole(1, 10),
	})

	feedbackButtons = element(fields{
		"positive_button*": feedbackButton,
		"negative_button*": feedbackButton,
	})

	feedbackButton = object(fields{
		"text*":               plainText(75),
		"value*":              characters(0, 2000),
		"accessibility_label": characters(0, 75),
	})

	iconButton = element(confirmFields, visibleTo, fields{
		"icon*":               anyOf("trash"),
		"text*":               plainText(75),
		"value":               characters(0, 2000),
		"accessibility_label": characters(0, 75),
	})
)

// The properties that several elements share.
var (
	placeholder   = fields{"placeholder": plainText(150)}
	focusFields   = fields{"focus_on_load": boolean}
	confirmFields = fields{"confirm": confirm}
	visibleTo     = fields{"visible_to_user_ids": list(1, unlimited, anyString)}
	selectFields  = merged(placeholder, focusFields, confirmFields)
	multiFields   = merged(selectFields, fields{"max_selected_items": whole(1, unlimited)})
	inputFields   = merged(placeholder, focusFields, fields{"dispatch_action_config": dispatchActionConfig})

	optionLists = fields{
		"options":       list(1, 100, selectOption),
		"option_groups": list(1, 100, optionGroup),
	}
	initialSelection = list(1, 100, selectOption)

	conversationFields = fields{
		"default_to_current_conversation": boolean,
		"filter":                          conversationFilter,
	}

	imageFields = fields{
		"type*":      anything,
		"image_url":  url,
		"slack_file": slackFile,
		"alt_text*":  characters(0, 2000),
	}
)

// element accepts an interactive element with these properties.
func element(sets ...fields) check {
	return object(append(sets, fields{"type*": anything, "action_id": id})...)
}

// merged returns the entries of all the sets.
func merged[M ~map[string]check](sets ...M) M {
	all := M{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}
