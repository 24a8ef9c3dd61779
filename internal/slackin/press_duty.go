package slackin

import (
	"context"
	"fmt"
	"strconv"

	"supporty/internal/desk"
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
	case slackview.RotaID:
		err = h.openRota(ctx, i, value)
	case slackview.NoteID:
		_, _, err = h.Slack.OpenView(ctx, i.TriggerID, slackview.DutyNoteForm(value))
		err = notInTime(err)
	case slackview.TakeID:
		m, err = h.takeFromBrief(ctx, i, value)
	case slackview.DrillNightsID:
		m, err = h.agreeToDrills(ctx, i.User.ID, value == "yes")
	case slackview.AskProposedID:
		m, err = h.askProposed(ctx, i.User.ID, value)
	case slackview.PassMorningID:
		m, err = h.passMorning(ctx, i.User.ID, value)
	case slackview.WokeID, slackview.NotWokeID:
		m, err = h.sayWoken(ctx, i.User.ID, value, button == slackview.WokeID)
	default:
		m, err = h.answerSwap(ctx, i.User.ID, value, button == slackview.AcceptSwapID)
	}
	switch {
	case err != nil:
		replace := ticket.CodeOf(err) == ticket.Conflict && button != slackview.SwapID && button != slackview.RotaID
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
	_, _, err = h.Slack.OpenView(ctx, i.TriggerID, slackview.SwapForm(ahead, person.Location(), h.scene(reading)))
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
	if err == nil && accept && s.Morning {
		open, err := h.Desk.OpenTicketsOf(ctx, s.Gives.Person, by, s.Squad, h.Now())
		return slackview.MorningTaken(s, open, h.scene(ctx)), err
	}
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
	if err != nil {
		return slackformat.Message{}, err
	}
	mornings, err := h.Desk.Mornings(ctx, by, h.Now())
	return slackview.Woken(pages, asked, mornings, nil, h.scene(ctx)), err
}

func (h *Handler) askProposed(ctx context.Context, by, value string) (slackformat.Message, error) {
	s, err := slackview.ReadProposed(value)
	if err == nil {
		err = h.Desk.AskProposed(ctx, s, by, h.Now())
	}
	return slackview.ProposedAsked(s, h.scene(ctx)), err
}

// passMorning asks who is next to take over for the morning, and shows so where it was pressed.
func (h *Handler) passMorning(ctx context.Context, by, value string) (slackformat.Message, error) {
	squad, asked, err := slackview.ReadPassMorning(value)
	if err != nil {
		return slackformat.Message{}, err
	}
	passed, err := h.Desk.PassMorning(ctx, squad, by, h.Now())
	if err != nil {
		return slackformat.Message{}, err
	}
	if asked.Until.IsZero() {
		return slackview.MorningAsked(passed, h.scene(ctx)), nil
	}
	asked.Person = by
	pages, err := h.Desk.PagesOf(ctx, asked)
	return slackview.Woken(pages, asked, nil, &passed, h.scene(ctx)), err
}

// takeFromBrief takes a ticket of a brief, and shows the brief as it is now.
func (h *Handler) takeFromBrief(ctx context.Context, i interaction, value string) (slackformat.Message, error) {
	n, squad, err := slackview.ReadTake(value)
	if err != nil {
		return slackformat.Message{}, err
	}
	r, err := h.Desk.Read(ctx, n, i.User.ID)
	if err != nil {
		return slackformat.Message{}, err
	}
	raw := i.Actions[0]
	gesture := h.logGesture(desk.Gesture{
		Ticket: n, Actor: i.User.ID, By: ticket.ByButton, At: slackformat.Time(raw.ActionTS), Now: h.Now(), Strict: true,
		Key: "button:" + i.User.ID + ":" + raw.ActionTS + ":" + raw.ActionID,
	})
	switch {
	case r.Ticket.Assignee == i.User.ID:
	case r.Ticket.Owned():
		_, err = h.Desk.HandOver(ctx, gesture, i.User.ID, "")
	default:
		_, err = h.Desk.Claim(ctx, gesture)
	}
	if err != nil {
		return slackformat.Message{}, err
	}
	return h.brief(ctx, i.User.ID, squad)
}

// brief is what a person has to know who is on duty for a squad.
func (h *Handler) brief(ctx context.Context, person, name string) (slackformat.Message, error) {
	roster, err := h.Desk.Roster(ctx, h.Now())
	if err != nil {
		return slackformat.Message{}, err
	}
	squad, ok := roster.Named(name)
	if !ok {
		return slackformat.Message{}, ticket.Errorf(ticket.Conflict, "%s has no rota any more.", name)
	}
	shift, _ := squad.Rota.Now(h.Now())
	brief, err := h.Desk.Brief(ctx, person, squad, h.Now())
	return slackview.Brief(brief, name, person, shift.Until, h.scene(ctx)), err
}
