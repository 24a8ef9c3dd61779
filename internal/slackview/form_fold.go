package slackview

import (
	"context"
	"fmt"

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
// it are chosen already. What else can be chosen, Slack asks for: see TicketOptions.
func FoldInForm(f desk.Foldable) Modal {
	t := f.Into.Ticket
	var chosen []*slack.OptionBlockObject
	for _, s := range f.Flood {
		chosen = append(chosen, ticketOption(s))
	}
	which := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeExternal, plain("Type words or a number"), inputID(desk.FieldDuplicate))
	which.InitialOptions = chosen
	which.MinQueryLength, which.MaxSelectedItems = new(0), new(desk.MostFolded)
	field := input(desk.FieldDuplicate, fmt.Sprintf("Which are about the same as %s?", t.Number), which)
	field.Hint = plain("Each ends as a duplicate. Its people follow " + t.Number.String() + ", and are told so.")
	return modal(FormFoldIn, fmt.Sprintf("Fold into %s", t.Number), "Fold in", Metadata{Ticket: t.Number}, field)
}

// otherTicket is a menu of tickets. Slack asks for its options when it is opened, and with each
// character that is typed into it.
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
func otherTicket(field string) *slack.SelectBlockElement {
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Type words or a number"), inputID(field))
	menu.MinQueryLength = new(0)
	return menu
}

// TicketOptions answers Slack's question for the options of a menu of tickets.
// https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
func TicketOptions(list []desk.Summary) any {
	options := []*slack.OptionBlockObject{} // not null
	for _, s := range list {
		options = append(options, ticketOption(s))
	}
	return map[string]any{"options": options}
}

func ticketOption(s desk.Summary) *slack.OptionBlockObject {
	state := ""
	if s.State.Ended() {
		state = string(s.State)
	}
	return option(fmt.Sprint(int64(s.Number)), dots(s.Number.String(), s.Priority.String(), state, slackformat.OneLine(s.Title)))
}

// OtherTickets reads what is typed into a menu of tickets in a form. It returns false for text that
// asks for nothing yet, such as half a filter.
func OtherTickets(form, text string, r Reading) (desk.Query, bool) {
	a, err := ReadQuery(text, r)
	if err != nil {
		return desk.Query{}, false
	}
	a.Query.Typing = true
	if form == FormFoldIn {
		a.Query.Filter.Scope = desk.ScopeOpen // another one has nothing to be folded
	}
	return a.Query, true
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
