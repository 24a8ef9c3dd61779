package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"supporty/internal/ticket"
)

// Forgetting removes the words and the name of a person from tickets. Their id stays: the
// numbers of the desk count people by it.
type Forgetting struct {
	Person string
	Name   string // as others may have mentioned them; empty if it is not known
	Named  bool   // messages of the bot may show their name still
}

// Traces is what a ticket has of a person.
type Traces struct {
	Ticket   ticket.Number
	Texts    int // entries of the timeline with their words
	Messages int // messages of the bot that repeat their words, the card included
	Naming   int // other messages of the bot that show their name
}

// Any reports whether there is something.
func (t Traces) Any() bool { return t.Texts+t.Messages+t.Naming > 0 }

// Traces returns what a ticket has of a person, and changes nothing.
func (d *Desk) Traces(ctx context.Context, n ticket.Number, f Forgetting, now time.Time) (Traces, error) {
	r, err := d.Find(ctx, n)
	if err != nil {
		return Traces{}, err
	}
	_, found, err := d.decideForgetting(ctx, r, f, now)
	if err != nil {
		return Traces{}, err
	}
	repeats, err := d.traceRepeats(ctx, r, f, now)
	found.Messages += repeats
	return found, err
}

// ForgetPerson removes a person's words from a ticket as Redact does, and has messages of the bot
// that show their name rendered anew. Of a ticket that can still be reopened the card is posted
// anew; other cards go for good, so that old tickets do not fill the channel. What they wrote goes
// from answers in other tickets that repeat the ticket's solution. If the ticket has nothing of
// them, nothing changes.
func (d *Desk) ForgetPerson(ctx context.Context, n ticket.Number, f Forgetting, now time.Time) (found Traces, err error) {
	r, err := d.Find(ctx, n)
	if err != nil {
		return Traces{}, err
	}
	repeats, err := d.forgetRepeats(ctx, r, f, now)
	if err != nil {
		return Traces{}, err
	}
	_, _, err = d.change(ctx, n, "forgetting somebody in", func(before Record) (c Change, err error) {
		c, found, err = d.decideForgetting(ctx, before, f, now)
		return c, err
	})
	found.Messages += repeats
	return found, err
}

func (d *Desk) decideForgetting(ctx context.Context, before Record, f Forgetting, now time.Time) (Change, Traces, error) {
	bare, texts := before, f.textsIn(before)
	var entries []ticket.Entry
	bare.Timeline, entries = texts.entriesWithout(before.Timeline)
	var added []ticket.Entry
	if len(entries) > 0 {
		added = append(added, forgotten(before, now))
	}
	c, err := d.decide(ctx, bare, micros(now), nil, added...)
	if err != nil {
		return Change{}, Traces{}, err
	}
	c.Redaction = &Redaction{Entries: entries}
	return c.forget(before.Ticket, texts)
}

// forgotten is the entry that says that the operator removed something, and not what.
func forgotten(before Record, now time.Time) ticket.Entry {
	return ticket.Entry{
		Kind: ticket.Redacted, Role: ticket.RoleOther, Gesture: ticket.ByOperator,
		HappenedAt: moment(Gesture{Now: now}, before), RecordedAt: micros(now),
	}
}

// forget completes a change with the messages of the bot.
func (c Change) forget(t ticket.Ticket, texts personalTexts) (Change, Traces, error) {
	lives := c.After.LivesOn(c.Now)
	found := Traces{Ticket: t.Number, Texts: len(c.Redaction.Entries)}
	found.Messages = c.removeNotices(lives, func(p *Posted) bool {
		return p.redact(texts.strip) || texts.repeatedBy(*p)
	})
	c.Card = CardSame
	switch {
	case found.Texts > 0:
		found.Messages++
		c.Card = CardRemoved
		if lives {
			c.Card = CardErased
		}
	case texts.Named && texts.onCardOf(t):
		found.Naming++
		c.Card = CardEdited
	}
	if texts.Named {
		c.reword(func(p *Posted) bool {
			names := p.Stands() && !p.Kind.Ephemeral() && (p.Actor == texts.Person || p.From == texts.Person)
			if names {
				found.Naming++
			}
			return names
		})
	}
	if !found.Any() {
		return Change{}, found, nil
	}
	return c, found, nil
}

// CardRemoved reports whether the card was removed for good, or is never posted: the ticket was
// made private, or its room was not made, before it was over.
func (r Record) CardRemoved(now time.Time) bool {
	redacted := slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool { return e.Kind == ticket.Redacted })
	return r.Card == (ticket.Message{}) && (redacted || r.Ticket.Private()) && !r.LivesOn(now)
}

// personalTexts are the texts of a person in one ticket.
type personalTexts struct {
	Forgetting
	asks   bool            // they are the requester
	spoke  bool            // they replied
	whole  map[string]bool // their texts
	longer []string        // those of them that are surely recognised within another text

	solutions map[string]bool // how they solved it, however short
}

// longEnough is how long a text is that nobody else writes by chance, in characters.
const longEnough = 20

func (f Forgetting) textsIn(r Record) personalTexts {
	p := personalTexts{Forgetting: f, asks: r.Ticket.Requester == f.Person, whole: map[string]bool{}, solutions: map[string]bool{}}
	for _, e := range r.Timeline {
		p.spoke = p.spoke || e.Kind == ticket.Replied && e.Actor == f.Person
		if !p.wrote(e) {
			continue
		}
		e.Redact(func(text string) string { p.add(text); return text })
		if e.Kind == ticket.Resolved {
			p.addSolution(e.Note)
		}
	}
	if r.Ticket.EndedBy == f.Person {
		p.addSolution(r.Ticket.Resolution)
	}
	return p
}

func (p *personalTexts) addSolution(text string) {
	if text != "" && text != ticket.RedactedMark {
		p.solutions[text] = true
	}
}

func (p *personalTexts) add(text string) {
	if n := utf8.RuneCountInString(text); n >= fewestToRedact && text != ticket.RedactedMark {
		p.whole[text] = true
		if n >= longEnough {
			p.longer = append(p.longer, text)
		}
	}
}

// wrote reports whether the texts of an entry are theirs. What a ticket says is its requester's,
// also if others filed or edited it.
func (p personalTexts) wrote(e ticket.Entry) bool {
	return e.Actor == p.Person || p.asks && (e.Kind == ticket.Opened || e.Kind == ticket.Edited)
}

// entriesWithout returns a timeline without their texts, and those entries that had some.
func (p personalTexts) entriesWithout(timeline []ticket.Entry) (left, had []ticket.Entry) {
	left = slices.Clone(timeline)
	for i, e := range left {
		author := e.Actor
		if p.wrote(e) {
			author = p.Person
		}
		if e.Redact(func(text string) string { return p.strip(author, text) }) {
			left[i].Details = e.Details
			had = append(had, left[i])
		}
	}
	return left, had
}

// strip is what is left of a text of somebody: of a text of theirs a mark, of another one all
// but what repeats theirs, and their name where they are mentioned.
func (p personalTexts) strip(author, text string) string {
	switch {
	case text == "":
		return ""
	case author == p.Person, p.whole[text]:
		return ticket.RedactedMark
	}
	for _, theirs := range p.longer {
		text = strings.ReplaceAll(text, theirs, ticket.RedactedMark)
	}
	if p.Name != "" {
		text = strings.ReplaceAll(text, "@"+p.Name, "@a colleague")
	}
	return text
}

// repeatedBy reports whether a message of the bot repeats words of theirs that are not stored
// any more.
func (p personalTexts) repeatedBy(n Posted) bool {
	switch n.Kind {
	case NoticeQuote, NoticeCarried, NoticeQuestion, NoticeFile:
		return n.Actor == p.Person && n.Text == ""
	case NoticeGathered:
		return len(n.Words) == 0 && p.spoke
	default:
		return false
	}
}

// onCardOf reports whether the card of a ticket shows their name.
func (p personalTexts) onCardOf(t ticket.Ticket) bool {
	remarked := slices.ContainsFunc(t.Remarks, func(r ticket.Remark) bool { return r.Person == p.Person })
	return remarked || slices.Contains([]string{t.Requester, t.Assignee, t.Filer, t.EndedBy}, p.Person)
}
