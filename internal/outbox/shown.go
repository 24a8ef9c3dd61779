package outbox

import (
	"context"
	"time"

	"supporty/internal/ticket"
)

// sighting is news of Slack that a message of ours shows a version.
type sighting struct {
	Shown
	answer chan sighted
}

type sighted struct {
	Noted
	err error
}

// Overwritten implements slackin.Outbox. Mostly the message is this copy's own edit, which is
// about to be recorded: then the news goes along, at the cost of no transaction.
func (s *Sender) Overwritten(ctx context.Context, at ticket.Message, version int64, observed time.Time) (bool, error) {
	shown := Shown{at, version, observed}
	if s.Holding() {
		if noted, err := s.noteAlong(ctx, shown); err == nil && noted.Known {
			return noted.Overwritten, nil
		}
	}
	return s.Store.Overwritten(ctx, shown)
}

// noteAlong has the news noted with the next exchange. An error is no reason to give up: the
// news can be noted twice.
func (s *Sender) noteAlong(ctx context.Context, shown Shown) (Noted, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeWithin)
	defer cancel()
	n := sighting{shown, make(chan sighted, 1)}
	select {
	case s.sightings <- n:
	case <-ctx.Done():
		return Noted{}, ctx.Err()
	}
	select {
	case answer := <-n.answer:
		return answer.Noted, answer.err
	case <-ctx.Done():
		return Noted{}, ctx.Err()
	}
}

// see keeps news for the next exchange, which comes soon.
func (l *loop) see(n sighting) {
	l.seenShown = append(l.seenShown, n)
	l.next = earlier(l.next, time.Now().Add(Soon))
}

// tellSighted tells what became of the news of an exchange.
func (l *loop) tellSighted(noted []Noted, err error) {
	for i, n := range l.seenShown {
		answer := sighted{err: err}
		if err == nil {
			answer.Noted = noted[i]
		}
		n.answer <- answer
	}
	l.seenShown = nil
}
