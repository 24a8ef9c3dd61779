package slackview

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// The functions in the rows of ActionKinds: gestures that are done at once, functions
// that open forms, and functions that handle a sent form.

func just(do func(*desk.Desk, context.Context, desk.Gesture) (desk.Record, error)) Calls {
	return func(ctx context.Context, d *desk.Desk, by desk.Gesture, _ Action) (desk.Record, error) {
		return do(d, ctx, by)
	}
}

func takeOver(ctx context.Context, d *desk.Desk, by desk.Gesture, _ Action) (desk.Record, error) {
	return d.HandOver(ctx, by, by.Actor, "")
}

func explain(ctx context.Context, d *desk.Desk, by desk.Gesture, a Action) (desk.Record, error) {
	return d.Explain(ctx, by, ticket.Solution(a.Argument))
}

func leave(context.Context, *desk.Desk, desk.Gesture, Action) (desk.Record, error) {
	return desk.Record{}, nil
}

func solve(ctx context.Context, d *desk.Desk, by desk.Gesture, _ Action) (desk.Record, error) {
	return d.Resolve(ctx, by, "", "")
}

func takeBack(ctx context.Context, d *desk.Desk, by desk.Gesture, a Action) (desk.Record, error) {
	return d.RetractOwn(ctx, by, a.Message())
}

func writeDown(ctx context.Context, d *desk.Desk, by desk.Gesture, a Action) (desk.Record, error) {
	return d.WriteDown(ctx, by, func(m ticket.Message) string { return slackformat.Permalink(a.Workspace, m) })
}

func closeAs(why ticket.CloseReason) Calls {
	return func(ctx context.Context, d *desk.Desk, by desk.Gesture, _ Action) (desk.Record, error) {
		return d.Close(ctx, by, why, 0, "")
	}
}

func simply(form func(ticket.Number) Modal) Opens {
	return func(_ context.Context, _ *desk.Desk, o Opening) (Modal, error) { return form(o.Ticket), nil }
}

// WithRecord opens a form that shows the ticket, if the person who opens it may read it.
func WithRecord(form func(Opening, desk.Record) Modal) Opens {
	return func(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
		r, err := d.Read(ctx, o.Ticket, o.Person)
		if err != nil {
			return Modal{}, err
		}
		return form(o, r), nil
	}
}

func openExpect(_ context.Context, _ *desk.Desk, o Opening) (Modal, error) {
	return ExpectForm(o.Ticket, o.Scene.Now), nil
}

func openEscalate(_ context.Context, _ *desk.Desk, o Opening) (Modal, error) {
	return EscalateForm(o.Ticket, o.Params.Recipients), nil
}

func openWhy(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
	x, err := d.Why(ctx, o.Ticket, o.Person, o.Scene.Now)
	if err != nil {
		return Modal{}, err
	}
	return WhyPage(x, o.Scene), nil
}

func sendResolve(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	return d.Resolve(ctx, by, ticket.Solution(s.Choice(desk.FieldSolution)), s.Text(desk.FieldNote))
}

func sendHandOver(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	return d.HandOver(ctx, by, s.User(desk.FieldAssignee), s.Text(desk.FieldNote))
}

func sendEdit(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, p FormParams) (desk.Record, error) {
	p.Files = false // see editForm
	fields, err := p.Fields(s)
	if err != nil {
		return desk.Record{}, err
	}
	return d.Edit(ctx, by, desk.Content{
		Title: s.Text(desk.FieldTitle), Text: s.Text(desk.FieldText), Category: p.ChosenCategory(s), Fields: fields,
	})
}

func sendPriority(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	p, err := s.Priority()
	if err != nil {
		return desk.Record{}, err
	}
	return d.Reprioritise(ctx, by, p, s.Text(desk.FieldReason))
}

func sendExpect(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	return d.Expect(ctx, by, s.Time(desk.FieldExpected), s.Text(desk.FieldReason))
}

func sendWait(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	return d.Wait(ctx, by, s.Text(desk.FieldQuestion))
}

func sendHold(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	return d.Hold(ctx, by, s.Text(desk.FieldReason), s.Date(desk.FieldReview))
}

func sendRedact(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	return d.Redact(ctx, by, s.Text(desk.FieldWords), s.Choice(desk.FieldFiles))
}

func sendClose(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	of, more := Number(cmp.Or(s.Choice(desk.FieldDuplicate), s.Text(desk.FieldDuplicate))) // typed in forms of the version before
	if more != "" {
		of = 0
	}
	return d.Close(ctx, by, ticket.CloseReason(s.Choice(desk.FieldReason)), of, s.Text(desk.FieldNote))
}

// sendEscalate handles a sent FormEscalate. The recipient must still be among those on
// offer: the settings may have changed since the form was opened.
func sendEscalate(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, p FormParams) (desk.Record, error) {
	var to []string
	if person := s.User(desk.FieldPerson); person != "" {
		to = append(to, desk.RecipientPerson.Recipient(person))
	}
	chosen, offered := p.ChosenRecipient(s)
	switch {
	case !offered:
		return desk.Record{}, ticket.Errorf(ticket.Invalid, "This is not in the settings any more. Choose another.").At(desk.FieldRecipient)
	case chosen != "":
		to = append(to, chosen)
	}
	return d.Escalate(ctx, by, to, s.Text(desk.FieldReason))
}

func sendNote(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	return d.Note(ctx, by, s.Text(desk.FieldNote))
}

// Priority is the priority that was chosen.
func (s State) Priority() (ticket.Priority, error) {
	p, err := ticket.ParsePriority(s.Choice(desk.FieldPriority))
	if e, ok := errors.AsType[*ticket.Error](err); ok {
		return p, e.At(desk.FieldPriority)
	}
	return p, err
}

// Number splits a text into the ticket number at its beginning and the rest. The number
// is 0 if there is none.
func Number(text string) (ticket.Number, string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	n, err := strconv.ParseInt(strings.TrimPrefix(word, "#"), 10, 64)
	if err != nil || n < 0 {
		return 0, ""
	}
	return ticket.Number(n), strings.TrimSpace(rest)
}
