package desk

import (
	"context"
	"slices"
	"strings"
	"time"

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

// enqueueEscalation enqueues one notice for each recipient. People in the thread are
// called by the alert of a clock, if there is one now, because two messages would ping
// twice for the same.
func (d *Desk) enqueueEscalation(ctx context.Context, c *Change, now time.Time, to []string, details NoticeDetails) {
	var calls []string
	to = d.present(ctx, c.After.Ticket, to)
	for i, recipient := range to {
		apart, page := d.elsewhere(ctx, c.After, recipient), RecipientPage.Of(recipient)
		switch {
		case slices.Contains(to[:i], recipient):
		case page != "":
			c.enqueueAlone(NoticePage, page, now, details)
			d.notePaged(ctx, c, page)
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
// so that it does not pass in silence. No other channel is told of a private ticket.
func (d *Desk) present(ctx context.Context, t ticket.Ticket, to []string) []string {
	var all []string
	for _, recipient := range to {
		if other := d.instead[recipient]; other != "" {
			recipient = other
		}
		elsewhere := RecipientNamed.Of(recipient) != "" || t.Private() && RecipientChannel.Of(recipient) != ""
		if elsewhere || d.hasLeft(ctx, RecipientPerson.Of(recipient)) {
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
// reach: a channel, or the direct messages of a person who is not in the ticket's. It is
// empty for everybody else, and if the directory cannot tell.
func (d *Desk) elsewhere(ctx context.Context, r Record, recipient string) string {
	if id := RecipientPerson.Of(recipient); id != "" {
		p, err := d.people.Person(ctx, id)
		if err == nil && !r.Inside(p) {
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
