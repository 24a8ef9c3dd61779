package desk

import (
	"cmp"
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Record is a stored ticket, with all that is computed from its timeline.
type Record struct {
	Ticket   ticket.Ticket
	Timeline []ticket.Entry
	Cycles   []sla.Cycle
	Hours    *sla.Calendar  // in which the desk counts working days, by the policy that applies
	Alerts   []Alert        // said or superseded, all cycles
	Posted   []Posted       // the notices that stand in Slack or are on their way, but the card, in the order in which they were enqueued
	Version  int64          // of the stored ticket; 0 before the first save
	Policy   int            // version of the policy that its promise was last compared with
	Card     ticket.Message // where the card stands; zero until it does

	Escalations []sla.Escalation // by the same policy as Hours
	Offered     OfferTime        // whether it is offered to people, by the settings
	Laddered    bool             // by that policy too: a P1 of its category calls people along the ladder
}

// Cycle returns the newest cycle; the zero Cycle if there is none.
func (r Record) Cycle() sla.Cycle {
	if len(r.Cycles) == 0 {
		return sla.Cycle{}
	}
	return r.Cycles[len(r.Cycles)-1]
}

// Clock returns one of the newest cycle's clocks; the zero Clock if it has not begun.
func (r Record) Clock(name sla.Name) sla.Clock { return r.Cycle().Clock(name) }

// ClockOf returns the clock that an alert is about, of the alert's own cycle.
func (r Record) ClockOf(a Alert) sla.Clock {
	if a.Cycle > 0 && a.Cycle <= len(r.Cycles) {
		r.Cycles = r.Cycles[:a.Cycle]
	}
	return r.Clock(a.Source.Clock())
}

// Home is the channel in which the ticket's card is posted; support is the present
// support channel. Later messages about the ticket go where the card stands. A private ticket
// has none until its room stands.
func (r Record) Home(support string) string {
	if r.Ticket.Private() {
		room, _ := r.Room()
		return room.At.Channel
	}
	return cmp.Or(r.Ticket.Channel, support)
}

// upTo is the ticket as it was just before one of its entries.
func (r Record) upTo(e ticket.Entry) Record {
	i := slices.IndexFunc(r.Timeline, func(k ticket.Entry) bool {
		return k.Kind == e.Kind && k.Actor == e.Actor && k.ID == e.ID && k.HappenedAt.Equal(e.HappenedAt) && k.Message == e.Message
	})
	r.Timeline = r.Timeline[:i]
	r.Ticket, _ = ticket.Fold(r.Ticket.Number, r.Timeline)
	return r
}

// before is the ticket as it was just before a time; as it is, for the zero
// time.
func (r Record) before(at time.Time) ticket.Ticket {
	if at.IsZero() {
		return r.Ticket
	}
	var earlier []ticket.Entry
	for _, e := range r.Timeline {
		if e.HappenedAt.Before(at) {
			earlier = append(earlier, e)
		}
	}
	t, _ := ticket.Fold(r.Ticket.Number, earlier)
	return t
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// micros drops what the database would drop: the fold must see the same times
// before and after storing.
func micros(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Posted is a stored notice of a ticket: it stands in Slack, or is on its way there.
type Posted struct {
	ID       string // of the notice
	Kind     NoticeKind
	To       string
	At       ticket.Message // where it stands; zero while it does not, and for what leaves no trace
	PostedAt time.Time      // when it was first said there; zero while it was not
	DueAt    time.Time      // not to be said earlier
	NoticeDetails
}

// Stands reports whether the notice can be read in Slack.
func (p Posted) Stands() bool { return p.At.TS != "" && !p.Gone }
