package slackin

import (
	"context"
	"fmt"
	"strconv"

	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// onDutyPress handles a button about duty. What came of it takes the place of the message with the
// button, or stands in the form.
func (h *Handler) onDutyPress(ctx context.Context, i interaction, button, value string) error {
	var m slackformat.Message
	var err error
	switch button {
	case slackview.TakeOverID:
		_, _, err = h.Slack.OpenView(ctx, i.TriggerID, slackview.TakeOverForm(value, i.User.ID, h.Now()))
		err = notInTime(err)
	case slackview.SwapID:
		err = h.openSwap(ctx, i, value)
	case slackview.TakeBackDutyID:
		m, err = h.takeBackDuty(ctx, i.User.ID, value)
	case slackview.WokeID, slackview.NotWokeID:
		m, err = h.sayWoken(ctx, i.User.ID, value, button == slackview.WokeID)
	default:
		m, err = h.answerSwap(ctx, i.User.ID, value, button == slackview.AcceptSwapID)
	}
	switch {
	case err != nil:
		replace := ticket.CodeOf(err) == ticket.Conflict && button != slackview.SwapID
		refusal := h.refusal(ctx, err)
		h.async(ctx, func(ctx context.Context) error { return h.Slack.Answer(ctx, i.ResponseURL, "", refusal, replace) })
		return err
	case m.Text == "":
		return nil // a form shows what comes of it
	}
	h.OnEnqueued()
	if err := h.Slack.Answer(ctx, i.ResponseURL, "", m, true); err != nil {
		return fmt.Errorf("confirming a change of duty: %w", err)
	}
	return nil
}

func (h *Handler) openSwap(ctx context.Context, i interaction, squad string) error {
	reading, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	person, err := h.Directory.Person(reading, i.User.ID)
	if err != nil {
		return err
	}
	ahead, err := h.Desk.ShiftsAhead(reading, squad, i.User.ID, h.Now())
	if err != nil {
		return err
	}
	_, _, err = h.Slack.OpenView(ctx, i.TriggerID, slackview.SwapForm(ahead, zoneOf(person), h.scene(reading)))
	return notInTime(err)
}

func (h *Handler) takeBackDuty(ctx context.Context, by, value string) (slackformat.Message, error) {
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return slackformat.Message{}, ticket.Errorf(ticket.Invalid, "That button is no longer in use.").Because(err)
	}
	o, err := h.Desk.TakeBack(ctx, id, by, h.Now())
	return slackview.TakenBack(o, h.scene(ctx)), err
}

func (h *Handler) answerSwap(ctx context.Context, by, key string, accept bool) (slackformat.Message, error) {
	s, err := h.Desk.AnswerSwap(ctx, key, by, accept, h.Now())
	return slackview.SwapAnswered(s, accept, h.scene(ctx)), err
}

// sayWoken has somebody say whether a call woke them, and shows the list in which they pressed again.
func (h *Handler) sayWoken(ctx context.Context, by, value string, woke bool) (slackformat.Message, error) {
	id, asked, err := slackview.ReadWoken(value)
	if err != nil {
		return slackformat.Message{}, err
	}
	if _, err := h.Desk.SayWoken(ctx, id, by, woke, h.Now()); err != nil {
		return slackformat.Message{}, err
	}
	if asked.Until.IsZero() {
		return h.carried(ctx, by)
	}
	asked.Person = by
	pages, err := h.Desk.PagesOf(ctx, asked)
	return slackview.Woken(pages, asked, h.scene(ctx)), err
}
