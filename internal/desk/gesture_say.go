package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"supporty/internal/ticket"
)

// Say posts the saved answer of a name in the ticket's thread, in the actor's name. It counts as an
// answer of theirs, and reaches the requester like one. {requester} and {number} in it are
// filled in.
func (d *Desk) Say(ctx context.Context, g Gesture, name, answer string) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	requester, err := d.people.Person(ctx, r.Ticket.Requester)
	if err != nil {
		return r, unavailable(err)
	}
	return d.say(ctx, g, name, strings.NewReplacer("{requester}", requester.Name, "{number}", r.Ticket.Number.String()).Replace(answer))
}

func (d *Desk) say(ctx context.Context, g Gesture, name, text string) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	said := Written{Message: savedMessage(g.Key), Text: text, Names: []string{r.Ticket.Requester}}
	g.said = said.words()
	return d.do(ctx, g, ticket.Replied, ticket.Details{Message: said.Message, Reply: ticket.Reply{Saved: true, Answer: name}})
}

// savedMessage stands for a saved answer where messages of people stand: nobody wrote one, but its
// author can take it back by this name.
func savedMessage(key string) ticket.Message {
	sum := sha256.Sum256([]byte(key))
	return ticket.Message{TS: "saved-" + hex.EncodeToString(sum[:8])}
}

// SavedAnswer is a saved answer that stands in a ticket.
type SavedAnswer struct {
	Message ticket.Message // by which it is taken back: see RetractOwn
	Text    string
}

// SavedAnswersOf are the saved answers that a person posted and that stand, the newest first.
func (r Record) SavedAnswersOf(person string) (all []SavedAnswer) {
	for _, e := range slices.Backward(r.Timeline) {
		if e.Kind != ticket.Replied || !e.Saved || e.Actor != person || e.Void != "" {
			continue
		}
		if text, stands := r.textElsewhere(e.Message); stands {
			all = append(all, SavedAnswer{Message: e.Message, Text: text})
		}
	}
	return all
}

// enqueueSaved posts a saved answer in the thread, where it mentions a requester who is
// there. A requester elsewhere has it brought to them.
func (c *Change) enqueueSaved(r Record, e ticket.Entry, w Written) {
	to := r.Ticket.Requester
	if e.Outside {
		to = ""
	}
	c.enqueue(r.notice(NoticeQuote, to, e.RecordedAt, NoticeDetails{Actor: e.Actor, At: e.HappenedAt, Text: w.Text, Thread: w.Message}))
	if e.Carried {
		c.enqueueCarried(r, e, w)
	}
}
