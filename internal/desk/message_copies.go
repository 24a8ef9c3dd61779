package desk

import (
	"slices"
	"time"

	"supporty/internal/ticket"
)

// repeats reports whether a notice is a copy of a message.
func (p Posted) repeats(m ticket.Message) bool {
	switch p.Kind {
	case NoticeCarried, NoticeQuote, NoticeQuestion:
		return p.Thread == m && m != (ticket.Message{})
	default:
		return false
	}
}

// gathers returns the index of a message among the gathered ones; -1 if it is not
// there.
func (p Posted) gathers(m ticket.Message) int {
	return slices.IndexFunc(p.Words, func(w Word) bool { return w.Message == m })
}

// textElsewhere returns the text of a message's copy on the other side; false if it has
// no copy there.
func (r Record) textElsewhere(m ticket.Message) (text string, stands bool) {
	for _, p := range r.Posted {
		if i := p.gathers(m); i >= 0 && !p.Gone {
			return p.Words[i].Text, true
		}
		if p.repeats(m) && !p.Gone {
			return p.Text, true
		}
	}
	return "", false
}

// repeated reports whether a message has a copy on the other side.
func (r Record) repeated(m ticket.Message) bool {
	_, stands := r.textElsewhere(m)
	return stands
}

// matters reports whether an edit or the deletion of a message changes something: it has a copy
// on the other side, or links.
func (r Record) matters(m ticket.Message) bool { return r.repeated(m) || r.Ticket.LinksOf(m) != nil }

// Matters returns when the first message in a channel was written of which an edit or the
// deletion changes something; the zero time if there is none.
func (r Record) Matters(channel string) time.Time {
	for _, e := range r.Timeline {
		if e.Kind == ticket.Replied && e.Message.Channel == channel && r.matters(e.Message) {
			return e.HappenedAt.Add(-time.Second)
		}
	}
	return time.Time{}
}

// attachment reports whether a notice is a file of a message.
func (p Posted) attachment(m ticket.Message) bool {
	return p.Kind == NoticeFile && p.Thread == m && m != (ticket.Message{})
}

// empty reports whether a message has neither words nor files any more.
func (w Written) empty() bool { return w.Text == "" && len(w.Files) == 0 }

func (w Written) has(f File) bool {
	return slices.ContainsFunc(w.Files, func(k File) bool { return k.ID == f.ID })
}

// lacksFile reports whether a file stands on the other side that was removed from its
// message.
func (r Record) lacksFile(w Written) bool {
	return slices.ContainsFunc(r.Posted, func(p Posted) bool {
		return p.attachment(w.Message) && !p.Gone && !w.has(*p.File)
	})
}
