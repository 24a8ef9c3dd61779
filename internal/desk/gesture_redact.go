package desk

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"supporty/internal/ticket"
)

// fewestToRedact is the shortest text that can be redacted, in characters. A shorter one
// stands in many other words.
const fewestToRedact = 4

// Redaction is what a change removes for good.
type Redaction struct {
	Entries []ticket.Entry // stored entries, with what is left of them
	Anew    []Notice       // what is left of messages that had the words; the messages themselves are deleted
}

// Redact removes words from a ticket for good: from its timeline, and from every message of
// ours that shows them. Such messages are deleted and posted anew without the words: if they
// were edited, Slack would keep the earlier text. A file of the ticket, by the id of its
// notice, can go as well. An entry says that something was redacted, and not what. If nothing
// in the ticket has the words, nothing changes. Messages of people are not ours to delete: see
// AskToDelete.
func (d *Desk) Redact(ctx context.Context, g Gesture, words, file string) (Record, error) {
	words = clean(words)
	if n := utf8.RuneCountInString(words); n > 0 && n < fewestToRedact || n == 0 && file == "" {
		return Record{}, ticket.Errorf(ticket.Invalid, "Write at least %d characters of what is to disappear.", fewestToRedact).At(FieldWords)
	}
	person, err := d.actor(ctx, g.Actor)
	if err != nil {
		return Record{}, err
	}
	r, _, err := d.change(ctx, g.Ticket, "redacting", func(before Record) (Change, error) {
		return d.decideRedaction(ctx, before, person, g, words, file)
	})
	return r, err
}

func (d *Desk) decideRedaction(ctx context.Context, before Record, p Person, g Gesture, words, file string) (Change, error) {
	left, entries := redactEntries(before.Timeline, words)
	bare := before
	bare.Timeline = left
	entry := ticket.Entry{
		Kind: ticket.Redacted, Actor: g.Actor, Role: roleOf(p, before.Ticket), Gesture: g.By,
		HappenedAt: moment(g, before), RecordedAt: micros(g.Now),
	}
	if err := permit(entry, p, before.Ticket); err != nil {
		return Change{}, err
	}
	c, err := d.decide(ctx, bare, entry.RecordedAt, nil, entry)
	if err != nil {
		return Change{}, err
	}
	c.Key, c.Redaction = g.Key, &Redaction{Entries: entries}
	if gone := c.redactNotices(words, file); len(entries)+gone == 0 {
		return Change{}, nil
	}
	if c.Card = CardSame; len(entries) > 0 {
		c.Card = CardErased
	}
	return c, nil
}

// redactEntries returns a timeline without the words, and those of its entries that had them.
func redactEntries(timeline []ticket.Entry, words string) (left, had []ticket.Entry) {
	left = slices.Clone(timeline)
	if words == "" {
		return left, nil
	}
	for i, e := range left {
		if e.Redact(func(text string) string { return redact(text, words) }) {
			left[i].Details = e.Details
			had = append(had, left[i])
		}
	}
	return left, had
}

// redact replaces words in a text.
func redact(text, words string) string {
	if words == "" {
		return text
	}
	return strings.ReplaceAll(text, words, ticket.RedactedMark)
}

// redactNotices deletes messages that show the words, and has what is left of them posted
// anew. It returns how many messages that are.
func (c *Change) redactNotices(words, file string) (gone int) {
	now, fromTicket := c.Now, len(c.Redaction.Entries) > 0
	c.reword(func(p *Posted) bool {
		had := p.redact(words)
		shows := had || fromTicket && p.Kind.ShowsTicket()
		if !shows && p.ID != file {
			return false
		}
		gone++
		if had && p.Kind.Ephemeral() { // it cannot be deleted, and is not stored with its text any more
			return true
		}
		if had || p.Kind.saysMore() {
			anew := c.After.notice(p.Kind, p.To, now, p.NoticeDetails)
			anew.Cycle = p.Cycle
			c.Redaction.Anew = append(c.Redaction.Anew, anew)
		}
		p.Gone = true
		return true
	})
	return gone
}

// redact removes words from what a notice says, and reports whether it had them.
func (d *NoticeDetails) redact(words string) (had bool) {
	strip := func(text string) string {
		left := redact(text, words)
		had = had || left != text
		return left
	}
	d.Text, d.Note = strip(d.Text), strip(d.Note)
	d.Words, d.Files = slices.Clone(d.Words), slices.Clone(d.Files)
	for i := range d.Words {
		d.Words[i].Text = strip(d.Words[i].Text)
	}
	for i := range d.Files {
		d.Files[i].Name = strip(d.Files[i].Name)
	}
	return had
}

// ShowsTicket reports whether notices of the kind show the title of the ticket, or what it
// waits for.
func (k NoticeKind) ShowsTicket() bool {
	switch k {
	case NoticeReceipt, NoticeMade, NoticeParked, NoticeConsent, NoticeFollowed, NoticeFollowedDelay, NoticeFollowedAgain, NoticeReopened, NoticeHeld, NoticeNudge, NoticeReview,
		NoticeAlert, NoticeEscalation, NoticeFiledAtOnce:
		return true
	default:
		return false
	}
}

// saysMore reports whether people still need notices of the kind without the words.
func (k NoticeKind) saysMore() bool {
	switch k {
	case NoticeReceipt, NoticeHeld, NoticeNudge, NoticeConsent, NoticeMade:
		return true
	default:
		return false
	}
}

// AskToDelete asks the authors of messages that have redacted words to delete them: nobody
// else can.
func (d *Desk) AskToDelete(ctx context.Context, g Gesture, messages map[string][]ticket.Message) error {
	_, _, err := d.change(ctx, g.Ticket, "asking to delete messages of", func(before Record) (Change, error) {
		c := Change{Key: g.Key, Now: micros(g.Now), After: before, NextAt: nextAt(before, micros(g.Now))}
		for author, theirs := range messages {
			c.enqueue(before.notice(NoticeDeleteYours, author, c.Now, NoticeDetails{At: c.Now, Messages: theirs}))
		}
		return c, nil
	})
	return err
}
