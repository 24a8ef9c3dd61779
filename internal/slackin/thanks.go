package slackin

import (
	"context"

	"supporty/internal/ticket"
)

// onThanks handles an emoji that says thanks: on a card, or on any message of ours about a ticket. Elsewhere it
// means nothing to us, and nobody is told that it counts or does not.
func (h *Handler) onThanks(ctx context.Context, e event, emoji string) error {
	if e.user() == h.Bot.UserID || e.Item.Type != "message" || e.ItemUser != h.Bot.UserID {
		return errNotOurs
	}
	to := ""
	if isDirect(e.Item.Channel) {
		to = e.user()
	}
	m := ticket.Message{Channel: e.Item.Channel, TS: e.Item.TS}
	n, err := h.onceRecorded(ctx, m, e.ItemUser, to, func(ctx context.Context, m ticket.Message) (ticket.Number, error) {
		if n, err := h.Desk.FindByCard(ctx, m); n != 0 || err != nil {
			return n, err
		}
		return h.Desk.FindByNotice(ctx, m)
	})
	if err != nil || n == 0 {
		return err
	}
	_, err = h.Desk.Thank(ctx, h.reaction(n, e, emoji), e.Type == "reaction_removed")
	return unlessRefused(err)
}
