package postgres_test

import (
	"strings"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/dev/testlog"
	"supporty/internal/outbox"
	"supporty/internal/postgres"
)

// The first form after the start prepares nothing, whichever connection it gets.
func TestWarm(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	db, err := postgres.Open(b.url)
	b.must(db, err)
	t.Cleanup(db.Close)
	policies, err := db.AdoptPolicy(t.Context(), promise, monday)
	b.must(policies, err)
	db.Warm(t.Context())
	var sent testlog.Buffer
	db.TraceIdle(t.Context(), &sent)
	d := desk.New(db, anybody{}, policies, []string{"Billing"})
	f := b.newTicket(2, "U1")
	f.Source.Channel, f.Source.TS = "C1", "1.1"
	r, err := d.Open(t.Context(), f)
	b.must(r, err)
	b.must(d.Claim(t.Context(), b.gesture(r.Ticket.Number, "U2")))
	_, err = db.Exchange(t.Context(), outbox.Exchange{Holder: "A", Now: at(1), Lease: true, Busy: true, Most: 9, Room: roomy})
	b.must(nil, err)
	if n := strings.Count(sent.String(), "Parse"); n > 0 || !strings.Contains(sent.String(), "Execute") {
		t.Errorf("%d statements were prepared:\n%.2000s", n, sent.String())
	}
}
