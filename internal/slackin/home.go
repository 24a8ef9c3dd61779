package slackin

import (
	"context"

	"supporty/internal/slackview"
)

// Home shows people their Home tab.
type Home interface {
	// Show publishes the Home tab of a person as things are now.
	Show(ctx context.Context, person string) error
}

// onHomeOpened publishes Home for who opened it. Slack tells of each time, also when only the
// app's messages are opened. https://docs.slack.dev/reference/events/app_home_opened
func (h *Handler) onHomeOpened(ctx context.Context, e event) error {
	if e.Tab != "home" || e.user() == "" {
		return errNotOurs
	}
	h.async(ctx, func(ctx context.Context) error { return h.Home.Show(ctx, e.user()) })
	return errNotOurs
}

// onHomeAction handles a press on Home. There is no response_url: what is to be said is said
// in a form.
func (h *Handler) onHomeAction(ctx context.Context, i interaction) error {
	if i.Actions[0].ActionID != slackview.HomeOpenID {
		return nil
	}
	_, err := h.openNew(ctx, i.TriggerID, h.newForm(i.User.ID, ""))
	return err
}
