package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/duty"
	"supporty/internal/ticket"
)

const (
	fairDays  = 90 * 24 * time.Hour // of which a rota is judged
	unfairFor = 30 * 24 * time.Hour // how long nobody hears of it again
)

// WatchFairness tells the people of a rota and who leads the squad, once a month at most, if one of them
// has carried more than some times the average in 90 days, with the swap that would mend it. It looks
// once each morning. A rota of which fewer days are recorded is not judged, nor one that what comes
// evens out.
func (d *Desk) WatchFairness(ctx context.Context, times float64, now time.Time) error {
	now = micros(now)
	if times == 0 || len(d.roster) == 0 {
		return nil
	}
	hours, err := d.currentHours(ctx)
	if err != nil {
		return err
	}
	next := morning(hours, now)
	due, err := d.fairnessDue(ctx, next, now)
	if err != nil || !due {
		return err
	}
	unfair, err := d.unfair(ctx, times, now)
	if err != nil {
		return err
	}
	var failed []error
	for _, u := range unfair {
		failed = append(failed, d.tellUnfair(ctx, u.squad, u.notice, now))
	}
	return errors.Join(failed...)
}

// fairnessDue reports whether a morning has come. Each comes once, whatever the number of copies.
func (d *Desk) fairnessDue(ctx context.Context, next, now time.Time) (due bool, err error) {
	err = d.schedules.Schedule(ctx, "fairness", func(s Schedule) (Schedule, []Notice) {
		if due = !s.NextAt.IsZero() && !now.Before(s.NextAt); due || s.NextAt.IsZero() {
			s.NextAt = next
		}
		return s, nil
	})
	return due, orUnavailable(err, "looking whether rotas are to be judged")
}

// unfairRota is a rota that is unfair, and the notice about it: without a reader.
type unfairRota struct {
	squad  duty.Squad
	notice Notice
}

func (d *Desk) unfair(ctx context.Context, times float64, now time.Time) (all []unfairRota, err error) {
	from := now.Add(-fairDays)
	records, called, _, err := d.ledger(ctx, from, now)
	if err != nil {
		return nil, err
	}
	roster, err := d.Roster(ctx, now)
	if err != nil {
		return nil, err
	}
	scale := duty.Scale{Days: d.days, Night: d.night}
	loads := duty.Loads(records, called, from, now, d.days, d.night)
	for _, s := range roster {
		covered := slices.ContainsFunc(records, func(r duty.Record) bool { return r.Squad == s.Name && r.Covered(from) })
		people := d.loadsOf(ctx, s, loads)
		unfair, found := duty.Unfairness(people, times)
		if !covered || !found {
			continue
		}
		swaps := unfair.Mend(s.Rota.Ahead(now, now.Add(longestOverride), mostAhead), people, scale)
		swap, mends := roster.Easiest(s.Name, swaps)
		if !mends {
			continue
		}
		asked := Swap{Key: fmt.Sprintf("unfair:%s:%d", s.Name, now.Unix()), Squad: s.Name, Swap: swap}
		all = append(all, unfairRota{s, dutyNotice(NoticeUnfair, "", now, NoticeDetails{At: now, Squad: s.Name, Unfair: &unfair, Swap: &asked})})
	}
	return all, nil
}

// loadsOf are the loads of those who take turns in a rota, also of who has carried nothing.
func (d *Desk) loadsOf(ctx context.Context, s duty.Squad, loads []duty.Load) (all []duty.Load) {
	for _, person := range s.Rota.People() {
		if d.hasLeft(ctx, person) {
			continue
		}
		i := slices.IndexFunc(loads, func(l duty.Load) bool { return l.Squad == s.Name && l.Person == person })
		if i < 0 {
			all = append(all, duty.Load{Squad: s.Name, Person: person})
			continue
		}
		all = append(all, loads[i])
	}
	return all
}

func (d *Desk) tellUnfair(ctx context.Context, squad duty.Squad, n Notice, now time.Time) error {
	var told []Notice
	readers := append(squad.Rota.People(), squad.Lead)
	slices.Sort(readers)
	for _, person := range slices.Compact(readers) {
		if person != "" && !d.hasLeft(ctx, person) {
			told = append(told, dutyNotice(n.Kind, person, now, n.NoticeDetails))
		}
	}
	err := d.schedules.Schedule(ctx, "unfair:"+n.Squad, func(s Schedule) (Schedule, []Notice) {
		if now.Sub(s.LastAt) < unfairFor {
			return s, nil
		}
		s.LastAt = now
		return s, told
	})
	return orUnavailable(err, "telling of an unfair rota")
}

// AskProposed asks for a swap that was proposed to mend a rota.
func (d *Desk) AskProposed(ctx context.Context, s Swap, by string, now time.Time) error {
	if s.Gives.Person != by {
		return ticket.Errorf(ticket.Forbidden, "That is {name}'s shift to give.").About(s.Gives.Person)
	}
	return d.AskSwap(ctx, s, now)
}
