package slackin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

func (h *Handler) handleInteraction(ctx context.Context, payload json.RawMessage, received time.Time, answer func(any)) error {
	i, err := decodeInteraction(payload)
	if err != nil {
		answer(nil)
		return err
	}
	switch i.Type {
	case "view_submission":
		return h.onSubmission(ctx, i, received, answer)
	case "block_actions":
		return h.onAction(ctx, i, answer)
	case "block_suggestion":
		return h.onMenu(ctx, i, received, answer)
	case "message_action", "shortcut":
		answer(nil)
		return h.onShortcut(ctx, i)
	}
	answer(nil)
	return nil
}

// onAction handles a pressed button, or a chosen option of a menu.
func (h *Handler) onAction(ctx context.Context, i interaction, answer func(any)) error {
	if len(i.Actions) == 0 {
		answer(nil)
		return nil
	}
	if i.View.CallbackID == slackview.FormNew || i.View.CallbackID == slackview.FormEdit {
		return h.onFormAction(ctx, i, answer)
	}
	if i.View.isHome() {
		if ours, err := h.onHomeAction(ctx, i, answer); ours {
			return err
		}
	}
	raw := i.Actions[0]
	if b, n, ours := slackview.ParseBelongs(raw.ActionID); ours {
		return h.onBelongs(ctx, i, b, n, answer)
	}
	if raw.ActionID == slackview.OfferID {
		answer(nil)
		return h.onOffered(ctx, i, raw.Value)
	}
	if raw.ActionID == slackview.FoundNextID || raw.ActionID == slackview.FoundBackID {
		answer(nil)
		return h.turnPage(ctx, i, raw.Value)
	}
	if button, ours := slackview.ReadDutyPress(raw.ActionID); ours {
		answer(nil)
		return h.onDutyPress(ctx, i, button, raw.Value)
	}
	a, err := slackview.ParseAction(raw.ActionID, raw.chosen())
	if err != nil {
		answer(nil)
		return h.explainAction(ctx, i, a, err)
	}
	gesture := desk.Gesture{
		Ticket: a.Ticket, Actor: i.User.ID, By: ticket.ByButton,
		At: slackformat.Time(raw.ActionTS), Now: h.Now(), Strict: true, Key: "button:" + i.User.ID + ":" + raw.ActionTS + ":" + raw.ActionID,
	}
	a.Channel, a.Workspace = i.Container.ChannelID, h.Bot.URL
	var r desk.Record
	if kind := slackview.ActionKindOf(a.Name); kind.Opens != nil {
		answer(nil) // the answer is not needed to open the form
		err = h.openAbout(ctx, i, a, kind.Opens)
	} else {
		r, err = kind.Calls(ctx, h.Desk, h.logGesture(gesture), a)
		answer(nil)
		h.OnEnqueued()
	}
	if errors.Is(err, ticket.ErrLongEnded) {
		err = h.openAbout(ctx, i, a, h.followUp(i.ResponseURL))
	}
	if err != nil {
		return h.explainAction(ctx, i, a, err)
	}
	return h.confirm(ctx, i, a, r)
}

// explainAction tells the person who pressed a button why it had no effect, at the place
// of the button. An ephemeral message in the thread would not reach a person who looks at
// the channel only. If the button is on an ephemeral message of theirs, the explanation
// takes that message's place, because a second press would not help either.
func (h *Handler) explainAction(ctx context.Context, i interaction, a slackview.Action, refusal error) error {
	switch {
	case i.View.isHome():
		return h.explainOnHome(ctx, i, a, refusal)
	case i.View.ID != "":
		return h.replaceForm(ctx, i, a, slackview.Refusal(refusal, h.names(ctx)), refusal)
	}
	m, thread, code := h.refusal(ctx, refusal), i.Container.thread(), ticket.CodeOf(refusal)
	replace := i.Container.Ephemeral && code != "" && code != ticket.Unavailable
	if replace {
		thread = ""
	}
	h.async(ctx, func(ctx context.Context) error { return h.Slack.Answer(ctx, i.ResponseURL, thread, m, replace) })
	return refusal
}

// confirm posts a confirmation where nothing else shows the effect of a press. Such a
// press is made in a form that lists actions, or on a question to one person alone.
func (h *Handler) confirm(ctx context.Context, i interaction, a slackview.Action, r desk.Record) error {
	kind := slackview.ActionKindOf(a.Name)
	if kind.Opens != nil {
		return nil
	}
	switch {
	case i.View.isHome():
		return h.showHome(ctx, i.User.ID, false)
	case i.View.ID != "":
		return h.replaceForm(ctx, i, a, slackview.Settled(a, r, h.scene(ctx)), nil)
	}
	if a.Name == slackview.ActionTakeBack {
		if err := h.Desk.Forget(ctx, i.User.ID, a.Message()); err != nil {
			return err
		}
		h.OnEnqueued()
	}
	if kind.Shows != nil {
		return h.goOn(ctx, i, kind.Shows(r, h.scene(ctx)))
	}
	if !i.Container.Ephemeral && !kind.Quiet || i.ResponseURL == "" {
		return nil
	}
	thread := i.Container.thread()
	if i.Container.Ephemeral {
		thread = "" // where the question stands already, which is replaced
	}
	m := slackview.Confirmed(a, r, h.scene(ctx))
	if err := h.Slack.Answer(ctx, i.ResponseURL, thread, m, i.Container.Ephemeral); err != nil {
		return fmt.Errorf("settling a question: %w", err)
	}
	return nil
}

// goOn replaces the message in which a button was pressed. Who goes on answering in it does not wait
// for its turn among other messages.
func (h *Handler) goOn(ctx context.Context, i interaction, m slackformat.Message) error {
	if err := h.Slack.Replace(ctx, i.ResponseURL, m); err != nil {
		return fmt.Errorf("showing the next question: %w", err)
	}
	return nil
}

// replaceForm replaces the form in which a button was pressed with a sentence about the outcome.
// It returns outcome.
func (h *Handler) replaceForm(ctx context.Context, i interaction, a slackview.Action, sentence string, outcome error) error {
	h.async(ctx, func(ctx context.Context) error {
		_, err := h.Slack.UpdateView(ctx, i.View.ID, "", slackview.Page(a.Ticket, sentence))
		return err
	})
	return outcome
}

// followUp opens the form of a new ticket that follows an earlier one. The new form shows
// the earlier text, which the person who opens it may read anyway.
func (h *Handler) followUp(responseURL string) slackview.Opens {
	return slackview.WithRecord(func(o slackview.Opening, r desk.Record) slackview.Modal {
		form := h.newForm(o.Person, responseURL)
		form.Hidden.Follows = r.Ticket.Number
		form.Now, form.Priority, form.Category = h.Now(), r.Ticket.Priority, r.Ticket.Category
		form.Title, form.Text, form.Filled = r.Ticket.Title, r.Ticket.Text, slackview.FilledInto(r.Ticket)
		return slackview.Form(form)
	})
}

// recordWithin bounds the read from the database before a form can open.
const recordWithin = 1500 * time.Millisecond

// openAbout opens a form. If the button was pressed in another form, the new one takes its
// place.
func (h *Handler) openAbout(ctx context.Context, i interaction, a slackview.Action, opens slackview.Opens) error {
	ctx, cancel := context.WithTimeout(ctx, slackapi.Timeout)
	defer cancel()
	modal, err := h.formAbout(ctx, a.Ticket, i.User.ID, opens)
	if err != nil {
		return err
	}
	if i.View.ID != "" && !i.View.isHome() {
		_, err = h.Slack.UpdateView(ctx, i.View.ID, "", modal)
		return notInTime(err)
	}
	_, _, err = h.Slack.OpenView(ctx, i.TriggerID, modal)
	return notInTime(err)
}

// formAbout makes the form that a person opens about a ticket.
func (h *Handler) formAbout(ctx context.Context, n ticket.Number, person string, opens slackview.Opens) (slackview.Modal, error) {
	reading, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	return opens(reading, h.Desk, slackview.Opening{Ticket: n, Person: person, Params: h.Form, Scene: h.scene(reading)})
}

// notInTime is the error for a form that could not be opened.
func notInTime(err error) error {
	if err == nil {
		return nil
	}
	return ticket.Errorf(ticket.Unavailable, "The form could not be opened in time. Please try again.").Because(err)
}
