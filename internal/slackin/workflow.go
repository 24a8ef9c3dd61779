package slackin

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/manifest"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// eventStep is the type of the event that a step of a workflow makes.
const eventStep = "function_executed"

// onStep opens a ticket, because a workflow has come to the app's step, and tells Slack that the
// step is done. Slack sends the event again until it is acknowledged, and it is acknowledged when
// Slack knows the outcome: the key makes one ticket of all of them.
// https://docs.slack.dev/reference/events/function_executed
func (h *Handler) onStep(ctx context.Context, e event) error {
	if e.Function.Callback != manifest.CallbackStep || e.Execution == "" {
		return errNotOurs
	}
	if e.Team != "" && e.Team != h.Bot.Team && h.isForOneWorkspace() {
		return h.failStep(ctx, e, "This step opens tickets in another workspace of your organisation.")
	}
	n, err := h.stepTicket(ctx, e)
	if err != nil {
		return h.failStep(ctx, e, slackview.Refusal(err, h.names(ctx)))
	}
	r, err := h.Desk.Open(ctx, n)
	h.OnEnqueued()
	switch {
	case isAway(err):
		return err
	case err != nil:
		return h.failStep(ctx, e, slackview.Refusal(err, h.names(ctx)))
	}
	h.Log.Info("filed", "ticket", int64(r.Ticket.Number), "key", n.Key)
	return stepEnded(h.Slack.CompleteStep(ctx, e.Execution, map[string]string{
		manifest.StepNumber: fmt.Sprint(int64(r.Ticket.Number)), manifest.StepLink: h.scene(ctx).Link(h.withCard(ctx, r).Card),
	}))
}

func (h *Handler) failStep(ctx context.Context, e event, sentence string) error {
	return stepEnded(h.Slack.FailStep(ctx, e.Execution, sentence))
}

// stepEnded leaves the event to Slack's next try if it may have another outcome.
func stepEnded(err error) error {
	switch slackapi.ScopeOf(err) {
	case slackapi.Temporary, slackapi.Unsure, slackapi.Limited:
		return ticket.Errorf(ticket.Unavailable, "Slack does not take the outcome of a workflow's step.").Because(err)
	default:
		return err
	}
}

// stepTicket is the ticket that the inputs of a step describe.
func (h *Handler) stepTicket(ctx context.Context, e event) (desk.NewTicket, error) {
	input := func(name string) string {
		var text string
		_ = json.Unmarshal(e.Inputs[name], &text) // another shape is as if it were empty
		return strings.TrimSpace(text)
	}
	// Slack does not document whether it escapes the texts: see slackformat.CommandText.
	plain := func(name string) string { return slackformat.CommandText(input(name), desk.MaxText+1, h.names(ctx)) }
	n := desk.NewTicket{
		Content:   desk.Content{Title: plain(manifest.StepTitle), Text: plain(manifest.StepText), Category: input(manifest.StepCategory)},
		Requester: input(manifest.StepRequester), Gesture: ticket.ByWorkflow, Key: "workflow:" + e.Execution,
		At: slackformat.Time(e.EventTS), Now: h.Now(),
	}
	if n.Requester == "" {
		return n, ticket.Errorf(ticket.Invalid, "The step does not say who needs the ticket.")
	}
	if n.Category == "" && len(h.Form.Categories) > 0 {
		n.Category = h.Form.Categories[0]
	}
	var err error
	n.Priority, err = h.stepPriority(input(manifest.StepPriority), n.Category)
	return n, err
}

// stepPriority is the priority that a step gives, or else the one that the form would suggest for
// the category.
func (h *Handler) stepPriority(given, category string) (ticket.Priority, error) {
	if given == "" {
		return cmp.Or(h.Form.About[categoryOf(category, h.Form.Categories)].Priority, ticket.P3), nil
	}
	p, err := ticket.ParsePriority(strings.ToLower(given))
	if err != nil {
		return 0, ticket.Errorf(ticket.Invalid, "There is no priority %q: choose P1, P2 or P3.", slackformat.Clip(given, 20))
	}
	return p, nil
}
