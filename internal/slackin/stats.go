package slackin

import (
	"context"

	"supporty/internal/desk"
	"supporty/internal/insight"
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
	reads, err := h.Desk.SeesAll(ctx, a.UserID)
	if err != nil {
		return nil, err
	}
	wanted, _, err := slackview.ReadStats(withIDs(a.words), h.countable())
	if err != nil {
		return nil, err
	}
	d, err := h.Digests.Digest(ctx, wanted.Period, wanted.Of)
	if err == nil {
		d.Reads = reads
		d, err = h.Digests.WithLessons(ctx, d)
	}
	if err != nil {
		return nil, ticket.Errorf(ticket.Unavailable, "The numbers could not be read. Please try again in a minute.").Because(err)
	}
	d.Asked = true
	if !h.Pictures || d.This.Quiet() {
		return h.told(ctx, d)
	}
	err = h.Desk.Draw(ctx, a.UserID, a.TriggerID, wanted.Period, desk.Counted{Name: wanted.Of.Name, Categories: wanted.Of.Categories}, h.Now())
	if err != nil {
		return nil, err
	}
	h.OnEnqueued()
	head := slackview.Told(d, h.scene(ctx), slackview.PictureFollows)
	return answered(head)
}

// told is the answer without a picture: its tables stand in it.
func (h *Handler) told(ctx context.Context, d insight.Digest) (*slackformat.Message, error) {
	d, err := h.Digests.WithWeeks(ctx, d)
	if err != nil {
		return nil, ticket.Errorf(ticket.Unavailable, "The numbers could not be read. Please try again in a minute.").Because(err)
	}
	return answered(slackview.Told(d, h.scene(ctx), ""))
}
