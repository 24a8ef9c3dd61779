package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"supporty/internal/ticket"
)

// Filter selects tickets. The zero Filter selects every ticket that has not ended.
type Filter struct {
	Person    string          // requester or owner; empty for anybody
	Requester string          // empty for anybody
	Owner     string          // empty for anybody, and nobody
	Unowned   bool            // those without an owner only
	Paused    bool            // those that wait or are on hold only
	State     ticket.State    // empty for any
	Scope     Scope           // whether they have ended
	Priority  ticket.Priority // 0 for any
	Category  string          // empty for any
	After     time.Time       // opened not before; zero for any
	Before    time.Time       // opened before; zero for any
	Readable  *Readable       // nil for any
	Recent    time.Time       // of those that have ended, only what ended since then; zero for any
	Limit     int             // 0 for 20
	Private   *Reader         // who may read the private ones among them; nil for nobody
}

// Readable selects what somebody may read: the tickets of some channels, and of others what they
// asked for or have.
type Readable struct {
	Channels []string // empty for the support channel
	Reader   string   // empty for nobody
}

// Reader is for whom private tickets are not left out: those that they may read.
type Reader struct {
	ID        string
	Entrusted []string // see Person
}

func (p Person) reader() *Reader { return &Reader{ID: p.ID, Entrusted: p.Entrusted} }

// Scope is which tickets a filter selects by whether they have ended.
type Scope int

// The scopes.
const (
	ScopeOpen  Scope = iota // those that have not ended
	ScopeEnded              // those that have
	ScopeAll                // both
)

// Listing is the result of a list.
type Listing struct {
	Tickets  []Summary
	Total    int    // that the filter selects, also beyond its limit
	Filter   Filter // as it was applied
	Narrower bool   // they asked for more, but may see only what is theirs
}

// Summary is a ticket in a list.
type Summary struct {
	Number    ticket.Number
	Title     string
	Category  string
	Priority  ticket.Priority
	State     ticket.State
	Requester string
	Assignee  string
	OpenedAt  time.Time
	DueAt     time.Time // zero if nothing is promised, or due as things are
	Card      ticket.Message
	Withheld  bool
}

// Find returns the ticket with its record.
func (d *Desk) Find(ctx context.Context, n ticket.Number) (Record, error) {
	r, err := d.tickets.Load(ctx, n)
	if errors.Is(err, ErrNotFound) {
		return Record{}, unknown(n)
	}
	if err != nil {
		return Record{}, unavailable(fmt.Errorf("loading %s: %w", n, err))
	}
	d.recent.keep(r)
	return d.compute(ctx, r)
}

// FindByCard returns the number of the ticket whose card is or was m, or 0.
func (d *Desk) FindByCard(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	if n := d.recent.card(m); n != 0 {
		return n, nil
	}
	n, err := d.index.ByCard(ctx, m)
	if n != 0 {
		d.recent.keepCard(m, n)
	}
	return n, orUnavailable(err, "looking for a card")
}

// Card returns where a ticket's card stands; the zero Message if it does not yet.
func (d *Desk) Card(ctx context.Context, n ticket.Number) (ticket.Message, error) {
	if r, ok := d.recent.record(n); ok && r.Card.TS != "" {
		return r.Card, nil
	}
	at, err := d.index.Card(ctx, n)
	return at, orUnavailable(err, "looking for a card")
}

// FindByReply returns the ticket in whose thread m was written, or 0. Replies are
// known for as long as the keys of inputs are kept.
func (d *Desk) FindByReply(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	n, err := d.index.ByInput(ctx, ReplyKey(m))
	return n, orUnavailable(err, "looking for a reply")
}

// Posting reports whether a card is on its way into the channel, or a message to a
// person. Then FindByCard or FindByNotice may know it in a moment.
func (d *Desk) Posting(ctx context.Context, to string) (bool, error) {
	posting, err := d.index.Posting(ctx, to)
	return posting, orUnavailable(err, "looking for cards on their way")
}

// FindByNotice returns the ticket that a message of ours is about, or 0. A reply in its
// thread is about that ticket.
func (d *Desk) FindByNotice(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	n, err := d.index.ByNotice(ctx, m)
	return n, orUnavailable(err, "looking for a notice")
}

// FindByRoom returns the private ticket that lives in a channel, or lived there; 0 for none.
func (d *Desk) FindByRoom(ctx context.Context, channel string) (ticket.Number, error) {
	n, err := d.index.ByRoom(ctx, channel)
	return n, orUnavailable(err, "looking for a room")
}

// Read is Find for a person. If they may not see the ticket, the error has the code
// Forbidden.
func (d *Desk) Read(ctx context.Context, n ticket.Number, reader string) (Record, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Record{}, err
	}
	r, err := d.Find(ctx, n)
	if err != nil {
		return Record{}, err
	}
	if r.Ticket.Private() && !MayRead(p, r.Ticket) {
		return Record{}, unknown(n)
	}
	return r, allowIn(r.Ticket, MayRead(p, r.Ticket), "Only people in the support channel, and who asked for the ticket, can see it.")
}

// List returns tickets that have not ended, the nearest deadline first. A reader who
// may not see all of them gets those that they asked for.
func (d *Desk) List(ctx context.Context, reader string, f Filter) (Listing, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Listing{}, err
	}
	f, narrower := d.visibleTo(p, f)
	list, total, err := d.list(ctx, f)
	return Listing{Tickets: list, Total: total, Filter: f, Narrower: narrower}, orUnavailable(err, "listing tickets")
}

// Kept is what the desk keeps about a person.
type Kept struct {
	Asked   int  // tickets that they asked for
	Has     int  // tickets that they own and that have not ended
	Profile bool // their name, zone and status
	Places  int  // channels and user groups that they are known to be in
	Home    bool // what they chose to see on Home

	Question bool // where and when they wrote messages in the channel that may be questions
	Duty     bool // when they were on duty, swapped, or were called
	Session  bool // that they are signed in on the web page
}

// Kept returns what the desk keeps about a person. Only they are told.
func (d *Desk) Kept(ctx context.Context, person string) (Kept, error) {
	kept, err := d.lists.Kept(ctx, person)
	return kept, orUnavailable(err, "counting what is kept of somebody")
}

// list leaves withheld titles out.
func (d *Desk) list(ctx context.Context, f Filter) ([]Summary, int, error) {
	list, total, err := d.lists.List(ctx, f)
	hideWithheld(list)
	return list, total, err
}

// SeesAll returns an error unless the person may see the numbers of all tickets: those of
// their channel are among them. Titles they may see of the channels that it returns.
func (d *Desk) SeesAll(ctx context.Context, reader string) (channels []string, err error) {
	channels, err = d.Reads(ctx, reader)
	if err != nil {
		return nil, err
	}
	return channels, allow(len(channels) > 0, "The numbers of the desk are for people in the support channel.")
}

// Reads returns the channels whose tickets a person may read, whoever asked for them.
func (d *Desk) Reads(ctx context.Context, reader string) (channels []string, err error) {
	p, err := d.actor(ctx, reader)
	return p.ReadableChannels(), err
}
