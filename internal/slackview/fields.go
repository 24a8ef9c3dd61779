package slackview

import (
	"regexp"
	"slices"
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

// cardFields are the fields that the card shows: those of the ticket's category, and those that no
// category asks for any more. What was filled in for another category is in show.
func cardFields(t ticket.Ticket, all Abouts) []ticket.Field {
	asked := func(a About, f ticket.Field) bool {
		return slices.ContainsFunc(a.Fields, func(k desk.AskedField) bool { return k.Empty().Same(f) })
	}
	return slices.DeleteFunc(slices.Clone(t.Fields), func(f ticket.Field) bool {
		elsewhere := false
		for _, a := range all {
			elsewhere = elsewhere || asked(a, f)
		}
		return elsewhere && !asked(all[t.Category], f)
	})
}

// fieldColumns shows fields in two columns.
func fieldColumns(fields []ticket.Field, s Scene) []slack.Block {
	var columns []*slack.TextBlockObject
	for _, f := range fields[:min(len(fields), mostOnCard)] {
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
	case ticket.FieldText, ticket.FieldLongText, ticket.FieldNumber, ticket.FieldChoice, ticket.FieldChoices, ticket.FieldFile:
	}
	return slackformat.Escape(slackformat.Clip(value, longestShown))
}

// restOfFields shows the fields that the card leaves out, and the values that are cut on it.
func restOfFields(t ticket.Ticket, s Scene) []slack.Block {
	shown := cardFields(t, s.About)
	left := slices.DeleteFunc(slices.Clone(t.Fields), func(f ticket.Field) bool { return slices.ContainsFunc(shown, f.Same) })
	blocks := fieldColumns(left, s)
	for _, f := range t.Fields {
		if value := strings.Join(f.Values, ", "); f.Kind != ticket.FieldLink && utf8.RuneCountInString(value) > longestShown {
			blocks = append(blocks, section("*"+slackformat.Escape(slackformat.OneLine(f.Name))+"*"), quote(slackformat.Clip(value, desk.MaxText)))
		}
	}
	return blocks
}
