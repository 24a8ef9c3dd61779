package outbox

import (
	"context"
	"errors"
	"time"

	"supporty/internal/desk"
	"supporty/internal/pager"
	"supporty/internal/sla"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// Pager calls pages by their names; *pager.Client implements it.
type Pager interface {
	Call(ctx context.Context, name string, p pager.Page) error
}

// A failed page is sent again after these waits. That makes five tries in about five
// minutes, the time of the calls included.
var pageWaits = []time.Duration{time.Second, 10 * time.Second, time.Minute, 3 * time.Minute}

// A page waits for the ticket's card, to link to it, but no longer than this.
const pageWithoutLink = 10 * time.Second

// page calls an address and records the outcome. If the answer was lost, the call is made
// again. The receiver recognises it by its key.
func (s *Sender) page(ctx context.Context, i Item) error {
	c := s.composer.Load()
	now := s.Clock.Now()
	r, err := c.Desk.Find(ctx, i.Ticket)
	if err != nil {
		return s.fail(ctx, i, i.later(backoff(i.Attempts), "composing: "+reasonOf(err)))
	}
	if obsolete := desk.Obsolete(i.Notice, r, now); obsolete != "" {
		return s.fail(ctx, i, i.obsolete(obsolete))
	}
	if r.Card.TS == "" && now.Sub(i.DueAt) < pageWithoutLink {
		return s.fail(ctx, i, i.later(time.Second, "the card does not stand yet"))
	}
	if err := s.check(); err != nil {
		return s.fail(ctx, i, i.later(0, "it was not called"))
	}
	if err := c.Pages.Call(ctx, i.To, pageOf(i, r, c.scene(ctx, now))); err != nil {
		return s.unpaged(ctx, i, r, err)
	}
	return s.recordPosted(ctx, i, ticket.Message{})
}

// later puts an item off. The try does not count.
func (i Item) later(after time.Duration, reason string) Failure {
	return Failure{State: Waiting, Reason: reason, After: after, Free: true}
}

func pageOf(i Item, r desk.Record, scene slackview.Scene) pager.Page {
	t := r.Ticket
	p := pager.Page{
		Version: pager.Version, DedupKey: "supporty-" + i.ID,
		Ticket: int64(t.Number), Priority: t.Priority.String(), State: string(t.State), Title: t.Title, Category: t.Category,
		OpenedAt: t.OpenedAt, Link: scene.Link(r.Card), Runbook: scene.About[t.Category].Runbook, Reason: slackview.PageReason(i.Notice, r, scene),
	}
	if t.Private() {
		p.Title, p.Category, p.Link, p.Runbook, p.Reason = "Private ticket "+t.Number.String(), "", "", "", slackview.PrivatePage
	}
	if clock := r.Clock(sla.Resolve); !clock.Paused() {
		p.DueAt = clock.Awaited()
	}
	return p
}

// unpaged puts off a failed page, or gives it up and tells so in the ticket's thread.
func (s *Sender) unpaged(ctx context.Context, i Item, r desk.Record, err error) error {
	failed, ok := errors.AsType[*pager.Error](err)
	if !ok {
		failed = &pager.Error{Reason: "it could not be sent"}
	}
	s.about(i).Warn("a page did not get through", "page", i.To, "try", i.Attempts, "error", failed)
	if !failed.Final && i.Attempts <= len(pageWaits) {
		return s.fail(ctx, i, Failure{State: Waiting, Reason: failed.Reason, After: pageWaits[i.Attempts-1]})
	}
	told := r.PageFailed(i.Notice, failed.Reason, s.Clock.Now())
	return s.fail(ctx, i, Failure{State: Undeliverable, Reason: failed.Reason, Enqueue: []desk.Notice{told}})
}
