package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// A drill tries a squad's ladder: a P1 on which nothing is broken, and which says so. It calls the people
// of the ladder at once, also while the desk is open, and is over when one of them answers. No statistics
// count it but its own: how long it took until a person answered.

// Drill is a drill that began.
type Drill struct {
	Ticket     ticket.Number
	Squad      string
	BeganAt    time.Time
	AnsweredAt time.Time // zero if nobody has
	EndedAt    time.Time // zero if it goes on
}

// Drills is what is known of drills.
type Drills interface {
	// Drills returns the latest drills of squads, the newest first.
	Drills(ctx context.Context, squads []string, limit int) ([]Drill, error)
	// OpenDrills returns the drills that go on, the oldest first.
	OpenDrills(ctx context.Context) ([]Drill, error)
	// RealP1 returns a P1 of some categories that has not ended and is no drill; 0 if there is none.
	RealP1(ctx context.Context, categories []string) (ticket.Number, error)
	// AgreedToDrills returns who of some people has agreed to drills at night.
	AgreedToDrills(ctx context.Context, people []string) ([]string, error)
	// AgreeToDrills stores whether somebody agrees to drills at night.
	AgreeToDrills(ctx context.Context, person string, agrees bool, now time.Time) error
}

// drillText is what a drill says.
const drillText = "This is a drill: nothing is broken. Please answer as if it were real."

// StartDrill opens a drill for a squad. Who leads it may, and operators. At night it is possible only if everybody
// for whom it is night has agreed before; and not beside a P1 or another drill.
func (d *Desk) StartDrill(ctx context.Context, squad, by, key string, now time.Time) (Record, error) {
	now = micros(now)
	person, err := d.actor(ctx, by)
	if err != nil {
		return Record{}, err
	}
	if !person.Operator && !slices.Contains(person.Leads, squad) {
		return Record{}, ticket.Errorf(ticket.Forbidden, "Who leads %s, and operators, can start a drill.", squad)
	}
	i := slices.IndexFunc(d.squads[squad], func(c string) bool { return d.ladders[c].Last != "" && !d.isPrivate(c) })
	if i < 0 {
		return Record{}, ticket.Errorf(ticket.Conflict, "%s has no ladder that could be tried: the settings have none for a category of it that others can read.", squad)
	}
	category := d.squads[squad][i]
	if err := d.drillPossible(ctx, squad, category, by, now); err != nil {
		return Record{}, err
	}
	return d.Open(ctx, NewTicket{
		Content:   Content{Priority: ticket.P1, Title: "DRILL: is somebody there for " + squad + "?", Text: drillText, Category: category},
		Requester: by, Gesture: ticket.ByCommand, Drill: squad, Key: key, At: now, Now: now, Answered: true,
	})
}

// drillPossible reports, as an error, why no drill can begin now.
func (d *Desk) drillPossible(ctx context.Context, squad, category, by string, now time.Time) error {
	latest, err := d.drills.Drills(ctx, []string{squad}, 1)
	if err != nil {
		return orUnavailable(err, "looking for drills")
	}
	if len(latest) > 0 && latest[0].EndedAt.IsZero() {
		return ticket.Errorf(ticket.Conflict, "%s is a drill of %s that goes on.", latest[0].Ticket, squad)
	}
	real, err := d.drills.RealP1(ctx, d.squads[squad])
	switch {
	case err != nil:
		return orUnavailable(err, "looking for P1s")
	case real != 0:
		return ticket.Errorf(ticket.Conflict, "This is no time for a drill of %s.", squad) // the P1 may be private
	}
	var r Record
	r.Ticket.Category, r.Ticket.Requester = category, by
	people, err := d.climbers(ctx, r, now)
	if err != nil {
		return err
	}
	return d.agreed(ctx, people, now)
}

// agreed reports, as an error, whose night it is who has not agreed to drills at night.
func (d *Desk) agreed(ctx context.Context, people climbers, now time.Time) error {
	var asleep []string
	for _, id := range people.by {
		p, err := d.people.Person(ctx, id)
		if err != nil {
			return unavailable(err)
		}
		if d.night.At(now, p.Location()) && !slices.Contains(asleep, id) {
			asleep = append(asleep, id)
		}
	}
	agreed, err := d.drills.AgreedToDrills(ctx, asleep)
	if err != nil {
		return orUnavailable(err, "looking for who agreed to drills")
	}
	slices.Sort(asleep)
	for _, id := range asleep {
		if !slices.Contains(agreed, id) {
			return ticket.Errorf(ticket.Conflict, "It is night for {name}, who has not agreed to drills at night. They can, in the answer to the command drill.").About(id)
		}
	}
	return nil
}

// endsDrill returns the end of a drill that an answer makes.
func endsDrill(t ticket.Ticket, added []ticket.Entry) []ticket.Entry {
	if t.Drill == "" || t.State.Ended() {
		return nil
	}
	for _, e := range added {
		if answersFor(e) {
			return []ticket.Entry{{
				Kind: ticket.Closed, Gesture: ticket.ByClock, HappenedAt: e.HappenedAt.Add(time.Microsecond), RecordedAt: e.RecordedAt,
				Details: ticket.Details{CloseReason: ticket.NotAnIssue},
			}}
		}
	}
	return nil
}

// Answered is when a person first answered for the ticket; zero if nobody has.
func (r Record) Answered() time.Time {
	i := slices.IndexFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Void == "" && (answersFor(e) || e.Kind == ticket.Resolved && e.Actor != r.Ticket.Requester)
	})
	if i < 0 {
		return time.Time{}
	}
	return r.Timeline[i].HappenedAt
}

// endDrills ends the drills of squads that have a real P1. Nothing says that one came, because not everybody
// may read it.
func (d *Desk) endDrills(ctx context.Context, now time.Time) error {
	if len(d.ladders) == 0 {
		return nil
	}
	open, err := d.drills.OpenDrills(ctx)
	if err != nil {
		return orUnavailable(err, "looking for drills")
	}
	var failed []error
	for _, drill := range open {
		if err := d.endBesideP1(ctx, drill, now); err != nil {
			failed = append(failed, fmt.Errorf("ending the drill %s: %w", drill.Ticket, err))
		}
	}
	return errors.Join(failed...)
}

func (d *Desk) endBesideP1(ctx context.Context, drill Drill, now time.Time) error {
	real, err := d.drills.RealP1(ctx, d.squads[drill.Squad])
	if err != nil || real == 0 {
		return orUnavailable(err, "looking for P1s")
	}
	r, err := d.Find(ctx, drill.Ticket)
	if err != nil {
		return err
	}
	t := r.Ticket
	g := Gesture{Ticket: t.Number, Actor: t.Requester, By: ticket.ByClock, Key: fmt.Sprintf("real:%d:%d:%d", t.Number, t.Cycle, real), Now: now}
	if _, err = d.do(ctx, g, ticket.Closed, ticket.Details{CloseReason: ticket.NotAnIssue}); ticket.CodeOf(err) == ticket.Conflict {
		return nil // somebody has just ended it
	}
	return err
}

// endDrillsFor ends what drill goes on where a ticket has just become a P1. If that fails, the next sweep does it.
func (d *Desk) endDrillsFor(ctx context.Context, t ticket.Ticket, now time.Time) {
	if t.Priority == ticket.P1 && t.Drill == "" {
		_ = d.endDrills(ctx, now)
	}
}

// shownDrills is how many drills are listed.
const shownDrills = 10

// DrillsFor returns the latest drills of the squads that somebody is in, of all for operators, and whether
// they have agreed to drills at night.
func (d *Desk) DrillsFor(ctx context.Context, person string) (drills []Drill, agreed bool, err error) {
	p, err := d.actor(ctx, person)
	if err != nil {
		return nil, false, err
	}
	squads := p.Squads
	if p.Operator {
		squads = nil
		for name := range d.squads {
			squads = append(squads, name)
		}
	}
	drills, failed := d.drills.Drills(ctx, squads, shownDrills)
	who, err := d.drills.AgreedToDrills(ctx, []string{person})
	return drills, len(who) > 0, orUnavailable(errors.Join(failed, err), "looking for drills")
}

// AgreeToDrills has somebody agree to drills at night, or take that back.
func (d *Desk) AgreeToDrills(ctx context.Context, person string, agrees bool, now time.Time) error {
	return orUnavailable(d.drills.AgreeToDrills(ctx, person, agrees, micros(now)), "agreeing to drills")
}
