package slackin

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// A form is answered at the latest answerBy after it was sent, whatever the database
// does. Reads for it have to end by workBy; a commit under way then goes on.
const (
	workBy   = 2 * time.Second
	answerBy = 2200 * time.Millisecond
)

// Messages of a form that was not filed, or may have been.
const (
	notFiled    = "Not filed yet: our database is not answering. Your text is kept here. Press Submit again in a minute."
	stillSaving = "Still saving. Press Submit again; it cannot make a second ticket."
	wentWrong   = "Something went wrong on our side. Your text is kept here; please try again."
)

// errPanic: handling the form ended in a panic, before or after its change was saved.
var errPanic = errors.New("panic while handling a form")

// onSubmission handles a form that was sent. The person gets an answer in time even while
// the commit is still under way: if they send the same form again, it finds the change of
// the first one.
func (h *Handler) onSubmission(ctx context.Context, i interaction, received time.Time, answer func(any)) error {
	done := make(chan submitted, 1)
	go func() { done <- h.submit(ctx, i, received) }()
	timer := time.NewTimer(time.Until(received.Add(answerBy)))
	defer timer.Stop()
	select {
	case s := <-done:
		answer(h.answerTo(ctx, i, s))
		h.enqueuedBy(i)
		h.settle(ctx, i, s.err)
		return s.err
	case <-timer.C:
		answer(atTop(i, stillSaving))
	}
	s := <-done
	h.enqueuedBy(i)
	return s.err
}

// submitted is what came of a form that was sent.
type submitted struct {
	next any // an answer that keeps the form open, though nothing is wrong; nil if there is none
	err  error
}

// enqueuedBy tells that a form may have enqueued messages.
func (h *Handler) enqueuedBy(i interaction) {
	if i.View.CallbackID == slackview.FormNew {
		h.OnFiled()
		return
	}
	h.OnEnqueued()
}

// answerTo is the answer to a form: nil, which closes it, what it shows next, or an error at the
// field that is wrong.
func (h *Handler) answerTo(ctx context.Context, i interaction, s submitted) any {
	err := s.err
	switch {
	case err == nil:
		return s.next
	case errors.Is(err, desk.ErrUnsure):
		return atTop(i, stillSaving)
	case errors.Is(err, errPanic):
		return atTop(i, wentWrong)
	case isAway(err):
		return atTop(i, strings.TrimSpace(notFiled+" "+h.Urgent))
	}
	return formErrors(slackview.FieldErrors(err, i.View.CallbackID, h.names(ctx)))
}

// atTop is an error about the whole form, shown at its first field.
func atTop(i interaction, sentence string) any {
	return formErrors(map[string]string{slackview.FirstField(i.View.CallbackID): sentence})
}

func formErrors(fields map[string]string) any {
	return map[string]any{"response_action": "errors", "errors": fields}
}

// submit has a form's change made. It runs outside the worker, so a panic is recovered
// here: it must not end the process.
func (h *Handler) submit(ctx context.Context, i interaction, received time.Time) (s submitted) {
	defer func() {
		if p := recover(); p != nil {
			h.Log.Error("panic while handling a form", "form", i.View.CallbackID, "panic", p)
			s = submitted{err: errPanic}
		}
	}()
	ctx, cancel := context.WithDeadline(ctx, received.Add(workBy))
	defer cancel()
	state, meta, err := filledIn(i.View)
	if err != nil {
		return submitted{err: err}
	}
	if i.View.CallbackID == slackview.FormRota {
		s.next, s.err = h.makeRota(ctx, i, state, meta)
		return s
	}
	return submitted{err: h.accept(ctx, i, state, meta)}
}

// accept has the change of a form made that is done once it is sent.
func (h *Handler) accept(ctx context.Context, i interaction, state slackview.State, meta slackview.Metadata) error {
	if i.View.CallbackID == slackview.FormNew {
		return h.file(ctx, i, state, meta)
	}
	switch i.View.CallbackID {
	case slackview.FormTakeOver:
		return h.Desk.TakeOver(ctx, slackview.TakenOver(state, meta, i.User.ID), h.Now())
	case slackview.FormSwap:
		return h.Desk.AskSwap(ctx, slackview.AskedSwap(state, meta, i.User.ID, formKey(i)), h.Now())
	case slackview.FormDutyNote:
		return h.Desk.LeaveNote(ctx, meta.Squad, i.User.ID, state.Text(desk.FieldNote), formKey(i), h.Now())
	}
	return h.change(ctx, i, state, meta)
}

// filledIn is the content of a form, and its metadata.
func filledIn(v view) (slackview.State, slackview.Metadata, error) {
	state, err := slackview.ReadState(v.State.Values)
	if err != nil {
		return slackview.State{}, slackview.Metadata{}, err
	}
	meta, err := slackview.ReadMetadata(v.PrivateMetadata)
	return state.Labelled(v.Blocks), meta, err
}

func (h *Handler) file(ctx context.Context, i interaction, s slackview.State, meta slackview.Metadata) error {
	priority, err := s.Priority()
	if err != nil {
		return err
	}
	fields, err := h.formOf(i.View).Fields(s)
	if err != nil {
		return err
	}
	now := h.Now()
	gesture := ticket.ByForm
	if meta.Source != (ticket.Message{}) {
		gesture = ticket.ByShortcut
	}
	files, attached, held := filesOf(s, meta)
	r, err := h.Desk.Open(ctx, desk.NewTicket{
		Content: desk.Content{
			Priority: priority, Title: s.Text(desk.FieldTitle),
			Text: s.Text(desk.FieldText), Category: h.Form.ChosenCategory(s), Fields: fields,
		},
		Requester: cmp.Or(s.User(desk.FieldRequester), i.User.ID), Filer: i.User.ID, Gesture: gesture,
		Source: meta.Source, Private: meta.Private, Thread: threadOf(meta), Follows: meta.Follows,
		Files: files, Attached: attached, Author: meta.Author, PrivateSource: desk.PrivateSource{Is: meta.PrivateSource.Is, Author: meta.PrivateSource.Author, Text: meta.PrivateSource.Text, Files: held},
		Key: formKey(i), At: now, Now: now, Answered: meta.Answer.Open(time.Now()),
	})
	if err != nil {
		return err
	}
	h.Log.Info("filed", "ticket", int64(r.Ticket.Number), "key", formKey(i))
	h.tellFiled(ctx, i.User.ID, r, meta.Answer)
	if r.Version > 1 { // the form was sent again
		defer h.OnEnqueued()
	}
	if !isDirect(meta.Source.Channel) {
		return nil
	}
	defer h.OnEnqueued()
	if err := h.Desk.Settle(ctx, i.User.ID, saidIn(meta), desk.BelongsToNew, r.Ticket.Number, now); err != nil {
		return errors.Join(desk.ErrUnsure, err) // the ticket itself is saved
	}
	return nil
}

// offerToWriteDown asks somebody who has answered the same for the third time whether to write
// that down. Nobody waits for it.
func (h *Handler) offerToWriteDown(ctx context.Context, r desk.Record, person string) {
	if !r.AnsweredBy(person) {
		return
	}
	h.async(ctx, func(ctx context.Context) error {
		defer h.OnEnqueued()
		return h.Desk.OfferToWriteDown(ctx, person, r.Ticket.Number, h.Now())
	})
}

// filesOf returns the files of a form, and those of its source message. Files of a
// private message are held until its author agrees.
func filesOf(s slackview.State, meta slackview.Metadata) (files, source, held []desk.File) {
	for _, raw := range append(s.FieldFiles(), s.Files(desk.FieldFiles)) {
		files = append(files, attached(slackformat.ReadFiles(raw)).files()...)
	}
	for id := range strings.FieldsSeq(meta.Files) {
		source = append(source, desk.File{ID: id})
	}
	if meta.PrivateSource.Is {
		return files, nil, source
	}
	return files, source, nil
}

// formKey is the idempotency key of a form: the same however often the form is sent.
func formKey(i interaction) string { return "form:" + i.View.ID }

// change handles a form about an existing ticket. After an error a person may send such a
// form again with other content, so the key includes the content.
func (h *Handler) change(ctx context.Context, i interaction, s slackview.State, meta slackview.Metadata) error {
	a := h.logGesture(desk.Gesture{
		Ticket: meta.Ticket, Actor: i.User.ID, By: ticket.ByForm, Now: h.Now(), Strict: true,
		Key: formKey(i) + ":" + s.Digest(),
	})
	kind := slackview.ActionKindBy(i.View.CallbackID)
	switch {
	case kind.Sends == nil:
		return ticket.Errorf(ticket.Invalid, "This form is no longer in use.")
	case kind.Name == slackview.ActionRedact, kind.Name == slackview.ActionMakePrivate:
		return h.redact(ctx, a, s, kind.Sends)
	}
	r, err := kind.Sends(ctx, h.Desk, a, s, h.formOf(i.View))
	if err == nil {
		h.offerToWriteDown(ctx, r, i.User.ID)
	}
	return err
}
