package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// NewTicket is what somebody files.
type NewTicket struct {
	Content
	Requester     string // who needs it
	Filer         string // who files it; empty for the requester
	Gesture       ticket.Gesture
	Source        ticket.Message // the message it was made from; zero if none
	Private       bool           // others cannot open the source: it is not linked to
	Files         []File         // of the form: for the ticket's thread
	Attached      []File         // to a source that everybody may see, likewise
	Author        string         // of the source; empty for who files it, and where nobody may know
	PrivateSource PrivateSource  // of a source that was written in private
	Thread        ticket.Message // where readers of the source are told of the ticket; zero for nowhere
	Channel       string         // in which the ticket is to live; empty for the channel of its category
	Follows       ticket.Number  // an earlier ticket about the same; 0 for none
	Drill         string         // the squad whose ladder it tries; empty if it is no drill
	Answered      bool           // who files it is told where they do, without a receipt of the desk's
	Key           string         // of the form: filing it again changes the same ticket
	At            time.Time
	Now           time.Time

	receipts []string // who is to get one
}

// by is who files it.
func (t NewTicket) by() string { return cmp.Or(t.Filer, t.Requester) }

// Submission identifies what a ticket is opened from.
type Submission struct {
	Key     string // of the form or the gesture
	Content string // a digest of what was typed
	Source  string // key of the message it was made from; empty if none
	Now     time.Time
}

// Opened is the outcome of Store.Open.
type Opened struct {
	Number  ticket.Number
	Fresh   bool   // false: it was opened before
	Content string // of the submission that opened it
	Taken   bool   // the source message already has this ticket, from another form
	IDs     IDs    // of a fresh ticket
}

// Open files a ticket and returns it. The same key again returns the ticket of the
// first time, with other content applied as an edit. If the source message has a ticket
// already, the error names it. A ticket.Unavailable error wraps ErrUnsure if the ticket
// may have been saved all the same.
func (d *Desk) Open(ctx context.Context, t NewTicket) (Record, error) {
	content, err := d.checkNewTicket(t)
	if err != nil {
		return Record{}, err
	}
	if err := d.checkRequester(ctx, t); err != nil {
		return Record{}, err
	}
	t.Content = content
	t.Channel = cmp.Or(t.Channel, d.channels[t.Category])
	t.receipts = d.receipts(ctx, t)
	c, err := d.opening(ctx, t)
	if err != nil {
		return Record{}, err
	}
	in := Submission{Key: t.Key, Content: digest(content), Source: sourceKey(t.Source, t.Follows), Now: micros(t.Now)}
	out, err := d.tickets.Open(ctx, in, c)
	switch {
	case err != nil:
		return Record{}, unavailable(fmt.Errorf("saving a new ticket: %w", err))
	case out.Taken:
		return Record{}, d.taken(ctx, out.Number, t.by())
	case !out.Fresh:
		r, err := d.refile(ctx, out, in, t)
		if ticket.CodeOf(err) == ticket.Unavailable {
			err = unavailable(errors.Join(ErrUnsure, err)) // the ticket itself is saved
		}
		return r, err
	}
	c = c.Numbered(out.Number)
	opened := c.stored(out.IDs)
	d.remember(c, opened)
	d.endDrillsFor(ctx, opened.Ticket, micros(t.Now))
	return opened, nil
}

func (d *Desk) checkNewTicket(t NewTicket) (Content, error) {
	if !t.Priority.Valid() {
		return Content{}, ticket.Errorf(ticket.Invalid, "Choose one of P1, P2 and P3.").At(FieldPriority)
	}
	c, err := d.checkContent(t.Content)
	c.Fields = ticket.Filled(c.Fields)
	return c, err
}

func digest(c Content) string {
	b, _ := json.Marshal(c) // strings and a number: cannot fail
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// taken tells somebody that a message has a ticket already.
func (d *Desk) taken(ctx context.Context, n ticket.Number, person string) error {
	r, err := d.Find(ctx, n)
	if err != nil {
		return err
	}
	if err := d.notHidden(ctx, r, person); err != nil {
		return err
	}
	return ticket.Errorf(ticket.Conflict,
		"This message already has a ticket: %s. Copy what you wrote into its thread, or use the shortcut again to follow it.", n).At(FieldTitle)
}

// notHidden returns an error if the ticket of a message is private, and none of the person's
// business: not even its number is told.
func (d *Desk) notHidden(ctx context.Context, r Record, person string) error {
	p, err := d.actor(ctx, person)
	if err != nil || !r.Ticket.Private() || MayRead(p, r.Ticket) {
		return err
	}
	return ticket.Errorf(ticket.Conflict, "This message already has a ticket.").At(FieldTitle)
}

// FindBySource returns the ticket that was made from a message, the newest if several
// follow each other; the zero Record if there is none.
func (d *Desk) FindBySource(ctx context.Context, m ticket.Message, reader string) (Record, error) {
	newest, err := d.madeFrom(ctx, m)
	if err != nil || newest.Ticket.Number == 0 {
		return newest, err
	}
	if err := d.notHidden(ctx, newest, reader); err != nil {
		return Record{}, err
	}
	return newest, nil
}

func (d *Desk) madeFrom(ctx context.Context, m ticket.Message) (Record, error) {
	var newest Record
	for {
		n, err := d.index.ByInput(ctx, sourceKey(m, newest.Ticket.Number))
		if err != nil {
			return Record{}, unavailable(fmt.Errorf("looking for the ticket of a message: %w", err))
		}
		if n <= newest.Ticket.Number {
			return newest, nil
		}
		if newest, err = d.Find(ctx, n); err != nil || !newest.Ticket.State.Ended() {
			return newest, err
		}
	}
}

// opening returns the change that opens a ticket. It has no number yet: the store gives it
// one if it is new.
func (d *Desk) opening(ctx context.Context, t NewTicket) (Change, error) {
	e := ticket.Entry{
		Kind: ticket.Opened, Actor: t.by(), Role: ticket.RoleRequester, Gesture: t.Gesture,
		HappenedAt: micros(t.At), RecordedAt: micros(t.Now),
		Details: ticket.Details{
			Title: t.Title, Text: t.Text, Category: t.Category, Fields: t.Fields, Priority: t.Priority,
			Policy: d.policies.Current(), Message: t.Source, Follows: t.Follows, Channel: t.Channel, Drill: t.Drill,
		},
	}
	var err error
	if e.MakesPrivate, err = d.opensPrivately(ctx, t); err != nil {
		return Change{}, err
	}
	if is := d.incident(t.Category, t.Fields); is == ticket.IsIncident && t.Drill == "" {
		e.Incident = is
	}
	if e.MakesPrivate {
		e.Channel = ""
	}
	if t.PrivateSource.Is || t.Private {
		e.Message = ticket.Message{}
	}
	if t.Requester != t.by() {
		e.Role, e.Requester = ticket.RoleOther, t.Requester
	}
	c, err := d.decide(ctx, Record{}, e.RecordedAt, nil, e)
	if err == nil {
		if e.MakesPrivate && !slices.Contains(t.receipts, t.Requester) { // who cannot come into its room follows it there
			t.receipts = append(t.receipts, t.Requester)
		}
		for _, to := range t.receipts {
			c.enqueue(c.After.receipt(to))
		}
		c.enqueueFiles(c.After, e, "", ticket.Message{}, t.Files)
		c.enqueueAttached(c.After, e, cmp.Or(t.Author, e.Actor), t.Source, t.Attached)
		c.enqueueConsent(t)
		c.enqueueMade(t)
		c.enqueueFiled(t)
	}
	return c, err
}

// opensPrivately reports whether a new ticket is private: because of its category, or because it
// follows a private one.
func (d *Desk) opensPrivately(ctx context.Context, t NewTicket) (bool, error) {
	if t.Follows == 0 || d.isPrivate(t.Category) {
		return d.isPrivate(t.Category), nil
	}
	r, err := d.Find(ctx, t.Follows)
	if ticket.CodeOf(err) == ticket.Unknown {
		return false, nil
	}
	return r.Ticket.Private(), err
}

// checkRequester refuses a requester who is a bot, works elsewhere or has left.
func (d *Desk) checkRequester(ctx context.Context, t NewTicket) error {
	if t.Requester == t.by() {
		return nil
	}
	p, err := d.people.Person(ctx, t.Requester)
	switch {
	case err != nil:
		return ticket.Errorf(ticket.Invalid, "It could not be found out who that is. Please press Submit again.").At(FieldRequester).Because(err)
	case !p.CanRequest():
		return ticket.Errorf(ticket.Invalid, "A ticket cannot be for {name}. Choose somebody who works here.").About(t.Requester).At(FieldRequester)
	}
	return nil
}

// refile answers a form that was sent again.
func (d *Desk) refile(ctx context.Context, out Opened, in Submission, t NewTicket) (Record, error) {
	r, err := d.Find(ctx, out.Number)
	if err != nil || digest(contentOfForm(t.Key, r)) == in.Content {
		return r, err
	}
	g := Gesture{Ticket: out.Number, Actor: t.by(), By: t.Gesture, Now: t.Now, form: t.Key}
	edited := t.Content
	edited.Fields = emptied(r.Ticket.Fields, t.Fields)
	if r, err := d.Edit(ctx, g, edited); err != nil {
		return r, err
	}
	return d.correctPriority(ctx, g, t.Priority)
}

// contentOfForm is the ticket's content if only the form that opened it had changed it.
// A form that is sent again unchanged must not undo later changes.
func contentOfForm(form string, r Record) Content {
	var entries []ticket.Entry
	for _, e := range r.Timeline {
		if e.Form == form || e.Kind != ticket.Edited && e.Kind != ticket.Reprioritised {
			entries = append(entries, e)
		}
	}
	t, _ := ticket.Fold(r.Ticket.Number, entries)
	return Content{Priority: t.Priority, Title: t.Title, Text: t.Text, Category: t.Category, Fields: t.Fields}
}

// emptied returns what a form holds, and without a value each field of the ticket that the
// form no longer has.
func emptied(before, given []ticket.Field) []ticket.Field {
	all := slices.Clone(given)
	for _, f := range before {
		if !slices.ContainsFunc(given, f.Same) {
			all = append(all, ticket.Field{Name: f.Name, Kind: f.Kind})
		}
	}
	return all
}

// correctPriority sets the priority that the requester chose in a form that
// they sent again: it is still theirs to choose.
func (d *Desk) correctPriority(ctx context.Context, g Gesture, p ticket.Priority) (Record, error) {
	r, _, err := d.change(ctx, g.Ticket, "correcting the priority of", func(before Record) (Change, error) {
		if before.Ticket.Priority == p {
			return Change{}, nil
		}
		e := ticket.Entry{
			Kind: ticket.Reprioritised, Actor: g.Actor, Role: ticket.RoleRequester, Gesture: g.By,
			HappenedAt: moment(g, before), RecordedAt: micros(g.Now),
			Details: ticket.Details{Priority: p, Policy: d.policies.Current(), Form: g.form},
		}
		c, err := d.decide(ctx, before, e.RecordedAt, nil, e)
		if refusal := c.refusal(before); err != nil || refusal != nil {
			return Change{}, errors.Join(err, unlessSame(refusal))
		}
		return c, nil
	})
	return r, err
}
