package slackview

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
	"supporty/internal/tracker"
)

// Callback ids identify the forms.
const (
	FormNew      = "form_new"
	FormResolve  = "form_resolve"
	FormHandOver = "form_hand_over"
	FormEdit     = "form_edit"
	FormPriority = "form_priority"
	FormClose    = "form_close"
	FormFoldIn   = "form_fold_in"
	FormExpect   = "form_expect"
	FormTakeOver = "form_take_over"
	FormSwap     = "form_swap"
	FormDutyNote = "form_duty_note"
	FormRota     = "form_rota"
	FormWait     = "form_wait"
	FormHold     = "form_hold"
	FormEscalate = "form_escalate"
	FormNote     = "form_note"
	FormSay      = "form_say"
	FormRedact   = "form_redact"
	FormIncident = "form_incident"
	FormWork     = "form_work"

	FormMakePrivate = "form_make_private"
	FormRate        = "form_rate"
	FormMore        = "form_more"  // has nothing to send
	FormWhy         = "form_why"   // shows an explanation, has nothing to send
	FormIssue       = "form_issue" // leads to a tracker, has nothing to send
)

// Modal is a form as Slack opens it.
type Modal = slack.ModalViewRequest

// PriorityChoice is a priority on offer in a form.
type PriorityChoice struct {
	Priority ticket.Priority
	Title    string // what people call it
	Impact   string // its impact, which helps to choose
}

// FormParams is the choices of a form and its initial content.
type FormParams struct {
	Priorities []PriorityChoice
	Policy     sla.Policy      // has the targets
	Categories []string        // at least one
	About      Abouts          // what the settings tell of them
	Category   string          // the chosen one; empty if none is
	Requester  string          // the initial requester
	Priority   ticket.Priority // the chosen one; 0 for the one that is suggested
	Suggested  ticket.Priority // what was suggested to who has chosen one; 0 for what the category suggests
	Title      string          // clipped to desk.MaxTitle characters
	Text       string          // clipped to desk.MaxText characters
	Hint       string          // a sentence above the form, in mrkdwn; empty for none
	Filled     FilledIn        // the fields of categories that are filled in
	Lost       []string        // names of fields whose content is no longer known
	Outdated   bool            // the settings have changed since the form was opened
	Hidden     Metadata        // the form's metadata: its source and the ticket that it follows
	Files      bool            // whether it takes files
	Suggests   bool            // whether it shows tickets like the new one
	Shown      Suggestions     // those tickets
	Redrawn    bool            // somebody is filling it in
	Rooms      bool            // whether the bot may make channels for private tickets
	Command    string          // "/support"
	Now        time.Time       // the time of the forecast

	Calling map[string]Calling // what P1s do to people, by category
	Night   duty.Night         // when people sleep
	Guest   bool               // the person is a guest
	Lead    bool               // the person leads a squad, or is an operator

	SavedAnswers []SavedAnswer

	IssueForms map[string]tracker.Form // forms of issues by category; that of "" is for every other one

	Recipients []RecipientChoice // whom a ticket can be escalated to, in addition to people
}

// RecipientChoice is a recipient of an escalation on offer in a form.
type RecipientChoice struct {
	Recipient string // as desk.RecipientKind writes it
	Label     string // what people call it
}

// target is the target of a priority in the chosen category: the card will show the same.
func (p FormParams) target(of ticket.Priority) sla.Target {
	return p.Policy.Target(p.Category, int(of))
}

// ChosenCategory is the category that was chosen in a form. For a category that is no
// longer on offer it returns the id of the option, which the desk does not know and so
// refuses.
func (p FormParams) ChosenCategory(s State) string {
	chosen := s.Choice(desk.FieldCategory)
	for _, c := range p.Categories {
		if idOf(c) == chosen {
			return c
		}
	}
	return chosen
}

// ChosenRecipient is the recipient that was chosen in FormEscalate, as desk.RecipientKind
// writes it, or "" if none was chosen. A chosen person is in another field. It returns
// false for a recipient that is no longer on offer.
func (p FormParams) ChosenRecipient(s State) (string, bool) {
	chosen := s.Choice(desk.FieldRecipient)
	for _, r := range p.Recipients {
		if idOf(r.Recipient) == chosen {
			return r.Recipient, true
		}
	}
	return "", chosen == ""
}

// Form is the form of a new ticket. If categories differ, Slack sends an interaction when
// one is chosen, and Reoffered redraws the form. If it suggests tickets, Slack sends one for each
// character of the title as well.
// https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
func Form(p FormParams) Modal {
	title := titleInput(p.Title)
	title.FocusOnLoad = p.Category == "" && !p.Redrawn // not taken from who is at another field
	category := categoryInput(p, p.Category)
	category.DispatchAction = p.Differs() || p.Suggests
	titled := input(desk.FieldTitle, "Title", title)
	if p.Suggests {
		titled.DispatchAction = true
		title.DispatchActionConfig = &slack.DispatchActionConfig{TriggerActionsOn: []string{"on_character_entered"}}
	}
	blocks := slices.Concat(notes(p), p.Shown.lead, []slack.Block{suggestedPriority(p), titled}, p.Shown.rest, []slack.Block{
		input(desk.FieldText, "What happened?", textInput(desk.FieldText, p.Text, desk.MaxText)),
		category,
	}, helping(p), fieldInputs(p), []slack.Block{requesterInput(p.Requester)})
	if p.Files {
		blocks = append(blocks, filesInput())
	}
	if what := forecast(p); what != "" {
		blocks = append(blocks, smallPrint(what))
	}
	if n := p.Hidden.Follows; n > 0 {
		blocks = append(blocks, smallPrint(fmt.Sprintf("%s has ended. This ticket will follow it.", n)))
	}
	if what := aboutSource(p.Hidden); what != "" {
		blocks = append(blocks, smallPrint(what))
	}
	return modal(FormNew, "Open a ticket", "Submit", p.Hidden, blocks...)
}

// aboutSource tells what happens to the message from which the ticket is made.
func aboutSource(m Metadata) string {
	switch {
	case m.PrivateSource.Is && m.PrivateSource.Author != "":
		return "The message was written in private. The ticket shows only what you write here; its author is asked whether the message may be shown as well."
	case m.PrivateSource.Is:
		return "The message was written in private, and its author cannot be asked. The ticket shows only what you write here."
	case m.Source.TS != "" && !m.Private:
		return "The ticket will link to the message."
	}
	return ""
}

// Reoffered is the form of a new ticket, redrawn for what was chosen or typed in it.
// known is what was ever filled in, and is known, of the fields of all categories.
func Reoffered(p FormParams, s State, m Metadata, known FilledIn) Modal {
	p.Redrawn = true
	p.Hidden, p.Category, p.Title, p.Text = m, p.ChosenCategory(s), s.Text(desk.FieldTitle), s.Text(desk.FieldText)
	p = p.refilled(known)
	p.Requester = s.User(desk.FieldRequester)
	if chosen, suggested := s.chosenPriority(); chosen != suggested {
		p.Priority, p.Suggested = chosen, suggested
	}
	return Form(p)
}

// FirstField is the field at the top of a form. An error about the whole form is shown
// there.
func FirstField(form string) string {
	switch form {
	case FormTakeOver:
		return desk.FieldAssignee
	case FormSwap:
		return desk.FieldShift
	case FormDutyNote:
		return desk.FieldNote
	case FormRota:
		return desk.FieldPeople
	}
	return cmp.Or(ActionKindBy(form).First, desk.FieldPriority)
}

// Limits of Slack's elements, in characters.
// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
// https://docs.slack.dev/surfaces/modals
const (
	longestOption     = 75
	longestModalTitle = 24
)

func modal(form, title, submit string, m Metadata, blocks ...slack.Block) Modal {
	return Modal{
		Type: slack.VTModal, CallbackID: form, PrivateMetadata: m.encode(),
		Title: plain(slackformat.Clip(title, longestModalTitle)), Submit: plain(submit), Close: plain("Cancel"),
		Blocks: slack.Blocks{BlockSet: blocks},
	}
}

// input is a labelled field. Its block has the name of the desk's field, so that an error
// about the field is shown at it.
func input(field, label string, element slack.BlockElement) *slack.InputBlock {
	return slack.NewInputBlock(field, plain(label), nil, element)
}

func optional(b *slack.InputBlock, hint string) *slack.InputBlock {
	b.Hint = plain(hint)
	return b.WithOptional(true)
}

func inputID(field string) string { return field + "_input" }

func titleInput(initial string) *slack.PlainTextInputBlockElement {
	return textInput(desk.FieldTitle, slackformat.OneLine(initial), desk.MaxTitle).WithMultiline(false)
}

func textInput(field, initial string, most int) *slack.PlainTextInputBlockElement {
	return slack.NewPlainTextInputBlockElement(nil, inputID(field)).
		WithMultiline(true).WithMaxLength(most).WithInitialValue(slackformat.Clip(initial, most))
}

func categoryInput(p FormParams, chosen string) *slack.InputBlock {
	var options []*slack.OptionBlockObject
	for _, c := range p.Categories {
		options = append(options, described(option(idOf(c), c), p.About[c].Description))
	}
	return input(desk.FieldCategory, "Category", choiceMenu(inputID(desk.FieldCategory), "Choose one", options, idOf(chosen)))
}

func requesterInput(person string) *slack.InputBlock {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose a person"), inputID(desk.FieldRequester))
	who.InitialUser = person
	return input(desk.FieldRequester, "Who needs it?", who)
}

// mostFiles is how many files a new ticket takes.
const mostFiles = 5

func filesInput() *slack.InputBlock {
	files := slack.NewFileInputBlockElement(inputID(desk.FieldFiles)).WithMaxFiles(mostFiles)
	return optional(input(desk.FieldFiles, "Screenshots or logs", files), "They are put into the ticket's thread.")
}

// optionOf returns the option with a value, or nil.
func optionOf(options []*slack.OptionBlockObject, value string) *slack.OptionBlockObject {
	for _, o := range options {
		if o.Value == value {
			return o
		}
	}
	return nil
}

func priorityInput(p FormParams, chosen ticket.Priority) *slack.InputBlock {
	var options []*slack.OptionBlockObject
	for _, c := range p.Priorities {
		options = append(options, described(option(c.Priority.String(), priorityText(c, p.target(c.Priority))), c.Impact))
	}
	radio := slack.NewRadioButtonsBlockElement(inputID(desk.FieldPriority), options...)
	radio.InitialOption = optionOf(options, chosen.String())
	b := input(desk.FieldPriority, "What is affected?", radio)
	b.Hint = plain(ofP1(p))
	return b
}

// priorityText is a priority's title with its target. If both together are too long, the
// title is cut.
func priorityText(c PriorityChoice, t sla.Target) string {
	promise := " · " + promised(t)
	return slackformat.Clip(dots(c.Priority.String(), c.Title), longestOption-len([]rune(promise))) + promise
}
