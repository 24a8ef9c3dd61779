package desk

import (
	"context"
	"fmt"
	"time"

	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// Who was called at night can pass the morning on: who is next is asked, and is on duty until noon once
// they have said yes. They also find there the tickets of who slept badly, to take what cannot wait.

// Mornings are the squads for which somebody is on duty at a moment in the morning, with what would be
// passed on: until noon where they are, or until their shift ends.
func (d *Desk) Mornings(ctx context.Context, person string, now time.Time) ([]Swap, error) {
	now = micros(now)
	p, err := d.actor(ctx, person)
	if err != nil {
		return nil, err
	}
	roster, err := d.Roster(ctx, now)
	if err != nil {
		return nil, err
	}
	y, m, day := now.In(p.Location()).Date()
	noon := time.Date(y, m, day, 12, 0, 0, 0, p.Location()).UTC()
	var all []Swap
	for _, s := range roster {
		shift, _ := s.Rota.Now(now)
		if shift.Person != person || !now.Before(noon) {
			continue
		}
		gives := duty.Shift{Person: person, From: now, Until: noon}
		if !shift.Until.IsZero() && shift.Until.Before(noon) {
			gives.Until = shift.Until
		}
		all = append(all, Swap{Squad: s.Name, Morning: true, Swap: duty.Swap{Gives: gives}})
	}
	return all, nil
}

// PassMorning asks who is next in the rota of a squad whether they are on duty for the rest of the
// morning: of those who are there, the first who was not asked yet. It returns what is asked.
func (d *Desk) PassMorning(ctx context.Context, squad, by string, now time.Time) (Swap, error) {
	now = micros(now)
	s, err := d.morningOf(ctx, squad, by, now)
	if err != nil {
		return s, err
	}
	err = d.changeDuty(ctx, squad, s.Key, now, func(c dutyNow) (DutyChange, error) {
		if c.Swap.Key != "" {
			return DutyChange{}, nil
		}
		if err := possible(s, c.roster(c.DutyState), now); err != nil {
			return DutyChange{}, err
		}
		return DutyChange{Asked: &s, Notices: []Notice{dutyNotice(NoticeSwapAsked, s.To, now, NoticeDetails{Actor: by, Swap: &s})}}, nil
	})
	return s, err
}

// morningOf is the question of a morning to the first who was not asked yet.
func (d *Desk) morningOf(ctx context.Context, squad, by string, now time.Time) (Swap, error) {
	mornings, err := d.Mornings(ctx, by, now)
	if err != nil {
		return Swap{}, err
	}
	roster, err := d.Roster(ctx, now)
	if err != nil {
		return Swap{}, err
	}
	of, _ := roster.Named(squad)
	for _, s := range mornings {
		if s.Squad != squad {
			continue
		}
		for _, person := range of.Rota.InTurn(now) {
			s.To, s.Key = person, fmt.Sprintf("morning:%s:%s:%s:%s", squad, by, s.Gives.Until.Format(time.DateOnly), person)
			asked, err := d.shifts.Swap(ctx, s.Key)
			if err != nil {
				return Swap{}, orUnavailable(err, "looking for who was asked")
			}
			p, err := d.people.Person(ctx, person)
			if there := err == nil && !p.Away && !p.Deactivated; there && person != by && (asked.Key == "" || !asked.Answered) {
				return s, nil
			}
		}
		return Swap{}, ticket.Errorf(ticket.Conflict, "There is nobody else of %s who could be asked.", squad)
	}
	return Swap{}, ticket.Errorf(ticket.Conflict, "You are not on duty for %s this morning.", squad)
}

// mostOffered is how many tickets of somebody are shown to who takes over their morning.
const mostOffered = 10

// OpenTicketsOf are the open tickets of somebody, as far as another person may read them, of a squad.
func (d *Desk) OpenTicketsOf(ctx context.Context, owner, reader, squad string, now time.Time) (Shelf, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Shelf{}, err
	}
	query := ShelfQuery{Name: ShelfOwned, Reader: owner, Now: now, HomeFilter: d.ofSquads(p, []string{squad}), Limit: mostOffered}
	shelves, err := d.readShelves(ctx, p, []ShelfQuery{query})
	if err != nil {
		return Shelf{}, err
	}
	return shelves[0], nil
}
