package slackview

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// ResolveForm asks how a ticket was solved; both answers may be left empty.
func ResolveForm(n ticket.Number) Modal {
	var options []*slack.OptionBlockObject
	for _, s := range ticket.Solutions {
		options = append(options, option(string(s), s.Label()))
	}
	by := slack.NewRadioButtonsBlockElement(inputID(desk.FieldSolution), options...)
	return modal(FormResolve, fmt.Sprintf("Resolve %s", n), "Resolve", Metadata{Ticket: n},
		input(desk.FieldSolution, "How was it solved?", by).WithOptional(true),
		noteInput("What was done?", "One sentence; the requester reads it."),
	)
}

// HandOverForm asks for the new owner.
func HandOverForm(n ticket.Number) Modal {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose a person"), inputID(desk.FieldAssignee))
	return modal(FormHandOver, fmt.Sprintf("Hand over %s", n), "Hand over", Metadata{Ticket: n},
		input(desk.FieldAssignee, "Who takes it?", who),
		noteInput("What should they know?", "The new owner reads it together with the news."),
	)
}

// EditForm changes title, text, category and the fields of the category. A withheld text is
// shown as empty, and the new content replaces it.
func EditForm(t ticket.Ticket, p FormParams) Modal {
	p.Category, p.Filled = t.Category, FilledInto(t)
	return editForm(t, p)
}

func editForm(t ticket.Ticket, p FormParams) Modal {
	p.Hidden.Ticket, p.Files = t.Number, false // further files are added in the thread
	category := categoryInput(p, t.Category)
	category.DispatchAction = p.Differs()
	blocks := []slack.Block{
		input(desk.FieldTitle, "Title", titleInput(t.Title)),
		input(desk.FieldText, "What happened?", textInput(desk.FieldText, t.Text, desk.MaxText)),
		category,
	}
	return modal(FormEdit, fmt.Sprintf("Edit %s", t.Number), "Save", p.Hidden, slices.Concat(notes(p), blocks, fieldInputs(p))...)
}

// Reedited is EditForm, redrawn for the category that was chosen in it. known is as in
// Reoffered; what the ticket holds counts where nothing else is known.
func Reedited(p FormParams, s State, m Metadata, known FilledIn, t ticket.Ticket) Modal {
	p.Hidden, p.Category = m, p.ChosenCategory(s)
	p = p.refilled(known)
	p.Filled = FilledInto(t)
	maps.Copy(p.Filled, known)
	t.Number, t.Title, t.Text, t.Category = m.Ticket, s.Text(desk.FieldTitle), s.Text(desk.FieldText), p.Category
	return editForm(t, p)
}

// PriorityForm changes the priority.
func PriorityForm(t ticket.Ticket, p FormParams) Modal {
	p.Category = t.Category
	why := input(desk.FieldReason, "Reason", textInput(desk.FieldReason, "", mostNote))
	return modal(FormPriority, fmt.Sprintf("Priority of %s", t.Number), "Save", Metadata{Ticket: t.Number},
		priorityInput(p, t.Priority),
		reasonToChange(t.Priority, why),
	)
}

// reasonToChange is an optional field if the priority can only be raised; otherwise it is
// required.
func reasonToChange(now ticket.Priority, why *slack.InputBlock) slack.Block {
	if now == ticket.P3 {
		return optional(why, "The owner reads it.")
	}
	why.Hint = plain("The owner reads it, or the requester if you lower the priority.")
	return why
}

// CloseForm ends a ticket without a solution.
func CloseForm(n ticket.Number) Modal {
	var options []*slack.OptionBlockObject
	for _, r := range ticket.CloseReasons {
		options = append(options, option(string(r), r.Label()))
	}
	why := slack.NewRadioButtonsBlockElement(inputID(desk.FieldReason), options...)
	other := input(desk.FieldDuplicate, "The other ticket", otherTicket(desk.FieldDuplicate))
	return modal(FormClose, fmt.Sprintf("Close %s", n), "Close ticket", Metadata{Ticket: n},
		input(desk.FieldReason, "Why?", why),
		optional(other, "Needed for a duplicate. Its words find it, and its number."),
		noteInput("Note", "The requester reads it."),
	)
}

// ExpectForm asks for another time by which a ticket will be solved.
func ExpectForm(n ticket.Number, now time.Time) Modal {
	when := slack.NewDateTimePickerBlockElement(inputID(desk.FieldExpected))
	when.InitialDateTime = now.Add(time.Hour).Truncate(15 * time.Minute).Add(15 * time.Minute).Unix()
	why := input(desk.FieldReason, "Why?", textInput(desk.FieldReason, "", mostNote))
	why.Hint = plain("The requester reads it together with the new time.")
	return modal(FormExpect, fmt.Sprintf("%s needs longer", n), "Tell them", Metadata{Ticket: n},
		input(desk.FieldExpected, "When will it be solved?", when), why)
}

// WaitForm asks the owner for the question to the requester.
func WaitForm(n ticket.Number) Modal {
	what := input(desk.FieldQuestion, "What do you need to know?", textInput(desk.FieldQuestion, "", mostNote))
	what.Hint = plain("The requester reads it. The clock stands still until they answer.")
	return modal(FormWait, fmt.Sprintf("%s waits", n), "Ask", Metadata{Ticket: n}, what)
}

// HoldForm asks for the reason of a pause, and for its end.
func HoldForm(n ticket.Number) Modal {
	why := input(desk.FieldReason, "What does it wait for?", textInput(desk.FieldReason, "", mostNote).WithMultiline(false))
	why.Hint = plain("The requester reads it; a link helps.")
	until := input(desk.FieldReview, "Look at it again on", slack.NewDatePickerBlockElement(inputID(desk.FieldReview)))
	return modal(FormHold, fmt.Sprintf("%s on hold", n), "Hold", Metadata{Ticket: n},
		why, optional(until, "If you leave this empty: in 5 working days."))
}

// mostRadioButtons is how many a group of radio buttons holds.
// https://docs.slack.dev/reference/block-kit/block-elements/radio-button-group-element
const mostRadioButtons = 10

// EscalateForm asks who should look at a ticket, and why. A person has to be chosen
// unless the settings offer other recipients.
func EscalateForm(n ticket.Number, recipients []RecipientChoice) Modal {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose a person"), inputID(desk.FieldPerson))
	person := input(desk.FieldPerson, "Who should look at it?", who)
	blocks := []slack.Block{person}
	var options []*slack.OptionBlockObject
	for _, r := range recipients[:min(len(recipients), mostRadioButtons)] {
		options = append(options, option(idOf(r.Recipient), r.Label))
	}
	if len(options) > 0 {
		or := slack.NewRadioButtonsBlockElement(inputID(desk.FieldRecipient), options...)
		optional(person, "Choose a person here, or one of the groups below, or both.")
		blocks = append(blocks, input(desk.FieldRecipient, "Or a group", or).WithOptional(true))
	}
	why := input(desk.FieldReason, "Why?", textInput(desk.FieldReason, "", mostNote))
	why.Hint = plain("Whoever you choose reads it.")
	return modal(FormEscalate, fmt.Sprintf("Escalate %s", n), "Escalate", Metadata{Ticket: n}, append(blocks, why)...)
}

// NoteForm asks what is to be written down.
func NoteForm(n ticket.Number) Modal {
	what := input(desk.FieldNote, "What is to be noted?", textInput(desk.FieldNote, "", mostNote))
	what.Hint = plain("It stands in the ticket's timeline, for everybody who may see the ticket. Nobody is told.")
	return modal(FormNote, fmt.Sprintf("Note on %s", n), "Note", Metadata{Ticket: n}, what)
}

func noteInput(label, hint string) slack.Block {
	return optional(input(desk.FieldNote, label, textInput(desk.FieldNote, "", mostNote)), hint)
}
