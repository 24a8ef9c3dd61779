package desk

import "slices"

// Outgoing returns what the outbox gets from a change: the notices that are new, and the
// ids of those that are there and are posted anew, as things are then.
//
// News that comes late can make void what was told, and later news can make it true again:
// then the message that tells it is posted anew instead of another one.
func (c Change) Outgoing() (fresh []Notice, again []string) {
	for _, n := range c.Notices {
		known := c.After.telling(n)
		for _, p := range known {
			again = append(again, p.ID)
		}
		switch {
		case len(known) == 0 && !slices.ContainsFunc(fresh, n.tellsSame):
			fresh = append(fresh, n)
		case len(known) > 0 && n.calls(known):
			fresh = append(fresh, n.callAlone())
		}
	}
	for _, p := range c.After.Posted {
		if c.changes(p) {
			again = append(again, p.ID)
		}
	}
	slices.Sort(again)
	return fresh, slices.Compact(again)
}

// changes reports whether a message says something else since the change, though its
// details are the same. What was said of an earlier cycle stays true.
func (c Change) changes(p Posted) bool {
	if slices.Contains(c.Reword, p.Kind) && p.Cycle == c.After.Ticket.Cycle {
		return true
	}
	return (p.Kind == NoticeAlert || p.Kind == NoticeDelayed || p.Kind == NoticeFollowedDelay) && p.Alert != nil &&
		slices.ContainsFunc(c.Untrue, func(a Alert) bool { return a.Key() == p.Alert.Key() })
}

// telling returns the ticket's messages that tell the same as a notice.
func (r Record) telling(n Notice) []Posted {
	var known []Posted
	for _, p := range r.Posted {
		if n.tellsSame(p.notice()) {
			known = append(known, p)
		}
	}
	return known
}

// tellsSame reports whether two notices of a ticket are of a kind and about the same moment,
// alert and file, for the same reader. Whom an alert calls is decided when it is posted.
func (n Notice) tellsSame(m Notice) bool {
	return n.Kind == m.Kind && (n.To == m.To || n.Kind == NoticeAlert) &&
		!n.At.IsZero() && n.At.Equal(m.At) && n.Alert.equal(m.Alert) && n.File.equal(m.File)
}

// calls reports whether an alert calls somebody whom the messages that tell it did not
// call. What is posted anew calls nobody.
func (n Notice) calls(known []Posted) bool {
	return n.Kind == NoticeAlert && n.Escalation != nil &&
		!slices.ContainsFunc(known, func(p Posted) bool { return n.Escalation.equal(p.Escalation) })
}

// callAlone is the call that goes with an alert, as a message of its own.
func (n Notice) callAlone() Notice {
	n.Kind, n.To = NoticeEscalation, ""
	n.Alert, n.Also, n.Absence, n.Quiet = nil, nil, "", false
	return n
}

// equal reports whether two alerts are the same step, due at the same time, or both none.
func (a *Alert) equal(b *Alert) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Key() == b.Key() && a.At.Equal(b.At)
}

func (f *File) equal(g *File) bool {
	if f == nil || g == nil {
		return f == g
	}
	return f.ID == g.ID
}
