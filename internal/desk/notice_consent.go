package desk

import "supporty/internal/ticket"

// enqueueConsent asks the author of a private message whether it may be shown.
func (c *Change) enqueueConsent(t NewTicket) {
	if t.PrivateSource.Is && t.PrivateSource.Author != "" && t.PrivateSource.Author != t.by() {
		c.enqueue(c.After.notice(NoticeConsent, t.PrivateSource.Author, c.Now, NoticeDetails{
			Actor: t.by(), At: c.After.Ticket.OpenedAt, Text: clean(t.PrivateSource.Text), Thread: t.Source, Files: t.PrivateSource.Files,
		}))
	}
}

// enqueueAgreed brings the files of a message into the thread, once it may be shown.
func (c *Change) enqueueAgreed(r Record, e ticket.Entry) {
	for _, p := range r.Posted {
		if p.Kind == NoticeConsent && p.To == e.Actor {
			c.enqueueAttached(r, e, e.Actor, e.Message, p.Files)
		}
	}
}

// settleConsent updates the question with its answer, and erases the kept message.
func (c *Change) settleConsent() {
	c.reword(func(p *Posted) bool {
		if p.Kind != NoticeConsent {
			return false
		}
		p.Text, p.Thread, p.Files = "", ticket.Message{}, nil
		return true
	})
}
