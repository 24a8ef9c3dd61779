package slackin

import (
	"context"

	"supporty/internal/desk"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// onMarked handles an emoji that asks for a ticket from a message. An event cannot open a
// form, so whoever put the emoji is offered it by a button. On a card, on other messages of
// bots and in direct messages the emoji means nothing to us.
// https://docs.slack.dev/interactivity/handling-user-interaction
func (h *Handler) onMarked(ctx context.Context, e event) error {
	m := ticket.Message{Channel: e.Item.Channel, TS: e.Item.TS}
	if e.Item.Type != "message" || e.ItemUser == "" || e.ItemUser == h.Bot.UserID || isDirect(m.Channel) {
		return errNotOurs
	}
	p, err := h.Directory.Person(ctx, e.user())
	switch {
	case err != nil:
		return ticket.Errorf(ticket.Unavailable, "It could not be found out who you are. Please try again in a minute.").Because(err)
	case !p.CanRequest():
		return errNotOurs
	}
	asking, cancel := context.WithTimeout(ctx, h.wait(questionWithin))
	defer cancel()
	thread, w, err := h.Slack.Reply(asking, m.Channel, m.TS)
	switch {
	case err != nil:
		return ticket.Errorf(ticket.Unavailable, "The message could not be read. Please try again in a minute.").Because(err)
	case !w.ByPerson():
		return errNotOurs
	case thread == m.TS:
		thread = ""
	}
	return h.offerMarked(ctx, e, m, thread)
}

// offerMarked offers the form, unless the message has a ticket that is not over.
func (h *Handler) offerMarked(ctx context.Context, e event, m ticket.Message, thread string) error {
	r, err := h.Desk.FindBySource(ctx, m, e.user())
	if err != nil {
		return err
	}
	if r.Ticket.Number != 0 && !r.Ticket.State.Ended() {
		h.tellAlready(ctx, e.user(), m.Channel, thread, r)
		return nil
	}
	defer h.OnEnqueued()
	return h.Desk.OfferTo(ctx, e.user(), m, thread, "marked:"+m.Channel+":"+m.TS+":"+e.user()+":"+e.EventTS, h.Now())
}

func (h *Handler) tellAlready(ctx context.Context, person, channel, thread string, r desk.Record) {
	h.async(ctx, func(ctx context.Context) error {
		return h.Slack.Ephemeral(ctx, nil, channel, thread, person, slackview.Already(r, h.scene(ctx)))
	})
}
