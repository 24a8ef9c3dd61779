package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// A new ticket is offered to one person after the other, by direct message: they take it or pass it on. The
// offer ends when somebody has it, when all have passed, and some open time after its beginning. Then the
// ticket has no owner, as any other. Who passes is neither counted nor shown: only the messages
// know of it.

// Assign is how a squad's tickets are offered.
type Assign string

// The ways to offer tickets.
const (
	AssignNobody      Assign = ""             // only to a standing owner
	AssignDuty        Assign = "duty"         // to who is on duty first, then to who is next
	AssignLeastLoaded Assign = "least-loaded" // to who has fewest open tickets first
	AssignRoundRobin  Assign = "round-robin"  // to who was asked longest ago first
)

// Offers are the settings of offers, and of those who look after squads.
type Offers struct {
	Categories map[string]Offering // by the names of categories
	Requesters map[string]string   // standing owners of people, by their ids
	// Members lists who is in a squad.
	Members func(ctx context.Context, squad string) ([]string, error)

	met *metOffers // nil outside of a sweep
}

// Offering is how the tickets of a category are offered.
type Offering struct {
	Squad     string // which owns the category; empty for none
	Assign    Assign
	For       time.Duration // of open time
	Owner     string        // who knows it best; empty for nobody
	Gardeners []string      // of its squad: who looks after what nobody is on duty for, and who stands in
}

// Offering returns the desk, which offers new tickets.
func (d *Desk) Offering(offers Offers) *Desk {
	own := *d
	own.offers = offers
	return &own
}

// OfferTime is when a ticket is offered. The zero value is never.
type OfferTime struct {
	Squads int       // how many squads had the ticket before
	Since  time.Time // when it was opened, reopened, or got to its squad
	For    time.Duration
}

// offerTime returns since when a ticket is one for its squad.
func (d *Desk) offerTime(r Record) (o OfferTime) {
	of, known := d.offers.Categories[r.Ticket.Category]
	first := d.offers.Requesters[r.Ticket.Requester]
	if r.Ticket.Drill != "" || !known || of.Assign == AssignNobody && of.Owner == "" && first == "" {
		return OfferTime{}
	}
	squad, o := "", OfferTime{For: of.For}
	for i, e := range r.Timeline {
		if e.Void != "" || e.Category == "" {
			continue
		}
		now := d.offers.Categories[e.Category].Squad
		if i > 0 && now != squad {
			o.Squads, o.Since = o.Squads+1, e.HappenedAt
		}
		squad = now
	}
	o.Since = later(o.Since, r.Ticket.StartedAt)
	return o
}

// Steps of an offer.
const (
	stepOffer     sla.StepName = "offer"
	stepUnclaimed sla.StepName = "unclaimed"
)

// offers are the steps of the offer, told or not, while nobody has the ticket.
func (r Record) offers() []Alert {
	t := r.Ticket
	if r.Offered.For == 0 || t.State.Ended() || t.Paused() || r.hadOwnerSince(r.Offered.Since) {
		return nil
	}
	step := func(name sla.StepName, at time.Time) Alert {
		return Alert{Cycle: r.Cycle().Number, Source: Offer, Promise: r.Offered.Squads, Step: name, At: at}
	}
	begin := step(stepOffer, r.Offered.Since)
	if !slices.ContainsFunc(r.Alerts, func(a Alert) bool { return a.Notified && a.Key() == begin.Key() }) {
		return []Alert{begin}
	}
	return []Alert{begin, step(stepUnclaimed, r.offerEnds())}
}

// offerEnds is when the offer ends although nobody has answered.
func (r Record) offerEnds() time.Time { return r.Hours.Add(r.Offered.Since, r.Offered.For) }

// hadOwnerSince reports whether somebody has the ticket, or had it at a time or later.
func (r Record) hadOwnerSince(then time.Time) bool {
	return r.Ticket.Owned() || slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Void == "" && (e.Kind == ticket.Claimed || e.Kind == ticket.HandedOver) && !e.HappenedAt.Before(then)
	})
}

// isOffered reports whether a notice offers the ticket still.
func (r Record) isOffered(n Notice) bool {
	t := r.Ticket
	return n.Kind == NoticeOffered && !n.Over && n.At.Equal(r.Offered.Since) && n.Cycle == t.Cycle && !t.State.Ended() && !r.hadOwnerSince(n.At)
}

// ofOffers are the steps of offers among those that are due.
func ofOffers(due []Alert) []Alert {
	return slices.DeleteFunc(slices.Clone(due), func(a Alert) bool { return a.Source != Offer })
}

// offer takes the steps of an offer that are due. If the bot was away for as long as an offer
// takes, nobody is asked.
func (d *Desk) offer(ctx context.Context, c *Change, due []Alert) error {
	for _, step := range due {
		step.DecidedAt = c.Now
		switch {
		case step.Step == stepUnclaimed:
			step.Notified = true
			c.endOffers()
		case c.Now.Before(c.After.offerEnds()):
			offered, err := d.offerToNext(ctx, c)
			if err != nil {
				return err
			}
			step.Notified = offered
		}
		c.Alerts = append(c.Alerts, step)
	}
	return nil
}

// endOffers ends what is still offered.
func (c *Change) endOffers() {
	r := c.After
	c.reword(func(p *Posted) bool {
		p.Over = p.Over || r.isOffered(p.notice())
		return p.Kind == NoticeOffered && p.Over
	})
}

// canBeOffered reports whether a person is there, may take the ticket, has not asked for it, and was
// not asked yet.
func canBeOffered(p Person, r Record) bool {
	asked := func(n Posted) bool {
		return n.Kind == NoticeOffered && n.To == p.ID && n.Cycle == r.Ticket.Cycle && n.NoticeDetails.At.Equal(r.Offered.Since)
	}
	there := !p.Deactivated && !p.Bot && !p.Away
	return there && p.ID != r.Ticket.Requester && responds(p, r.Ticket) && MayRead(p, r.Ticket) && !slices.ContainsFunc(r.Posted, asked)
}

// PassOn passes a ticket that is offered to somebody on to the next who was not asked yet.
func (d *Desk) PassOn(ctx context.Context, g Gesture) (Record, error) {
	r, _, err := d.change(ctx, g.Ticket, "passing on", func(before Record) (Change, error) {
		theirs := func(p Posted) bool { return p.To == g.Actor && before.isOffered(p.notice()) }
		i := slices.IndexFunc(before.Posted, theirs)
		if i < 0 {
			return Change{}, ticket.Errorf(ticket.Conflict, "%s is not offered to you any more.", g.Ticket)
		}
		c := Change{Key: g.Key, Now: micros(g.Now), After: before}
		c.rewordOne(before.Posted[i].ID, func(p *Posted) { p.Over, p.Passed = true, true })
		if c.Now.Before(before.offerEnds()) {
			if _, err := d.offerToNext(ctx, &c); err != nil {
				return Change{}, err
			}
		}
		c.NextAt = nextAt(c.After, c.Now)
		return c, nil
	})
	return r, err
}

// enqueueRefiled tells the channel of another squad that a ticket is theirs now. It stays where it lives.
func (d *Desk) enqueueRefiled(c *Change, before Record, e ticket.Entry) {
	t := c.After.Ticket
	home := d.channels[t.Category]
	if home == "" || home == t.Channel || home == d.channels[before.Ticket.Category] || t.Private() || t.State.Ended() {
		return
	}
	c.enqueueAlone(NoticeRefiled, home, e.RecordedAt, NoticeDetails{Actor: e.Actor, At: e.HappenedAt})
}

// OnDutyFor returns who is on duty for a category at a moment: by the rota of its squad or, while its
// desk is open and nobody of the rota is, who looks after the squad. It is empty for nobody.
func (d *Desk) OnDutyFor(ctx context.Context, category string, now time.Time) (string, error) {
	roster, err := d.Roster(ctx, now)
	if err != nil {
		return "", err
	}
	squad, _ := roster.Of(category)
	if person := squad.Rota.At(now); person != "" {
		return person, nil
	}
	return d.gardener(ctx, category, now)
}

// Gardeners are those who look after squads, and who stands in for them, by the names of the squads.
func (d *Desk) Gardeners() map[string][]string {
	all := map[string][]string{}
	for _, of := range d.offers.Categories {
		if len(of.Gardeners) > 0 {
			all[of.Squad] = of.Gardeners
		}
	}
	return all
}

// gardener is who of those who look after a squad is there, while its desk is open.
func (d *Desk) gardener(ctx context.Context, category string, now time.Time) (string, error) {
	gardeners := d.offers.Categories[category].Gardeners
	if len(gardeners) == 0 {
		return "", nil
	}
	policy, err := d.policies.Policy(ctx, d.policies.Current())
	if err != nil {
		return "", orUnavailable(err, "reading the current policy")
	}
	if open, _ := policy.Hours(category).State(now); !open {
		return "", nil
	}
	for _, id := range gardeners {
		if p, err := d.people.Person(ctx, id); err == nil && !p.Away && !p.Deactivated {
			return id, nil
		}
	}
	return "", nil
}
