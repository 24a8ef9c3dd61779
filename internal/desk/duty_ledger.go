package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// DutyPage is the fact that the ladder called somebody. Of the ticket it has the number and the
// priority alone: the ticket may be private.
type DutyPage struct {
	ID       int64 // 0 until it is stored
	Squad    string
	Person   string
	At       time.Time
	Ticket   ticket.Number
	Priority ticket.Priority
	Step     string // of the ladder, such as "1.2": the second of the first time; or "escalation"; of a drill "drill 1.2"
	Night    bool   // it was night where the person is
	Woke     bool   // it woke them: presumed, unless they have said so
	Said     bool   // the person has said so
}

// DutyPages selects the facts of a period.
type DutyPages struct {
	Person      string // empty for everybody
	From, Until time.Time
}

// Sleeping returns the desk, for which this is the night.
func (d *Desk) Sleeping(night duty.Night) *Desk {
	own := *d
	own.night = night
	return &own
}

// note adds to the ledger that somebody is called. A page that reaches them at night presumably wakes
// them; a message does not.
func (d *Desk) note(c *Change, squad string, person Person, step string, paged bool) {
	if c.After.Ticket.Drill != "" {
		step = "drill " + step
	}
	night := d.night.At(c.Now, person.Location())
	c.Paged = append(c.Paged, DutyPage{
		Squad: squad, Person: person.ID, At: c.Now, Ticket: c.After.Ticket.Number, Priority: c.After.Ticket.Priority,
		Step: step, Night: night, Woke: night && paged,
	})
}

// escalated is the step of a page that an escalation, or a person, has called.
const escalated = "escalation"

// notePaged adds to the ledger those whom a page reaches that was called outside of the ladder.
func (d *Desk) notePaged(ctx context.Context, c *Change, page string) {
	squad, _ := d.roster.Of(c.After.Ticket.Category)
	for _, id := range slices.Sorted(maps.Keys(d.pages)) {
		if person, err := d.people.Person(ctx, id); err == nil && slices.Contains(d.pages[id], page) {
			d.note(c, squad.Name, person, escalated, true)
		}
	}
}

// PagesOf returns the facts of a period, in order, with what people said of them.
func (d *Desk) PagesOf(ctx context.Context, f DutyPages) ([]DutyPage, error) {
	pages, err := d.shifts.DutyPages(ctx, f)
	return pages, orUnavailable(err, "reading who was called")
}

// SayWoken has somebody say whether a call woke them. Only they can, and again at any time: what they
// said last counts. It returns the fact.
func (d *Desk) SayWoken(ctx context.Context, id int64, by string, woke bool, now time.Time) (DutyPage, error) {
	p, err := d.shifts.SayWoken(ctx, id, by, woke, micros(now))
	switch {
	case err != nil:
		return DutyPage{}, orUnavailable(err, "saying whether a call woke somebody")
	case p.ID == 0:
		return DutyPage{}, ticket.Errorf(ticket.Forbidden, "Only who was called can say whether it woke them.")
	}
	return p, nil
}

// askedAfter is how long after a night its people are asked, if the bot was away.
const askedAfter = 48 * time.Hour

// AskWoken asks each person who was called at night, once in the morning after, whether it woke them.
func (d *Desk) AskWoken(ctx context.Context, now time.Time) error {
	now = micros(now)
	if len(d.ladders)+len(d.pages) == 0 {
		return nil
	}
	pages, err := d.PagesOf(ctx, DutyPages{From: now.Add(-askedAfter), Until: now})
	if err != nil {
		return err
	}
	last := map[string]time.Time{}
	for _, p := range pages {
		person, err := d.people.Person(ctx, p.Person)
		if p.Night && err == nil && !person.Deactivated && !d.night.End(p.At, person.Location()).After(now) {
			last[p.Person] = p.At
		}
	}
	var failed []error
	for person, at := range last {
		failed = append(failed, d.askWoken(ctx, person, at, now))
	}
	return errors.Join(failed...)
}

func (d *Desk) askWoken(ctx context.Context, person string, at, now time.Time) error {
	err := d.schedules.Schedule(ctx, "woken:"+person, func(known Schedule) (Schedule, []Notice) {
		if !known.LastAt.Before(at) {
			return known, nil
		}
		from := at.Add(-longestNight)
		if from.Before(known.LastAt) {
			from = known.LastAt.Add(time.Microsecond)
		}
		known.LastAt = at
		return known, []Notice{dutyNotice(NoticeWoken, person, now, NoticeDetails{At: from, By: at.Add(time.Microsecond)})}
	})
	if err != nil {
		return fmt.Errorf("asking who was called at night: %w", err)
	}
	return nil
}

// longestNight is what one question is about.
const longestNight = 16 * time.Hour

// Carried is what people have carried, for who may know: their own, and that of the squads that they
// lead or are in.
type Carried struct {
	Own   []duty.Load // of the reader, by squad
	Led   []duty.Load // of the others in squads that the reader leads
	Pages []DutyPage  // of the reader
}

// Carried returns what somebody may know of what was carried in a period.
func (d *Desk) Carried(ctx context.Context, reader string, from, until time.Time, days duty.Days) (c Carried, err error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return c, err
	}
	loads, pages, err := d.loads(ctx, from, until, days)
	for _, l := range loads {
		switch {
		case l.Person == reader:
			c.Own = append(c.Own, l)
		case slices.Contains(p.Leads, l.Squad):
			c.Led = append(c.Led, l)
		}
	}
	c.Pages = slices.DeleteFunc(pages, func(p DutyPage) bool { return p.Person != reader })
	return c, err
}

func (d *Desk) loads(ctx context.Context, from, until time.Time, days duty.Days) ([]duty.Load, []DutyPage, error) {
	records, called, pages, err := d.ledger(ctx, from, until)
	return duty.Loads(records, called, from, until, days, d.night), pages, err
}

// ledger reads who was on duty and who was called in a period.
func (d *Desk) ledger(ctx context.Context, from, until time.Time) (records []duty.Record, called []duty.Called, pages []DutyPage, err error) {
	if records, err = d.shifts.Served(ctx, from, until); err != nil {
		return nil, nil, nil, orUnavailable(err, "reading who was on duty")
	}
	pages, err = d.PagesOf(ctx, DutyPages{From: from, Until: until})
	for _, p := range pages {
		called = append(called, duty.Called{Squad: p.Squad, Person: p.Person, At: p.At, Woke: p.Woke})
	}
	return records, called, pages, err
}

// Share is what the people of a rota have carried.
type Share struct {
	Squad string
	Loads []duty.Load // also of those who have carried nothing; who has carried most comes first
}

// Shares returns how a period was shared in the rotas that somebody is in, or whose squad they lead.
func (d *Desk) Shares(ctx context.Context, reader string, from, until time.Time, days duty.Days) (shares []Share, err error) {
	loads, _, err := d.loads(ctx, from, until, days)
	if err != nil {
		return nil, err
	}
	roster, err := d.Roster(ctx, until)
	if err != nil {
		return nil, err
	}
	for _, s := range roster {
		people := s.Rota.People()
		if s.Lead != reader && !slices.Contains(people, reader) {
			continue
		}
		share := Share{Squad: s.Name}
		for _, l := range loads {
			if l.Squad == s.Name {
				share.Loads = append(share.Loads, l)
			}
		}
		for _, person := range people {
			carried := func(l duty.Load) bool { return l.Person == person }
			if !slices.ContainsFunc(share.Loads, carried) && !d.hasLeft(ctx, person) {
				share.Loads = append(share.Loads, duty.Load{Squad: s.Name, Person: person})
			}
		}
		shares = append(shares, share)
	}
	return shares, nil
}
