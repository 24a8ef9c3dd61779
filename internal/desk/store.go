package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"supporty/internal/duty"
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

// Store is all that a desk needs of a database, client by client. Implementations are
// safe for concurrent use. Errors wrap one of this package's, as each method says, or
// ErrNotSaved.
type Store interface {
	Tickets
	Index
	Lists
	Search
	Sweeper
	Retargeter
	Floods
	Schedules
	Grateful
	Unticketed
	Homes
	Questions
	Searches
	Answers
	Shifts
	Drills
	Deployments
}

// Tickets is what gestures and catching up need: to load a ticket, and to store what
// they decide.
type Tickets interface {
	// Load returns a ticket with its timeline; ErrNotFound if there is none.
	Load(ctx context.Context, n ticket.Number) (Record, error)
	// Open stores the change that opens a ticket, which has no number yet, under the
	// next number. If the key was used before, or the source has a ticket, nothing is
	// stored: it returns that ticket, and Fresh is false. ErrUnsure is possible.
	Open(ctx context.Context, in Submission, c Change) (Opened, error)
	// Save stores a change whole or not at all: ErrStale, ErrDuplicate, ErrUnsure.
	Save(ctx context.Context, c Change) (IDs, error)
	// SaveAll stores changes of several tickets, all of them or none, like Save.
	SaveAll(ctx context.Context, changes []Change) error
}

// Index is what is needed to find the ticket that something in Slack is about.
type Index interface {
	// ByCard returns the ticket whose card is or was the message; 0 if none.
	ByCard(ctx context.Context, m ticket.Message) (ticket.Number, error)
	// Card returns where the ticket's card stands; the zero Message if it does not.
	Card(ctx context.Context, n ticket.Number) (ticket.Message, error)
	// ByNotice returns the ticket that the message, a notice of ours, is about;
	// 0 if none, and for a survey: an answer to it in words is not for the ticket.
	ByNotice(ctx context.Context, m ticket.Message) (ticket.Number, error)
	// ByRoom returns the ticket whose room is or was a channel; 0 if none.
	ByRoom(ctx context.Context, channel string) (ticket.Number, error)
	// ByInput returns the ticket to which the input with that key was applied; 0
	// if there was none within the last days.
	ByInput(ctx context.Context, key string) (ticket.Number, error)
	// Posting reports whether a card is on its way, or a message to somebody: it may
	// stand already without ByCard or ByNotice knowing it.
	Posting(ctx context.Context, to string) (bool, error)
}

// Lists is what those need who ask for several tickets.
type Lists interface {
	// AskedBy returns the tickets that somebody asked for and that have not ended, or
	// not before a time, the newest first; at most 20.
	AskedBy(ctx context.Context, requester string, ended time.Time) ([]ticket.Number, error)
	// Kept counts what is stored about a person.
	Kept(ctx context.Context, person string) (Kept, error)
	// List returns summaries, the most urgent first, and how many there are beyond
	// the filter's limit as well.
	List(ctx context.Context, f Filter) (list []Summary, total int, err error)
	// Browse returns summaries of tickets with lower numbers, or of all if it is 0: the highest
	// number first, and as many as the filter's limit.
	Browse(ctx context.Context, f Filter, below ticket.Number) ([]Summary, error)
}

// Homes is what the Home tab needs.
type Homes interface {
	// Shelves returns a page of each shelf, in the order of the queries, as they are at one
	// moment.
	Shelves(ctx context.Context, queries []ShelfQuery) ([]ShelfIndex, error)
	// Figures counts the tickets that have not ended, and that a filter selects.
	Figures(ctx context.Context, f HomeFilter, now time.Time) (Figures, error)
	// OpenOf counts the tickets that have not ended of each of some people, without private ones that the reader may
	// not read. Who has none is left out.
	OpenOf(ctx context.Context, people []string, reader Reader) (map[string]int, error)
	// Took counts the tickets of categories that were opened in a period and have an owner, and those
	// of them whose owner is one of some people, without private ones.
	Took(ctx context.Context, people, categories []string, from, until time.Time) (took, of int, err error)
	// AnyTicket reports whether a ticket was ever opened.
	AnyTicket(ctx context.Context) (bool, error)
	// HomeChoice returns what somebody has chosen to see; the zero HomeChoice if nothing.
	HomeChoice(ctx context.Context, person string) (HomeChoice, error)
	SaveHomeChoice(ctx context.Context, person string, c HomeChoice) error
	// LoadAll is Load for several tickets. Numbers without a ticket are left out.
	LoadAll(ctx context.Context, numbers []ticket.Number) ([]Record, error)
}

// Sweeper is what the sweep needs.
type Sweeper interface {
	// Due returns what is to be looked up of the tickets that Sweep would take.
	Due(ctx context.Context, now time.Time, limit int) (DueTickets, error)
	// Sweep hands the tickets that are due to decide, in the order of their due
	// times, and stores what it returns; at most limit tickets, and none that
	// another copy is sweeping. A Change without a ticket leaves its ticket due.
	// It returns how many there were.
	Sweep(ctx context.Context, now time.Time, limit int, decide func(Record) Change) (int, error)
}

// DueTickets is what is to be looked up of tickets that are due, each once.
type DueTickets struct {
	Any        bool // whether there are any
	Owners     []string
	Categories []string // of those without an owner
	Requesters []string // of those without an owner
}

// Retargeter is what a changed policy needs.
type Retargeter interface {
	// Outdated hands the tickets that have not ended, and whose Policy is another
	// than current, to decide, like Sweep.
	Outdated(ctx context.Context, current, limit int, decide func(Record) Change) (int, error)
}

// Floods is what is needed to see that many tickets are about one thing.
type Floods interface {
	// Similar returns the tickets of a category that live in a channel, empty for the support
	// channel, and were opened in a period, in the order of opening; no private ones.
	Similar(ctx context.Context, category, channel string, p ticket.Period) ([]Similar, error)
}

// Schedules is what periodic jobs need.
type Schedules interface {
	// Schedule hands what is known of a periodic job to decide, and stores what
	// it returns, with the notices, in one transaction. Of several copies one at
	// a time decides; the others do nothing. decide asks nobody: the database ends
	// a transaction that waits.
	Schedule(ctx context.Context, name string, decide func(Schedule) (Schedule, []Notice)) error
}

// Shifts is what is needed to record who was on duty.
type Shifts interface {
	// LastOnDuty returns the last recorded change of a squad, the zero Change if there is none.
	LastOnDuty(ctx context.Context, squad string) (duty.Change, error)
	// HandOver hands what a handover of a squad is decided with to decide, and records the changes that
	// it returns, with the notices, in one transaction. Of several copies one at a time decides, and
	// nobody changes who is on duty meanwhile. Overrides that ended at a time or before are left out.
	// decide asks nobody, as in Schedule.
	HandOver(ctx context.Context, squad string, ended time.Time, decide func(Handover) ([]duty.Change, []Notice)) error
	// Overrides lists what ended after a time, or has not ended, in the order in which it was made.
	Overrides(ctx context.Context, ended time.Time) ([]Override, error)
	// Rotas lists the rotas that people have made, of all squads, in the order in which they were made.
	Rotas(ctx context.Context) ([]MadeRota, error)
	// ChangeDuty hands what people have changed in a squad, and a swap by its key, to decide, and
	// stores what it returns, in one transaction. Of several copies one at a time decides. An error
	// of decide is returned as it is, and nothing is stored. decide asks nobody, as in Schedule.
	ChangeDuty(ctx context.Context, squad, swap string, now time.Time, decide func(DutyState) (DutyChange, error)) error
	// Swap returns a swap by its key, the zero Swap if there is none.
	Swap(ctx context.Context, key string) (Swap, error)
	// Candidates returns of people, in their order, how many open tickets they have, and when one was
	// offered to them last.
	Candidates(ctx context.Context, people []string) ([]duty.Candidate, error)
	// Served returns what is recorded of who was on duty in a period.
	Served(ctx context.Context, from, until time.Time) ([]duty.Record, error)
	// DutyPages lists whom the ladder called, in order.
	DutyPages(ctx context.Context, f DutyPages) ([]DutyPage, error)
	// SayWoken adds what somebody says of a call of theirs, unless they said the same last. It
	// returns the call, and the zero DutyPage if it was somebody else's.
	SayWoken(ctx context.Context, id int64, by string, woke bool, now time.Time) (DutyPage, error)
}

// Unticketed is what messages need that belong to no ticket.
type Unticketed interface {
	// ChangeUnticketed hands what stands of an ordering key that is about no ticket to
	// decide, and stores what it returns, in one transaction, one at a time. With a key
	// it does so once: again with the same key it does nothing.
	ChangeUnticketed(ctx context.Context, orderingKey, key string, now time.Time, decide func([]Posted) UnticketedChange) error
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
