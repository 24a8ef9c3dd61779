package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// MakePrivate gives a ticket a room of its own. What the bot has posted about it elsewhere is
// deleted, and the card is posted in the room; of a ticket that can no longer be reopened it goes
// for good. Followers who may not read the ticket any more follow it no longer. Messages of people
// are not ours to delete: they are looked for, and their authors asked, see AskToDelete.
func (d *Desk) MakePrivate(ctx context.Context, g Gesture) (Record, error) {
	person, err := d.actor(ctx, g.Actor)
	if err != nil {
		return Record{}, err
	}
	if err := d.redactRepeats(ctx, g, ticket.MadePrivate, everything); err != nil {
		return Record{}, err
	}
	var refusal error
	r, saved, err := d.change(ctx, g.Ticket, "making private", func(before Record) (c Change, err error) {
		c, refusal, err = d.decidePrivacy(ctx, before, person, g)
		return c, err
	})
	if err != nil || !saved {
		return r, err
	}
	return r, unlessSame(refusal)
}

func (d *Desk) decidePrivacy(ctx context.Context, before Record, p Person, g Gesture) (c Change, refusal, err error) {
	may, err := d.readersOf(ctx, before, p)
	if err != nil {
		return Change{}, nil, err
	}
	stay := slices.DeleteFunc(slices.Clone(before.Ticket.Followers), func(p string) bool { return !may[p] })
	c, refusal, err = d.decideGesture(ctx, before, p, g, ticket.MadePrivate, ticket.Details{Message: before.Card, People: stay})
	if err != nil || c.After.Ticket.Number == 0 {
		return c, refusal, err
	}
	c.Redaction = &Redaction{
		Search: d.deletionSearch(before, g, everything),
		Left:   &ticket.Message{Channel: before.Ticket.Channel}, Informed: before.Ticket.Followers,
	}
	c.leave(before, may)
	if c.Card = CardRemoved; c.After.LivesOn(c.Now) {
		c.Card = CardErased
	}
	return c, refusal, nil
}

// readersOf tells which of those who follow a ticket, or have messages about it, may read it once
// somebody has made it private.
func (d *Desk) readersOf(ctx context.Context, r Record, by Person) (map[string]bool, error) {
	t := r.Ticket
	t.PrivateSince, t.PrivateBy = t.OpenedAt, by.ID
	people := slices.Clone(t.Followers)
	for _, p := range r.Posted {
		if p.To != "" && p.Kind != NoticePage && p.Kind != NoticeEscalation { // those are for places too
			people = append(people, p.To)
		}
	}
	may := map[string]bool{}
	for _, id := range people {
		if _, known := may[id]; known {
			continue
		}
		p, err := d.actor(ctx, id)
		if err != nil {
			return nil, err
		}
		may[id] = MayRead(p, t)
	}
	return may, nil
}

// leave deletes what was posted about the ticket, but direct messages to those who may read it.
// What is still on its way may stand already, so it goes too. What people need is posted anew.
func (c *Change) leave(before Record, may map[string]bool) {
	c.reword(func(p *Posted) bool {
		if p.Kind == NoticePage || p.Kind.Ephemeral() || may[p.To] && before.isDirect(*p) {
			return false
		}
		if c.After.LivesOn(c.Now) && before.neededInRoom(*p, may) {
			left := c.After.notice(p.Kind, p.To, later(p.DueAt, c.Now), p.NoticeDetails)
			left.Cycle = p.Cycle
			c.Redaction.Anew = append(c.Redaction.Anew, left)
		}
		p.Gone, p.Left = true, before.placeOf(*p)
		return true
	})
}

// isDirect reports whether a notice is a direct message, or will be one.
func (r Record) isDirect(p Posted) bool {
	if p.At.TS != "" {
		return p.At.Channel != r.Card.Channel
	}
	switch p.Kind {
	case NoticeReceipt, NoticeParked, NoticeConsent, NoticeDeleteYours, NoticeOffered, NoticeTask:
		return true
	default:
		return p.Kind.ToFollowers() || p.Kind.OfHelp()
	}
}

// neededInRoom reports whether a notice is to be read in the room: what was written in private
// and stands in the thread alone, what the ticket waits for, and what was not posted yet.
func (r Record) neededInRoom(p Posted, may map[string]bool) bool {
	switch {
	case p.Kind == NoticeMade, p.To != "" && !may[p.To]:
		return false
	case p.Kind == NoticeQuote, p.Kind == NoticeFile, p.Kind.saysMore():
		return true
	}
	return p.PostedAt.IsZero()
}

// placeOf is where a notice may stand that is not known to stand.
func (r Record) placeOf(p Posted) *ticket.Message {
	place := r.Card
	if r.isDirect(p) {
		if place = r.Direct(p.To); place.TS == "" {
			place = ticket.Message{Channel: p.To}
		}
	}
	return &place
}

// LivesOn reports whether the ticket has not ended, or can be reopened: then it has a card.
func (r Record) LivesOn(now time.Time) bool {
	return !r.Ticket.State.Ended() || now.Sub(r.Ticket.EndedAt) <= ticket.ReopenWindow
}

// strays reports whether somebody wrote where a private ticket was before: others read it there.
func (r Record) strays(w Written) bool {
	return r.Ticket.Private() && !w.Private && w.Message.Channel != "" && !r.IsRoom(w.Message.Channel)
}

// IsRoom reports whether a channel is a room of the ticket's, or was one.
func (r Record) IsRoom(channel string) bool {
	return slices.ContainsFunc(r.Posted, func(p Posted) bool { return p.Kind == NoticeRoom && p.At.Channel == channel })
}

// decideStray is what is made of a message that strays: it is no part of the conversation.
func (r Record) decideStray(g Gesture, w Written) Change {
	c := Change{Key: g.Key, Now: micros(g.Now), After: r, NextAt: nextAt(r, micros(g.Now))}
	c.askStrays(Word{Message: w.Message, Author: g.Actor})
	return c
}

// askStrays asks the authors of messages that stray to delete them, and adds them to the list of
// who made the ticket private. It returns false if all were asked before.
func (c *Change) askStrays(strays ...Word) bool {
	strays = slices.DeleteFunc(strays, func(w Word) bool { return c.After.askedToDelete(w.Message) })
	if len(strays) == 0 {
		return false
	}
	c.askToDelete(strays, "", true)
	c.reword(func(p *Posted) bool {
		if p.Kind != NoticeRemaining {
			return false
		}
		p.Words = slices.Clone(p.Words)
		for _, w := range strays {
			if p.gathers(w.Message) < 0 {
				p.Words = append(p.Words, w)
			}
		}
		return true
	})
	return true
}

// withoutStrays takes the messages that stray out of what was read after a gap.
func (r Record) withoutStrays(s Observation) (Observation, []Word) {
	var kept []ObservedReply
	var strays []Word
	for _, reply := range s.Replies {
		if _, known := r.reply(reply.Message); !known && r.strays(reply.Written) {
			strays = append(strays, Word{Message: reply.Message, Author: reply.Author})
			continue
		}
		kept = append(kept, reply)
	}
	s.Replies = kept
	return s, strays
}
