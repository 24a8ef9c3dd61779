package slackin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// While somebody types the title of a new ticket, the form shows tickets like it. Typing comes
// first: whatever is slow, or near one of Slack's limits, costs suggestions only.
const (
	redrawEvery     = time.Second // at most, each form
	searchWithin    = 300 * time.Millisecond
	drawWithin      = 2 * time.Second
	searchesAtATime = 4
	afterSlowness   = 15 * time.Second // for so long nothing is looked for
)

// onFormAction handles what is chosen, typed or pressed in the form of a ticket.
func (h *Handler) onFormAction(ctx context.Context, i interaction, answer func(any)) error {
	raw := i.Actions[0]
	switch raw.ActionID {
	case slackview.ActionFollow:
		return h.onMeToo(ctx, i, answer)
	case slackview.SolvedBeforeID:
		return h.onSolvedBefore(ctx, i, answer)
	}
	answer(nil)
	var err error
	if raw.ActionID != slackview.TitleInputID && h.Form.Differs() {
		err = h.redraw(ctx, i, false)
	}
	if i.View.CallbackID == slackview.FormNew && h.Form.Suggests && h.drafts.heard(i) {
		h.said.Go(func() { h.keepSuggesting(context.WithoutCancel(ctx), i.View.ID) })
	}
	return err
}

// keepSuggesting looks for suggestions until nothing new is typed. Of what is typed meanwhile the
// newest counts.
func (h *Handler) keepSuggesting(ctx context.Context, view string) {
	defer func() {
		if p := recover(); p != nil {
			h.Log.Error("panic while suggesting tickets", "panic", fmt.Sprint(p))
			h.drafts.forget(view)
		}
	}()
	for {
		time.Sleep(time.Until(h.drafts.restUntil(view, redrawEvery)))
		i, known, ok := h.drafts.next(view, time.Now())
		if !ok {
			return
		}
		if err := h.suggestTo(ctx, i, known); err != nil {
			h.Log.Info("suggesting tickets", "error", err)
		}
	}
}

// suggestTo suggests tickets to who is filling in a form.
func (h *Handler) suggestTo(ctx context.Context, i interaction, known slackview.FilledIn) error {
	state, meta, err := filledIn(i.View)
	if err != nil {
		return err
	}
	form := h.Form
	maps.Copy(known, form.FilledIn(state))
	return h.suggest(ctx, i.User.ID, i.View, form.Typed(state), func(shown slackview.Suggestions) slackview.Modal {
		form.Now, form.Shown = h.Now(), shown
		return slackview.Reoffered(form, state, meta, known)
	})
}

// suggestAtOnce suggests tickets in a form that was opened with a title.
func (h *Handler) suggestAtOnce(ctx context.Context, v view, form slackview.FormParams) {
	typed := form.TypedAlready()
	if !form.Suggests || len(typed.Words) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	h.drafts.opened(v.ID)
	h.beside(func() {
		err := h.suggest(ctx, form.Requester, v, typed, func(shown slackview.Suggestions) slackview.Modal {
			form.Shown, form.Redrawn = shown, true
			return slackview.Form(form)
		})
		if err != nil {
			h.Log.Info("suggesting tickets", "error", err)
		}
	})
}

// suggest shows tickets like a new one, unless the form shows them already.
func (h *Handler) suggest(ctx context.Context, person string, v view, typed desk.Typed, draw func(slackview.Suggestions) slackview.Modal) error {
	alike, ok := h.alike(ctx, person, typed)
	if !ok {
		return nil
	}
	suggested := slackview.Suggest(alike, h.scene(ctx))
	if suggested.Equal(h.drafts.shown(v.ID)) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, h.wait(drawWithin))
	defer cancel()
	hash, err := h.Slack.UpdateViewIfRoom(ctx, v.ID, h.drafts.hash(v), draw(suggested))
	if err != nil {
		return unlessPassing(err)
	}
	h.drafts.became(v, hash)
	h.drafts.suggests(v.ID, suggested, time.Now())
	return nil
}

// unlessPassing is the error of a drawing, unless it was better left out: the form is closed, or
// another copy has drawn it meanwhile, perhaps for another category, or others need Slack's limits.
func unlessPassing(err error) error {
	switch slackapi.CodeOf(err) {
	case "hash_conflict", "not_found", "not_called", "ratelimited":
		return nil
	}
	if errors.Is(err, slackapi.ErrNoRoom) {
		return nil
	}
	return err
}

// alike looks for tickets like a new one. It returns false if it did not come to that: too much is
// looked for, or the database is slow.
func (h *Handler) alike(ctx context.Context, person string, typed desk.Typed) (desk.Alike, bool) {
	if len(typed.Words) == 0 && typed.Category == "" {
		return desk.Alike{}, true
	}
	if h.wasSlow() {
		return desk.Alike{}, false
	}
	select {
	case h.searching <- struct{}{}:
		defer func() { <-h.searching }()
	default:
		return desk.Alike{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, h.wait(searchWithin))
	defer cancel()
	a, err := h.Desk.Alike(ctx, person, typed, h.Now())
	if err != nil {
		h.Log.Info("no suggestions for a while", "error", err)
		h.mu.Lock()
		h.slow = time.Now()
		h.mu.Unlock()
	}
	return a, err == nil
}

func (h *Handler) wasSlow() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Since(h.slow) < afterSlowness
}

// onMeToo joins a ticket in the place of filing another.
func (h *Handler) onMeToo(ctx context.Context, i interaction, answer func(any)) error {
	raw := i.Actions[0]
	a, err := slackview.ParseAction(raw.ActionID, raw.Value)
	if err != nil {
		answer(nil)
		return h.explainSuggested(ctx, i, err)
	}
	r, err := h.Desk.Follow(ctx, h.logGesture(desk.Gesture{
		Ticket: a.Ticket, Actor: i.User.ID, By: ticket.ByButton, At: slackformat.Time(raw.ActionTS), Now: h.Now(), Strict: true,
		Key: "button:" + i.User.ID + ":" + raw.ActionTS + ":" + raw.ActionID,
	}))
	answer(nil)
	h.OnEnqueued()
	if err != nil {
		return h.explainSuggested(ctx, i, err)
	}
	return h.instead(ctx, i, r, slackview.Joined)
}

// onSolvedBefore ends a form whose reader found the solution in it.
func (h *Handler) onSolvedBefore(ctx context.Context, i interaction, answer func(any)) error {
	n, more := slackview.Number(i.Actions[0].Value)
	if n == 0 || more != "" {
		answer(nil)
		return nil // not made by us
	}
	r, err := h.Desk.Avoided(ctx, i.User.ID, n, i.View.ID, h.Now())
	answer(nil)
	if err != nil {
		return h.explainSuggested(ctx, i, err)
	}
	return h.instead(ctx, i, r, slackview.SolvedBefore)
}

// instead shows another view in the place of a form, with what was typed there.
func (h *Handler) instead(ctx context.Context, i interaction, r desk.Record, page func(desk.Record, slackview.State, slackview.Scene) slackview.Modal) error {
	state, _, err := filledIn(i.View)
	if err != nil {
		return err
	}
	h.drafts.forget(i.View.ID)
	h.async(ctx, func(ctx context.Context) error {
		_, err := h.Slack.UpdateView(ctx, i.View.ID, "", page(r, state, h.scene(ctx)))
		return err
	})
	return nil
}

// explainSuggested tells in the form why a press had no effect. What was typed stays.
func (h *Handler) explainSuggested(ctx context.Context, i interaction, refusal error) error {
	state, meta, err := filledIn(i.View)
	if err != nil {
		return refusal
	}
	form := h.Form
	form.Now, form.Hint, form.Shown = h.Now(), slackview.Refusal(refusal, h.names(ctx)), h.drafts.shown(i.View.ID)
	m := slackview.Reoffered(form, state, meta, h.drafts.of(i.View.ID))
	h.async(ctx, func(ctx context.Context) error {
		hash, err := h.Slack.UpdateView(ctx, i.View.ID, h.drafts.hash(i.View), m)
		if err == nil {
			h.drafts.became(i.View, hash)
		}
		return err
	})
	return refusal
}
