package desk

import (
	"slices"
	"unicode/utf8"

	"supporty/internal/ticket"
)

// Both sides of a ticket see the same conversation. Private messages of the requester are
// quoted in the ticket's thread. Messages in the thread are brought to a requester who does
// not see them there. Those that speak to the requester come at once, one by one. The rest
// is gathered in one message that is edited in place, so that a long thread does not notify
// them of every line.

// Word is one message among others that are gathered.
type Word struct {
	Message ticket.Message `json:"message"`
	Author  string         `json:"author"`
	Text    string         `json:"text"`
	Files   []File         `json:"files,omitempty"`
}

// How much one message gathers; further ones begin another. Slack takes 50 blocks, and
// about 13,000 characters in all.
// https://docs.slack.dev/reference/block-kit/blocks
const (
	mostGathered      = 20          // messages
	mostGatheredRunes = 2 * MaxText // characters
)

// enqueueWords brings a reply to the other side.
func (c *Change) enqueueWords(r Record, e ticket.Entry, w Written) {
	requester := r.Ticket.Requester
	switch {
	case e.Private:
		c.enqueueQuote(r, e, w)
	case e.Saved:
		c.enqueueSaved(r, e, w)
	case e.Aside || e.Actor == requester || !e.Outside:
	case e.Carried:
		c.enqueueCarried(r, e, w)
	default:
		c.gather(r, e, Word{Message: w.Message, Author: e.Actor, Text: w.Text, Files: w.Files})
		c.enqueueFiles(r, e, requester, w.Message, w.Files)
	}
}

// enqueueCarried brings a reply to the requester at once.
func (c *Change) enqueueCarried(r Record, e ticket.Entry, w Written) {
	requester := r.Ticket.Requester
	c.enqueue(r.notice(NoticeCarried, requester, e.RecordedAt,
		NoticeDetails{Actor: e.Actor, At: e.HappenedAt, Text: w.Text, Thread: w.Message, Files: w.Files}))
	c.enqueueFiles(r, e, requester, w.Message, w.Files)
}

// enqueueQuote copies a private message into the thread, and confirms that to its
// author where they wrote it.
func (c *Change) enqueueQuote(r Record, e ticket.Entry, w Written) {
	c.enqueue(r.notice(NoticeQuote, r.Ticket.Assignee, e.RecordedAt,
		NoticeDetails{Actor: e.Actor, At: e.HappenedAt, Text: w.Text, Thread: w.Message, Files: w.Files}))
	c.enqueueFiles(r, e, "", w.Message, w.Files)
	c.enqueue(r.notice(NoticePassedOn, e.Actor, e.RecordedAt,
		NoticeDetails{At: e.HappenedAt, Thread: w.Message, Root: w.Thread}))
}

// gather adds a message to the newest gathered ones, if there is room. In an older
// notice it would stand above earlier messages.
func (c *Change) gather(r Record, e ticket.Entry, w Word) {
	fresh, posted := -1, -1
	for i, n := range c.Notices {
		if n.Kind == NoticeGathered {
			fresh = i
		}
	}
	for i, p := range c.After.Posted {
		if p.Kind == NoticeGathered && !p.Gone {
			posted = i
		}
	}
	switch {
	case fresh >= 0 && c.Notices[fresh].fits(w):
		c.Notices[fresh].Words = append(slices.Clone(c.Notices[fresh].Words), w)
	case fresh < 0 && posted >= 0 && c.After.Posted[posted].fits(w):
		c.rewordOne(c.After.Posted[posted].ID, func(p *Posted) { p.Words = append(slices.Clone(p.Words), w) })
	default:
		c.enqueue(r.notice(NoticeGathered, r.Ticket.Requester, e.RecordedAt, NoticeDetails{At: e.HappenedAt, Words: []Word{w}}))
	}
}

// fits reports whether there is room for another message among those gathered.
func (d NoticeDetails) fits(w Word) bool {
	runes := utf8.RuneCountInString(w.Text)
	for _, other := range d.Words {
		runes += utf8.RuneCountInString(other.Text)
	}
	return len(d.Words) < mostGathered && runes <= mostGatheredRunes
}

// enqueueWrote notifies a member of an answer in the thread, or the owner of a message
// of the requester's, if Slack did not notify them. It waits a moment, because the note
// of the claim or the next reply may tell them better.
func (c *Change) enqueueWrote(r Record, e ticket.Entry, w Written) {
	to := r.unaware(e, w)
	pending := func(p Posted) bool {
		return p.Kind == NoticeWroteAbove && p.To == to && p.Cycle == r.Ticket.Cycle && !p.Stands()
	}
	if to != "" && !slices.ContainsFunc(r.Posted, pending) {
		c.enqueue(r.notice(NoticeWroteAbove, to, e.HappenedAt.Add(ClaimNoteDelay), NoticeDetails{Actor: e.Actor, At: e.HappenedAt, Thread: e.Message}))
	}
}

// unaware returns the person for whom a reply in the thread is, if the reply did not
// notify them by itself; empty if there is nobody.
func (r Record) unaware(e ticket.Entry, w Written) string {
	t := r.Ticket
	speaks := e.Role == ticket.RoleOwner || e.Role == ticket.RoleResponder
	switch {
	case e.Aside || e.Private:
	case e.Actor != t.Requester && speaks && !e.Outside && !t.State.Ended() && !r.reached(e):
		return t.Requester
	case e.Actor == t.Requester && t.Assignee != e.Actor && !w.thanks && !slices.Contains(w.Names, t.Assignee) && !r.followedBefore(t.Assignee, e):
		return t.Assignee
	}
	return ""
}

// obsoleteWrote: the reader was notified of the thread since, or will be notified of
// the end. Nobody is called to a deleted message.
func obsoleteWrote(n Notice, r Record) string {
	t := r.Ticket
	known := r.notifiedOf(n.To, ticket.Entry{HappenedAt: n.At})
	switch {
	case r.retracted(n.Thread):
		return obsoleteTakenBack
	case n.To == t.Requester:
		return when(known || t.State.Ended() || t.Cycle != n.Cycle, "the requester knows of it")
	}
	return when(known || t.Assignee != n.To, "the owner knows of it")
}

// enqueueAmendment follows an edit.
func (c *Change) enqueueAmendment(r Record, e ticket.Entry, w Written) {
	if r.reveals(w) {
		c.enqueueCarried(r, e, w)
		return
	}
	c.amend(w)
}

// amend updates the copies of a message to its new text and files.
func (c *Change) amend(w Written) {
	c.reword(func(p *Posted) bool {
		if i := p.gathers(w.Message); i >= 0 {
			p.Words = slices.Clone(p.Words)
			p.Words[i].Text, p.Words[i].Files = w.Text, w.Files
			return true
		}
		if p.attachment(w.Message) {
			p.Gone = !w.has(*p.File)
			return p.Gone
		}
		if !p.repeats(w.Message) {
			return false
		}
		p.Text, p.Files = w.Text, w.Files
		return true
	})
}

// retract removes the copies of a message.
func (c *Change) retract(m ticket.Message) {
	c.reword(func(p *Posted) bool {
		if i := p.gathers(m); i >= 0 {
			p.Words = slices.Delete(slices.Clone(p.Words), i, i+1)
			p.Gone = len(p.Words) == 0
			return true
		}
		p.Gone = p.repeats(m) || p.attachment(m)
		return p.Gone
	})
}
