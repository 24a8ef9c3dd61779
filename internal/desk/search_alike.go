package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Typed is what somebody has written of a ticket that is not filed yet.
type Typed struct {
	Words    []string // of its title; none as long as it is too short to tell what it is about
	Category string   // the chosen one; empty if none is
}

// Alike is what may be the same as a ticket that is not filed yet: mostSuggested tickets at most, the
// most alike first.
type Alike struct {
	Flood  *AlikeTicket  // the first of many that were opened in the last minutes; nil for none
	Open   []AlikeTicket // others that have not ended
	Solved []AlikeTicket // with how they were solved
}

// AlikeTicket is a ticket of Alike. Private and withheld ones are never among them.
type AlikeTicket struct {
	Number   ticket.Number
	Title    string
	Card     ticket.Message
	People   int    // who asked for it, and who follows it; of a flood, all who asked
	Theirs   bool   // the reader asked for it, or follows it
	Solution string // one sentence; empty for an open one
}

const (
	mostSuggested = 3
	lookedAt      = 20 // of what is alike, for those that are open or have a solution
	mostSolved    = 5  // of them are read, since not every one says how it was solved
	mostFlood     = 100
)

// Alike returns what may be the same as a ticket that somebody is about to file, as far as they
// may see it.
func (d *Desk) Alike(ctx context.Context, reader string, typed Typed, now time.Time) (Alike, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Alike{}, err
	}
	f, _ := d.visibleTo(p, Filter{Scope: ScopeAll})
	f.Private = nil // what is private stands in no form of another ticket
	near, err := d.near(ctx, Query{Words: typed.Words, Filter: f, Typing: true}, now)
	if err != nil {
		return Alike{}, orUnavailable(err, "looking for tickets like a new one")
	}
	flood, err := d.floodNear(ctx, near, typed.Category, f, now)
	if err != nil {
		return Alike{}, orUnavailable(err, "looking for a flood")
	}
	return d.alikeOf(ctx, p, near, flood)
}

// near are summaries of the tickets that are the most alike.
func (d *Desk) near(ctx context.Context, q Query, now time.Time) ([]Summary, error) {
	if len(q.Words) == 0 {
		return nil, nil
	}
	matches, _, err := d.match(ctx, q)
	if err != nil || len(matches) == 0 {
		return nil, err
	}
	numbers := ranked(matches, now)
	return d.search.Summaries(ctx, numbers[:min(len(numbers), lookedAt)], q.Filter)
}

// floodNear returns the tickets of the last minutes that are one flood, in the order of opening:
// those that are alike, or else those of a category.
func (d *Desk) floodNear(ctx context.Context, near []Summary, category string, f Filter, now time.Time) ([]Summary, error) {
	fresh := slices.DeleteFunc(slices.Clone(near), func(s Summary) bool { return now.Sub(s.OpenedAt) > floodWithin })
	slices.SortFunc(fresh, func(a, b Summary) int { return a.OpenedAt.Compare(b.OpenedAt) })
	if len(fresh) >= floodTickets || category == "" {
		return largeEnough(fresh), nil
	}
	similar, err := d.floods.Similar(ctx, category, d.channels[category], ticket.Period{From: now.Add(-floodWithin), To: now})
	if err != nil || len(similar) < floodTickets {
		return nil, err
	}
	var numbers []ticket.Number
	for _, s := range similar[:min(len(similar), mostFlood)] {
		numbers = append(numbers, s.Number)
	}
	seen, err := d.search.Summaries(ctx, numbers, f)
	return largeEnough(seen), err
}

func largeEnough(flood []Summary) []Summary {
	if len(flood) < floodTickets {
		return nil
	}
	return flood
}

// alikeOf chooses what is shown. If anything was solved, at least one solution is among it.
func (d *Desk) alikeOf(ctx context.Context, p Person, near, flood []Summary) (Alike, error) {
	var open, solved []Summary
	for _, s := range near {
		switch {
		case s.Withheld:
		case !s.State.Ended():
			open = append(open, s)
		case s.State == ticket.StateResolved:
			solved = append(solved, s)
		}
	}
	open, solved = open[:min(len(open), mostSuggested+1)], solved[:min(len(solved), mostSolved)] // one may be the flood's
	first := slices.IndexFunc(flood, func(s Summary) bool { return !s.State.Ended() && !s.Withheld })
	known, err := d.alikeTickets(ctx, p, slices.Concat(open, solved, flood[max(first, 0):first+1]))
	if err != nil {
		return Alike{}, err
	}
	var a Alike
	room := mostSuggested
	if first >= 0 {
		if led, ok := known[flood[first].Number]; ok {
			led.People = max(led.People, askers(flood))
			a.Flood, room = &led, room-1
			delete(known, led.Number)
		}
	}
	a.Solved = those(solved, known, room)
	a.Open = those(open, known, room-min(len(a.Solved), 1))
	a.Solved = a.Solved[:min(len(a.Solved), room-len(a.Open))]
	return a, nil
}

// askers counts who asked for any of some tickets.
func askers(list []Summary) int {
	people := map[string]bool{}
	for _, s := range list {
		people[s.Requester] = true
	}
	return len(people)
}

// those are the first of some tickets that are known.
func those(list []Summary, known map[ticket.Number]AlikeTicket, most int) (all []AlikeTicket) {
	for _, s := range list {
		if t, ok := known[s.Number]; ok && len(all) < most {
			all = append(all, t)
		}
	}
	return all
}

// alikeTickets reads tickets. It leaves out those that have changed so that they are not to be
// shown, and solved ones that do not say how.
func (d *Desk) alikeTickets(ctx context.Context, p Person, list []Summary) (map[ticket.Number]AlikeTicket, error) {
	var numbers []ticket.Number
	for _, s := range list {
		numbers = append(numbers, s.Number)
	}
	records, err := d.recordsOf(ctx, []ShelfIndex{{Numbers: numbers}})
	if err != nil {
		return nil, err
	}
	known := map[ticket.Number]AlikeTicket{}
	for _, r := range records {
		t := r.Ticket
		if t.Private() || t.Withheld || !MayRead(p, t) || t.State.Ended() && !tellsSolution(p, t) {
			continue
		}
		a := AlikeTicket{
			Number: t.Number, Title: t.Title, Card: r.Card, People: 1 + t.Following(),
			Theirs: p.ID == t.Requester || t.FollowedBy(p.ID),
		}
		if t.State.Ended() {
			a.Solution = t.Resolution
		}
		known[t.Number] = a
	}
	return known, nil
}

// Avoided notes that a solved ticket solved what somebody was about to file, so that they did not.
// It says of nobody who that was. The same form counts once.
func (d *Desk) Avoided(ctx context.Context, reader string, n ticket.Number, form string, now time.Time) (Record, error) {
	r, err := d.Read(ctx, n, reader)
	if err != nil {
		return Record{}, err
	}
	return r, orUnavailable(d.search.Avoided(ctx, form, n, now), "noting a ticket that was not needed")
}
