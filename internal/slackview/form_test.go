package slackview

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/deploy"
	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
	"supporty/internal/tracker"
)

func offers() FormParams {
	return FormParams{
		Command:    "/support",
		Categories: []string{"Payments", "Product", "Other"},
		Priorities: []PriorityChoice{
			{ticket.P1, "Business critical", "customers cannot use the product, production is down, security"},
			{ticket.P2, "Business affected", "work is blocked, customers are not"},
			{ticket.P3, "Minor", "cosmetics, questions, small changes"},
		},
		Policy: sla.Policy{Targets: sla.Targets{
			1: {Resolve: time.Hour, Respond: 15 * time.Minute, WarnAt: 0.75},
			2: {Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75},
			3: {Resolve: 24 * time.Hour, Respond: 6 * time.Hour, WarnAt: 0.75},
		}},
	}
}

// withIssues has a tracker.
func withIssues() FormParams {
	p := offers()
	p.IssueForms = map[string]tracker.Form{"": "https://github.com/acme/shop/issues/new?title={title}&body={text}", "Product": "https://linear.app/acme/team/ENG/new?title={title}&description={text}"}
	return p
}

// withAll has everything that an action in More can need.
func withAll() FormParams {
	p := withIssues()
	p.SavedAnswers, p.Rooms, p.Lead = withAnswers().SavedAnswers, true, true
	return p
}

// withAnswers has saved answers.
func withAnswers() FormParams {
	p := offers()
	p.SavedAnswers = []SavedAnswer{
		{Name: "logs", Text: "Hello {requester}, please add the log to {number}.\nThank you."},
		{Name: "refund & <all>", Text: "The refund is on its way. " + strings.Repeat("It takes long. ", 100), Categories: []string{"Payments"}},
		{Name: "hidden", Text: "Not here.", Categories: []string{}},
	}
	return p
}

// hinted has a title that looks like a command.
func hinted() FormParams {
	p := offers()
	p.Title = "claim the refund"
	c, _ := CommandOf("claim")
	p.Hint = Hint(c, p.Command)
	return p
}

// offersByCategory has a category with a target of its own, and a category without a
// clock.
func offersByCategory() FormParams {
	p := offers()
	p.Now = afternoon
	p.Categories = []string{"Payments", "Product", "Gardening"}
	p.Policy.Categories = map[string]sla.Targets{
		"Payments":  {1: p.Policy.Targets[1], 2: {Resolve: 2 * time.Hour, Respond: 30 * time.Minute, WarnAt: 0.75, Calendar: office}, 3: p.Policy.Targets[3]},
		"Gardening": {},
	}
	return p
}

// typedInto is a filled-in form of a new ticket.
func typedInto(t *testing.T, category string) State {
	t.Helper()
	s, err := ReadState(json.RawMessage(`{
		"priority": {"priority_input": {"selected_option": {"value": "P1"}}}, "title": {"title_input": {"value": "Cards fail"}},
		"text": {"text_input": {"value": "In the US."}}, "category": {"category_input": {"selected_option": {"value": "` + category + `"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The redrawn form shows the targets of the chosen category and keeps its content.
func TestReoffered(t *testing.T) {
	t.Parallel()
	source := Metadata{Source: ticket.Message{Channel: "CGENERAL", TS: "1763632100.000200"}}
	for name, category := range map[string]string{"squad": "Payments", "general": "Product", "gardening": "Gardening"} {
		t.Run(name, func(t *testing.T) {
			m := Reoffered(offersByCategory(), typedInto(t, category), source, nil)
			checkModal(t, m)
			golden(t, "form_reoffered_"+name, m)
		})
	}
	if diff := cmp.Diff(ticket.P3.String(), Reoffered(offersByCategory(), State{}, Metadata{}, nil).Blocks.BlockSet[0].(*slack.InputBlock).
		Element.(*slack.RadioButtonsBlockElement).InitialOption.Value); diff != "" {
		t.Errorf("without a choice (-want +got):\n%s", diff)
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	typed := offers()
	typed.Title, typed.Text = "Checkout\nfails", hostile
	typed.Hidden.Source = ticket.Message{Channel: "CGENERAL", TS: "1763632100.000200"}
	following := offers()
	following.Title, following.Hidden.Follows = "Checkout fails", 12
	inPrivate := offers()
	inPrivate.Hidden.Source, inPrivate.Hidden.PrivateSource = typed.Hidden.Source, PrivateSource{Is: true, Author: "UALICE", Text: hostile}
	long := offers()
	long.Title, long.Text = strings.Repeat("a", 500), strings.Repeat("é", 5000)
	withFiles := offers()
	withFiles.Files = true
	custom := offers()
	custom.Priorities[1].Title, custom.Priorities[1].Impact = strings.Repeat("W", 60), strings.Repeat("w", 75)
	custom.Policy.Targets[2] = sla.Target{Resolve: 3*24*time.Hour + 5*time.Hour, Respond: 45 * time.Minute}
	r := ticket42(t, opened())
	moved := r.Ticket
	moved.Category = "No longer offered"

	differing := offersByCategory()
	for name, m := range map[string]Modal{
		"differing":          Form(differing),
		"differing_priority": PriorityForm(ticket.Ticket{Number: 42, Priority: ticket.P2, Category: "Gardening"}, differing),
		"new":                Form(offers()),
		"new_typed":          Form(typed),
		"follow_up":          Form(following),
		"new_in_private":     Form(inPrivate),
		"new_long":           Form(long),
		"new_custom":         Form(custom),
		"new_with_files":     Form(withFiles),
		"resolve":            ResolveForm(42),
		"hand_over":          HandOverForm(42),
		"edit":               EditForm(r.Ticket, offers()),
		"edit_moved":         EditForm(moved, offers()),
		"note":               NoteForm(42),
		"say":                SayForm(desk.Record{Ticket: ticket.Ticket{Number: 42, Category: "Payments"}}, nil, "UBOB", withAnswers()),
		"say_again":          SayForm(withSaidAnswer(), nil, "UBOB", withAnswers()),
		"say_before":         SayForm(desk.Record{Ticket: ticket.Ticket{Number: 42, Category: "Payments"}}, solvedBefore(), "UBOB", withAnswers()),
		"hinted":             Form(hinted()),
		"priority_typed":     Typed(PriorityForm(r.Ticket, offers()), map[string]string{"priority": "P1", "reason": "Customers call"}),
		"escalate_typed":     Typed(EscalateForm(42, nil), map[string]string{"person": "UDANA", "reason": "The bank calls"}),
		"priority":           PriorityForm(r.Ticket, offers()),
		"close":              CloseForm(42),
		"wait":               WaitForm(42),
		"expect":             ExpectForm(42, friday),
		"hold":               HoldForm(42),
		"escalate":           EscalateForm(42, nil),
		"work":               WorkForm(ticket.Ticket{Number: 42, Category: "Payments"}, FormParams{About: Abouts{"Payments": {Work: ticket.Operational}}}),
		"work_said":          WorkForm(ticket.Ticket{Number: 42, Work: ticket.Tactical}, FormParams{}),
		"incident":           IncidentForm(ticket.Ticket{Number: 42}, shop2, []deploy.Deployment{shop2, shop1}),
		"incident_other":     IncidentForm(ticket.Ticket{Number: 42, Incident: true, Deployment: 1}, deploy.Deployment{}, []deploy.Deployment{shop2, shop1}),
		"incident_none":      IncidentForm(ticket.Ticket{Number: 42, Incident: true}, deploy.Deployment{}, nil),
		"incident_before":    IncidentForm(ticket.Ticket{Number: 42, Incident: true, Deployment: 77}, shop2, []deploy.Deployment{shop2}),
		"escalate_to":        EscalateForm(42, manyRecipients),
		"close_large":        CloseForm(9223372036854775807),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkModal(t, m)
			golden(t, "form_"+name, m)
			isInput := func(b slack.Block) bool { return b.BlockType() == slack.MBTInput }
			if first := m.Blocks.BlockSet[slices.IndexFunc(m.Blocks.BlockSet, isInput)].ID(); first != FirstField(m.CallbackID) {
				t.Errorf("the first field is %q, FirstField says %q", first, FirstField(m.CallbackID))
			}
		})
	}
}

// withSaidAnswer is a ticket in which Bob has posted a saved answer.
func withSaidAnswer() desk.Record {
	said := ticket.Message{TS: "saved-1"}
	return desk.Record{
		Ticket:   ticket.Ticket{Number: 42, Category: "Payments"},
		Timeline: []ticket.Entry{{Kind: ticket.Replied, Actor: "UBOB", Details: ticket.Details{Message: said, Reply: ticket.Reply{Saved: true}}}},
		Posted:   []desk.Posted{{Kind: desk.NoticeQuote, NoticeDetails: desk.NoticeDetails{Actor: "UBOB", Text: hostile, Thread: said}}},
	}
}

// solvedBefore are earlier tickets, one of them with long words of people.
func solvedBefore() []desk.Record {
	return []desk.Record{
		{Ticket: ticket.Ticket{Number: 17, Title: "Checkout fails for US cards", Resolution: "card rule lifted"}},
		{Ticket: ticket.Ticket{Number: 9, Title: strings.Repeat(hostile, 9), Resolution: strings.Repeat(hostile+"\n", 9)}},
	}
}

// manyRecipients has more recipients than a form can offer.
var manyRecipients = append([]RecipientChoice{
	{Recipient: desk.RecipientOwner, Label: "The owner"}, {Recipient: "group:S1", Label: "@leads"}, {Recipient: "page:ops", Label: "Page " + strings.Repeat("o", 80)},
}, slices.Repeat([]RecipientChoice{{Recipient: "channel:C1", Label: "#incidents"}}, 9)...)

// Forms without anything to send.
func TestPages(t *testing.T) {
	t.Parallel()
	owned := ticket42(t, opened(), entry(ticket.Claimed, "UBOB", 1, ticket.Details{}))
	for name, m := range map[string]Modal{"more": More(owned.Ticket, withAll()), "more_without_issues": More(owned.Ticket, offers()), "already": AlreadyPage(owned, sceneAt(friday)), "done": Page(42, "Done."), "unknown": Page(0, "This button is no longer in use.")} {
		t.Run(name, func(t *testing.T) {
			checkModal(t, m)
			golden(t, "page_"+name, m)
		})
	}
}

// The content of a form comes back unchanged, under the names of the desk's fields.
func TestFormFieldsAreTheDesks(t *testing.T) {
	t.Parallel()
	known := map[string]bool{
		desk.FieldPriority: true, desk.FieldTitle: true, desk.FieldText: true, desk.FieldCategory: true, desk.FieldAssignee: true,
		desk.FieldNote: true, desk.FieldSolution: true, desk.FieldReason: true, desk.FieldDuplicate: true,
		desk.FieldQuestion: true, desk.FieldReview: true, desk.FieldExpected: true, desk.FieldPerson: true, desk.FieldRecipient: true, desk.FieldRequester: true,
	}
	tk := ticket.Ticket{Number: 42, Priority: ticket.P2}
	for _, m := range []Modal{Form(offers()), ResolveForm(42), HandOverForm(42), EditForm(tk, offers()), PriorityForm(tk, offers()), CloseForm(42), WaitForm(42), HoldForm(42), ExpectForm(42, friday), EscalateForm(42, manyRecipients)} {
		for _, b := range m.Blocks.BlockSet {
			if in, ok := b.(*slack.InputBlock); !ok || !known[in.BlockID] {
				t.Errorf("%s: block %q", m.CallbackID, b.ID())
			}
		}
	}
}

func TestPriorityText(t *testing.T) {
	t.Parallel()
	c, target := offers().Priorities[1], offers().target(ticket.P2)
	if got, want := priorityText(c, target), "P2 · Business affected · solved within 3 h, answered within 45 min"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	c.Title = strings.Repeat("x", 60)
	got := priorityText(c, target)
	if utf8.RuneCountInString(got) != longestOption || !strings.HasSuffix(got, "x… · solved within 3 h, answered within 45 min") {
		t.Errorf("a long title: %q", got)
	}
}
