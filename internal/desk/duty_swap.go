package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// Swap is the question to somebody whether they take a shift.
type Swap struct {
	Key   string `json:"key"` // of the form in which it was asked
	Squad string `json:"squad"`
	duty.Swap
	Morning  bool `json:"morning,omitempty"` // what is given has begun: the rest of a morning, after a bad night
	Answered bool `json:"-"`
}

// DutyState is what people have changed about who is on duty in a squad.
type DutyState struct {
	Overrides []Override // what has not ended, in the order in which it was made
	Rotas     []MadeRota // in the order in which they were made
	Swap      Swap       // the one that was asked for; zero if there is none
}

// Handover is what a handover of a squad is decided with.
type Handover struct {
	DutyState
	Last duty.Change // the last recorded one; zero if there is none
	Made RosterMark  // what a roster has to be made of to count
}

// RosterMark says what a roster is made of. The zero value is of nothing that could change.
type RosterMark struct {
	Calendars map[string]int64 // the versions of the calendars of other programs, by their keys
	Settings  string           // a hash of the rotas of the settings; empty for any
}

// DutyChange is what somebody changes about who is on duty. The zero value changes nothing.
type DutyChange struct {
	Made     []Override
	Ended    int64 // the id of an override that ends now, or at its beginning if that is later; 0 for none
	Rota     *MadeRota
	Asked    *Swap
	Answered string // the key of a swap; empty for none
	Notices  []Notice
}

// AskSwap asks somebody of a squad to take a shift, perhaps in exchange for one of theirs. The shifts
// have not begun. Again with the same key it does nothing.
func (d *Desk) AskSwap(ctx context.Context, s Swap, now time.Time) error {
	now = micros(now)
	if s.To == s.Gives.Person {
		return ticket.Errorf(ticket.Invalid, "That is your own shift. Choose somebody else.").At(FieldExchange)
	}
	if err := d.mayChangeDuty(ctx, s.Gives.Person, s.Squad); err != nil {
		return err
	}
	if err := d.mayBeOnDuty(ctx, s.To, s.Squad, FieldExchange); err != nil {
		return err
	}
	return d.changeDuty(ctx, s.Squad, s.Key, now, func(c dutyNow) (DutyChange, error) {
		if c.Swap.Key != "" {
			return DutyChange{}, nil
		}
		if err := possible(s, c.roster(c.DutyState), now); err != nil {
			return DutyChange{}, err
		}
		return DutyChange{Asked: &s, Notices: []Notice{dutyNotice(NoticeSwapAsked, s.To, now, NoticeDetails{Actor: s.Gives.Person, Swap: &s})}}, nil
	})
}

// AnswerSwap accepts or declines a swap. Only who was asked may, once, and before one of the shifts
// begins. Both have to have their shifts still. Who asked is told. It returns the swap.
func (d *Desk) AnswerSwap(ctx context.Context, key, by string, accept bool, now time.Time) (Swap, error) {
	now = micros(now)
	s, err := d.shifts.Swap(ctx, key)
	switch {
	case err != nil:
		return Swap{}, orUnavailable(err, "looking for a swap")
	case s.Key == "":
		return Swap{}, ticket.Errorf(ticket.Conflict, "That was asked too long ago.")
	case s.To != by:
		return Swap{}, ticket.Errorf(ticket.Forbidden, "{name} was asked, not you.").About(s.To)
	}
	kind := NoticeSwapDeclined
	var mayNot error
	if accept {
		kind, mayNot = NoticeSwapAccepted, d.maySwap(ctx, s)
	}
	err = d.changeDuty(ctx, s.Squad, key, now, func(state dutyNow) (DutyChange, error) {
		if state.Swap.Answered {
			return DutyChange{}, ticket.Errorf(ticket.Conflict, "You have answered this before.")
		}
		if mayNot != nil {
			return DutyChange{}, mayNot
		}
		c := DutyChange{Answered: key, Notices: []Notice{dutyNotice(kind, s.Gives.Person, now, NoticeDetails{Actor: by, Swap: &s})}}
		if !accept {
			return c, nil
		}
		for _, o := range s.Overrides() {
			o.From = later(o.From, now) // what has not begun begins later
			c.Made = append(c.Made, Override{Squad: s.Squad, Override: o, MadeBy: by})
		}
		return c, possible(s, state.roster(state.DutyState), now)
	})
	return s, err
}

// maySwap reports, as an error, if somebody who gets a shift by a swap is not in the squad.
func (d *Desk) maySwap(ctx context.Context, s Swap) error {
	for _, o := range s.Overrides() {
		if err := d.mayBeOnDuty(ctx, o.Person, s.Squad, FieldExchange); err != nil {
			return err
		}
	}
	return nil
}

// possible reports, as an error, if a swap is not possible, or not any more.
func possible(s Swap, roster duty.Roster, now time.Time) error {
	squad, ok := roster.Named(s.Squad)
	if !ok {
		return ticket.Errorf(ticket.Conflict, "%s has no rota any more.", s.Squad).At(FieldShift)
	}
	if s.Morning {
		return passable(s, squad.Rota, now)
	}
	if err := swappable(s.Gives, squad.Rota, now); err != nil {
		return err.At(FieldShift)
	}
	if s.Exchanges() {
		if err := swappable(s.Takes, squad.Rota, now); err != nil {
			return err.At(FieldExchange)
		}
	}
	return nil
}

// passable reports, as an error, if a morning cannot be passed on any more.
func passable(s Swap, rota duty.Rota, now time.Time) error {
	switch {
	case !now.Before(s.Gives.Until):
		return ticket.Errorf(ticket.Conflict, "That morning is over.")
	case rota.At(now) != s.Gives.Person:
		return ticket.Errorf(ticket.Conflict, "{name} is not on duty for %s any more.", s.Squad).About(s.Gives.Person)
	}
	return nil
}

func swappable(s duty.Shift, rota duty.Rota, now time.Time) *ticket.Error {
	switch {
	case !s.From.After(now):
		return ticket.Errorf(ticket.Conflict, "That shift has begun. Somebody can take over the rest of it.")
	case !rota.Has(s):
		return ticket.Errorf(ticket.Conflict, "{name} does not have that shift any more.").About(s.Person)
	}
	return nil
}

// ShiftsAhead are the shifts that can be swapped, of a squad: those of the next twelve weeks.
type ShiftsAhead struct {
	Squad  string
	Own    []duty.Shift
	Others []duty.Shift
	People []string // who can take a shift of the asker: all others who take turns in the rota
}

// mostAhead bounds the shifts that are looked at.
const mostAhead = 200

// ShiftsAhead returns what a person can swap in a squad of theirs.
func (d *Desk) ShiftsAhead(ctx context.Context, squad, person string, now time.Time) (ShiftsAhead, error) {
	if err := d.mayChangeDuty(ctx, person, squad); err != nil {
		return ShiftsAhead{}, err
	}
	roster, err := d.Roster(ctx, now)
	if err != nil {
		return ShiftsAhead{}, err
	}
	of, _ := roster.Named(squad)
	all := ShiftsAhead{Squad: squad}
	for _, s := range of.Rota.Ahead(now, now.Add(longestOverride), mostAhead) {
		if s.Person == person {
			all.Own = append(all.Own, s)
			continue
		}
		all.Others = append(all.Others, s)
		if !slices.Contains(all.People, s.Person) {
			all.People = append(all.People, s.Person)
		}
	}
	if len(all.Own) == 0 {
		return all, ticket.Errorf(ticket.Conflict, "You have no shift for %s in the next 12 weeks that has not begun.", squad)
	}
	return all, nil
}

// Strain returns what is hard on a person about a shift in a squad, if overrides of the squad are made
// besides.
func (d *Desk) Strain(ctx context.Context, squad string, s duty.Shift, with []duty.Override, now time.Time) (duty.Strain, error) {
	changed, err := d.changedDuty(ctx, now)
	if err != nil {
		return duty.Strain{}, err
	}
	for _, o := range with {
		changed.Overrides = append(changed.Overrides, Override{Squad: squad, Override: o})
	}
	return rosterWith(d.roster, changed, now, d.asking(ctx, leavers{})).Strain(squad, s), nil
}
