package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Gesture is one action of a person on a ticket.
type Gesture struct {
	Ticket ticket.Number
	Actor  string
	By     ticket.Gesture
	Key    string    // makes it idempotent: the same key is applied once
	At     time.Time // when it was done, by Slack's clock; zero if Slack does not say: then it is now, after all that is known
	Now    time.Time // when we learned of it
	Emoji  string    // for ByEmoji
	Strict bool      // asking for what is so already is an error, with a sentence: who made it waits for an answer

	said words  // what was written, of a reply
	form string // key of the form that opened the ticket, when it was sent again
}

// Every use case below returns the ticket as it is afterwards. An error for
// which ticket.CodeOf is not empty carries a sentence for the actor; asking for
// what already is, unless the gesture is strict, or giving the same key again, is no error.

// React applies an emoji that was put or removed; means is its meaning by ticket.Signs.
// The message is the reply with the emoji, with its text; it is zero for the card.
func (d *Desk) React(ctx context.Context, g Gesture, means ticket.Kind, on ticket.Message, text string) (Record, error) {
	return d.do(ctx, g, means, ticket.Details{Message: on, Text: clean(text)})
}

// Claim makes the actor the owner.
func (d *Desk) Claim(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.Claimed, ticket.Details{})
}

// PutBack leaves the ticket without an owner.
func (d *Desk) PutBack(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.PutBack, ticket.Details{})
}

// HandOver makes another responder the owner. Given the actor, it takes the ticket
// over.
func (d *Desk) HandOver(ctx context.Context, g Gesture, to, note string) (Record, error) {
	owner, err := d.people.Person(ctx, to)
	if err != nil {
		return Record{}, unavailable(err)
	}
	if err := d.mayOwn(ctx, g.Ticket, owner); err != nil {
		return Record{}, err
	}
	return d.do(ctx, g, ticket.HandedOver, ticket.Details{Assignee: to, Note: clean(note)})
}

// mayOwn returns an error if a person does not answer where a ticket lives.
func (d *Desk) mayOwn(ctx context.Context, n ticket.Number, owner Person) error {
	var t ticket.Ticket
	if d.scattered {
		r, err := d.Find(ctx, n)
		if err != nil {
			return err
		}
		t = r.Ticket
	}
	if owner.In(t.Channel).Responder || t.Private() && owner.Answers() {
		return nil
	}
	return ticket.Errorf(ticket.Forbidden, "%s", inChannelOf(t, "{name} does not answer tickets here. Choose a member of the support channel.")).
		About(owner.ID).At(FieldAssignee)
}

// Resolve ends the ticket as done. Solution and note may be empty. If somebody else
// resolved it first, a strict gesture adds its solution and note to theirs.
func (d *Desk) Resolve(ctx context.Context, g Gesture, s ticket.Solution, note string) (Record, error) {
	if s != "" && !s.Valid() {
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose how it was solved.").At(FieldSolution)
	}
	said := ticket.Details{Solution: s, Note: clean(note)}
	r, err := d.do(ctx, g, ticket.Resolved, said)
	if errors.Is(err, errAlready) && (said.Solution != "" || said.Note != "") {
		return d.do(ctx, g, ticket.Explained, said)
	}
	return r, err
}

// Explain says how a resolved ticket was solved.
func (d *Desk) Explain(ctx context.Context, g Gesture, s ticket.Solution) (Record, error) {
	if !s.Valid() {
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose how it was solved.").At(FieldSolution)
	}
	return d.do(ctx, g, ticket.Explained, ticket.Details{Solution: s})
}

// Close ends the ticket without a solution. Of is needed for a duplicate.
func (d *Desk) Close(ctx context.Context, g Gesture, why ticket.CloseReason, of ticket.Number, note string) (Record, error) {
	if !why.Valid() {
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose why it is closed.").At(FieldReason)
	}
	if why == ticket.Duplicate {
		return d.fold(ctx, g, of, clean(note))
	}
	return d.do(ctx, g, ticket.Closed, ticket.Details{CloseReason: why, Note: clean(note)})
}

// Reopen starts a new cycle of a ticket that ended, with a fresh target. A duplicate is a
// ticket of its own again.
func (d *Desk) Reopen(ctx context.Context, g Gesture) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	if r.Ticket.CloseReason == ticket.Duplicate {
		return d.part(ctx, g)
	}
	return d.do(ctx, g, ticket.Reopened, ticket.Details{Policy: d.policies.Current()})
}

// Follow has the actor told when the ticket ends.
func (d *Desk) Follow(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.Followed, ticket.Details{})
}

// Unfollow undoes Follow.
func (d *Desk) Unfollow(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.Unfollowed, ticket.Details{})
}

// Edit changes what the ticket says. Another category can have another promise,
// which then holds from here.
// Fields that are not given stay as they are.
func (d *Desk) Edit(ctx context.Context, g Gesture, c Content) (Record, error) {
	c, err := d.checkContent(c)
	if err == nil {
		err = d.staysPublic(ctx, g.Ticket, c.Category)
	}
	if err != nil {
		return Record{}, err
	}
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	return d.do(ctx, g, ticket.Edited, ticket.Details{
		Title: c.Title, Text: c.Text, Category: c.Category, Fields: c.Fields, Policy: d.policies.Current(), Incident: d.incidentAfter(r.Ticket, c),
	})
}

// staysPublic returns an error if a ticket that others can read were moved to a private
// category: what stands of it in its channel would stay there.
func (d *Desk) staysPublic(ctx context.Context, n ticket.Number, category string) error {
	if !d.isPrivate(category) {
		return nil
	}
	r, err := d.Find(ctx, n)
	if err != nil || r.Ticket.Private() || r.Ticket.Category == category {
		return err
	}
	return ticket.Errorf(ticket.Invalid, "Tickets of this category are private from the beginning, and others can read this one. File a new one there.").At(FieldCategory)
}

// Reprioritise changes the priority. A reason is needed to lower it.
func (d *Desk) Reprioritise(ctx context.Context, g Gesture, p ticket.Priority, reason string) (Record, error) {
	if !p.Valid() {
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose one of P1, P2 and P3.").At(FieldPriority)
	}
	r, err := d.do(ctx, g, ticket.Reprioritised, ticket.Details{Priority: p, Note: clean(reason), Policy: d.policies.Current()})
	if err == nil {
		d.endDrillsFor(ctx, r.Ticket, micros(g.Now))
	}
	return r, err
}

// Reach says that somebody whom the ladder has called answers. If the ticket has no owner and
// they may take it, it is theirs.
func (d *Desk) Reach(ctx context.Context, g Gesture) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	person, err := d.actor(ctx, g.Actor)
	switch {
	case err != nil:
		return r, err
	case !MayRead(person, r.Ticket) && !r.called(g.Actor):
		return r, unknown(g.Ticket)
	case g.Actor == r.Ticket.Requester && !responds(person, r.Ticket):
		return r, ticket.Errorf(ticket.Forbidden, "You asked for %s. Somebody else has to answer.", g.Ticket)
	case r.Ticket.Owned() || !responds(person, r.Ticket):
		return d.do(ctx, g, ticket.Reached, ticket.Details{})
	}
	return d.Claim(ctx, g)
}

// called reports whether the ladder has called somebody.
func (r Record) called(person string) bool {
	return slices.ContainsFunc(r.Posted, func(p Posted) bool { return p.notice().OnLadder() && p.To == person })
}

// Acknowledge says that the owner has seen a warning, and is on it.
func (d *Desk) Acknowledge(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.Acknowledged, ticket.Details{})
}

// Expect sets the time by which the owner expects the ticket to be solved, and why; it
// replaces an earlier time. It must lie after now. The original promise is measured as
// before.
func (d *Desk) Expect(ctx context.Context, g Gesture, by time.Time, reason string) (Record, error) {
	reason = clean(reason)
	switch {
	case !by.After(g.Now):
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose a time that is still to come.").At(FieldExpected)
	case by.Sub(g.Now) > farthest:
		return Record{}, ticket.Errorf(ticket.Invalid, "That is more than a year away.").At(FieldExpected)
	case reason == "":
		return Record{}, ticket.Errorf(ticket.Invalid, "Say why: the requester will read it.").At(FieldReason)
	}
	return d.do(ctx, g, ticket.Expected, ticket.Details{ExpectedAt: micros(by), Note: reason})
}

// farthest is the longest time ahead that people may enter.
const farthest = 366 * 24 * time.Hour

// Withhold records that a card was deleted by hand. The ticket gets a new card without
// its text, which may have held a secret. If the card is not the present one, nothing
// changes.
func (d *Desk) Withhold(ctx context.Context, g Gesture, card ticket.Message) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil || r.Card != card {
		return r, err
	}
	return d.do(ctx, g, ticket.Withheld, ticket.Details{Message: card})
}

// Show puts the text back on a card that withholds it.
func (d *Desk) Show(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.Shown, ticket.Details{})
}

// Reply records that somebody wrote about the ticket, and copies the message to the
// other side if that side does not see it.
func (d *Desk) Reply(ctx context.Context, g Gesture, w Written) (Record, error) {
	g.said = w.words()
	return d.do(ctx, g, ticket.Replied, ticket.Details{Message: w.Message})
}

// do decides and saves one gesture. An impossible gesture by emoji is saved as void all
// the same, and its refusal returned.
func (d *Desk) do(ctx context.Context, g Gesture, kind ticket.Kind, details ticket.Details) (Record, error) {
	person, err := d.actor(ctx, g.Actor)
	if err != nil {
		return Record{}, err
	}
	details.Emoji, details.Form = g.Emoji, g.form
	var refusal error
	r, saved, err := d.change(ctx, g.Ticket, string(kind), func(before Record) (c Change, err error) {
		c, refusal, err = d.decideGesture(ctx, before, person, g, kind, details)
		return c, err
	})
	if err != nil || !saved {
		return r, err
	}
	return r, unlessSame(refusal)
}

// decideGesture returns the change that a gesture makes, and the reason if it was not
// possible at its time. Only a gesture by emoji makes a change then.
func (d *Desk) decideGesture(ctx context.Context, before Record, p Person, g Gesture, kind ticket.Kind, details ticket.Details) (c Change, refusal, err error) {
	entry := ticket.Entry{
		Kind: kind, Actor: g.Actor, Role: roleOf(p, before.Ticket), Gesture: g.By,
		HappenedAt: moment(g, before), RecordedAt: micros(g.Now), Details: details,
	}
	if w, said := g.said[details.Message]; said && kind == ticket.Replied && before.strays(w) {
		return before.decideStray(g, w), nil, nil
	}
	if err := permit(entry, p, before.Ticket); err != nil {
		return Change{}, nil, err
	}
	if c, err = d.decide(ctx, before, entry.RecordedAt, g.said, entry); err != nil {
		return Change{}, nil, err
	}
	c.Key = g.Key
	if refusal = c.refusal(before); refusal != nil && g.By != ticket.ByEmoji {
		return Change{}, nil, d.unlessDone(ctx, g, entry, before.Ticket, refusal)
	}
	return c, refusal, nil
}

// moment returns the time of a gesture. A person who presses a button or sends a form
// acts on what they see, so their gesture comes after all known entries. Nothing
// happens to a ticket before its opening. If times say otherwise, Slack's clock and
// ours differ.
func moment(g Gesture, before Record) time.Time {
	at := g.At
	if at.IsZero() {
		at = g.Now
	}
	n := len(before.Timeline)
	if (g.At.IsZero() || g.By == ticket.ByButton) && n > 0 && at.Before(before.Timeline[n-1].HappenedAt) {
		at = before.Timeline[n-1].HappenedAt
	}
	if opened := before.Ticket.OpenedAt; at.Before(opened) {
		at = opened
	}
	return micros(at)
}

func unlessSame(refusal error) error {
	if ticket.Same(refusal) {
		return nil
	}
	return refusal
}
