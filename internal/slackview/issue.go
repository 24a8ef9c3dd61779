package slackview

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
	"supporty/internal/tracker"
)

// issueForm is the form of issues about a category.
func (p FormParams) issueForm(category string) tracker.Form {
	return cmp.Or(p.IssueForms[category], p.IssueForms[""])
}

func hasIssueForm(p FormParams, t ticket.Ticket) bool { return p.issueForm(t.Category) != "" }

// longestIssue is the length of a filled-in address. In a section, which holds
// longestSection characters, each of its & takes five.
const longestIssue = 2500

// openIssue opens the page that leads to the tracker.
func openIssue(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
	r, err := d.Read(ctx, o.Ticket, o.Person)
	if err != nil {
		return Modal{}, err
	}
	if !hasIssueForm(o.Params, r.Ticket) {
		return Modal{}, ticket.Errorf(ticket.Conflict, "The settings name no form for issues any more.")
	}
	return IssuePage(r, o.Params, o.Scene), nil
}

// IssuePage links to the tracker's form, filled in with the ticket. Whoever opens it makes
// the issue with an account of their own.
func IssuePage(r desk.Record, p FormParams, s Scene) Modal {
	t := r.Ticket
	text := slackformat.Join("\n\n", s.Link(r.Card), t.Text)
	address := p.issueForm(t.Category).Fill(t.Title, text, longestIssue)
	link := linked(strings.ReplaceAll(address, "&", "&amp;"), "Open the form")
	return page(FormIssue, fmt.Sprintf("Issue for %s", t.Number), t.Number,
		section(link+". Its title and text are those of the ticket, with a link to it. A long text is cut."))
}
