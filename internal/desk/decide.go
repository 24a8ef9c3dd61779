package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// decide returns the change that new entries make, with its notices. Live gestures,
// events read after a gap, openings and changed policies are all decided here. An entry
// that was not possible at its time is part of the change as void: it matters if an
// earlier gesture arrives later. said are the messages of the entries.
func (d *Desk) decide(ctx context.Context, before Record, now time.Time, said words, added ...ticket.Entry) (Change, error) {
	added, err := d.addressed(ctx, before, said, added)
	if err != nil {
		return Change{}, err
	}
	after := before
	after.Timeline = slices.Concat(before.Timeline, added, d.reopened(before.Ticket, added), endsDrill(before.Ticket, added))
	after, err = d.compute(ctx, after)
	if err != nil {
		return Change{}, err
	}
	c := Change{Now: now, After: after}
	c.retractAlerts()
	c.NextAt = nextAt(c.After, now)
	c.New, c.Revoid = changed(before.Timeline, after.Timeline)
	for _, e := range c.New {
		if e.Void == "" {
			d.enqueueFor(ctx, &c, before, e, said[e.Message])
		}
	}
	c.enqueueRevived()
	c.enqueueForestalled()
	if len(c.Revoid) > 0 {
		c.Card = max(c.Card, CardEdited)
	}
	c.enqueueStandIns(before.Ticket)
	c.enqueueRoom(before.Ticket)
	c.retire(before)
	c.refresh()
	return c, nil
}

// reopened returns the reopening that a reply makes of a ticket that was closed for
// want of an answer.
func (d *Desk) reopened(t ticket.Ticket, added []ticket.Entry) []ticket.Entry {
	if t.State != ticket.StateClosed || t.CloseReason != ticket.NoAnswer {
		return nil
	}
	for _, e := range added {
		late := e.HappenedAt.Sub(t.EndedAt) > ticket.ReopenWindow
		if e.Kind == ticket.Replied && e.Actor == t.Requester && e.HappenedAt.After(t.EndedAt) && !late {
			e.Kind, e.HappenedAt, e.Details = ticket.Reopened, e.HappenedAt.Add(time.Microsecond), ticket.Details{Policy: d.policies.Current()}
			return []ticket.Entry{e}
		}
	}
	return nil
}

// enqueueFor enqueues the notices of one new entry.
func (d *Desk) enqueueFor(ctx context.Context, c *Change, before Record, e ticket.Entry, w Written) {
	if promisesAnew(e) {
		c.After.Policy = e.Policy
	}
	if len(c.New) > 1 {
		before = c.After.upTo(e)
	}
	card := c.Card
	w.thanks = d.thanks.only(w.Text)
	enqueueNotices(c, before, e, w)
	c.Card = max(card, c.Card)
	switch e.Kind {
	case ticket.Escalated:
		d.enqueueEscalation(ctx, c, e.RecordedAt, e.Notify, NoticeDetails{Actor: e.Actor, At: e.HappenedAt, Note: e.Note})
	case ticket.Edited:
		d.enqueueRefiled(c, before, e)
	case ticket.Resolved:
		d.enqueueSurvey(c, e)
	case ticket.Rated:
		c.enqueueRating(c.After, e)
		d.enqueueFollowUp(ctx, c, e)
	default: // nobody else hears of it
	}
}

// refusal says why the one new entry of a change was not possible at its moment;
// nil if it was, or if the emoji that was put then has its way by now.
func (c Change) refusal(before Record) error {
	if len(c.New) != 1 || c.New[0].Void == "" {
		return nil
	}
	e := c.New[0]
	if e.Kind == ticket.Claimed && c.After.Ticket.Assignee == e.Actor {
		return nil
	}
	_, refusal := before.before(e.HappenedAt.Add(time.Microsecond)).Apply(e)
	return refusal
}

// promisesAnew reports whether an entry makes a promise by the policy it names.
func promisesAnew(e ticket.Entry) bool {
	switch e.Kind {
	case ticket.Opened, ticket.Reopened, ticket.Reprioritised, ticket.Retargeted:
		return true
	default:
		return false
	}
}

// changed returns the entries that are new, and those that are stored and whose
// Void has changed by an entry that came late.
func changed(before, after []ticket.Entry) ([]ticket.Entry, []ticket.Entry) {
	void := make(map[int64]string, len(before))
	for _, e := range before {
		void[e.ID] = e.Void
	}
	var fresh, revoided []ticket.Entry
	for _, e := range after {
		if e.ID == 0 {
			fresh = append(fresh, e)
		} else if void[e.ID] != e.Void {
			revoided = append(revoided, e)
		}
	}
	return fresh, revoided
}
