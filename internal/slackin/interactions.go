package slackin

import (
	"context"
	"encoding/json"
	"errors"
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
	act := desk.Act{
		Ticket: a.Ticket, Actor: i.User.ID, Gesture: ticket.ByButton,
		At: slackout.Time(raw.ActionTS), Now: h.Now(), Strict: true, Key: "act:" + i.User.ID + ":" + raw.ActionTS + ":" + raw.ActionID,
	}
	if form, opens := forms[a.Name]; opens {
		answer(nil) // the trigger does not wait for us
		err = h.openFor(ctx, i, a, form)
	} else {
		err = h.press(ctx, i, a, h.acting(act))
		answer(nil)
		h.Changed()
	}
	if errors.Is(err, ticket.ErrLongEnded) {
		err = h.openFor(ctx, i, a, followUp(i.User.ID, i.ResponseURL))
	}
	if err != nil {
		return h.explainAction(ctx, i, a, err)
	}
	return h.settle(ctx, i, a)
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
	switch slackout.CodeOf(err) {
	case "hash_conflict", "not_found": // changed again, or closed
		return nil
	}
	return err
}

// press does what a button says.
func (h *Handler) press(ctx context.Context, i interaction, a slackview.Action, act desk.Act) error {
	var err error
	switch a.Name {
	case slackview.ActionClaim:
		_, err = h.Desk.Claim(ctx, act)
	case slackview.ActionPutBack:
		_, err = h.Desk.PutBack(ctx, act)
	case slackview.ActionOnIt:
		_, err = h.Desk.Acknowledge(ctx, act)
	case slackview.ActionTakeOver:
		_, err = h.Desk.HandOver(ctx, act, act.Actor, "")
	case slackview.ActionResume:
		_, err = h.Desk.Resume(ctx, act)
	case slackview.ActionReopen:
		_, err = h.Desk.Reopen(ctx, act)
	case slackview.ActionShowText:
		_, err = h.Desk.Show(ctx, act)
	case slackview.ActionFollow:
		_, err = h.Desk.Follow(ctx, act)
	case slackview.ActionUnfollow:
		_, err = h.Desk.Unfollow(ctx, act)
	case slackview.ActionAgree:
		_, err = h.Desk.Agree(ctx, act)
	case slackview.ActionDecline:
		_, err = h.Desk.Decline(ctx, act)
	case slackview.ActionHow:
		_, err = h.Desk.Explain(ctx, act, ticket.Solution(a.Argument))
	case slackview.ActionSolvedIt:
		_, err = h.Desk.Resolve(ctx, act, "", "")
	case slackview.ActionWithdraw:
		_, err = h.Desk.Close(ctx, act, ticket.Withdrawn, 0, "")
	case slackview.ActionNotATicket:
		_, err = h.Desk.Close(ctx, act, ticket.NotAnIssue, 0, "")
	case slackview.ActionTakeBack:
		_, err = h.Desk.TakeBack(ctx, act, ticket.Message{Channel: i.Container.ChannelID, TS: a.Argument})
	case slackview.ActionJustAComment:
	default:
		return ticket.Errorf(ticket.Invalid, "This button is no longer in use.")
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
	replace := i.Container.Ephemeral && code != "" && code != ticket.Unready
	if replace {
		thread = ""
	}
	h.aside(ctx, func(ctx context.Context) error { return h.Slack.Answer(ctx, i.ResponseURL, thread, m, replace) })
	return refusal
}

// settle says that something was done where nothing else shows it: in a form
// that lists what can be done, or in place of a question that was for one person
// alone.
func (h *Handler) settle(ctx context.Context, i interaction, a slackview.Action) error {
	if _, opens := forms[a.Name]; opens {
		return nil
	}
	if i.View.ID != "" {
		return h.turn(ctx, i, a, slackview.Settled(a), nil)
	}
	if a.Name == slackview.ActionTakeBack {
		taken := ticket.Message{Channel: i.Container.ChannelID, TS: a.Argument}
		if err := h.Desk.Forget(ctx, i.User.ID, taken); err != nil {
			return err
		}
		h.Changed()
	}
	quiet := a.Name == slackview.ActionOnIt || a.Name == slackview.ActionUnfollow // nothing that others see changes
	if !i.Container.Ephemeral && !quiet || i.ResponseURL == "" {
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
	h.aside(ctx, func(ctx context.Context) error {
		return h.Slack.UpdateView(ctx, i.View.ID, "", slackview.Page(a.Ticket, sentence))
	})
	return outcome
}

// formOf makes the form that a button opens for a person.
type formOf func(h *Handler, ctx context.Context, a slackview.Action, person string) (slackview.Modal, error)

// forms are opened by these actions; every other action does something at once.
var forms = map[string]formOf{
	slackview.ActionResolve:  simply(slackview.ResolveForm),
	slackview.ActionHandOver: simply(slackview.HandOverForm),
	slackview.ActionClose:    simply(slackview.CloseForm),
	slackview.ActionExpect: func(h *Handler, _ context.Context, a slackview.Action, _ string) (slackview.Modal, error) {
		return slackview.ExpectForm(a.Ticket, h.Now()), nil
	},
	slackview.ActionWait: simply(slackview.WaitForm),
	slackview.ActionHold: simply(slackview.HoldForm),
	slackview.ActionEscalate: func(h *Handler, _ context.Context, a slackview.Action, _ string) (slackview.Modal, error) {
		return slackview.EscalateForm(a.Ticket, h.Form.Recipients), nil
	},
	slackview.ActionMore: withRecord(func(_ *Handler, r desk.Record) slackview.Modal { return slackview.More(r.Ticket) }),
	slackview.ActionWhy:  (*Handler).whyPage,
	slackview.ActionPriority: withRecord(func(h *Handler, r desk.Record) slackview.Modal {
		return slackview.PriorityForm(r.Ticket, h.Form)
	}),
	slackview.ActionEdit: withRecord(func(h *Handler, r desk.Record) slackview.Modal {
		return slackview.EditForm(r.Ticket, h.Form)
	}),
}

// followUp is the form of a new ticket about what an earlier one was about, whose
// text the one who files it sees anyway.
func followUp(person, responseURL string) formOf {
	return withRecord(func(h *Handler, r desk.Record) slackview.Modal {
		form := h.newForm(person, responseURL)
		form.Hidden.Follows = r.Ticket.Number
		form.Now, form.Priority, form.Category = h.Now(), r.Ticket.Priority, r.Ticket.Category
		if !r.Ticket.Withheld {
			form.Title, form.Text = r.Ticket.Title, r.Ticket.Text
		}
		return slackview.Form(form)
	})
}

func simply(form func(ticket.Number) slackview.Modal) formOf {
	return func(_ *Handler, _ context.Context, a slackview.Action, _ string) (slackview.Modal, error) {
		return form(a.Ticket), nil
	}
}

func withRecord(form func(*Handler, desk.Record) slackview.Modal) formOf {
	return func(h *Handler, ctx context.Context, a slackview.Action, person string) (slackview.Modal, error) {
		r, err := h.Desk.Read(ctx, a.Ticket, person)
		if err != nil {
			return slackview.Modal{}, err
		}
		return form(h, r), nil
	}
}

func (h *Handler) whyPage(ctx context.Context, a slackview.Action, person string) (slackview.Modal, error) {
	x, err := h.Desk.Why(ctx, a.Ticket, person, h.Now())
	if err != nil {
		return slackview.Modal{}, err
	}
	return slackview.WhyPage(x, h.scene(ctx)), nil
}

// recordWithin bounds what a form needs from the database before it can open.
const recordWithin = 1500 * time.Millisecond

// openFor opens a form; in place of the one in which its button was pressed, if
// it was pressed in one.
func (h *Handler) openFor(ctx context.Context, i interaction, a slackview.Action, form formOf) error {
	ctx, cancel := context.WithTimeout(ctx, slackout.Timeout)
	defer cancel()
	reading, cancelReading := context.WithTimeout(ctx, recordWithin)
	defer cancelReading()
	modal, err := form(h, reading, a, i.User.ID)
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
	return ticket.Errorf(ticket.Unready, "The form could not be opened in time. Please try again.").Because(err)
}
