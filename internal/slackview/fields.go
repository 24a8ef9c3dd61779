package slackview

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

const (
	mostInSection = 10  // https://docs.slack.dev/reference/block-kit/blocks/section-block
	mostOnCard    = 30  // fields; a ticket has more only if its category has changed often
	longestShown  = 250 // characters of a value on the card; Edit… and /support show have all of it
)

// fieldColumns shows the fields of a ticket in two columns.
func fieldColumns(t ticket.Ticket, s Scene) []slack.Block {
	var columns []*slack.TextBlockObject
	for _, f := range t.Fields[:min(len(t.Fields), mostOnCard)] {
		columns = append(columns, mrkdwn(lines("*"+slackformat.Escape(slackformat.OneLine(f.Name))+"*", fieldValue(f, s))))
	}
	var blocks []slack.Block
	for len(columns) > 0 {
		n := min(len(columns), mostInSection)
		blocks = append(blocks, slack.NewSectionBlock(nil, columns[:n], nil))
		columns = columns[n:]
	}
	return blocks
}

// safeLink is an address that cannot end the link that it stands in.
var safeLink = regexp.MustCompile(`^https?://[^\s<>|"]+$`)

// fieldValue is what a field holds, as mrkdwn. It mentions nobody.
func fieldValue(f ticket.Field, s Scene) string {
	value := strings.Join(f.Values, ", ")
	switch f.Kind {
	case ticket.FieldPerson:
		return s.name(value)
	case ticket.FieldDate:
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return day.Format("Mon 2 Jan 2006")
		}
	case ticket.FieldLink:
		if safeLink.MatchString(value) {
			return linked(strings.ReplaceAll(value, "&", "&amp;"), slackformat.Escape(slackformat.Clip(value, longestOption)))
		}
	case ticket.FieldText, ticket.FieldLongText, ticket.FieldNumber, ticket.FieldChoice, ticket.FieldChoices:
	}
	return slackformat.Escape(slackformat.Clip(value, longestShown))
}

// wholeFields shows the values that are cut on the card.
func wholeFields(t ticket.Ticket) []slack.Block {
	var blocks []slack.Block
	for _, f := range t.Fields {
		if value := strings.Join(f.Values, ", "); f.Kind != ticket.FieldLink && utf8.RuneCountInString(value) > longestShown {
			blocks = append(blocks, section("*"+slackformat.Escape(slackformat.OneLine(f.Name))+"*"), quote(slackformat.Clip(value, desk.MaxText)))
		}
	}
	return blocks
}
