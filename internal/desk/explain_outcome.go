package desk

import (
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Outcome is what statistics count of one cycle: a promise, kept or broken.
type Outcome struct {
	Cycle        int
	Priority     ticket.Priority
	Category     string // that the ticket has now; empty if it is private, and counts in totals only
	StartedAt    time.Time
	RespondedAt  time.Time     // zero if nobody has answered
	RespondDueAt time.Time     // zero if nothing is due, as things are
	ResolveDueAt time.Time     // zero if nothing is due, as things are; then the cycle counts for no attainment
	EndedAt      time.Time     // zero while it has not ended
	Resolved     bool          // ended by a solution; other ends are not counted
	OwnerAtDue   string        // who had it at the deadline; empty for nobody
	Cause        ticket.Cause  // why it became late; empty if it has not
	Waited       time.Duration // for answers of the requester, in pauses that have ended
	Held         time.Duration // for something outside, likewise
	Stars        int           // that the requester gave, the last ones; 0 for none
	FirstStars   int           // that the ticket got first, in any cycle; 0 if this one has none
	RatedAt      time.Time     // when they first gave some in this cycle; zero if never
}

// Outcomes returns one outcome for every cycle.
func (r Record) Outcomes() []Outcome {
	outcomes := make([]Outcome, len(r.Cycles))
	for i, c := range r.Cycles {
		until := time.Time{}
		if i+1 < len(r.Cycles) {
			until = r.Cycles[i+1].Clock(sla.Resolve).StartedAt
		}
		o := outcomeOf(c, r.before(until), r.before(c.Clock(sla.Resolve).DueAt.Add(time.Microsecond)))
		o.Cause = r.cause(c, o)
		o.Category = r.counted()
		if rating := r.Ticket.Rating(c.Number); rating.Now() > 0 {
			o.Stars, o.FirstStars, o.RatedAt = rating.Now(), r.Ticket.FirstStars(), rating.RatedAt
		}
		outcomes[i] = o
	}
	return outcomes
}

// counted is the category in which the ticket counts.
func (r Record) counted() string {
	if r.Ticket.Private() {
		return ""
	}
	return r.Ticket.Category
}

// outcomeOf describes a cycle, given the ticket at the cycle's end and at its
// deadline.
func outcomeOf(c sla.Cycle, end, due ticket.Ticket) Outcome {
	respond, resolve := c.Clock(sla.Respond), c.Clock(sla.Resolve)
	o := Outcome{
		Cycle: c.Number, Priority: end.Priority,
		StartedAt: resolve.StartedAt, RespondedAt: end.RespondedAt, EndedAt: end.EndedAt,
		RespondDueAt: respond.Deadline(), ResolveDueAt: resolve.Deadline(),
		Resolved: end.State == ticket.StateResolved, OwnerAtDue: due.Assignee,
		Waited: resolve.PausedFor(sla.Wait), Held: resolve.PausedFor(sla.Hold),
	}
	if o.Resolved && o.RespondedAt.IsZero() {
		o.RespondedAt = o.EndedAt
	}
	return o
}

// cause returns why a cycle became late, by the events until its deadline. For a cycle
// that is not late it is the cause if nothing else happens until then.
func (r Record) cause(c sla.Cycle, o Outcome) ticket.Cause {
	clock := c.Clock(sla.Resolve)
	if !clock.Promised() || !o.EndedAt.IsZero() && (!o.Resolved || !clock.Late(o.EndedAt)) {
		return ""
	}
	within := func(e ticket.Entry) bool {
		return e.Void == "" && !e.HappenedAt.Before(clock.StartedAt) && !e.HappenedAt.After(clock.DueAt)
	}
	handedOver := slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool { return e.Kind == ticket.HandedOver && within(e) })
	claim := slices.IndexFunc(r.Timeline, func(e ticket.Entry) bool { return e.Kind == ticket.Claimed && within(e) })
	half := clock.Calendar.Between(clock.StartedAt, clock.DueAt) / 2
	switch {
	case c.Number > 1:
		return ticket.CauseReopened
	case o.OwnerAtDue == "":
		return ticket.CauseUnclaimed
	case handedOver:
		return ticket.CauseHandedOver
	case claim >= 0 && clock.Calendar.Between(clock.StartedAt, r.Timeline[claim].HappenedAt) >= half:
		return ticket.CauseClaimedLate
	case len(clock.Pauses) > 0:
		return ticket.CauseLongWait
	}
	return ticket.CauseLongWork
}
