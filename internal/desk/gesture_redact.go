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

	Search *DeletionSearch // for messages of people; nil for none

	Left     *ticket.Message // if the ticket was made private: the channel that it lived in, empty for the support channel
	Informed []string        // those who knew of it there, besides responders
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
	if words != "" {
		if err := d.redactRepeats(ctx, g, ticket.Redacted, words); err != nil {
			return Record{}, err
		}
	}
	r, _, err := d.change(ctx, g.Ticket, "redacting", func(before Record) (Change, error) {
		return d.decideRedaction(ctx, before, person, g, words, file)
	})
	return r, err
}

func (d *Desk) decideRedaction(ctx context.Context, before Record, p Person, g Gesture, words, file string) (Change, error) {
	left, entries := redactEntries(before.Timeline, words, before.fileNamed(file))
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
	c.Key, c.Redaction = g.Key, &Redaction{Entries: entries, Search: d.searchFor(before, g, words)}
	if gone := c.redactNotices(words, file); len(entries)+gone == 0 {
		return onlySearch(c, before), nil
	}
	if c.Card = CardSame; len(entries) > 0 {
		c.Card = CardErased
	}
	return c, nil
}

// searchFor is the search for redacted words; nil if a file alone is redacted.
func (d *Desk) searchFor(before Record, g Gesture, words string) *DeletionSearch {
	if words == "" {
		return nil
	}
	return d.deletionSearch(before, g, words)
}

// onlySearch is a change in which nothing of ours has the words; messages of people may.
func onlySearch(c Change, before Record) Change {
	if c.Redaction.Search == nil {
		return Change{}
	}
	return Change{Key: c.Key, Now: c.Now, After: before, NextAt: nextAt(before, c.Now), Redaction: &Redaction{Search: c.Redaction.Search}}
}

// fileNamed is the name of the file of a notice, by the notice's id; empty if there is none.
func (r Record) fileNamed(id string) string {
	for _, p := range r.Posted {
		if p.ID == id && p.File != nil {
			return p.File.Name
		}
	}
	return ""
}

// redactEntries returns a timeline without the words, and without the name of a file in fields for
// files, and those of its entries that had them.
func redactEntries(timeline []ticket.Entry, words, file string) (left, had []ticket.Entry) {
	left = slices.Clone(timeline)
	for i, e := range left {
		hadWords := e.Redact(func(text string) string { return redact(text, words) })
		if hadFile := file != "" && e.RedactFile(file); hadWords || hadFile {
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
	return c.removeNotices(true, func(p *Posted) bool {
		had := p.redact(func(_, text string) string { return redact(text, words) })
		if p.ID == file && p.File != nil {
			had, p.File = true, &File{ID: p.File.ID}
		}
		return had
	})
}

// removeNotices deletes messages for which had returns true, and those that show a title which
// is redacted. had leaves in the details of a message what may stay; if it changed some, and for
// what people still need, that is posted anew if anew is true. It returns how many messages go.
func (c *Change) removeNotices(anew bool, had func(*Posted) bool) (gone int) {
	now, fromTicket := c.Now, len(c.Redaction.Entries) > 0
	c.reword(func(p *Posted) bool {
		before := p.NoticeDetails
		had := had(p)
		if !had && (!fromTicket || !p.Kind.ShowsTicket()) {
			return false
		}
		gone++
		reworded := !p.says(before)
		if reworded && p.Kind.Ephemeral() { // it cannot be deleted, and is not stored with its text any more
			return true
		}
		if anew && (reworded || p.Kind.saysMore()) && p.Kind != NoticeFile {
			left := c.After.notice(p.Kind, p.To, now, p.NoticeDetails)
			left.Cycle = p.Cycle
			c.Redaction.Anew = append(c.Redaction.Anew, left)
		}
		p.Gone = true
		return true
	})
	return gone
}

// says reports whether the texts of people in a notice are the same as in another.
func (d NoticeDetails) says(other NoticeDetails) bool {
	same := func(a, b Word) bool { return a.Text == b.Text && slices.EqualFunc(a.Files, b.Files, sameName) }
	return d.Text == other.Text && d.Note == other.Note && slices.EqualFunc(d.Words, other.Words, same) &&
		slices.EqualFunc(d.Files, other.Files, sameName)
}

func sameName(a, b File) bool { return a.Name == b.Name }

// author is who wrote the text of a notice.
func (p Posted) author() string {
	if p.Kind == NoticeConsent {
		return p.To
	}
	return p.Actor
}

// redact applies a function to each text of people in a notice, with its author, and reports
// whether one is another now. Of a file that had such a name nothing is left but its id.
func (p *Posted) redact(strip func(author, text string) string) (had bool) {
	left := func(author, text string) string {
		rest := strip(author, text)
		had = had || rest != text
		return rest
	}
	p.Text, p.Note = left(p.author(), p.Text), left(p.author(), p.Note)
	p.Words, p.Files = slices.Clone(p.Words), renamed(p.Files, p.author(), left)
	for i, w := range p.Words {
		p.Words[i].Text, p.Words[i].Files = left(w.Author, w.Text), renamed(w.Files, w.Author, left)
	}
	if p.File != nil && left(p.author(), p.File.Name) != p.File.Name {
		p.File = &File{ID: p.File.ID}
	}
	return had
}

// renamed are files with other names.
func renamed(files []File, author string, left func(author, text string) string) []File {
	files = slices.Clone(files)
	for i := range files {
		files[i].Name = left(author, files[i].Name)
	}
	return files
}

// ShowsTicket reports whether notices of the kind show the title of the ticket, or what it
// waits for.
func (k NoticeKind) ShowsTicket() bool {
	switch k {
	case NoticeReceipt, NoticeMade, NoticeParked, NoticeConsent, NoticeFollowed, NoticeFollowedDelay, NoticeFollowedAgain, NoticeReopened, NoticeHeld, NoticeNudge, NoticeReview,
		NoticeAlert, NoticeEscalation, NoticeUnreached, NoticeOffered, NoticeTask, NoticeFiledAtOnce, NoticeSurvey, NoticeRated, NoticeFollowUp:
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
