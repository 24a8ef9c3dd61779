package slackview

import (
	"context"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

func openFoldIn(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
	f, err := d.Foldable(ctx, o.Ticket, o.Person)
	if err != nil {
		return Modal{}, err
	}
	return FoldInForm(f), nil
}

// FoldInForm asks which tickets are about the same as another. In a flood those that came with
// it are chosen already.
func FoldInForm(f desk.Foldable) Modal {
	t := f.Into.Ticket
	if len(f.Tickets) == 0 {
		return Page(t.Number, fmt.Sprintf("No other ticket is open in %s.", slackformat.Escape(slackformat.OneLine(t.Category))))
	}
	var options, chosen []*slack.OptionBlockObject
	for _, s := range f.Tickets {
		o := option(fmt.Sprint(int64(s.Number)), dots(s.Number.String(), s.Priority.String(), slackformat.OneLine(s.Title)))
		options = append(options, o)
		if slices.Contains(f.Flood, s.Number) {
			chosen = append(chosen, o)
		}
	}
	which := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plain("Choose tickets"), inputID(desk.FieldDuplicate), options...)
	which.InitialOptions = chosen
	which.MaxSelectedItems = new(desk.MostFolded)
	field := input(desk.FieldDuplicate, fmt.Sprintf("Which are about the same as %s?", t.Number), which)
	field.Hint = plain("Each ends as a duplicate. Its people follow " + t.Number.String() + ", and are told so.")
	return modal(FormFoldIn, fmt.Sprintf("Fold into %s", t.Number), "Fold in", Metadata{Ticket: t.Number}, field)
}

func sendFoldIn(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	var all []ticket.Number
	for _, value := range s.Choices(desk.FieldDuplicate) {
		n, more := Number(value)
		if n == 0 || more != "" {
			return desk.Record{}, unreadable(nil)
		}
		all = append(all, n)
	}
	return d.FoldIn(ctx, by, all)
}
