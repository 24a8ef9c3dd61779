package slackin

import (
	"context"
	"errors"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackview"
)

// redraw draws an open form again for the category that is chosen in it: the targets of the
// category, what helps there, and its fields. outdated says that the settings have changed
// since the form was drawn.
func (h *Handler) redraw(ctx context.Context, i interaction, outdated bool) error {
	state, meta, err := filledIn(i.View)
	if err != nil {
		return err
	}
	form := h.Form
	form.Now, form.Outdated, form.Requester = h.Now(), outdated, i.User.ID
	form.Guest = h.isGuest(ctx, form)
	known, turn := h.drafts.add(i.View.ID, form.FilledIn(state))
	form.Shown = h.drafts.shown(i.View.ID)
	if i.View.CallbackID == slackview.FormNew {
		return h.drawn(ctx, i.View, slackview.Reoffered(form, state, meta, known), turn)
	}
	r, err := h.Desk.Read(ctx, meta.Ticket, i.User.ID)
	if err != nil {
		return err
	}
	return h.drawn(ctx, i.View, slackview.Reedited(form, state, meta, known, r.Ticket), turn)
}

// drawn updates a view. If it was drawn again since the choice was made, this choice may
// still be the newest: then it is drawn all the same. If this process knows of a newer one,
// that one is drawn instead.
func (h *Handler) drawn(ctx context.Context, v view, m slackview.Modal, turn int) error {
	hash, err := h.Slack.UpdateView(ctx, v.ID, h.drafts.hash(v), m)
	if slackapi.CodeOf(err) == "hash_conflict" && h.drafts.newest(v.ID, turn) {
		hash, err = h.Slack.UpdateView(ctx, v.ID, "", m)
	}
	if err == nil {
		h.drafts.became(v, hash)
	}
	switch slackapi.CodeOf(err) {
	case "hash_conflict", "not_found": // drawn for a newer choice, or closed
		return nil
	}
	return err
}

// formOf is the choices of an open form, with what was filled in there before.
func (h *Handler) formOf(v view) slackview.FormParams {
	form := h.Form
	form.Filled = h.drafts.of(v.ID)
	return form
}

// settle forgets what it kept of a form that was accepted, and draws a form again that was
// refused because it is older than the settings.
func (h *Handler) settle(ctx context.Context, i interaction, refusal error) {
	switch {
	case refusal == nil:
		h.drafts.forget(i.View.ID)
	case errors.Is(refusal, desk.ErrOutdated):
		h.async(ctx, func(ctx context.Context) error { return h.redraw(ctx, i, true) })
	}
}
