package slackin

import (
	"context"
	"strings"

	"supporty/internal/slackformat"
	"supporty/internal/slackview"
)

// squadNamed is the name of a squad as the settings have it; empty for an empty text. It returns false for another
// text.
func (h *Handler) squadNamed(text string) (name string, ok bool) {
	for name := range h.Squads {
		if strings.EqualFold(name, text) {
			return name, true
		}
	}
	return "", text == ""
}

// drill starts a drill of a squad, or shows the last ones.
func (h *Handler) drill(ctx context.Context, a asked) (*slackformat.Message, error) {
	if a.words == "" {
		m, err := h.drills(ctx, a.UserID)
		return &m, err
	}
	r, err := h.Desk.StartDrill(ctx, a.words, a.UserID, "drill:"+a.TriggerID, h.Now())
	if err != nil {
		return nil, err
	}
	h.OnEnqueued()
	return answered(slackview.DrillBegan(r, h.scene(ctx)))
}

func (h *Handler) drills(ctx context.Context, person string) (slackformat.Message, error) {
	drills, agreed, err := h.Desk.DrillsFor(ctx, person)
	return slackview.Drills(drills, agreed, h.scene(ctx)), err
}

// agreeToDrills has somebody agree to drills at night or take that back, and shows so.
func (h *Handler) agreeToDrills(ctx context.Context, person string, agrees bool) (slackformat.Message, error) {
	if err := h.Desk.AgreeToDrills(ctx, person, agrees, h.Now()); err != nil {
		return slackformat.Message{}, err
	}
	return h.drills(ctx, person)
}
