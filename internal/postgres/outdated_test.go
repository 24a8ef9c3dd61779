package postgres_test

import (
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// The policy that was adopted last holds for all copies. Tickets that have not ended are
// found until they are brought to it.
func TestOutdated(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t) // adopts promise
	ours, err := b.db.AdoptPolicy(t.Context(), promise, monday)
	b.must(nil, err)
	open, ended := b.open(ticket.P2, "URITA"), b.open(ticket.P2, "URITA")
	b.must(b.desk.Resolve(t.Context(), b.gesture(ended, "UANN"), "", ""))
	asks := func(wantOutdated bool, want int) {
		t.Helper()
		outdated, err := ours.Refresh(t.Context())
		if outdated != wantOutdated || ours.Current() != want || err != nil {
			t.Errorf("outdated %t at version %d (%v), want %t at %d", outdated, ours.Current(), err, wantOutdated, want)
		}
	}
	asks(false, 1)
	theirs, err := b.db.AdoptPolicy(t.Context(), sla.Policy{Targets: sla.Targets{2: {Resolve: time.Minute}}}, monday)
	b.must(nil, err)
	current := theirs.Current()
	asks(true, current)

	var seen []ticket.Number
	bring := func() int {
		t.Helper()
		n, err := b.db.Outdated(t.Context(), current, 10, func(r desk.Record) desk.Change {
			seen = append(seen, r.Ticket.Number)
			r.Ticket, r.Timeline = ticket.Fold(r.Ticket.Number, r.Timeline)
			r.Policy = current
			return desk.Change{After: r, Now: monday}
		})
		b.must(nil, err)
		return n
	}
	if first, again := bring(), bring(); first != 1 || again != 0 || len(seen) != 1 || seen[0] != open {
		t.Errorf("brought %d, then %d: %v, want %v", first, again, seen, open)
	}
	asks(false, current)
	b.must(nil, theirs.Adopt(t.Context(), promise, monday)) // the first one again
	asks(true, 1)
}
