package desk

import (
	"context"
	"maps"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Messages of people with redacted words are looked for in Slack, and all those about a ticket
// that was made private. That takes a while and must not be lost, so each search is stored with
// the change, until it is done.

// everything are the words of a search for all messages of people.
const everything = ""

// Sealer makes texts unreadable for whoever reads the database alone.
type Sealer interface {
	Seal(text string) []byte
	Open(sealed []byte) (string, error)
}

// Sealing returns the desk, which seals the words of searches.
func (d *Desk) Sealing(s Sealer) *Desk {
	own := *d
	own.sealer = s
	return &own
}

// DeletionSearch is a search for messages of people that have redacted words, or that stand where
// a ticket was before it was made private.
type DeletionSearch struct {
	Key     string
	Ticket  ticket.Number
	Actor   string           // who redacted them, or made the ticket private
	Words   string           // empty while they are sealed, and for all messages
	Sealed  []byte           // the words, as they are stored
	Threads []ticket.Message // where to look, besides the message of which the ticket was made
	Since   time.Time
}

// Searches is what searches for messages with redacted words need.
type Searches interface {
	// DeletionSearches returns the searches that are not done, the oldest first.
	DeletionSearches(ctx context.Context) ([]DeletionSearch, error)
	// DeletionSearched drops a search.
	DeletionSearched(ctx context.Context, key string) error
}

// Everything reports whether the search is for all messages of people.
func (s DeletionSearch) Everything() bool { return s.Words == everything }

// deletionSearch is the search of a change; nil if none can be stored. The store adds the ticket's
// own threads. Direct messages are read by nobody else, so not all in them are looked for.
func (d *Desk) deletionSearch(before Record, g Gesture, words string) *DeletionSearch {
	if d.sealer == nil {
		return nil
	}
	s := DeletionSearch{Key: g.Key, Ticket: g.Ticket, Actor: g.Actor, Sealed: d.sealer.Seal(words), Since: micros(g.Now)}
	if direct := before.Direct(before.Ticket.Requester); direct.TS != "" && words != everything {
		s.Threads = append(s.Threads, direct)
	}
	return &s
}

// deletionSearchesFor is how long a search is tried again.
const deletionSearchesFor = 24 * time.Hour

// DeletionSearches returns the searches that are not done. Those whose words nobody can read any
// more, and those that failed for a day, are dropped: their number is the second result.
func (d *Desk) DeletionSearches(ctx context.Context, now time.Time) (todo []DeletionSearch, dropped int, err error) {
	stored, err := d.searches.DeletionSearches(ctx)
	if err != nil || d.sealer == nil {
		return nil, 0, orUnavailable(err, "looking for searches")
	}
	for _, s := range stored {
		s.Words, err = d.sealer.Open(s.Sealed)
		if err == nil && now.Sub(s.Since) < deletionSearchesFor {
			todo = append(todo, s)
			continue
		}
		if err := d.searches.DeletionSearched(ctx, s.Key); err != nil {
			return nil, dropped, orUnavailable(err, "dropping a search")
		}
		dropped++
	}
	return todo, dropped, nil
}

// Theirs are messages of people that a search has found.
type Theirs struct {
	Messages []Word // without their texts
	Unread   bool   // not all places could be read
}

// AskToDelete ends a search: it asks the authors of the messages that were found to delete them,
// because nobody else can. Who made a ticket private gets a list of all of them. Again with the
// same search it asks nobody.
func (d *Desk) AskToDelete(ctx context.Context, s DeletionSearch, found Theirs, now time.Time) error {
	if len(found.Messages) > 0 || s.Everything() {
		_, _, err := d.change(ctx, s.Ticket, "asking to delete messages of", func(before Record) (Change, error) {
			c := Change{Key: s.Key + ":theirs", Now: micros(now), After: before, NextAt: nextAt(before, micros(now))}
			if s.Everything() {
				c.enqueue(before.notice(NoticeRemaining, s.Actor, c.Now, NoticeDetails{At: c.Now, Words: found.Messages, Unread: found.Unread}))
			}
			c.askToDelete(found.Messages, s.Actor, s.Everything())
			return c, nil
		})
		if err != nil {
			return err
		}
	}
	return orUnavailable(d.searches.DeletionSearched(ctx, s.Key), "ending a search")
}

// askToDelete asks the authors of messages to delete them, each once. Who made the ticket private
// has them in their list.
func (c *Change) askToDelete(messages []Word, mover string, moved bool) {
	theirs := map[string][]ticket.Message{}
	for _, w := range messages {
		if !moved || w.Author != mover && !c.After.askedToDelete(w.Message) {
			theirs[w.Author] = append(theirs[w.Author], w.Message)
		}
	}
	for _, author := range slices.Sorted(maps.Keys(theirs)) {
		c.enqueue(c.After.notice(NoticeDeleteYours, author, c.Now, NoticeDetails{At: c.Now, Messages: theirs[author], Moved: moved}))
	}
}

// askedToDelete reports whether somebody was asked to delete a message because the ticket was
// made private.
func (r Record) askedToDelete(m ticket.Message) bool {
	return slices.ContainsFunc(r.Posted, func(p Posted) bool {
		return p.Kind == NoticeDeleteYours && p.Moved && slices.Contains(p.Messages, m)
	})
}
