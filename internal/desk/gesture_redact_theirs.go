package desk

import (
	"context"
	"time"

	"supporty/internal/ticket"
)

// Messages of people with redacted words are looked for in Slack. That takes a while and must
// not be lost, so each search is stored with the redaction, until it is done.

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

// DeletionSearch is a search for messages of people that have redacted words.
type DeletionSearch struct {
	Key     string
	Ticket  ticket.Number
	Actor   string           // who redacted them
	Words   string           // empty while they are sealed
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

// deletionSearch is the search of a redaction; nil if it needs none.
func (d *Desk) deletionSearch(before Record, g Gesture, words string) *DeletionSearch {
	if words == "" || d.sealer == nil {
		return nil
	}
	s := DeletionSearch{Key: g.Key, Ticket: g.Ticket, Actor: g.Actor, Sealed: d.sealer.Seal(words), Since: micros(g.Now)}
	for _, root := range []ticket.Message{before.Card, before.Direct(before.Ticket.Requester)} {
		if root.TS != "" {
			s.Threads = append(s.Threads, root)
		}
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

// AskToDelete ends a search: it asks the authors of the messages that were found to delete them,
// because nobody else can. Again with the same search it asks nobody.
func (d *Desk) AskToDelete(ctx context.Context, s DeletionSearch, messages map[string][]ticket.Message, now time.Time) error {
	if len(messages) > 0 {
		_, _, err := d.change(ctx, s.Ticket, "asking to delete messages of", func(before Record) (Change, error) {
			c := Change{Key: s.Key + ":theirs", Now: micros(now), After: before, NextAt: nextAt(before, micros(now))}
			for author, theirs := range messages {
				c.enqueue(before.notice(NoticeDeleteYours, author, c.Now, NoticeDetails{At: c.Now, Messages: theirs}))
			}
			return c, nil
		})
		if err != nil {
			return err
		}
	}
	return orUnavailable(d.searches.DeletionSearched(ctx, s.Key), "ending a search")
}
