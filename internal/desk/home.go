package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Home is what a person reads on their Home tab: nothing that they may not read elsewhere.
type Home struct {
	Reader  Person
	Shelves []Shelf // in the order in which they are read
	Figures Figures // for responders
	Squad   Figures // for leads: of the categories that their squads own
	Choice  HomeChoice
	OnDuty  []SquadOnDuty // in the reader's squads
	Burdens []duty.Burden // the reader's own, and after it those of the people whom they lead; none without rotas and calls

	Gardened []Gardened // for gardeners and who leads their squads

	Questions []Question // for responders in the support channel: what nobody has answered, the newest first
	Asked     int        // how many those are in all
}

// Shelf returns the shelf of a name; the zero Shelf if the reader has none.
func (h Home) Shelf(name ShelfName) Shelf {
	if i := slices.IndexFunc(h.Shelves, func(s Shelf) bool { return s.Name == name }); i >= 0 {
		return h.Shelves[i]
	}
	return Shelf{}
}

// Figures counts the tickets that have not ended.
type Figures struct {
	Open    int // all of them
	Unowned int
	Late    int
	Paused  int // waiting or on hold
}

// ShelfName is which tickets a part of Home has.
type ShelfName string

// The shelves of Home. Those of the desk are for responders only.
const (
	ShelfNeedsMe ShelfName = "needs_me" // the reader has it and it is late or warned of, or it waits for their answer
	ShelfMine    ShelfName = "mine"     // what else the reader has
	ShelfUnowned ShelfName = "unowned"
	ShelfPaused  ShelfName = "paused" // waiting or on hold, whoever has it
	ShelfSquad   ShelfName = "squad"  // for leads: what of their squads is late, has no owner, or is paused, in this order
	ShelfOthers  ShelfName = "others" // for other people of a squad: what of it somebody else has, and is not paused
	ShelfAsked   ShelfName = "asked"  // what the reader asked for, and ended lately at the latest

	ShelfFollowed ShelfName = "followed" // what the reader follows, and ended lately at the latest
)

// What a store is asked for to make ShelfNeedsMe and ShelfMine of, which it does not know.
const (
	ShelfOwned  ShelfName = "owned"   // the reader has it, and it is not paused
	ShelfAsksMe ShelfName = "asks_me" // it waits for the reader's answer
)

// ShelfPage is how many tickets of a shelf are shown at a time: see ShelfName.Page.
const ShelfPage = 10

// Page is how many tickets of the shelf are shown at a time. Home has no room for more.
func (n ShelfName) Page() int {
	if n == ShelfSquad || n == ShelfOthers {
		return ShelfPage / 2
	}
	return ShelfPage
}

// mostOwned is how many tickets of one owner are looked at beyond the pages before, and mostTurned how
// many are on these. The nearest deadlines come first.
const (
	mostOwned  = 200
	mostTurned = 10_000
)

// Shelf is a page of the tickets of one kind.
type Shelf struct {
	Name  ShelfName
	Total int // on all pages
	From  int // how many are on the pages before
	Rows  []HomeRow
}

// HomeRow is a ticket on Home.
type HomeRow struct {
	Record
	Thread ticket.Message // where the reader follows it; zero while it stands nowhere
	Asks   bool           // it waits for the reader's answer

	Unreadable bool // the reader follows it without a right to read it: it has no words, and leads nowhere
}

// HomeChoice is what a person has chosen to see on Home. It is stored as JSON, so the tags are
// part of the database's format.
type HomeChoice struct {
	// The tickets of the desk that they want to see; empty for any. What needs them now, and what
	// they asked for, they see in any case.
	Category string          `json:"category,omitempty"`
	Squad    string          `json:"squad,omitempty"`
	Priority ticket.Priority `json:"priority,omitempty"`

	From map[ShelfName]int `json:"from,omitempty"` // how many tickets of a shelf are on the pages before
}

// HomeFilter selects tickets of the desk. The zero HomeFilter selects all.
type HomeFilter struct {
	Categories []string // nil for any
	Priority   ticket.Priority
	Channels   []string // in which they live; nil for any
	Private    *Reader  // who may read the private ones among them; nil for nobody
}

// ShelfQuery selects a page of a shelf.
type ShelfQuery struct {
	Name   ShelfName
	Reader string
	Now    time.Time
	HomeFilter
	From  int // how many to leave out
	Limit int
}

// ShelfIndex is the numbers of a page of a shelf.
type ShelfIndex struct {
	Numbers []ticket.Number
	Total   int // on all pages; 0 if there is none on this one
}

// EndedLately is how long what the reader asked for stays on Home after its end. They can
// reopen it as long.
const EndedLately = ticket.ReopenWindow

// Home returns what a person reads on their Home tab.
func (d *Desk) Home(ctx context.Context, reader string, now time.Time) (Home, error) {
	p, err := d.actor(ctx, reader)
	if err != nil || !p.CanRequest() {
		return Home{Reader: p}, err
	}
	choice, err := d.homes.HomeChoice(ctx, reader)
	if err != nil {
		return Home{}, unavailable(fmt.Errorf("reading what somebody chose to see: %w", err))
	}
	h := Home{Reader: p, Choice: d.stillOffered(choice)}
	filter := d.filterOf(h.Choice)
	filter.Private = p.reader()
	if d.scattered {
		filter.Channels = p.ReadableChannels()
	}
	if p.Answers() {
		if h.Figures, err = d.homes.Figures(ctx, filter, now); err != nil {
			return Home{}, unavailable(fmt.Errorf("counting what Home shows: %w", err))
		}
	}
	if len(p.Leads) > 0 {
		if h.Squad, err = d.homes.Figures(ctx, d.ofSquads(p, p.Leads), now); err != nil {
			return Home{}, unavailable(fmt.Errorf("counting what a squad has: %w", err))
		}
	}
	if p.Responder {
		if h.Questions, h.Asked, err = d.questions.OpenQuestions(ctx, now, ShelfPage); err != nil {
			return Home{}, unavailable(fmt.Errorf("looking for questions: %w", err))
		}
	}
	if h.OnDuty, err = d.onDutyFor(ctx, p, now); err != nil {
		return Home{}, err
	}
	if h.Gardened, err = d.gardened(ctx, p, now); err != nil {
		return Home{}, err
	}
	if p.Answers() {
		if h.Burdens, err = d.burdensFor(ctx, p, now); err != nil {
			return Home{}, err
		}
	}
	h.Shelves, err = d.shelves(ctx, p, h.Choice, filter, now)
	return h, err
}

// ChooseHome changes what a person has chosen to see on Home.
func (d *Desk) ChooseHome(ctx context.Context, person string, change func(HomeChoice) HomeChoice) error {
	choice, err := d.homes.HomeChoice(ctx, person)
	if err == nil {
		err = d.homes.SaveHomeChoice(ctx, person, change(choice))
	}
	return orUnavailable(err, "choosing what Home shows")
}

// Turned is the choice with a shelf turned to the page that begins after a number of tickets.
func (c HomeChoice) Turned(shelf ShelfName, from int) HomeChoice {
	turned := map[ShelfName]int{shelf: max(from, 0)}
	for name, n := range c.From {
		if name != shelf {
			turned[name] = n
		}
	}
	c.From = turned
	return c
}

// Filtered reports whether the choice leaves tickets out.
func (c HomeChoice) Filtered() bool { return c.Category != "" || c.Squad != "" || c.Priority != 0 }

// stillOffered is the choice without what is no longer in the settings: nobody can take that back.
func (d *Desk) stillOffered(c HomeChoice) HomeChoice {
	if !slices.Contains(d.categories, c.Category) {
		c.Category = ""
	}
	if _, known := d.squads[c.Squad]; !known {
		c.Squad = ""
	}
	return c
}

func (d *Desk) filterOf(c HomeChoice) HomeFilter {
	f := HomeFilter{Priority: c.Priority}
	if c.Squad != "" {
		f.Categories = append([]string{}, d.squads[c.Squad]...)
	}
	switch {
	case c.Category == "":
	case c.Squad != "" && !slices.Contains(f.Categories, c.Category):
		f.Categories = []string{}
	default:
		f.Categories = []string{c.Category}
	}
	return f
}

// ofSquads selects the tickets of squads of a person, as far as they may read them. What they
// chose to see does not matter.
func (d *Desk) ofSquads(p Person, squads []string) HomeFilter {
	f := HomeFilter{Categories: []string{}, Private: p.reader()}
	if d.scattered {
		f.Channels = p.ReadableChannels()
	}
	for _, s := range squads {
		f.Categories = append(f.Categories, d.squads[s]...)
	}
	return f
}

// shelves returns the shelves that a person has.
func (d *Desk) shelves(ctx context.Context, reader Person, choice HomeChoice, filter HomeFilter, now time.Time) ([]Shelf, error) {
	stored, err := d.readShelves(ctx, reader, d.queriesFor(reader, choice, filter, now))
	if err != nil || !reader.Answers() {
		return stored, err
	}
	owned, chosen, asks := stored[0], stored[1], stored[2]
	pressing, mine := Shelf{Name: ShelfNeedsMe, Rows: asks.Rows}, Shelf{Name: ShelfMine}
	for _, r := range owned.Rows {
		if r.pressing(now) {
			pressing.Rows = append(pressing.Rows, r)
		}
	}
	for _, r := range chosen.Rows {
		if !r.pressing(now) {
			mine.Rows = append(mine.Rows, r)
		}
	}
	beyond := chosen.Total - len(chosen.Rows)
	return append([]Shelf{pressing.page(choice, 0), mine.page(choice, beyond)}, stored[3:]...), nil
}

// queriesFor are what the database is asked for. A person who answers nothing has only what they
// asked for, and what they follow.
func (d *Desk) queriesFor(reader Person, choice HomeChoice, filter HomeFilter, now time.Time) []ShelfQuery {
	query := func(name ShelfName) ShelfQuery {
		return ShelfQuery{Name: name, Reader: reader.ID, Now: now, From: choice.From[name], Limit: name.Page()}
	}
	asked, followed := query(ShelfAsked), query(ShelfFollowed)
	if !reader.Answers() {
		return []ShelfQuery{asked, followed}
	}
	owned := query(ShelfOwned)
	owned.Private = reader.reader()
	owned.Limit = mostOwned + min(mostTurned, choice.From[ShelfNeedsMe]) + min(mostTurned, choice.From[ShelfMine])
	mine := owned
	mine.Categories, mine.Priority = filter.Categories, filter.Priority
	unowned, paused := query(ShelfUnowned), query(ShelfPaused)
	unowned.HomeFilter, paused.HomeFilter = filter, filter
	queries := []ShelfQuery{owned, mine, query(ShelfAsksMe)}
	switch {
	case len(reader.Leads) > 0:
		squad := query(ShelfSquad)
		squad.HomeFilter = d.ofSquads(reader, reader.Leads)
		queries = append(queries, squad)
	case len(reader.Squads) > 0:
		others := query(ShelfOthers)
		others.HomeFilter = d.ofSquads(reader, reader.Squads)
		queries = append(queries, others)
	}
	return append(queries, unowned, paused, asked, followed)
}

// pressing reports whether the time to solve the ticket runs out, or has.
func (r Record) pressing(now time.Time) bool {
	c := r.Clock(sla.Resolve)
	return c.Promised() && c.Running() && !c.Paused() && !now.Before(c.WarnAt)
}

// page leaves the chosen page of rows that are all there; beyond is how many more there are.
func (s Shelf) page(choice HomeChoice, beyond int) Shelf {
	s.Total = len(s.Rows) + beyond
	if s.From = choice.From[s.Name]; s.From >= len(s.Rows) {
		s.From = 0
	}
	s.Rows = s.Rows[s.From:min(len(s.Rows), s.From+ShelfPage)]
	return s
}

// readShelves reads pages of shelves, and the tickets on them. A page that has become empty is
// read as the first one.
func (d *Desk) readShelves(ctx context.Context, reader Person, queries []ShelfQuery) ([]Shelf, error) {
	found, err := d.homes.Shelves(ctx, queries)
	if err == nil && turnBack(queries, found) {
		found, err = d.homes.Shelves(ctx, queries)
	}
	if err != nil {
		return nil, unavailable(fmt.Errorf("looking for what Home shows: %w", err))
	}
	records, err := d.recordsOf(ctx, found)
	if err != nil {
		return nil, err
	}
	shelves := make([]Shelf, len(queries))
	for i, q := range queries {
		shelves[i] = Shelf{Name: q.Name, Total: found[i].Total, From: q.From}
		for _, n := range found[i].Numbers {
			if row, ok := rowFor(reader, q.Name, records[n]); ok {
				shelves[i].Rows = append(shelves[i].Rows, row)
			}
		}
	}
	return shelves, nil
}

// turnBack turns empty pages to the first one, and reports whether there are any.
func turnBack(queries []ShelfQuery, found []ShelfIndex) bool {
	turned := false
	for i := range queries {
		if queries[i].From > 0 && len(found[i].Numbers) == 0 {
			queries[i].From, turned = 0, true
		}
	}
	return turned
}

func (d *Desk) recordsOf(ctx context.Context, found []ShelfIndex) (map[ticket.Number]Record, error) {
	var numbers []ticket.Number
	for _, f := range found {
		numbers = append(numbers, f.Numbers...)
	}
	slices.Sort(numbers)
	stored, err := d.homes.LoadAll(ctx, slices.Compact(numbers))
	if err != nil {
		return nil, unavailable(fmt.Errorf("loading what Home shows: %w", err))
	}
	records := make(map[ticket.Number]Record, len(stored))
	for _, r := range stored {
		if r, err = d.compute(ctx, r); err != nil {
			return nil, err
		}
		records[r.Ticket.Number] = r
	}
	return records, nil
}

// rowFor is a ticket as its reader sees it; false if they do not: who asked and is not in the
// channel follows it in direct messages. Who follows a ticket without a right to read it sees
// where it stands, as in the messages that followers get.
func rowFor(reader Person, on ShelfName, r Record) (HomeRow, bool) {
	t := r.Ticket
	if !MayRead(reader, t) {
		follows := on == ShelfFollowed && t.FollowedBy(reader.ID)
		return HomeRow{Record: r.withoutWords(), Unreadable: true}, follows
	}
	row := HomeRow{Record: r, Thread: r.Card}
	asked := t.Requester == reader.ID
	row.Asks = asked && t.State == ticket.StateWaiting
	if asked && !r.Inside(reader) {
		row.Thread = r.Direct(reader.ID)
	}
	return row, true
}

// withoutWords is a record of which only the number, the state and the times are left, and the
// owner if it is not private.
func (r Record) withoutWords() Record {
	t := r.Ticket
	if t.Private() {
		t.Assignee = ""
	}
	return Record{Cycles: r.Cycles, Ticket: ticket.Ticket{
		Number: t.Number, State: t.State, Assignee: t.Assignee, Cycle: t.Cycle, EndedAt: t.EndedAt, EndInexact: t.EndInexact,
	}}
}
