package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Observation is what Slack shows of a ticket, read after a gap without events. Replies
// have their times; of an emoji Slack says only that it is there.
type Observation struct {
	Ticket  ticket.Number
	From    time.Time       // until then everything was known
	Until   time.Time       // since then everything comes as it happens
	Now     time.Time       // when it was read
	Card    ticket.Message  // the card that was looked at; zero if none was
	CardAt  time.Time       // when it was posted, by Slack's clock
	Gone    bool            // it does not stand any more
	Emoji   []ObservedEmoji // on the card
	Replies []ObservedReply // of people
	In      string          // the channel in which they stand
	Thread  string          // ts of the message in whose thread they stand; empty for direct messages
	Since   time.Time       // all that were written there since then are among them
}

// ObservedEmoji is one emoji on a message, and who put it there.
type ObservedEmoji struct {
	Emoji  string
	Asks   ticket.Kind // what its sign means where it is; empty for nothing
	People []string    // in the order in which they put it
	Others bool        // there are more people than are named
}

// ObservedReply is a reply as it was read.
type ObservedReply struct {
	Written
	Author string
	At     time.Time
	Emoji  []ObservedEmoji
}

// unnoticed is how long a connection can be dead before that is noticed. Messages of
// that time before Observation.From may be missing as well.
const unnoticed = 2 * time.Minute

// CatchUp applies the observed events that are missing in the timeline, all of them as
// one change, and reports whether there were any. Replies keep their own times. An
// emoji is compared with the timeline, so that nothing is applied twice when its event
// comes as well. Its time is the earliest possible one, marked as inexact: if a gap
// spans a deadline, the doubt counts in favour of the promise. Nobody is told of a
// gesture that was not permitted or is not possible any more.
func (d *Desk) CatchUp(ctx context.Context, s Observation) (bool, error) {
	people, err := d.peopleIn(ctx, s)
	if err != nil {
		return false, err
	}
	_, saved, err := d.change(ctx, s.Ticket, "catching up with", func(before Record) (Change, error) {
		s, strays := before.withoutStrays(s)
		c, err := d.reconcile(ctx, before, s, people)
		if err != nil || !c.askStrays(strays...) && len(c.New) == 0 {
			return Change{}, err
		}
		return c, nil
	})
	return saved, err
}

func (d *Desk) peopleIn(ctx context.Context, s Observation) (map[string]Person, error) {
	var ids []string
	for _, m := range s.Emoji {
		if m.Asks != "" {
			ids = append(ids, m.People...)
		}
	}
	for _, r := range s.Replies {
		ids = append(ids, r.Author)
	}
	people := map[string]Person{"": {}}
	for _, id := range ids {
		p, err := d.actor(ctx, id)
		if err != nil {
			return nil, err
		}
		people[id] = p
	}
	return people, nil
}

// reconcile returns the change that brings a ticket up to what is observed; without new
// entries if there is nothing new.
func (d *Desk) reconcile(ctx context.Context, before Record, s Observation, people map[string]Person) (Change, error) {
	for id := range before.peopleOnCard(s.CardAt) {
		if _, known := people[id]; known {
			continue
		}
		p, err := d.actor(ctx, id)
		if err != nil {
			return Change{}, err
		}
		people[id] = p
	}
	for i := range s.Replies {
		s.Replies[i].runbooks = d.runbooks
	}
	c, err := d.decide(ctx, before, micros(s.Now), s.words(), permitted(before, s.entries(before), people)...)
	if err != nil {
		return Change{}, err
	}
	for _, e := range c.New {
		c.Keys = append(c.Keys, keysOf(e)...)
	}
	return c, nil
}

// permitted returns the observed entries whose makers had the right to make them, as
// the ticket was then.
func permitted(before Record, observed []ticket.Entry, people map[string]Person) []ticket.Entry {
	var kept []ticket.Entry
	all := append(slices.Clone(before.Timeline), observed...)
	ticket.Sort(all)
	t := ticket.Ticket{Number: before.Ticket.Number}
	for _, e := range all {
		if e.ID == 0 {
			e.Role = roleOf(people[e.Actor], t)
			if permit(e, people[e.Actor], t) != nil || !meant(e, t) {
				continue
			}
		}
		t, _ = t.Apply(e)
		kept = append(kept, e)
	}
	return slices.DeleteFunc(kept, func(e ticket.Entry) bool { return e.ID != 0 })
}

// meant reports whether an emoji on a question still has its meaning. Only the owner
// asks.
func meant(e ticket.Entry, t ticket.Ticket) bool {
	switch e.Kind {
	case ticket.Waited:
		return !t.State.Ended() && t.Assignee == e.Actor
	case ticket.Resumed:
		return t.Paused() && t.Pause.Question == e.Message && t.Assignee == e.Actor
	default:
		return true
	}
}

// words are messages by their place.
func (s Observation) words() words {
	said := words{}
	for _, r := range s.Replies {
		r.Text = clean(r.Text)
		said[r.Message] = r.Written
	}
	return said
}
