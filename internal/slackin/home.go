package slackin

import (
	"context"

	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// Home shows people their Home tab.
type Home interface {
	// Note stores that a person looks at Home and is to see it as it is now. With empty they
	// see nothing there yet.
	Note(ctx context.Context, person string, empty bool) error
	// Show publishes what was noted, at once if possible.
	Show(ctx context.Context, person string) error
}

// onHomeOpened publishes Home for who opened it. Slack tells of each time, also when only the
// app's messages are opened, and says what Home shows, if it shows anything.
// https://docs.slack.dev/reference/events/app_home_opened
func (h *Handler) onHomeOpened(ctx context.Context, e event) error {
	if e.Tab != "home" || e.user() == "" {
		return errNotOurs
	}
	return h.showHome(ctx, e.user(), len(e.View) == 0)
}

// onHomeAction handles a press on Home that is about no ticket. It returns false for every
// other one. There is no response_url: what is to be said is said in a form.
func (h *Handler) onHomeAction(ctx context.Context, i interaction, answer func(any)) (ours bool, err error) {
	raw := i.Actions[0]
	if raw.ActionID == slackview.HomeOpenID {
		answer(nil)
		_, err := h.openNew(ctx, i.TriggerID, h.newForm(i.User.ID, ""))
		return true, err
	}
	if raw.ActionID == slackview.HomeFindID {
		answer(nil)
		return true, h.findFromHome(ctx, i, raw.Value)
	}
	if at, ours := slackview.ParseHomeQuestion(raw.ActionID, raw.Value); ours {
		answer(nil)
		return true, h.openFromQuestion(ctx, i, at)
	}
	change, ours := slackview.ParseHomeChoice(raw.ActionID, raw.chosen(), h.HomeOffers)
	if !ours {
		return false, nil
	}
	err = h.Desk.ChooseHome(ctx, i.User.ID, change)
	answer(nil)
	if err != nil {
		return true, h.explainAction(ctx, i, slackview.Action{}, err)
	}
	return true, h.showHome(ctx, i.User.ID, false)
}

// openFromQuestion opens the form with a message of the support channel.
func (h *Handler) openFromQuestion(ctx context.Context, i interaction, at ticket.Message) error {
	form := h.newForm(i.User.ID, "")
	h.fillFrom(ctx, &form, at)
	id, err := h.openNew(ctx, i.TriggerID, form)
	if err != nil {
		return h.explainAction(ctx, i, slackview.Action{}, err)
	}
	h.replaceIfFiled(ctx, id, i.User.ID, form)
	return nil
}

// showHome shows a person Home as it is now: when they open it, and the effect of a press where
// it was made.
func (h *Handler) showHome(ctx context.Context, person string, empty bool) error {
	if err := h.Home.Note(ctx, person, empty); err != nil {
		return err
	}
	h.OnEnqueued()
	h.async(ctx, func(ctx context.Context) error { return h.Home.Show(ctx, person) })
	return nil
}

// explainOnHome tells who pressed a button on Home why it had no effect.
func (h *Handler) explainOnHome(ctx context.Context, i interaction, a slackview.Action, refusal error) error {
	sentence := slackview.Refusal(refusal, h.names(ctx))
	h.async(ctx, func(ctx context.Context) error {
		_, _, err := h.Slack.OpenView(ctx, i.TriggerID, slackview.Page(a.Ticket, sentence))
		return err
	})
	return refusal
}
