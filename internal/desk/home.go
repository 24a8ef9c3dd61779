package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Home is what a person reads on their Home tab: nothing that they may not read elsewhere.
type Home struct {
	Reader  Person
	Shelves []Shelf // in the order in which they are read
}

// Shelf returns the shelf of a name; the zero Shelf if the reader has none.
func (h Home) Shelf(name ShelfName) Shelf {
	if i := slices.IndexFunc(h.Shelves, func(s Shelf) bool { return s.Name == name }); i >= 0 {
		return h.Shelves[i]
	}
	return Shelf{}
}

// ShelfName is which tickets a part of Home has.
type ShelfName string

// The shelves of Home.
const (
	ShelfAsked ShelfName = "asked" // what the reader asked for, and ended lately at the latest
)

// ShelfPage is how many tickets of a shelf are shown at a time.
const ShelfPage = 10

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
}

// ShelfQuery selects a page of a shelf.
type ShelfQuery struct {
	Name   ShelfName
	Reader string
	Now    time.Time
	From   int // how many to leave out
}

// ShelfIndex is the numbers of a page of a shelf.
type ShelfIndex struct {
	Numbers []ticket.Number
	Total   int // on all pages
}

// EndedLately is how long what the reader asked for stays on Home after its end. They can
// reopen it as long.
const EndedLately = ticket.ReopenWindow

// Home returns what a person reads on their Home tab.
func (d *Desk) Home(ctx context.Context, reader string, now time.Time) (Home, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Home{}, err
	}
	h := Home{Reader: p}
	if !p.CanRequest() {
		return h, nil
	}
	h.Shelves, err = d.shelves(ctx, p, []ShelfQuery{{Name: ShelfAsked, Reader: reader, Now: now}})
	return h, err
}

// shelves reads pages of shelves, and the tickets on them.
func (d *Desk) shelves(ctx context.Context, reader Person, queries []ShelfQuery) ([]Shelf, error) {
	found, err := d.homes.Shelves(ctx, queries)
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
			if r, ok := records[n]; ok && mayRead(reader, r.Ticket) {
				shelves[i].Rows = append(shelves[i].Rows, rowFor(reader, r))
			}
		}
	}
	return shelves, nil
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

// rowFor is a ticket as its reader sees it: who asked and is not in the channel follows it in
// direct messages.
func rowFor(reader Person, r Record) HomeRow {
	row := HomeRow{Record: r, Thread: r.Card}
	asked := r.Ticket.Requester == reader.ID
	row.Asks = asked && r.Ticket.State == ticket.StateWaiting
	if asked && !reader.Member {
		row.Thread = r.Direct(reader.ID)
	}
	return row
}
