package desk

import (
	"slices"
	"time"

	"supporty/internal/ticket"
)

// entries returns the observed events that are missing in the timeline, in the order in
// which they must have happened as far as that is known.
func (s Observation) entries(r Record) []ticket.Entry {
	c := reconciler{Observation: s, known: r, at: s.earliest(r)}
	if s.Gone && r.Card == s.Card {
		c.add(ticket.Entry{Kind: ticket.Withheld, Gesture: ticket.ByDeletion, Details: ticket.Details{Message: s.Card}})
	}
	if !s.Gone && s.Card != (ticket.Message{}) && r.Card == s.Card {
		c.takenAway()
		for _, s := range ticket.Signs {
			c.put(s)
			c.questions(s)
		}
	}
	c.replies()
	c.changes()
	return c.entries
}

// earliest returns the first time at which an unknown event can have happened. That is
// after every known gesture before the end of the gap that decides what is possible.
// Emoji decide also if they did not count.
func (s Observation) earliest(r Record) time.Time {
	at := later(s.From, r.Ticket.OpenedAt)
	for _, e := range r.Timeline {
		if (e.Void == "" || e.Gesture == ticket.ByEmoji) && moves(e) && !e.HappenedAt.After(s.Until) {
			at = later(at, e.HappenedAt)
		}
	}
	return micros(at)
}

// moves reports whether somebody has moved the ticket from one state to another.
func moves(e ticket.Entry) bool {
	switch e.Kind {
	case ticket.Claimed, ticket.PutBack, ticket.HandedOver, ticket.Waited, ticket.Held, ticket.Resumed,
		ticket.Resolved, ticket.Undone, ticket.Closed, ticket.Reopened, ticket.Withheld:
		return e.Gesture != ticket.ByClock
	default:
		return false
	}
}

// reconciler collects entries whose times are not exactly known. Its at is the earliest
// possible time of the next one.
type reconciler struct {
	Observation
	known   Record
	at      time.Time
	entries []ticket.Entry
}

// add adds an entry at its earliest possible time: after the one before it, and not
// before its own time if it has one.
func (c *reconciler) add(e ticket.Entry) {
	e.HappenedAt = later(c.at, e.HappenedAt)
	c.at = e.HappenedAt.Add(time.Microsecond)
	c.addAsIs(e)
}

func (c *reconciler) addAsIs(e ticket.Entry) {
	e.RecordedAt, e.Inexact = micros(c.Now), true
	c.entries = append(c.entries, e)
}

func byEmoji(k ticket.Kind, person, emoji string) ticket.Entry {
	return ticket.Entry{Kind: k, Actor: person, Gesture: ticket.ByEmoji, Details: ticket.Details{Emoji: emoji}}
}

// put adds the emoji on the card that the timeline does not know of. If people have
// moved the ticket after the gap, they saw its state: their gesture holds, and the
// emoji comes after it.
func (c *reconciler) put(s ticket.Sign) {
	since := c.movedSince(s.Added)
	for _, m := range c.Emoji {
		if m.Asks != s.Added {
			continue
		}
		for _, p := range m.People {
			e := byEmoji(s.Added, p, m.Emoji)
			if last := c.knownOf(e); puts(last) || c.settled(last) {
				continue
			}
			if !since.IsZero() {
				e.HappenedAt = since
				c.addAsIs(e)
				continue
			}
			c.add(e)
		}
	}
}

// movedSince returns when somebody last moved the ticket after the gap in a way that an
// earlier emoji would have prevented; zero if nobody did. Another claim prevents a
// claim; a resolution prevents every move.
func (c *reconciler) movedSince(asks ticket.Kind) (at time.Time) {
	if asks == ticket.Claimed {
		if took := c.known.Ticket.ClaimedAt; took.After(c.Until) {
			return took
		}
		return at
	}
	for _, e := range c.known.Timeline {
		if e.Void == "" && moves(e) && e.HappenedAt.After(c.Until) {
			at = later(at, e.HappenedAt)
		}
	}
	return at
}

// takenAway adds the removal of emoji that the timeline knows and the card no longer
// shows.
func (c *reconciler) takenAway() {
	for e := range c.known.emojiOnCard(c.CardAt) {
		last, means := c.knownOf(e), ticket.SignOf(e.Kind).Removed
		if means == "" || !puts(last) || c.settled(last) || stands(c.Emoji, e.Emoji, e.Actor) {
			continue
		}
		gone := byEmoji(means, e.Actor, e.Emoji)
		if c.known.tookSince(last) {
			gone.HappenedAt = c.known.Ticket.ClaimedAt.Add(-time.Microsecond)
			c.addAsIs(gone)
			continue
		}
		c.add(gone)
	}
}

// tookSince reports whether a person who claimed the ticket by emoji has taken it by
// other means since. They may have removed the emoji before that; then the removal
// means nothing.
func (r Record) tookSince(claim ticket.Entry) bool {
	t := r.Ticket
	if claim.Kind != ticket.Claimed || t.Assignee != claim.Actor || !claim.HappenedAt.Before(t.ClaimedAt) {
		return false
	}
	return slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Void == "" && e.HappenedAt.Equal(t.ClaimedAt) && e.Gesture != ticket.ByEmoji
	})
}

// stands reports whether somebody's emoji is on a message, or may be.
func stands(marks []ObservedEmoji, emoji, person string) bool {
	return slices.ContainsFunc(marks, func(m ObservedEmoji) bool {
		return m.Emoji == emoji && (m.Others || slices.Contains(m.People, person))
	})
}

// knownOf returns the last entry of an emoji in the timeline; the zero Entry if there
// is none.
func (c *reconciler) knownOf(asks ticket.Entry) ticket.Entry {
	for _, e := range slices.Backward(c.known.sinceCard(c.CardAt)) {
		if e.Gesture == ticket.ByEmoji && e.Actor == asks.Actor && e.Emoji == asks.Emoji && e.Message == asks.Message {
			return e
		}
	}
	return ticket.Entry{}
}

// puts reports whether an entry puts an emoji, rather than removes it.
func puts(e ticket.Entry) bool { return ticket.SignOf(e.Kind).Added != "" }

// settled reports whether an event after the gap has told of an emoji.
func (c *reconciler) settled(e ticket.Entry) bool { return e.HappenedAt.After(c.Until) }

// skew is how far our clock may be behind Slack's.
const skew = 5 * time.Second

// sinceCard returns the part of the timeline since the present card was posted: a new
// card has no emoji. The same holds for questions, which stand in the thread of one
// card. A card is new if the one before was deleted, by people or for a redaction.
func (r Record) sinceCard(posted time.Time) []ticket.Entry {
	since := r.Timeline
	for i, e := range slices.Backward(r.Timeline) {
		if e.Kind == ticket.Withheld && e.Void == "" {
			since = r.Timeline[i+1:]
			break
		}
	}
	return slices.DeleteFunc(slices.Clone(since), func(e ticket.Entry) bool { return e.RecordedAt.Before(posted.Add(-skew)) })
}

// emojiOnCard yields the gestures by emoji on the present card, one for each emoji of a
// person.
func (r Record) emojiOnCard(posted time.Time) func(yield func(ticket.Entry) bool) {
	return func(yield func(ticket.Entry) bool) {
		seen := map[[2]string]bool{}
		for _, e := range r.sinceCard(posted) {
			asks := e.Gesture == ticket.ByEmoji && ticket.SignOf(e.Kind).On == ticket.OnCard
			if asks && !seen[[2]string{e.Actor, e.Emoji}] {
				seen[[2]string{e.Actor, e.Emoji}] = true
				if !yield(byEmoji(e.Kind, e.Actor, e.Emoji)) {
					return
				}
			}
		}
	}
}

// peopleOnCard returns the people who have put emoji on the card.
func (r Record) peopleOnCard(posted time.Time) map[string]bool {
	people := map[string]bool{}
	for e := range r.emojiOnCard(posted) {
		people[e.Actor] = true
	}
	return people
}

// questions adds the questions that the owner marked or unmarked among their replies. A
// wait begins as early as it can, and ends as late as it can.
func (c *reconciler) questions(s ticket.Sign) {
	for _, r := range c.Replies {
		for _, m := range r.Emoji {
			e := byEmoji(s.Added, r.Author, m.Emoji)
			e.Message = r.Message
			last := c.knownOf(e)
			if m.Asks != s.Added || puts(last) || c.settled(last) || !slices.Contains(m.People, r.Author) {
				continue
			}
			e.Text, e.HappenedAt = clean(r.Text), micros(r.At)
			c.add(e)
		}
		c.notAsked(s, r)
	}
}

func (c *reconciler) notAsked(s ticket.Sign, r ObservedReply) {
	at := micros(c.Until)
	told := map[string]bool{}
	for _, e := range c.known.Timeline {
		if e.Kind != s.Added || e.Gesture != ticket.ByEmoji || e.Message != r.Message || e.Actor != r.Author || told[e.Emoji] {
			continue
		}
		last := c.knownOf(e)
		if puts(last) && !c.settled(last) && !stands(r.Emoji, e.Emoji, e.Actor) {
			told[e.Emoji] = true
			gone := byEmoji(s.Removed, e.Actor, e.Emoji)
			gone.Message, gone.HappenedAt = r.Message, at.Add(time.Duration(len(told)-1)*time.Microsecond)
			c.addAsIs(gone)
		}
	}
}

// replies adds the new replies, with their own times.
func (c *reconciler) replies() {
	for _, r := range c.Replies {
		if !r.At.After(c.From.Add(-unnoticed)) || c.knowsReply(r.Message) {
			continue
		}
		c.entries = append(c.entries, ticket.Entry{
			Kind: ticket.Replied, Actor: r.Author, Gesture: ticket.ByReply,
			HappenedAt: micros(later(r.At, c.known.Ticket.OpenedAt)), RecordedAt: micros(c.Now),
			Details: ticket.Details{Message: r.Message},
		})
	}
}

func (c *reconciler) knowsReply(m ticket.Message) bool {
	return slices.ContainsFunc(c.known.Timeline, func(e ticket.Entry) bool {
		return e.Kind == ticket.Replied && e.Message == m
	})
}

// changes adds what was edited or deleted of what stands on the other side as well, or
// is waited for. When that happened Slack does not say. What was redacted still stands in
// Slack as it was written: that is no edit.
func (c *reconciler) changes() {
	for _, r := range c.Replies {
		r.Text = clean(r.Text)
		e := c.known.revised(r.Written)
		if e.Kind == ticket.Retracted || e.Kind == ticket.Amended && !c.redactedAfter(r.At) {
			c.addAsIs(c.change(e, r.Author))
		}
	}
	for _, e := range c.known.Timeline {
		if c.lacks(e) {
			c.addAsIs(c.change(ticket.Entry{Kind: ticket.Retracted, Details: ticket.Details{Message: e.Message}}, e.Actor))
		}
	}
}

// redactedAfter reports whether something was redacted in the ticket after a time.
func (c *reconciler) redactedAfter(at time.Time) bool {
	return slices.ContainsFunc(c.known.Timeline, func(e ticket.Entry) bool {
		return e.Kind == ticket.Redacted && e.HappenedAt.After(at)
	})
}

func (c *reconciler) change(e ticket.Entry, by string) ticket.Entry {
	e.Actor, e.Gesture, e.HappenedAt = by, ticket.ByReply, micros(c.Until)
	return e
}

// lacks reports whether a reply that has a copy elsewhere was deleted.
func (c *reconciler) lacks(e ticket.Entry) bool {
	if e.Kind != ticket.Replied || e.Message.Channel != c.In || c.In == "" || !e.HappenedAt.After(c.Since) || e.HappenedAt.After(c.Until) {
		return false
	}
	if c.elsewhere(e.Message) {
		return false
	}
	asks := c.known.Ticket.State == ticket.StateWaiting && c.known.Ticket.Pause.Question == e.Message
	return (c.known.matters(e.Message) || asks) && !slices.ContainsFunc(c.Replies, func(r ObservedReply) bool { return r.Message == e.Message })
}

// elsewhere reports whether a reply stands in the thread of another card than the one that was
// read: it is older than that card, or newer than the one that took its place. A ts grows with
// time, and has always as many digits.
// https://docs.slack.dev/messaging/retrieving-messages
func (c *reconciler) elsewhere(m ticket.Message) bool {
	card := c.known.Card
	replaced := card.Channel == c.In && c.Thread < card.TS
	return c.Thread != "" && (m.TS < c.Thread || replaced && m.TS > card.TS)
}
