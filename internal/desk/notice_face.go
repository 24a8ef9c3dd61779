package desk

import (
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// An alert stands in Slack for long, and its words and buttons depend on the ticket. Its
// face is a short text of all that. When the face changes, the alert is posted anew in
// place, and buttons that no longer apply are removed.

// hasFace reports whether a notice is an alert with buttons.
func hasFace(n Notice) bool {
	switch n.Kind {
	case NoticeAlert, NoticeUnreached:
		return true
	case NoticeEscalation:
		return n.To == "" || n.OnLadder() // elsewhere there are none
	default:
		return false
	}
}

// face describes how a notice looks as things are, without words that people wrote.
func (c *Change) face(n Notice) string {
	t := c.After.Ticket
	seen := fmt.Sprintf("%d %t %s", edits(c.After.Timeline), t.Withheld, t.Assignee)
	if t.State.Ended() {
		seen += fmt.Sprintf(" %s by %s", t.State, t.EndedBy)
	}
	if obsolete := Obsolete(n, c.After, c.Now); obsolete != "" {
		return seen + ": " + obsolete
	}
	if n.Kind == NoticeAlert {
		if n = n.Standing(c.After, c.Now); n.Also != nil {
			seen += " and " + string(n.Also.Step)
		}
		seen += fmt.Sprintf(" %t %d", c.After.AsksOthers(n), c.After.ClockOf(*n.Alert).Awaited().Unix())
	}
	return seen
}

func edits(timeline []ticket.Entry) (n int) {
	for _, e := range timeline {
		if e.Kind == ticket.Edited && e.Void == "" {
			n++
		}
	}
	return n
}

// refresh rewords the alerts that look different by now. A message on its way may be
// worded already.
func (c *Change) refresh() {
	c.reword(func(p *Posted) bool {
		if !hasFace(p.notice()) {
			return false
		}
		before := p.Face
		p.Face = c.face(p.notice())
		return p.Face != before
	})
}

func (p Posted) notice() Notice {
	return Notice{ID: p.ID, Kind: p.Kind, To: p.To, NoticeDetails: p.NoticeDetails}
}

// replaceAlert tells a step by editing the alert before it, if the same readers see
// that one. Where nobody is called by name, a second message would call nobody either.
func (c *Change) replaceAlert(n Notice) bool {
	switch {
	case n.To != "" || n.Quiet || c.After.Ticket.Owned():
		return false
	case c.rings(n):
		c.supersede(n)
		return false
	}
	standing := slices.IndexFunc(c.After.Posted, func(p Posted) bool {
		return p.Kind == NoticeAlert && p.Stands() && p.Aloud && !p.Retold && p.Cycle == n.Cycle && !p.Alert.rule().alone
	})
	if standing < 0 {
		return false
	}
	before := c.After.Posted[standing]
	if before.Alert.Repeats() && n.Alert.Repeats() && n.Also == nil {
		return true // in the same words
	}
	c.rewordOne(before.ID, func(p *Posted) {
		p.NoticeDetails, p.Aloud = n.NoticeDetails, true
		p.Face = c.face(p.notice())
	})
	return true
}

// rings reports whether a step needs a message of its own. An edited message does not
// even show as unread, and a P1 needs somebody now.
func (c *Change) rings(n Notice) bool {
	return c.After.Ticket.Priority == ticket.P1 && n.Alert.rule().rings
}

// supersede retires the earlier alerts of the ticket. One that calls somebody and is
// still on its way is posted all the same.
func (c *Change) supersede(n Notice) {
	c.reword(func(p *Posted) bool {
		before := p.Kind == NoticeAlert && p.Cycle == n.Cycle && !p.Alert.rule().alone && !p.Retold
		if !before || !p.Stands() && len(p.Call) > 0 {
			return false
		}
		p.Retold = true
		p.Face = c.face(p.notice())
		return true
	})
}

// Standing is an alert as it is to be posted at now. Of two steps that came at once it
// is about those that are not obsolete. If both are obsolete, it is about the first.
func (n Notice) Standing(r Record, now time.Time) Notice {
	if n.Also == nil {
		return n
	}
	first, second := n, n
	first.Also, second.Also, second.Alert = nil, nil, n.Also
	switch {
	case obsoleteAlert(second, r, now) != "":
		return first
	case obsoleteAlert(first, r, now) != "":
		return second
	default:
		return n
	}
}

// AsksOthers reports whether an alert asks others to take the ticket. It no longer does
// once somebody else has the ticket or its owner has answered.
func (r Record) AsksOthers(n Notice) bool {
	if n.Absence == "" || r.Ticket.Assignee != n.To {
		return false
	}
	warned := r.warnedAt(r.Clock(n.Alert.Source.Clock()))
	return n.Absence != OwnerSilent || warned.IsZero() || !r.ownerActedSince(warned)
}
