package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Ledger reads the cache that is stored beside the timelines, for lists, sweeps and
// statistics. Implementations are safe for concurrent use.
type Ledger interface {
	// Auditable returns the tickets that have not ended, and the newest of those
	// that have, at most so many.
	Auditable(ctx context.Context, ended int) ([]ticket.Number, error)
	// Stored returns what is stored of some tickets, all at one moment. Those that
	// are not there are left out.
	Stored(ctx context.Context, numbers []ticket.Number) ([]Stored, error)
}

// Stored is a ticket's timeline and the cache beside it.
type Stored struct {
	Record       Record // as it was loaded
	ResolveDueAt time.Time
	NextAt       time.Time
	Cycles       []StoredCycle
}

// StoredCycle holds the stored deadlines of a cycle; zero times for none.
type StoredCycle struct {
	Cycle                      int
	RespondDueAt, ResolveDueAt time.Time
}

// Disagreement is something stored that its ticket's timeline does not amount to.
type Disagreement struct {
	Ticket   ticket.Number
	What     string // tickets.next_at, or the like
	Stored   string
	Computed string
}

// String is one line.
func (d Disagreement) String() string {
	return fmt.Sprintf("%s: %s is %s, and should be %s", d.Ticket, d.What, d.Stored, d.Computed)
}

const (
	auditBatch = 200
	auditEnded = 1000 // of the tickets that have ended
)

// Audit computes stored deadlines anew from the timelines and returns what
// disagrees, and how many tickets it has looked at, also if it could not look at
// all of them.
func (d *Desk) Audit(ctx context.Context, l Ledger, now time.Time) ([]Disagreement, int, error) {
	numbers, err := l.Auditable(ctx, auditEnded)
	if err != nil {
		return nil, 0, unavailable(err)
	}
	var found []Disagreement
	looked := 0
	for batch := range slices.Chunk(numbers, auditBatch) {
		stored, err := l.Stored(ctx, batch)
		if err != nil {
			return found, looked, unavailable(err)
		}
		for _, s := range stored {
			differs, err := d.audit(ctx, s, micros(now))
			if err != nil {
				return found, looked, err
			}
			found = append(found, differs...)
			looked++
		}
	}
	return found, looked, nil
}

func (d *Desk) audit(ctx context.Context, s Stored, now time.Time) ([]Disagreement, error) {
	r, err := d.compute(ctx, s.Record)
	if err != nil {
		return nil, err
	}
	a := auditor{ticket: r.Ticket.Number}
	outcomes := r.Outcomes()
	if n := len(outcomes); n > 0 {
		a.compare("tickets.resolve_due_at", s.ResolveDueAt, outcomes[n-1].ResolveDueAt)
	}
	a.compareCycles(s.Cycles, outcomes)
	if want := wakes(r, s.NextAt, now); !want.Equal(s.NextAt) {
		a.compare("tickets.next_at", s.NextAt, want)
	}
	a.compareVoids(s.Record.Timeline, r.Timeline)
	return a.found, nil
}

// wakes is when a ticket wants to be swept: as stored if that was right when it was
// stored, while the desk was closed perhaps, and the sweep has not come to it yet.
func wakes(r Record, stored, now time.Time) time.Time {
	if then := nextAt(r, stored.Add(-time.Microsecond)); !stored.IsZero() && then.Equal(stored) {
		return stored
	}
	return nextAt(r, now)
}

// auditor collects the disagreements about one ticket.
type auditor struct {
	ticket ticket.Number
	found  []Disagreement
}

func (a *auditor) add(what, stored, computed string) {
	a.found = append(a.found, Disagreement{a.ticket, what, stored, computed})
}

func (a *auditor) compare(what string, stored, computed time.Time) {
	if !stored.Equal(computed) {
		a.add(what, moments(stored), moments(computed))
	}
}

func moments(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (a *auditor) compareCycles(stored []StoredCycle, computed []Outcome) {
	if len(stored) != len(computed) {
		a.add("the number of cycles", fmt.Sprint(len(stored)), fmt.Sprint(len(computed)))
		return
	}
	for i, c := range computed {
		a.compare(fmt.Sprintf("cycles.respond_due_at of cycle %d", c.Cycle), stored[i].RespondDueAt, c.RespondDueAt)
		a.compare(fmt.Sprintf("cycles.resolve_due_at of cycle %d", c.Cycle), stored[i].ResolveDueAt, c.ResolveDueAt)
	}
}

// compareVoids compares which entries count.
func (a *auditor) compareVoids(stored, computed []ticket.Entry) {
	void := map[int64]string{}
	for _, e := range computed {
		void[e.ID] = e.Void
	}
	for _, e := range stored {
		if e.Void != void[e.ID] {
			a.add(fmt.Sprintf("entries.void of entry %d", e.ID), fmt.Sprintf("%q", e.Void), fmt.Sprintf("%q", void[e.ID]))
		}
	}
}
