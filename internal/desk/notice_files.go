package desk

import (
	"time"

	"supporty/internal/ticket"
)

// File is an attachment of a message or a form. The desk knows its id and never its
// content.
type File struct {
	ID        string `json:"id"`
	Name      string `json:"name,omitempty"` // empty where it is not known
	Size      int64  `json:"size,omitempty"` // bytes; 0 if it is not known
	Link      string `json:"link,omitempty"` // where people open it
	Elsewhere bool   `json:"elsewhere,omitempty"`
}

// Unbrought is the reason why a file is not brought to the other side. A sentence or a
// link takes its place there.
type Unbrought string

// The reasons why a file is not brought.
const (
	TooLarge     Unbrought = "too_large"
	KeptAway     Unbrought = "elsewhere" // another service keeps it
	Hidden       Unbrought = "hidden"    // by Slack's limit for workspaces without a plan
	Unreadable   Unbrought = "unreadable"
	OutOfReach   Unbrought = "out_of_reach"  // its message is in a channel where the bot is not
	NotPermitted Unbrought = "not_permitted" // the bot lacks the permission for files
	SwitchedOff  Unbrought = "switched_off"  // by the settings
)

// enqueueFiles brings files to the other side. Each has a notice of its own, after the
// words: a file that cannot be brought does not delay the words.
func (c *Change) enqueueFiles(r Record, e ticket.Entry, to string, source ticket.Message, files []File) {
	for _, f := range files {
		c.enqueue(r.notice(NoticeFile, to, e.RecordedAt, NoticeDetails{Actor: e.Actor, At: e.HappenedAt, Thread: source, File: &f}))
	}
}

// enqueueAttached brings the files of the message that a ticket was made from. The
// ticket keeps them if that message is deleted.
func (c *Change) enqueueAttached(r Record, e ticket.Entry, author string, source ticket.Message, files []File) {
	for _, f := range files {
		c.enqueue(r.notice(NoticeFile, "", e.RecordedAt, NoticeDetails{Actor: author, At: e.HappenedAt, Channel: source.Channel, File: &f}))
	}
}

// UnbroughtNotice tells the person who attached a file, and nobody else, that it is not
// brought to the other side. There is none if the other side has a link to another
// service's file, which is as good as the file.
func (r Record) UnbroughtNotice(n Notice, f File, why Unbrought, now time.Time) []Notice {
	if why == KeptAway || n.Actor == "" {
		return nil
	}
	told := r.notice(NoticeFileLeftOut, n.Actor, now, NoticeDetails{
		At: n.At, Thread: n.Thread, Root: r.threadOf(n.Thread), Channel: n.Channel, File: &f, Unbrought: why,
	})
	if len(r.telling(told)) > 0 {
		return nil
	}
	return []Notice{told}
}

// threadOf is the thread of a private message; empty for none.
func (r Record) threadOf(m ticket.Message) string {
	e, _ := r.reply(m)
	return e.Thread
}
