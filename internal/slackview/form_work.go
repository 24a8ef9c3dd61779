package slackview

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

func isLead(p FormParams, _ ticket.Ticket) bool { return p.Lead }

// ofCategory is the value of the choice that a ticket is the work that its category is.
const ofCategory = "category"

// workWords say what the kinds of work are.
var workWords = map[ticket.Work]string{
	ticket.Operational: "keeps going what there is",
	ticket.Tactical:    "makes it better, soon",
	ticket.Strategic:   "changes what there is",
}

// WorkForm asks which kind of work a ticket is.
func WorkForm(t ticket.Ticket, p FormParams) Modal {
	usual := "As its category: none"
	if w := p.About[t.Category].Work; w != "" {
		usual = "As its category: " + string(w)
	}
	options := []*slack.OptionBlockObject{option(ofCategory, usual)}
	for _, w := range ticket.Works {
		options = append(options, option(string(w), capital(string(w))+": "+workWords[w]))
	}
	which := slack.NewRadioButtonsBlockElement(inputID(desk.FieldWork), options...)
	which.InitialOption = options[0]
	if t.Work != "" {
		which.InitialOption = optionOf(options, string(t.Work))
	}
	asked := input(desk.FieldWork, "Which kind of work is it?", which)
	asked.Hint = plain("The statistics count it. Nobody is told.")
	return modal(FormWork, fmt.Sprintf("Work of %s", t.Number), "Save", Metadata{Ticket: t.Number}, asked)
}

func sendWork(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	chosen := s.Choice(desk.FieldWork)
	if chosen == ofCategory {
		chosen = ""
	}
	return d.Class(ctx, by, ticket.Work(chosen))
}

// openMore shows leads what only they can do.
func openMore(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
	r, err := d.Read(ctx, o.Ticket, o.Person)
	if err != nil {
		return Modal{}, err
	}
	o.Params.Lead = d.LooksAfter(ctx, o.Person) == nil
	return More(r.Ticket, o.Params), nil
}

// classed describes that somebody said which kind of work it is.
func classed(e ticket.Entry, who string) string {
	if e.Work == "" {
		return who + " said that it is the work that its category is."
	}
	return fmt.Sprintf("%s said that it is %s work.", who, e.Work)
}
