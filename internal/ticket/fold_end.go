package ticket

import (
	"cmp"
	"slices"
	"time"
)

var zeroTime time.Time

func (t Ticket) replied(e Entry) Ticket {
	if e.Role == RoleOwner || e.Role == RoleResponder {
		t = t.answered(e.HappenedAt)
	}
	if e.Actor == t.Assignee {
		t.WroteAt = e.HappenedAt
	}
	if e.Actor == t.Requester && t.Pause.State == StateWaiting {
		t = t.unpause()
	}
	return t
}

func (t Ticket) answered(at time.Time) Ticket {
	switch {
	case !t.RespondedAt.IsZero():
	case !t.State.Ended():
		t.RespondedAt = at
	case t.AnsweredAt.IsZero():
		t.AnsweredAt = at
	}
	return t
}

func (t Ticket) resolved(e Entry) (Ticket, error) {
	switch t.State {
	case StateResolved:
		return t, errSame
	case StateClosed:
		return t, t.ended()
	case StateOpen, StateClaimed, StateWaiting, StateOnHold:
	}
	t = t.end(StateResolved, e)
	if t.FirstSolved.IsZero() {
		t.FirstSolved = e.HappenedAt
	}
	t.Solution, t.Resolution = e.Solution, e.Note
	if t.Solution == "" && t.changesCode() {
		t.Solution, t.Presumed = SolvedByCode, true
	}
	return t, nil
}

func (t Ticket) closed(e Entry) (Ticket, error) {
	switch t.State {
	case StateClosed:
		return t, errSame
	case StateResolved:
		return t, t.ended()
	case StateOpen, StateClaimed, StateWaiting, StateOnHold:
	}
	if e.CloseReason == NoAnswer && t.State != StateWaiting {
		return t, Errorf(Conflict, "%s does not wait for an answer.", t.Number)
	}
	t = t.end(StateClosed, e)
	t.CloseReason, t.DuplicateOf, t.Resolution = e.CloseReason, e.DuplicateOf, e.Note
	return t, nil
}

func (t Ticket) end(s State, e Entry) Ticket {
	t.State, t.EndedAt, t.EndedBy, t.EndGesture = s, e.HappenedAt, e.Actor, e.Gesture
	t.EndInexact = e.Inexact
	return t
}

// undone takes back a resolution by emoji, as if it had never happened. If another person's
// emoji for it stands, the ticket stays resolved, and counts as resolved by that person from
// the beginning.
func (t Ticket) undone(e Entry) (Ticket, error) {
	other, stands := t.standIn(e)
	late := e.HappenedAt.Sub(t.EndedAt) > UndoWindow
	switch {
	case t.State != StateResolved:
		return t, errSame
	case t.EndGesture != ByEmoji || t.EndedBy != e.Actor || stands && (late || other.Person == e.Actor):
		return t, errSame // the removed tick had no effect, or the ticket stays resolved without it
	case stands:
		t.EndedBy = other.Person
		return t, nil
	case late:
		return t, Errorf(Conflict, "%s stays resolved: it was more than 10 minutes ago. Use Reopen if it is not fixed.", t.Number)
	}
	if t.RespondedAt.IsZero() {
		t.RespondedAt = t.AnsweredAt
	}
	if t.FirstSolved.Equal(t.EndedAt) {
		t.FirstSolved = zeroTime
	}
	return t.resume(), nil
}

// resume gives an ended ticket its state before the end. The cycle does not change.
func (t Ticket) resume() Ticket {
	switch {
	case t.Pause.State != "":
		t.State = t.Pause.State
	case t.Owned():
		t.State = StateClaimed
	default:
		t.State = StateOpen
	}
	t.EndedAt, t.AnsweredAt, t.EndedBy, t.EndGesture = zeroTime, zeroTime, "", ""
	t.EndInexact, t.Presumed = false, false
	t.Solution, t.Resolution, t.Remarks, t.CloseReason, t.DuplicateOf = "", "", nil, "", 0
	return t
}

// explained notes how the ticket was solved. The resolver sets or changes the solution;
// remarks of others are added.
func (t Ticket) explained(e Entry) (Ticket, error) {
	if t.State != StateResolved {
		return t, Errorf(Conflict, "%s is not resolved.", t.Number)
	}
	if e.Actor != t.EndedBy {
		return t.remarked(e)
	}
	if t.Solution == e.Solution && !t.Presumed && e.Note == "" {
		return t, errSame
	}
	t.Solution, t.Presumed = cmp.Or(e.Solution, t.Solution), t.Presumed && e.Solution == ""
	if e.Note != "" && t.Resolution != "" {
		e.Note = t.Resolution + "; " + e.Note
	}
	t.Resolution = cmp.Or(e.Note, t.Resolution)
	return t, nil
}

// remarked adds the remark of another person. Its solution counts if the resolver has named
// none, and before one that is presumed.
func (t Ticket) remarked(e Entry) (Ticket, error) {
	r := Remark{Person: e.Actor, Solution: e.Solution, Note: e.Note}
	if t.Solution == "" || t.Presumed && r.Solution != "" {
		t.Solution, r.Solution, t.Presumed = r.Solution, "", false
	}
	if e.Solution == "" && e.Note == "" || slices.Contains(t.Remarks, r) {
		return t, errSame
	}
	if r.Solution != "" || r.Note != "" {
		t.Remarks = append(slices.Clone(t.Remarks), r)
	}
	return t, nil
}

// reopened starts a new cycle. The owner keeps the ticket, because they know it.
func (t Ticket) reopened(e Entry) (Ticket, error) {
	switch {
	case !t.State.Ended():
		return t, errSame
	case e.HappenedAt.Sub(t.EndedAt) > ReopenWindow && t.CloseReason != Duplicate: // its original may end much later
		return t, Errorf(Conflict, "%s ended more than 7 days ago. Please open a new ticket.", t.Number).Because(ErrLongEnded)
	}
	t.Pause = Pause{}
	t = t.resume().forget(func(r Reaction) bool { return r.Asks == Resolved }) // they said that it is solved
	t.Cycle++
	t.StartedAt, t.RespondedAt, t.WroteAt = e.HappenedAt, zeroTime, zeroTime
	if t.Owned() {
		t.RespondedAt = e.HappenedAt
	}
	return t, nil
}
