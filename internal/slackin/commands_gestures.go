package slackin

import (
	"context"
	"errors"
	"regexp"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// gesture is a command that changes a ticket. If something is missing that it needs, it
// opens the form of the button that does the same.
type gesture struct {
	makes  func(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error)
	lacks  func(asked) bool              // whether something is missing; nil if nothing can be
	action string                        // the button
	fields func(asked) map[string]string // what was typed, by the form's fields; nil for nothing
	tells  bool                          // the ticket's state does not show what was done
}

// changes returns the function of a command that changes a ticket.
func changes(g gesture) commandFunc {
	return func(h *Handler, ctx context.Context, a asked) (*slackformat.Message, error) {
		if g.lacks != nil && g.lacks(a) {
			return nil, h.openTyped(ctx, a, g)
		}
		r, err := g.makes(ctx, h.Desk, h.logGesture(desk.Gesture{
			Ticket: a.number, Actor: a.UserID, By: ticket.ByCommand, Now: h.Now(), Strict: true, Key: "cmd:" + a.TriggerID,
		}), a)
		h.OnEnqueued()
		switch {
		case errors.Is(err, ticket.ErrLongEnded):
			return nil, h.openFor(ctx, a, h.followUp(a.ResponseURL), nil)
		case g.action != "" && wantsReason(err):
			return nil, h.openTyped(ctx, a, g)
		case err != nil:
			return nil, err
		}
		h.offerToWriteDown(ctx, r, a.UserID)
		if g.tells {
			return answered(slackview.Recorded(r, a.UserID, h.scene(ctx)))
		}
		return answered(slackview.Stands(r, h.scene(ctx)))
	}
}

// follows returns a command about following a ticket. It answers as the action does. The
// ticket itself is not shown: anybody may stop following what they may not read any more.
func follows(do func(*desk.Desk, context.Context, desk.Gesture) (desk.Record, error), action string) commandFunc {
	return func(h *Handler, ctx context.Context, a asked) (*slackformat.Message, error) {
		r, err := do(h.Desk, ctx, h.logGesture(desk.Gesture{
			Ticket: a.number, Actor: a.UserID, By: ticket.ByCommand, Now: h.Now(), Strict: true, Key: "cmd:" + a.TriggerID,
		}))
		h.OnEnqueued()
		if err != nil {
			return nil, err
		}
		return answered(slackview.Confirmed(slackview.Action{Name: action, Ticket: a.number}, r, h.scene(ctx)))
	}
}

// wantsReason reports whether a gesture was refused because a reason is missing.
func wantsReason(err error) bool {
	e, ok := errors.AsType[*ticket.Error](err)
	return ok && e.Code == ticket.Invalid && e.Field == desk.FieldReason
}

// openTyped opens the form of a gesture, with what was typed.
func (h *Handler) openTyped(ctx context.Context, a asked, g gesture) error {
	var typed map[string]string
	if g.fields != nil {
		typed = g.fields(a)
	}
	return h.openFor(ctx, a, slackview.ActionKindOf(g.action).Opens, typed)
}

func (h *Handler) openFor(ctx context.Context, a asked, opens slackview.Opens, typed map[string]string) error {
	modal, err := h.formAbout(ctx, a.number, a.UserID, opens)
	if err != nil {
		return err
	}
	_, _, err = h.Slack.OpenView(ctx, a.TriggerID, slackview.Typed(modal, typed))
	return notInTime(err)
}

func plainly(do func(*desk.Desk, context.Context, desk.Gesture) (desk.Record, error)) func(context.Context, *desk.Desk, desk.Gesture, asked) (desk.Record, error) {
	return func(ctx context.Context, d *desk.Desk, by desk.Gesture, _ asked) (desk.Record, error) {
		return do(d, ctx, by)
	}
}

func give(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error) {
	return d.HandOver(ctx, by, a.person, a.words)
}

func resolve(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error) {
	return d.Resolve(ctx, by, "", a.words)
}

func wait(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error) {
	return d.Wait(ctx, by, a.words)
}

func hold(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error) {
	return d.Hold(ctx, by, a.words, time.Time{})
}

func prioritise(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error) {
	return d.Reprioritise(ctx, by, a.priority, a.words)
}

func duplicate(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error) {
	return d.Close(ctx, by, ticket.Duplicate, a.original, "")
}

func closeAs(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error) {
	why, note := closeReason(a.words)
	return d.Close(ctx, by, why, 0, note)
}

func withdraw(ctx context.Context, d *desk.Desk, by desk.Gesture, _ asked) (desk.Record, error) {
	return d.Close(ctx, by, ticket.Withdrawn, 0, "")
}

func escalate(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error) {
	return d.Escalate(ctx, by, []string{desk.RecipientPerson.Recipient(a.person)}, a.words)
}

func writeDown(ctx context.Context, d *desk.Desk, by desk.Gesture, a asked) (desk.Record, error) {
	return d.Note(ctx, by, a.words)
}

// say posts the saved answer of a name, or asks which one.
func (h *Handler) say(ctx context.Context, a asked) (*slackformat.Message, error) {
	answer, known := h.Form.AnswerNamed(a.words)
	return changes(gesture{
		makes: func(ctx context.Context, d *desk.Desk, by desk.Gesture, _ asked) (desk.Record, error) {
			return d.Say(ctx, by, answer.Name, answer.Text)
		},
		lacks: func(asked) bool { return !known }, action: slackview.ActionSay, tells: true,
	})(h, ctx, a)
}

// closeReason reads "not an issue: it was a test". A duplicate has a command of its own.
func closeReason(words string) (ticket.CloseReason, string) {
	for _, why := range []ticket.CloseReason{ticket.NotAnIssue, ticket.Withdrawn} {
		begins := regexp.MustCompile(`(?is)^` + why.Label() + `\b[\s.,:]*(.*)$`)
		if found := begins.FindStringSubmatch(words); found != nil {
			return why, found[1]
		}
	}
	return "", words
}

func always(asked) bool            { return true }
func noWords(a asked) bool         { return a.words == "" }
func noPerson(a asked) bool        { return a.person == "" }
func noPersonOrWords(a asked) bool { return noPerson(a) || noWords(a) }
func noPriority(a asked) bool      { return a.priority == 0 }
func noOriginal(a asked) bool      { return a.original == 0 }

func noCloseReason(a asked) bool {
	why, _ := closeReason(a.words)
	return why == ""
}

func note(a asked) map[string]string { return map[string]string{desk.FieldNote: a.words} }

func personAndReason(a asked) map[string]string {
	return map[string]string{desk.FieldPerson: a.person, desk.FieldReason: a.words}
}

func priorityAndReason(a asked) map[string]string {
	return map[string]string{desk.FieldPriority: a.priority.String(), desk.FieldReason: a.words}
}

func asDuplicate(asked) map[string]string {
	return map[string]string{desk.FieldReason: string(ticket.Duplicate)}
}
