package slackin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
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
	case "message_action", "shortcut":
		answer(nil)
		return h.onShortcut(ctx, i)
	}
	answer(nil)
	return nil
}

// onAction is about a button, or a menu's option.
func (h *Handler) onAction(ctx context.Context, i interaction, answer func(any)) error {
	if len(i.Actions) == 0 {
		answer(nil)
		return nil
	}
	if i.View.CallbackID == slackview.FormNew {
		answer(nil)
		return h.reoffer(ctx, i)
	}
	raw := i.Actions[0]
	if b, n, ours := slackview.ParseBelongs(raw.ActionID); ours {
		return h.onBelongs(ctx, i, b, n, answer)
	}
	if raw.ActionID == slackview.OfferID {
		answer(nil)
		return h.onOffered(ctx, i, raw.Value)
	}
	a, err := slackview.ParseAction(raw.ActionID, raw.chosen())
	if err != nil {
		answer(nil)
		return h.explainAction(ctx, i, a, err)
	}
	gesture := desk.Gesture{
		Ticket: a.Ticket, Actor: i.User.ID, By: ticket.ByButton,
		At: slackapi.Time(raw.ActionTS), Now: h.Now(), Strict: true, Key: "button:" + i.User.ID + ":" + raw.ActionTS + ":" + raw.ActionID,
	}
	a.Channel = i.Container.ChannelID
	if kind := slackview.ActionKindOf(a.Name); kind.Opens != nil {
		answer(nil) // the trigger does not wait for us
		err = h.openFor(ctx, i, a, kind.Opens)
	} else {
		_, err = kind.Calls(ctx, h.Desk, h.acting(gesture), a)
		answer(nil)
		h.Changed()
	}
	if errors.Is(err, ticket.ErrLongEnded) {
		err = h.openFor(ctx, i, a, h.followUp(i.ResponseURL))
	}
	if err != nil {
		return h.explainAction(ctx, i, a, err)
	}
	return h.confirm(ctx, i, a)
}

// reoffer shows in the open form what is promised in the category that was
// chosen. Who has chosen again meanwhile is answered about that.
func (h *Handler) reoffer(ctx context.Context, i interaction) error {
	state, meta, err := filledIn(i.View)
	if err != nil {
		return err
	}
	form := h.Form
	form.Now = h.Now()
	err = h.Slack.UpdateView(ctx, i.View.ID, i.View.Hash, slackview.Reoffered(form, state, meta))
	switch slackapi.CodeOf(err) {
	case "hash_conflict", "not_found": // changed again, or closed
		return nil
	}
	return err
}

// explainAction tells who pressed a button why nothing came of it, where the
// button is: also if they only look into the channel, where no ephemeral message
// reaches them. It takes the place of a message that is for them alone and will do no
// better when it is pressed again.
func (h *Handler) explainAction(ctx context.Context, i interaction, a slackview.Action, refusal error) error {
	if i.View.ID != "" {
		return h.turn(ctx, i, a, slackview.Refusal(refusal, h.names(ctx)), refusal)
	}
	m, thread, code := h.refusal(ctx, refusal), i.Container.thread(), ticket.CodeOf(refusal)
	replace := i.Container.Ephemeral && code != "" && code != ticket.Unavailable
	if replace {
		thread = ""
	}
	h.async(ctx, func(ctx context.Context) error { return h.Slack.Answer(ctx, i.ResponseURL, thread, m, replace) })
	return refusal
}

// confirm says that something was done where nothing else shows it: in a form
// that lists what can be done, or in place of a question that was for one person
// alone.
func (h *Handler) confirm(ctx context.Context, i interaction, a slackview.Action) error {
	kind := slackview.ActionKindOf(a.Name)
	if kind.Opens != nil {
		return nil
	}
	if i.View.ID != "" {
		return h.turn(ctx, i, a, slackview.Settled(a), nil)
	}
	if a.Name == slackview.ActionTakeBack {
		if err := h.Desk.Forget(ctx, i.User.ID, a.Message()); err != nil {
			return err
		}
		h.Changed()
	}
	if !i.Container.Ephemeral && !kind.Quiet || i.ResponseURL == "" {
		return nil
	}
	thread := i.Container.thread()
	if i.Container.Ephemeral {
		thread = "" // where the question stands already, which is replaced
	}
	m := out(slackview.Plain(slackview.Settled(a)))
	if err := h.Slack.Answer(ctx, i.ResponseURL, thread, m, i.Container.Ephemeral); err != nil {
		return fmt.Errorf("settling a question: %w", err)
	}
	return nil
}

// turn makes the form in which a button was pressed say what came of it, and
// returns the outcome.
func (h *Handler) turn(ctx context.Context, i interaction, a slackview.Action, sentence string, outcome error) error {
	h.async(ctx, func(ctx context.Context) error {
		return h.Slack.UpdateView(ctx, i.View.ID, "", slackview.Page(a.Ticket, sentence))
	})
	return outcome
}

// followUp opens the form of a new ticket about what an earlier one was about, whose
// text the one who files it sees anyway.
func (h *Handler) followUp(responseURL string) slackview.Opens {
	return slackview.WithRecord(func(o slackview.Opening, r desk.Record) slackview.Modal {
		form := h.newForm(o.Person, responseURL)
		form.Hidden.Follows = r.Ticket.Number
		form.Now, form.Priority, form.Category = h.Now(), r.Ticket.Priority, r.Ticket.Category
		if !r.Ticket.Withheld {
			form.Title, form.Text = r.Ticket.Title, r.Ticket.Text
		}
		return slackview.Form(form)
	})
}

// recordWithin bounds what a form needs from the database before it can open.
const recordWithin = 1500 * time.Millisecond

// openFor opens a form; in place of the one in which its button was pressed, if
// it was pressed in one.
func (h *Handler) openFor(ctx context.Context, i interaction, a slackview.Action, opens slackview.Opens) error {
	ctx, cancel := context.WithTimeout(ctx, slackapi.Timeout)
	defer cancel()
	reading, cancelReading := context.WithTimeout(ctx, recordWithin)
	defer cancelReading()
	modal, err := opens(reading, h.Desk, slackview.Opening{Ticket: a.Ticket, Person: i.User.ID, Params: h.Form, Scene: h.scene(reading)})
	if err != nil {
		return err
	}
	if i.View.ID != "" {
		return notInTime(h.Slack.UpdateView(ctx, i.View.ID, "", modal))
	}
	_, err = h.Slack.OpenView(ctx, i.TriggerID, modal)
	return notInTime(err)
}

// notInTime tells that a form could not be opened.
func notInTime(err error) error {
	if err == nil {
		return nil
	}
	return ticket.Errorf(ticket.Unavailable, "The form could not be opened in time. Please try again.").Because(err)
}
