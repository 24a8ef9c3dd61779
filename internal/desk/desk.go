// Package desk is what the support desk does: open, claim, hand over, resolve,
// remind. Every use case loads a ticket, decides, and stores the change together
// with the notices to people about it, in one transaction.
//
// It knows tickets and promises, and declares the ports it needs. No Slack, no
// SQL, no configuration and no current time may enter: what is said and how it
// looks is decided elsewhere; the desk decides that it is to be said, to whom
// and when.
package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Errors of a Store. They are compared with errors.Is.
var (
	// ErrStale: the ticket was changed since it was loaded. Nothing was saved.
	ErrStale = errors.New("the ticket has changed meanwhile")
	// ErrDuplicate: the same input was saved before.
	ErrDuplicate = errors.New("this input was already applied")
	// ErrNotFound: there is no such ticket.
	ErrNotFound = errors.New("no such ticket")
	// ErrNotSaved: certainly nothing was saved, for no fault of the input.
	ErrNotSaved = errors.New("nothing was saved")
	// ErrUnsure: it cannot be known whether it was saved. The same input may be
	// given again.
	ErrUnsure = errors.New("it is not known whether it was saved")
)

// Store keeps tickets. Implementations are safe for concurrent use. Errors wrap
// one of this package's, as each method says, or ErrNotSaved.
type Store interface {
	// Load returns a ticket with its timeline; ErrNotFound if there is none.
	Load(ctx context.Context, n ticket.Number) (Record, error)
	// Open gives the next number to build and stores what it returns, unless the
	// key was used before: then it returns the ticket of that time and Fresh is
	// false. ErrUnsure is possible.
	Open(ctx context.Context, in Submission, build func(ticket.Number) Change) (Opened, error)
	// Save stores a change whole or not at all: ErrStale, ErrDuplicate, ErrUnsure.
	Save(ctx context.Context, c Change) error
	// Due returns who owns the tickets that Sweep would take, each once, and whether
	// there are any.
	Due(ctx context.Context, now time.Time, limit int) (owners []string, due bool, err error)
	// Sweep hands the tickets that are due to decide, in the order of their due
	// times, and stores what it returns; at most limit tickets, and none that
	// another copy is sweeping. A Change without a ticket leaves its ticket due.
	// It returns how many there were.
	Sweep(ctx context.Context, now time.Time, limit int, decide func(Record) Change) (int, error)
	// Outdated hands the tickets that have not ended, and whose Policy is another
	// than current, to decide, like Sweep.
	Outdated(ctx context.Context, current, limit int, decide func(Record) Change) (int, error)
	// ByCard returns the ticket whose card is or was the message; 0 if none.
	ByCard(ctx context.Context, m ticket.Message) (ticket.Number, error)
	// Posting reports whether a card is on its way, or a message to somebody: it may
	// stand already without ByCard or ByNotice knowing it.
	Posting(ctx context.Context, to string) (bool, error)
	// ByNotice returns the ticket that the message, a notice of ours, is about;
	// 0 if none.
	ByNotice(ctx context.Context, m ticket.Message) (ticket.Number, error)
	// ByInput returns the ticket to which the input with that key was applied; 0
	// if there was none within the last days.
	ByInput(ctx context.Context, key string) (ticket.Number, error)
	// AskedBy returns the tickets that somebody asked for and that have not ended, or
	// not before a time, the newest first; at most 20.
	AskedBy(ctx context.Context, requester string, ended time.Time) ([]ticket.Number, error)
	// ChangeUnticketed hands what stands of a lane that is about no ticket to decide, and stores
	// what it returns, in one transaction, one at a time. With a key it does so once:
	// again with the same key it does nothing.
	ChangeUnticketed(ctx context.Context, lane, key string, now time.Time, decide func([]Posted) UnticketedChange) error
	// Schedule hands what is known of a periodic job to decide, and stores what
	// it returns, with the notices, in one transaction. Of several copies one at
	// a time decides; the others do nothing.
	Schedule(ctx context.Context, name string, decide func(Schedule) (Schedule, []Notice)) error
	// Similar returns the tickets of a category that were opened in a period, in the
	// order of opening.
	Similar(ctx context.Context, category string, p Period) ([]Similar, error)
	// List returns summaries, the most urgent first, and how many there are beyond
	// the filter's limit as well.
	List(ctx context.Context, f Filter) (list []Summary, total int, err error)
}

// People knows who is who. Implementations are safe for concurrent use and
// answer from a cache where they can.
type People interface {
	Person(ctx context.Context, id string) (Person, error)
	// IsMember reports whether somebody is in the support channel. It asks nobody but
	// the cache.
	IsMember(ctx context.Context, id string) (bool, error)
}

// Person is somebody of the workspace, or a bot in it.
type Person struct {
	ID          string
	Name        string // how they are called; never empty
	Zone        string // IANA; empty if unknown
	Member      bool   // of the support channel: a mention there reaches them
	Responder   bool   // may claim and resolve; never true for bots, guests and externals
	Bot         bool
	Away        bool // their status says that they are not there
	Deactivated bool // their account is deactivated
	External    bool // they belong to another company
}

// CanRequest reports whether a ticket can be for this person.
func (p Person) CanRequest() bool { return !p.Bot && !p.Deactivated && !p.External }

// Policies gives the promise by its version: what was promised stays promised,
// also after the configuration has changed.
type Policies interface {
	// Current returns the version that applies to what happens now.
	Current() int
	// Policy returns a version that was Current once.
	Policy(ctx context.Context, version int) (sla.Policy, error)
}

// Desk is the use cases. It is safe for concurrent use.
type Desk struct {
	store      Store
	people     People
	policies   Policies
	categories []string
	thanks     Thanks
	instead    map[string]string // whom escalations reach in the place of some recipients
}

// New returns a desk. Categories are what a ticket may be filed under.
func New(store Store, people People, policies Policies, categories []string) *Desk {
	return &Desk{store: store, people: people, policies: policies, categories: categories}
}

// Understanding returns the desk, which takes these words for mere thanks.
func (d *Desk) Understanding(t Thanks) *Desk {
	own := *d
	own.thanks = t
	return &own
}

// Instead returns the desk, which escalates to others in the place of some recipients.
func (d *Desk) Instead(others map[string]string) *Desk {
	own := *d
	own.instead = others
	return &own
}

// Record is a ticket as stored, with all that is computed from its timeline.
type Record struct {
	Ticket   ticket.Ticket
	Timeline []ticket.Entry
	Cycles   []sla.Cycle
	Hours    *sla.Calendar  // in which the desk counts working days, by the policy that applies
	Alerts   []Alert        // said or superseded, all cycles
	Posted   []Posted       // the notices that stand in Slack or are on their way, but the card, in the order in which they were enqueued
	Version  int64          // of the stored ticket; 0 before the first save
	Policy   int            // version of the policy that its promise was last compared with
	Card     ticket.Message // where the card stands; zero until it does

	Escalations []sla.Escalation // by the same policy as Hours
}

// Cycle returns the newest cycle; the zero Cycle if there is none.
func (r Record) Cycle() sla.Cycle {
	if len(r.Cycles) == 0 {
		return sla.Cycle{}
	}
	return r.Cycles[len(r.Cycles)-1]
}

// Clock returns one of the newest cycle's clocks; the zero Clock if it has not begun.
func (r Record) Clock(name sla.Name) sla.Clock { return r.Cycle().Clock(name) }

// ClockOf returns the clock that an alert is about, of the alert's own cycle.
func (r Record) ClockOf(a Alert) sla.Clock {
	if a.Cycle > 0 && a.Cycle <= len(r.Cycles) {
		r.Cycles = r.Cycles[:a.Cycle]
	}
	return r.Clock(a.Source.Clock())
}

// Change is what one use case stores, whole or not at all.
type Change struct {
	Key       string   // of the input; empty if it needs none
	Keys      []string // of inputs that are part of it, whether they were given before or not
	Now       time.Time
	After     Record         // Version is that of the record it was made from
	New       []ticket.Entry // to be added to the timeline
	Revoid    []ticket.Entry // stored entries whose Void has changed
	Alerts    []Alert        // to be added
	Retracted []Alert        // to be forgotten; what was said of them is to be said anew
	Notices   []Notice       // to be enqueued
	Card      CardChange
	Reword    []NoticeKind // messages of these kinds about the present cycle, if said, are to be said anew
	Reworded  []Posted     // notices with other details than before, to be said anew as they are now
	NextAt    time.Time    // when the ticket wants to be swept; zero for never
}

// CardChange says what a change means for the ticket's card.
type CardChange int

// The ways a card can change.
const (
	CardSame   CardChange = iota
	CardEdited            // it shows something else now
	CardNew               // it has to be posted, for the first time or again
)

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
}

// Filter selects tickets for a list. The zero Filter selects every ticket that
// has not ended.
type Filter struct {
	Person   string          // requester or owner; empty for anybody
	Unowned  bool            // those without an owner only
	Paused   bool            // those that wait or are on hold only
	Priority ticket.Priority // 0 for any
	Category string          // empty for any
	Limit    int             // 0 for 20
}

// Listing is what somebody sees who asks for a list.
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

// Find returns the ticket with all that is known of it.
func (d *Desk) Find(ctx context.Context, n ticket.Number) (Record, error) {
	r, err := d.store.Load(ctx, n)
	if errors.Is(err, ErrNotFound) {
		return Record{}, ticket.Errorf(ticket.Unknown, "There is no ticket %s.", n)
	}
	if err != nil {
		return Record{}, unavailable(fmt.Errorf("loading %s: %w", n, err))
	}
	return d.compute(ctx, r)
}

// FindByCard returns the number of the ticket whose card is or was m, or 0.
func (d *Desk) FindByCard(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	n, err := d.store.ByCard(ctx, m)
	return n, orUnavailable(err, "looking for a card")
}

// FindByReply returns the ticket in whose thread m was written, or 0. Replies are
// known for as long as the keys of inputs are kept.
func (d *Desk) FindByReply(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	n, err := d.store.ByInput(ctx, ReplyKey(m))
	return n, orUnavailable(err, "looking for a reply")
}

// Posting reports whether a card is on its way into the channel, or a message to a
// person: what FindByCard or FindByNotice does not know may be known in a moment.
func (d *Desk) Posting(ctx context.Context, to string) (bool, error) {
	posting, err := d.store.Posting(ctx, to)
	return posting, orUnavailable(err, "looking for cards on their way")
}

// FindByNotice returns the ticket that a message of ours is about, or 0. Whoever
// writes in its thread writes about that ticket.
func (d *Desk) FindByNotice(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	n, err := d.store.ByNotice(ctx, m)
	return n, orUnavailable(err, "looking for a notice")
}

// Read is Find for somebody, who has to be allowed to see the ticket: a ticket.Error
// with the code Forbidden if they are not.
func (d *Desk) Read(ctx context.Context, n ticket.Number, reader string) (Record, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Record{}, err
	}
	r, err := d.Find(ctx, n)
	if err != nil {
		return Record{}, err
	}
	return r, allow(mayRead(p, r.Ticket), "Only people in the support channel, and who asked for the ticket, can see it.")
}

// List returns tickets that have not ended, the nearest deadline first. Who may not
// see all of them gets those that they asked for.
func (d *Desk) List(ctx context.Context, reader string, f Filter) (Listing, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Listing{}, err
	}
	narrower := !seesAll(p) && f.Person != reader
	if narrower {
		f.Person = reader
	}
	list, total, err := d.store.List(ctx, f)
	return Listing{Tickets: list, Total: total, Filter: f, Narrower: narrower}, orUnavailable(err, "listing tickets")
}

// SeesAll returns an error that says who may, unless somebody may see all tickets.
func (d *Desk) SeesAll(ctx context.Context, reader string) error {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return err
	}
	return allow(seesAll(p), "The numbers of the desk are for people in the support channel.")
}

func orUnavailable(err error, doing string) error {
	if err == nil {
		return nil
	}
	return unavailable(fmt.Errorf("%s: %w", doing, err))
}

func unavailable(err error) error {
	return ticket.Errorf(ticket.Unavailable, "Our database is not answering. Please try again in a minute.").Because(err)
}
