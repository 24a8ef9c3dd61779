package slackin

import (
	"context"

	"supporty/internal/slackview"
)

// openRota opens the form for the rota of a squad.
func (h *Handler) openRota(ctx context.Context, i interaction, squad string) error {
	reading, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	draft, source, err := h.Desk.DraftRota(reading, squad, i.User.ID, h.Now())
	if err != nil {
		return err
	}
	_, _, err = h.Slack.OpenView(ctx, i.TriggerID, slackview.RotaForm(draft, source, h.scene(reading)))
	return notInTime(err)
}

// makeRota has a rota count whose reader was shown what it comes to. Otherwise it returns the form that shows
// that.
func (h *Handler) makeRota(ctx context.Context, i interaction, s slackview.State, meta slackview.Metadata) (answer any, err error) {
	draft := slackview.FilledRota(s, meta, i.User.ID, formKey(i))
	if slackview.WasShown(draft, meta) {
		return nil, h.Desk.MakeRota(ctx, draft, h.Now())
	}
	shown, err := h.Desk.ShowRota(ctx, draft, h.Now())
	if err != nil {
		return nil, err
	}
	sources, err := h.Desk.RotaSources(ctx)
	if err != nil {
		return nil, err
	}
	form := slackview.RotaShownForm(draft, shown, sources[draft.Squad], h.scene(ctx))
	return map[string]any{"response_action": "update", "view": form}, nil
}
