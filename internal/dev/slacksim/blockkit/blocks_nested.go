package blockkit

// The blocks that hold other blocks, or structures of their own.

// A container's children exclude other containers, so no value is ever walked
// deeper than this table is.
var container = either("title", "rich_text_title", block(fields{
	"title":              plainText(150),
	"rich_text_title":    byType(schemas{"rich_text": richText}),
	"subtitle":           anyText(150),
	"icon":               imageOnly,
	"width":              anyOf("narrow", "standard", "wide", "full"),
	"is_collapsible":     boolean,
	"default_collapsed":  boolean,
	"has_header_divider": boolean,
	"child_blocks*": list(1, 10, byType(schemas{
		"section":   section,
		"header":    header,
		"divider":   divider,
		"context":   contextBlock,
		"actions":   actions,
		"input":     input,
		"image":     imageBlock,
		"video":     video,
		"rich_text": richText,
		"table":     table,
	})),
}))

var richText = block(fields{"elements*": list(0, unlimited, byType(schemas{
	"rich_text_section":      richTextSection,
	"rich_text_quote":        inlines(fields{"border": anyLength}),
	"rich_text_preformatted": inlines(fields{"border": anyLength, "language": anyString}),
	"rich_text_list": object(fields{
		"type*":     anything,
		"elements*": list(0, unlimited, byType(schemas{"rich_text_section": richTextSection})),
		"style*":    anyOf("bullet", "ordered"),
		"indent":    anyLength,
		"offset":    anyLength,
		"border":    anyLength,
	}),
}))})

var richTextSection = inlines()

// inlines accepts a part of a rich_text block that holds running text.
func inlines(sets ...fields) check {
	return object(append(sets, fields{
		"type*":     anything,
		"elements*": list(0, unlimited, byType(inlineTypes)),
	})...)
}

var inlineTypes = schemas{
	"text":      inline(fields{"text*": characters(1, unlimited)}),
	"link":      inline(fields{"url*": characters(1, unlimited), "text": anyString, "unsafe": boolean}),
	"user":      inline(fields{"user_id*": anyString}),
	"usergroup": inline(fields{"usergroup_id*": anyString}),
	"channel":   inline(fields{"channel_id*": anyString}),
	"team":      inline(fields{"team_id*": anyString}),
	"emoji":     inline(fields{"name*": anyString, "unicode": anyString, "skin_tone": whole(1, 6), "url": anyString}),
	"broadcast": inline(fields{"range*": anyOf("here", "channel", "everyone")}),
	"color":     inline(fields{"value*": anyString}),
	"date":      inline(fields{"timestamp*": unixTime, "format*": anyString, "timezone": anyString, "url": anyString, "fallback": anyString}),
}

func inline(own fields) check {
	return object(own, fields{"type*": anything, "style": inlineStyle})
}

var inlineStyle = object(fields{
	"bold":             boolean,
	"italic":           boolean,
	"strike":           boolean,
	"code":             boolean,
	"underline":        boolean,
	"highlight":        boolean,
	"client_highlight": boolean,
	"unlink":           boolean,
})

var rawTextCell = object(fields{"type*": anything, "text*": anyString})

// Tables take no raw_number cells: documented, but refused when sent.
var (
	table = block(fields{
		"rows*": list(1, 100, list(1, 20, byType(schemas{
			"raw_text":  rawTextCell,
			"rich_text": richText,
		}))),
		"column_settings": list(0, 20, orNull(object(fields{
			"align":      anyOf("left", "center", "right"),
			"is_wrapped": boolean,
		}))),
	})

	dataTable = block(fields{
		"caption*":                anyString,
		"rows*":                   list(1, unlimited, list(1, unlimited, byType(schemas{"raw_text": rawTextCell}))),
		"page_size":               whole(1, 100),
		"row_header_column_index": anyLength,
	})
)

var dataVisualization = block(fields{
	"title*": characters(1, 50),
	"chart*": byType(schemas{
		"pie":  object(fields{"type*": anything, "segments*": list(1, 6, chartPoint(positive))}),
		"bar":  seriesChart,
		"area": seriesChart,
		"line": seriesChart,
	}),
})

var seriesChart = object(fields{
	"type*": anything,
	"series*": list(1, 6, object(fields{
		"name*": characters(1, 20),
		"data*": list(1, 20, chartPoint(number)),
	})),
	"axis_config*": object(fields{
		"categories*": list(1, 20, characters(1, 20)),
		"x_label":     characters(0, 50),
		"y_label":     characters(0, 50),
	}),
})

func chartPoint(value check) check {
	return object(fields{"label*": characters(1, 20), "value*": value})
}

var card = block(fields{
	"hero_image": imageOnly,
	"icon":       imageOnly,
	"slack_icon": slackIcon,
	"title":      anyText(150),
	"subtitle":   anyText(150),
	"body":       anyText(200),
	"subtext":    anyText(textLength),
	"actions":    list(1, unlimited, byType(cardActions)),
})

var carousel = block(fields{"elements*": list(1, 10, byType(schemas{"card": card}))})

var imageOnly = byType(schemas{"image": image})

var plan = block(fields{
	"title*": anyString,
	"tasks":  list(0, unlimited, byType(schemas{"task_card": taskCard})),
})

// A task_card's title is a string, not a text object, and so is a plan's.
var taskCard = block(fields{
	"task_id*":   anyString,
	"title*":     anyString,
	"status":     anyOf("pending", "in_progress", "complete", "error"),
	"details":    byType(schemas{"rich_text": richText}),
	"output":     byType(schemas{"rich_text": richText}),
	"hide_title": boolean,
	"sources": list(0, unlimited, byType(schemas{
		"url": object(fields{"type*": anything, "url*": url, "text*": anyString}),
	})),
})
