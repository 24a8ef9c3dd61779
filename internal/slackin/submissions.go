package slackin

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// A form is answered answerBy after it was sent, whatever the database does.
// Reading for it has to end workBy; a commit that is under way then goes on.
const (
	workBy   = 2 * time.Second
	answerBy = 2200 * time.Millisecond
)

// What a form says when it could not be filed, or may have been.
const (
	notFiled    = "Not filed yet: our database is not answering. Your text is kept here. Press Submit again in a minute."
	stillSaving = "Still saving. Press Submit again; it cannot make a second ticket."
	wentWrong   = "Something went wrong on our side. Your text is kept here; please try again."
)

// errPanic: what a form asked for ended in a panic, before or after it was saved.
var errPanic = errors.New("panic while handling a form")

// onSubmission handles a form that was sent. The person gets an answer in time
// even while the change is still being committed: sent again, the same form
// finds what the first one did.
func (h *Handler) onSubmission(ctx context.Context, i interaction, received time.Time, answer func(any)) error {
	done := make(chan error, 1)
	go func() { done <- h.submit(ctx, i, received) }()
	timer := time.NewTimer(time.Until(received.Add(answerBy)))
	defer timer.Stop()
	select {
	case err := <-done:
		answer(h.answerTo(ctx, i, err))
		h.Changed()
		return err
	case <-timer.C:
		answer(atTop(i, stillSaving))
	}
	err := <-done
	h.Changed()
	return err
}

// answerTo is nil, which closes the form, or what is wrong, at its field.
func (h *Handler) answerTo(ctx context.Context, i interaction, err error) any {
	if err == nil {
		return nil
	}
	switch {
	case errors.Is(err, desk.ErrUnsure):
		return atTop(i, stillSaving)
	case errors.Is(err, errPanic):
		return atTop(i, wentWrong)
	case isAway(err):
		return atTop(i, strings.TrimSpace(notFiled+" "+h.Urgent))
	}
	return formErrors(slackview.FieldErrors(err, i.View.CallbackID, h.names(ctx)))
}

// atTop is about the whole of a form.
func atTop(i interaction, sentence string) any {
	return formErrors(map[string]string{slackview.FirstField(i.View.CallbackID): sentence})
}

func formErrors(fields map[string]string) any {
	return map[string]any{"response_action": "errors", "errors": fields}
}

// submit does what a form asks for. A panic in it must not take the process
// down: it runs beside the worker.
func (h *Handler) submit(ctx context.Context, i interaction, received time.Time) (err error) {
	defer func() {
		if p := recover(); p != nil {
			h.Log.Error("panic while handling a form", "form", i.View.CallbackID, "panic", p)
			err = errPanic
		}
	}()
	ctx, cancel := context.WithDeadline(ctx, received.Add(workBy))
	defer cancel()
	state, meta, err := filledIn(i.View)
	if err != nil {
		return err
	}
	if i.View.CallbackID == slackview.FormNew {
		return h.file(ctx, i, state, meta)
	}
	return h.change(ctx, i, state, meta)
}

// filledIn is what was filled into a form, and what the form remembers.
func filledIn(v view) (slackview.State, slackview.Metadata, error) {
	state, err := slackview.ReadState(v.State.Values)
	if err != nil {
		return slackview.State{}, slackview.Metadata{}, err
	}
	meta, err := slackview.ReadMetadata(v.PrivateMetadata)
	return state, meta, err
}

func (h *Handler) file(ctx context.Context, i interaction, s slackview.State, meta slackview.Metadata) error {
	priority, err := s.Priority()
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
			Text: s.Text(desk.FieldText), Category: h.Form.ChosenCategory(s),
		},
		Requester: cmp.Or(s.User(desk.FieldRequester), i.User.ID), Filer: i.User.ID, Gesture: gesture,
		Source: meta.Source, Private: meta.Private, Thread: threadOf(meta), Follows: meta.Follows,
		Files: files, Attached: attached, Author: meta.Author, Held: desk.Held{Is: meta.Held.Is, By: meta.Held.By, Words: meta.Held.Words, Files: held},
		Key: formKey(i), At: now, Now: now, Answered: meta.Answer.Open(time.Now()),
	})
	if err != nil {
		return err
	}
	h.Log.Info("filed", "ticket", int64(r.Ticket.Number), "key", formKey(i))
	h.tellFiled(ctx, i.User.ID, r, meta.Answer)
	if isDirect(meta.Source.Channel) {
		return h.Desk.Settle(ctx, i.User.ID, meta.Source, desk.BelongsToNew, r.Ticket.Number)
	}
	return nil
}

// filesOf are the files of a form, and what the message has that it is made from. Those of
// a private message wait for its author.
func filesOf(s slackview.State, meta slackview.Metadata) (files, source, held []desk.File) {
	files = attached(slackapi.ReadFiles(s.Files(desk.FieldFiles))).files()
	for id := range strings.FieldsSeq(meta.Files) {
		source = append(source, desk.File{ID: id})
	}
	if meta.Held.Is {
		return files, nil, source
	}
	return files, source, nil
}

// formKey is the same however often a form is sent.
func formKey(i interaction) string { return "form:" + i.View.ID }

// change does what a form about an existing ticket asks for. Such a form may be
// sent again with other content, after an error: the content is in the key.
func (h *Handler) change(ctx context.Context, i interaction, s slackview.State, meta slackview.Metadata) error {
	a := h.acting(desk.Gesture{
		Ticket: meta.Ticket, Actor: i.User.ID, By: ticket.ByForm, Now: h.Now(), Strict: true,
		Key: formKey(i) + ":" + s.Digest(),
	})
	sends := slackview.ActionKindBy(i.View.CallbackID).Sends
	if sends == nil {
		return ticket.Errorf(ticket.Invalid, "This form is no longer in use.")
	}
	_, err := sends(ctx, h.Desk, a, s, h.Form)
	return err
}
