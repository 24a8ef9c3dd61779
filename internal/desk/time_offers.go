package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/duty"
)

// metOffers is what one sweep knows of offers. It asks for all of it before it locks tickets.
type metOffers struct {
	asked map[string]int   // how often it has offered something, by person
	among map[string]among // by category
}

// among is whom tickets of a category can be offered to, or why that is not known.
type among struct {
	people []duty.Candidate
	err    error
}

// meetOffers looks up whom the tickets that are due can be offered to. Who is not found is left out.
func (d *Desk) meetOffers(ctx context.Context, due DueTickets, now time.Time) {
	for _, requester := range due.Requesters {
		if first := d.offers.Requesters[requester]; first != "" {
			_, _ = d.people.Person(ctx, first)
		}
	}
	for _, category := range due.Categories {
		of, known := d.offers.Categories[category]
		if !known {
			continue
		}
		all, err := d.askAmong(ctx, category, now)
		d.offers.met.among[category] = among{all, err}
		for _, person := range append([]duty.Candidate{{Person: of.Owner}}, all...) {
			if person.Person != "" {
				_, _ = d.people.Person(ctx, person.Person)
			}
		}
	}
}

// amongFor returns whom the tickets of a category can be offered to. A sweep asks nobody for it.
func (d *Desk) amongFor(ctx context.Context, category string, now time.Time) ([]duty.Candidate, error) {
	if d.offers.met == nil {
		return d.askAmong(ctx, category, now)
	}
	known, ok := d.offers.met.among[category]
	if !ok {
		return nil, errNotMet
	}
	return slices.Clone(known.people), known.err
}

// askAmong returns the people of a squad to whom the tickets of a category can be offered.
func (d *Desk) askAmong(ctx context.Context, category string, now time.Time) (all []duty.Candidate, err error) {
	of := d.offers.Categories[category]
	switch of.Assign {
	case AssignNobody:
		return nil, nil
	case AssignDuty:
		roster, err := d.Roster(ctx, now)
		if err != nil {
			return nil, err
		}
		squad, _ := roster.Of(category)
		var people []string
		if squad.Rota.At(now) == "" {
			people = append(people, of.Gardeners...)
		}
		for _, id := range append(people, squad.Rota.InTurn(now)...) {
			all = append(all, duty.Candidate{Person: id})
		}
		return all, nil
	default:
		members, err := d.offers.Members(ctx, of.Squad)
		if err != nil {
			return nil, unavailable(err)
		}
		all, err = d.shifts.Candidates(ctx, members)
		return all, orUnavailable(err, "looking for whom a ticket can be offered to")
	}
}

// inOrder lists to whom a ticket is to be offered: its standing owners first.
func (d *Desk) inOrder(ctx context.Context, r Record, now time.Time) (people []string, err error) {
	of := d.offers.Categories[r.Ticket.Category]
	for _, first := range []string{d.offers.Requesters[r.Ticket.Requester], of.Owner} {
		if first != "" {
			people = append(people, first)
		}
	}
	all, err := d.amongFor(ctx, r.Ticket.Category, now)
	if err != nil {
		return nil, err
	}
	return append(people, d.ordered(of.Assign, all, now)...), nil
}

// ordered orders the people of a squad. What was offered in this sweep is not stored yet.
func (d *Desk) ordered(by Assign, all []duty.Candidate, now time.Time) (people []string) {
	if by == AssignDuty {
		for _, c := range all {
			people = append(people, c.Person)
		}
		return people
	}
	for i, c := range all {
		if n := d.offers.before(c.Person); n > 0 {
			all[i].Open, all[i].Asked = c.Open+n, now.Add(time.Duration(n))
		}
	}
	if by == AssignLeastLoaded {
		return duty.LeastLoaded(all)
	}
	return duty.RoundRobin(all)
}

// before is how often something was offered to somebody in this sweep.
func (o Offers) before(person string) int {
	if o.met == nil {
		return 0
	}
	return o.met.asked[person]
}

// offerToNext offers the ticket to the first who was not asked yet, and reports whether there is one. While the
// desk is closed they hear of it when it opens.
func (d *Desk) offerToNext(ctx context.Context, c *Change) (bool, error) {
	at := c.After.postAt(Alert{Source: Offer}, c.Now)
	people, err := d.inOrder(ctx, c.After, at)
	if err != nil {
		return false, err
	}
	for _, id := range people {
		person, err := d.met(ctx, id)
		if err != nil || !canBeOffered(person, c.After) {
			continue // who cannot be looked up now is left out this time
		}
		if d.offers.met != nil {
			d.offers.met.asked[id]++
		}
		c.enqueueAlone(NoticeOffered, id, at, NoticeDetails{At: c.After.Offered.Since, By: c.After.offerEnds()})
		return true, nil
	}
	return false, nil
}
