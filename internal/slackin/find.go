package slackin

import (
	"context"
	"fmt"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
)

// reading is what is needed to read a query of a person.
func (h *Handler) reading(person string) slackview.Reading {
	return slackview.Reading{Categories: h.Form.Categories, Person: person}
}

// withIDs is the text behind a command's word, with ids of people in place of names: a name
// may belong to several.
func withIDs(text string) string {
	return slackformat.CommandText(text, desk.MaxText, func(id string) string { return id })
}

func (h *Handler) mine(ctx context.Context, a asked) (*slackformat.Message, error) {
	list, err := h.Desk.List(ctx, a.UserID, desk.Filter{
		Person: a.UserID, Scope: desk.ScopeAll, Recent: h.Now().Add(-slackview.RecentlyEnded), Limit: slackview.MostListed,
	})
	if err != nil {
		return nil, err
	}
	return answered(slackview.Mine(list, a.UserID, h.scene(ctx)))
}

func (h *Handler) list(ctx context.Context, a asked) (*slackformat.Message, error) {
	f, _, err := slackview.ReadFilter(withIDs(a.words), h.reading(a.UserID))
	if err != nil {
		return nil, err
	}
	f.Limit = slackview.MostListed
	list, err := h.Desk.List(ctx, a.UserID, f)
	if err != nil {
		return nil, err
	}
	return answered(slackview.List(list, h.scene(ctx)))
}

func (h *Handler) find(ctx context.Context, a asked) (*slackformat.Message, error) {
	return h.found(ctx, withIDs(a.words), 0, a.UserID)
}

// found is a page of what a person finds.
func (h *Handler) found(ctx context.Context, text string, page int, person string) (*slackformat.Message, error) {
	a, err := slackview.ReadQuery(text, h.reading(person))
	if err != nil {
		return nil, err
	}
	if a.Empty() {
		return answered(slackview.HowToFind(h.scene(ctx)))
	}
	a.Query.Page = page
	found, err := h.Desk.Search(ctx, person, a.Query, h.Now())
	if err != nil {
		return nil, err
	}
	return answered(slackview.Found(a, found, h.scene(ctx)))
}

// findFromHome opens a view with what somebody looks for on their Home tab.
func (h *Handler) findFromHome(ctx context.Context, i interaction, text string) error {
	reading, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	m, err := h.found(reading, text, 0, i.User.ID)
	if err != nil {
		return h.explainOnHome(ctx, i, slackview.Action{}, err)
	}
	_, _, err = h.Slack.OpenView(ctx, i.TriggerID, slackview.FoundPage(*m))
	return notInTime(err)
}

// onMenu answers which tickets a menu of a form offers for what is typed into it. If they cannot be
// read in time, it offers none.
func (h *Handler) onMenu(ctx context.Context, i interaction, received time.Time, answer func(any)) error {
	ctx, cancel := context.WithDeadline(ctx, received.Add(workBy))
	defer cancel()
	list, err := h.others(ctx, i)
	answer(slackview.TicketOptions(list))
	return err
}

func (h *Handler) others(ctx context.Context, i interaction) ([]desk.Summary, error) {
	meta, err := slackview.ReadMetadata(i.View.PrivateMetadata)
	if err != nil {
		return nil, err
	}
	q, ok := slackview.OtherTickets(i.View.CallbackID, i.Value, h.reading(i.User.ID))
	if !ok {
		return nil, nil
	}
	return h.Desk.Others(ctx, meta.Ticket, i.User.ID, q, h.Now())
}

// turnPage shows another page of what was found, in the place of the one before. What may be
// seen is decided anew.
func (h *Handler) turnPage(ctx context.Context, i interaction, value string) error {
	page, text, ok := slackview.ParseFound(value)
	if !ok {
		return nil // not made by us
	}
	m, err := h.found(ctx, text, page, i.User.ID)
	switch {
	case err != nil:
		return h.explainAction(ctx, i, slackview.Action{}, err)
	case i.View.ID != "":
		_, err = h.Slack.UpdateView(ctx, i.View.ID, "", slackview.FoundPage(*m))
		return err
	}
	if err := h.Slack.Answer(ctx, i.ResponseURL, "", *m, true); err != nil {
		return fmt.Errorf("showing another page: %w", err)
	}
	return nil
}
