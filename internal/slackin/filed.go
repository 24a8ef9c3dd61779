package slackin

import (
	"context"
	"errors"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackview"
)

const (
	filedAtATime = 1024 // receipts, and people who are read, at a time; they mostly wait
	filedWithin  = 5 * time.Second

	// A receipt links to the card if it is posted by then. Nobody waits longer for a
	// receipt. If another copy posts the card, a look finds it.
	cardBy    = time.Second
	firstLook = 200 * time.Millisecond
)

// tellFiled shows the person who filed a ticket its number and target, at the place where
// they opened the form. If that answer does not reach them, they get a direct message.
func (h *Handler) tellFiled(ctx context.Context, person string, r desk.Record, to slackview.Answer) {
	if !to.Open(time.Now()) {
		return // the desk has enqueued a receipt with the ticket
	}
	ctx = context.WithoutCancel(ctx)
	tell := func() {
		if err := h.answerFiled(ctx, r, to); err != nil {
			h.Log.Warn("telling somebody that their ticket is filed", "ticket", int64(r.Ticket.Number), "error", err)
			h.enqueueReceipt(ctx, person, r)
		}
	}
	if !h.beside(tell) {
		h.enqueueReceipt(ctx, person, r)
	}
}

// beside does something beside the handling of what comes in. It returns false, and does
// nothing, if too much is under way.
func (h *Handler) beside(do func()) bool {
	select {
	case h.filing <- struct{}{}:
		h.said.Go(func() { defer func() { <-h.filing }(); do() })
		return true
	default:
		return false
	}
}

func (h *Handler) answerFiled(ctx context.Context, r desk.Record, to slackview.Answer) error {
	ctx, cancel := context.WithTimeout(ctx, h.wait(filedWithin))
	defer cancel()
	return h.Slack.Answer(ctx, to.URL, "", slackview.Filed(h.withCard(ctx, r), h.Support, h.scene(ctx)), to.Instead)
}

// withCard returns the ticket with its card, if the card is posted within a moment.
func (h *Handler) withCard(ctx context.Context, r desk.Record) desk.Record {
	waiting, cancel := context.WithTimeout(ctx, h.wait(cardBy))
	defer cancel()
	posted, stop := h.Desk.CardPosted(r.Ticket.Number)
	defer stop()
	for look := firstLook; r.Card.TS == "" && waiting.Err() == nil; look *= 2 {
		select {
		case r.Card = <-posted:
			return r
		case <-time.After(look):
		case <-waiting.Done():
		}
		if at, err := h.Desk.Card(ctx, r.Ticket.Number); err == nil {
			r.Card = at
		}
	}
	return r
}

func (h *Handler) enqueueReceipt(ctx context.Context, person string, r desk.Record) {
	ctx, cancel := context.WithTimeout(ctx, filedWithin)
	defer cancel()
	err := h.Desk.EnqueueReceipt(ctx, r.Ticket.Number, person, h.Now())
	if err != nil && !errors.Is(err, desk.ErrDuplicate) {
		h.Log.Error("a receipt could not be stored", "ticket", int64(r.Ticket.Number), "error", err)
	}
	h.OnEnqueued()
}
