package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Recipients of an escalation, as policies and entries name them. Others are a kind
// and what it is: "person:U1", see RecipientKind.
const (
	RecipientOwner = "owner"
	RecipientDuty  = "duty" // the group that is called where nobody owns a ticket
)

// RecipientKind is the prefix of a recipient that is neither the owner nor on duty.
type RecipientKind string

// The kinds of recipients.
const (
	RecipientGroup   RecipientKind = "group"   // a user group's id
	RecipientPerson  RecipientKind = "person"  // a person's id
	RecipientChannel RecipientKind = "channel" // a channel's id
	RecipientPage    RecipientKind = "page"    // the name of a page
	RecipientNamed   RecipientKind = "named"   // a kind and a name, such as group:heroes, that nothing had yet
)

// Recipient returns the recipient of a kind.
func (k RecipientKind) Recipient(name string) string { return string(k) + ":" + name }

// Of returns what a recipient of the kind is; "" for those of other kinds.
func (k RecipientKind) Of(recipient string) string {
	name, _ := strings.CutPrefix(recipient, string(k)+":")
	if name == recipient {
		return ""
	}
	return name
}

// escalation is what is done while nobody answers for the ticket, as things are.
func (r Record) escalation() []Alert {
	c := r.Clock(sla.Resolve)
	var all []Alert
	for i, e := range r.Escalations {
		if !e.Applies(int(r.Ticket.Priority)) || r.answeredSince(r.since(e)) {
			continue
		}
		for k, at := range e.Times(c) {
			a := r.alert(c, sla.StepName(fmt.Sprintf("%d.%d", i+1, k+1)), at)
			a.Source, a.Notify = Escalation, e.Notify
			all = append(all, a)
		}
	}
	return all
}

// since is the time from which an answer makes an escalation needless. For a step
// before the deadline it is the opening or reopening of the ticket; otherwise it is the
// deadline.
func (r Record) since(e sla.Escalation) time.Time {
	if e.Overdue() {
		return r.Clock(sla.Resolve).Awaited()
	}
	return r.Ticket.StartedAt
}

// answeredSince reports whether somebody of the desk has answered for the ticket at
// that time or later.
func (r Record) answeredSince(then time.Time) bool {
	return slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Void == "" && answersFor(e) && !e.HappenedAt.Before(then)
	})
}

func answersFor(e ticket.Entry) bool {
	switch e.Kind {
	case ticket.Claimed, ticket.HandedOver, ticket.Acknowledged, ticket.Expected, ticket.Waited, ticket.Held:
		return true
	case ticket.Replied:
		return e.Role == ticket.RoleOwner || e.Role == ticket.RoleResponder
	default:
		return false
	}
}

// Escalates reports whether a step of an escalation is still called for.
func (r Record) Escalates(step Alert) bool {
	return slices.ContainsFunc(r.escalation(), func(a Alert) bool { return a.Key() == step.Key() })
}

// escalate enqueues the notices of the steps that are due, one a recipient. Of a flood,
// only the first ticket that has not ended is escalated.
func (d *Desk) escalate(ctx context.Context, c *Change, due []Alert) error {
	if len(due) == 0 {
		return nil
	}
	similar, err := d.flood(ctx, c.After.Ticket)
	if err != nil {
		return err
	}
	first := slices.IndexFunc(similar, func(s Similar) bool { return s.EndedAt.IsZero() })
	follows := first >= 0 && similar[first].Number != c.After.Ticket.Number
	slices.SortStableFunc(due, func(a, b Alert) int { return a.At.Compare(b.At) })
	var to []string
	for i, a := range due {
		due[i].DecidedAt, due[i].Notified = c.Now, !follows
		to = append(to, a.Notify...)
	}
	c.Alerts = append(c.Alerts, due...)
	if latest := due[len(due)-1]; !follows {
		d.enqueueEscalation(ctx, c, c.Now, to, NoticeDetails{At: latest.At, Escalation: &latest})
	}
	return nil
}

// enqueueEscalation enqueues one notice for each recipient. People in the thread are
// called by the alert of a clock, if there is one now, because two messages would ping
// twice for the same.
func (d *Desk) enqueueEscalation(ctx context.Context, c *Change, now time.Time, to []string, details NoticeDetails) {
	var calls []string
	to = d.present(ctx, to)
	for i, recipient := range to {
		apart, page := d.elsewhere(ctx, recipient), RecipientPage.Of(recipient)
		switch {
		case slices.Contains(to[:i], recipient):
		case page != "":
			c.enqueueAlone(NoticePage, page, now, details)
		case apart != "":
			c.enqueueAlone(NoticeEscalation, apart, now, details)
		default:
			calls = append(calls, recipient)
		}
	}
	if len(calls) == 0 {
		return
	}
	details.Call = calls
	if i := slices.IndexFunc(c.Notices, func(n Notice) bool { return n.Kind == NoticeAlert }); i >= 0 {
		c.Notices[i].Call, c.Notices[i].Escalation = calls, details.Escalation
		return
	}
	c.enqueue(c.After.notice(NoticeEscalation, "", now, details))
}

// present returns whom an escalation reaches as things are. If a group was switched
// off, a channel was closed or a person has left, the step goes to the people on duty,
// so that it does not pass in silence.
func (d *Desk) present(ctx context.Context, to []string) []string {
	var all []string
	for _, recipient := range to {
		if other := d.instead[recipient]; other != "" {
			recipient = other
		}
		if RecipientNamed.Of(recipient) != "" || d.hasLeft(ctx, RecipientPerson.Of(recipient)) {
			recipient = RecipientDuty
		}
		all = append(all, recipient)
	}
	return all
}

// hasLeft reports whether a person has left, as far as the directory can tell.
func (d *Desk) hasLeft(ctx context.Context, person string) bool {
	if person == "" {
		return false
	}
	p, err := d.people.Person(ctx, person)
	return err == nil && p.Deactivated
}

// elsewhere returns where to write to a recipient whom a call in the thread does not
// reach: a channel, or the direct messages of a person who is not in ours. It is empty
// for everybody else, and if the directory cannot tell.
func (d *Desk) elsewhere(ctx context.Context, recipient string) string {
	if id := RecipientPerson.Of(recipient); id != "" {
		p, err := d.people.Person(ctx, id)
		if err == nil && !p.Member {
			return id
		}
	}
	return RecipientChannel.Of(recipient)
}

// enqueueAlone enqueues a notice with an ordering key of its own, so that neither it
// nor the ticket's thread holds up the other.
func (c *Change) enqueueAlone(kind NoticeKind, to string, now time.Time, d NoticeDetails) {
	n := c.After.notice(kind, to, now, d)
	n.OrderingKey += ":" + string(kind) + ":" + to
	if kind == NoticePage {
		n.Queue = QueuePage
	}
	c.enqueue(n)
}

// PageFailed is the notice that a page did not get through; the reason completes its
// sentence.
func (r Record) PageFailed(page Notice, reason string, now time.Time) Notice {
	return r.notice(NoticePageFailed, page.To, now, NoticeDetails{At: now, Note: reason})
}

func obsoleteEscalation(n Notice, r Record) string {
	switch {
	case r.Ticket.State.Ended():
		return obsoleteEnded
	case n.Escalation != nil && !r.Escalates(*n.Escalation):
		return "somebody has answered, or another promise holds"
	}
	return ""
}
