package slackin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackout"
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

// onShortcut opens the form, with the message in it that it was used on.
func (h *Handler) onShortcut(ctx context.Context, i interaction) error {
	form := h.Form
	if i.Type == "message_action" {
		form.Text = slackview.PlainText(i.Message.Text, h.names(ctx))
		form.Title = slackview.FirstLine(form.Text)
		form.Source = ticket.Message{Channel: i.Channel.ID, TS: i.Message.TS}
	}
	err := h.open(ctx, i.TriggerID, form)
	if err == nil || i.ResponseURL == "" {
		return err
	}
	m := out(slackview.Plain(slackview.Refusal(err, h.names(ctx))))
	if failed := h.Slack.Answer(ctx, i.ResponseURL, m, false); failed != nil {
		return fmt.Errorf("answering a shortcut: %w", failed)
	}
	return err
}

// onAction is about a button, or a menu's option.
func (h *Handler) onAction(ctx context.Context, i interaction, answer func(any)) error {
	if len(i.Actions) == 0 {
		answer(nil)
		return nil
	}
	raw := i.Actions[0]
	a, err := slackview.ParseAction(raw.ActionID, raw.chosen())
	if err != nil {
		answer(nil)
		return h.explainAction(ctx, i, err)
	}
	act := desk.Act{
		Ticket: a.Ticket, Actor: i.User.ID, Gesture: ticket.ByButton,
		At: slackTime(raw.ActionTS), Now: h.Now(), Key: "act:" + i.User.ID + ":" + raw.ActionTS + ":" + raw.ActionID,
	}
	if form, opens := forms[a.Name]; opens {
		answer(nil) // the trigger does not wait for us
		err = h.openFor(ctx, i, a, form)
	} else {
		err = h.press(ctx, a, h.acting(act))
		answer(nil)
		h.Changed()
	}
	if err != nil {
		return h.explainAction(ctx, i, err)
	}
	return h.settle(ctx, i, a)
}

// press does what a button says.
func (h *Handler) press(ctx context.Context, a slackview.Action, act desk.Act) error {
	var err error
	switch a.Name {
	case slackview.ActionClaim:
		_, err = h.Desk.Claim(ctx, act)
	case slackview.ActionPutBack:
		_, err = h.Desk.PutBack(ctx, act)
	case slackview.ActionReopen:
		_, err = h.Desk.Reopen(ctx, act)
	case slackview.ActionShowText:
		_, err = h.Desk.Show(ctx, act)
	case slackview.ActionHow:
		_, err = h.Desk.Explain(ctx, act, ticket.Solution(a.Argument))
	case slackview.ActionSolvedIt:
		_, err = h.Desk.Resolve(ctx, act, "", "")
	case slackview.ActionWithdraw:
		_, err = h.Desk.Close(ctx, act, ticket.Withdrawn, 0, "")
	case slackview.ActionJustAComment:
	default:
		return ticket.Errorf(ticket.Invalid, "This button is no longer in use.")
	}
	return err
}

// explainAction tells who pressed a button why nothing came of it, where the
// button is.
func (h *Handler) explainAction(ctx context.Context, i interaction, refusal error) error {
	thread := i.Container.ThreadTS
	if thread == i.Container.MessageTS {
		thread = "" // the card: its gestures are answered in the channel
	}
	if i.Container.ChannelID == "" {
		return refusal
	}
	return h.explain(ctx, i.Container.ChannelID, thread, i.User.ID, refusal)
}

// settle replaces a question that was for one person alone, once it is
// answered.
func (h *Handler) settle(ctx context.Context, i interaction, a slackview.Action) error {
	if !i.Container.Ephemeral || i.ResponseURL == "" {
		return nil
	}
	if _, opens := forms[a.Name]; opens {
		return nil
	}
	m := out(slackview.Plain(slackview.Settled(a)))
	if err := h.Slack.Answer(ctx, i.ResponseURL, m, true); err != nil {
		return fmt.Errorf("settling a question: %w", err)
	}
	return nil
}

// formOf makes the form that a button opens.
type formOf func(h *Handler, ctx context.Context, a slackview.Action) (slackview.Modal, error)

// forms are opened by these actions; every other action does something at once.
var forms = map[string]formOf{
	slackview.ActionResolve:  simply(slackview.ResolveForm),
	slackview.ActionHandOver: simply(slackview.HandOverForm),
	slackview.ActionClose:    simply(slackview.CloseForm),
	slackview.ActionPriority: withRecord(func(h *Handler, r desk.Record) slackview.Modal {
		return slackview.PriorityForm(r.Ticket, h.Form)
	}),
	slackview.ActionEdit: withRecord(func(h *Handler, r desk.Record) slackview.Modal {
		return slackview.EditForm(r.Ticket, h.Form)
	}),
}

func simply(form func(ticket.Number) slackview.Modal) formOf {
	return func(_ *Handler, _ context.Context, a slackview.Action) (slackview.Modal, error) {
		return form(a.Ticket), nil
	}
}

// recordWithin bounds what a form needs from the database before it can open.
const recordWithin = 1500 * time.Millisecond

func withRecord(form func(*Handler, desk.Record) slackview.Modal) formOf {
	return func(h *Handler, ctx context.Context, a slackview.Action) (slackview.Modal, error) {
		ctx, cancel := context.WithTimeout(ctx, recordWithin)
		defer cancel()
		r, err := h.Desk.Find(ctx, a.Ticket)
		if err != nil {
			return slackview.Modal{}, err
		}
		return form(h, r), nil
	}
}

func (h *Handler) openFor(ctx context.Context, i interaction, a slackview.Action, form formOf) error {
	ctx, cancel := context.WithTimeout(ctx, slackout.Timeout)
	defer cancel()
	modal, err := form(h, ctx, a)
	if err != nil {
		return err
	}
	if err := h.Slack.OpenView(ctx, i.TriggerID, modal); err != nil {
		return ticket.Errorf(ticket.Unready, "The form could not be opened in time. Please try again.").Because(err)
	}
	return nil
}
