package slackin

import (
	"context"

	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// countable is what numbers can be asked for now.
func (h *Handler) countable() slackview.Countable {
	return slackview.Countable{Categories: h.Form.Categories, Squads: h.Squads, Now: h.Now(), Zone: h.Zone}
}

// stats answers with numbers, if the person may see the tickets that they count.
func (h *Handler) stats(ctx context.Context, a asked) (*slackformat.Message, error) {
	if err := h.Desk.SeesAll(ctx, a.UserID); err != nil {
		return nil, err
	}
	wanted, _, err := slackview.ReadStats(withIDs(a.words), h.countable())
	if err != nil {
		return nil, err
	}
	d, err := h.Digests.Digest(ctx, wanted.Period, wanted.Of)
	if err != nil {
		return nil, ticket.Errorf(ticket.Unavailable, "The numbers could not be read. Please try again in a minute.").Because(err)
	}
	d.Asked = true
	head, details := slackview.Digest(d, h.scene(ctx)), slackview.DigestDetails(d, h.scene(ctx))
	head.Blocks = append(head.Blocks, details.Blocks...)
	return answered(head)
}
