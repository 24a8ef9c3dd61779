package desk_test

import (
	"strings"
	"testing"

	"supporty/internal/ticket"
)

// audit returns what disagrees, a line each.
func (h *deskHarness) audit(m float64) string {
	h.t.Helper()
	found, looked, err := h.Audit(h.t.Context(), h.db, minutes(m))
	if err != nil {
		h.t.Fatal(err)
	}
	if tickets := h.number(`SELECT count(*) FROM tickets`); int64(looked) != tickets {
		h.t.Errorf("looked at %d of %d tickets", looked, tickets)
	}
	var lines []string
	for _, d := range found {
		lines = append(lines, d.String())
	}
	return strings.Join(lines, "\n")
}

// Whatever happens, what is stored is what the timeline amounts to.
func TestAuditFindsNothing(t *testing.T) {
	t.Parallel()
	h := newOfficeByCategory(t)
	lives := [][]gesture{
		nil,
		{claim(ann, 1)},
		{claim(ann, 1), reprioritise(ann, ticket.P3, "It can wait.", 20), putBack(ann, 30)},
		{tick(ann, 10), reopen(rita, 30), claim(bob, 40)},
		{tick(ann, 10), untick(ann, 15)},
		{closeAs(ann, ticket.NotAnIssue, 0, 10)},
		{move("Access", 5), reply(ann, 7), move("Gardening", 9)},
	}
	for i, gestures := range lives {
		n := h.openIn([]string{"Billing", "Access", "Gardening"}[i%3])
		h.do(n, gestures...)
	}
	for _, m := range []float64{50, 100, 190, 500, 2000} {
		if got := h.audit(m); got != "" {
			t.Errorf("before the sweep after %v minutes:\n%s", m, got)
		}
		h.sweep(m)
		if got := h.audit(m); got != "" {
			t.Errorf("after the sweep after %v minutes:\n%s", m, got)
		}
	}
}

func TestAuditNamesWhatDisagrees(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 1))
	for _, test := range []struct{ broken, want string }{
		{`UPDATE tickets SET resolve_due_at = resolve_due_at + '1 minute'`, "tickets.resolve_due_at is 2026-11-16T12:01:00Z, and should be 2026-11-16T12:00:00Z"},
		{`UPDATE tickets SET resolve_due_at = NULL`, "tickets.resolve_due_at is none, and should be 2026-11-16T12:00:00Z"},
		{`UPDATE tickets SET next_at = next_at + '1 minute'`, "tickets.next_at is 2026-11-16T11:16:00Z, and should be 2026-11-16T11:15:00Z"},
		{`UPDATE tickets SET next_at = NULL`, "tickets.next_at is none, and should be 2026-11-16T11:15:00Z"},
		{`UPDATE cycles SET respond_due_at = NULL`, "cycles.respond_due_at of cycle 1 is none, and should be 2026-11-16T09:45:00Z"},
		{`UPDATE cycles SET resolve_due_at = resolve_due_at - interval '1 microsecond'`, "cycles.resolve_due_at of cycle 1 is 2026-11-16T11:59:59.999999Z, and should be 2026-11-16T12:00:00Z"},
		{`DELETE FROM cycles`, "the number of cycles is 0, and should be 1"},
	} {
		t.Run(test.broken, func(t *testing.T) {
			h.exec(test.broken)
			if got := h.audit(5); !strings.HasPrefix(got, n.String()+": ") || !strings.Contains(got, test.want) || strings.Contains(got, "\n") {
				t.Errorf("%s:\n%s\nwant %s", test.broken, got, test.want)
			}
			h.do(n, edit(rita, "Title "+h.key(), 6)) // writes all of it anew
			if got := h.audit(7); got != "" {
				t.Errorf("a change of the ticket does not mend it:\n%s", got)
			}
		})
	}
}

// Whether an entry counts is found anew whenever a ticket is loaded; what is
// stored of it is for who looks into the database.
func TestAuditNamesWrongVoids(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 1))
	h.exec(`UPDATE entries SET void = 'conflict' WHERE actor = 'UANN'`)
	if got := h.audit(5); !strings.Contains(got, `entries.void of entry 2 is "conflict", and should be ""`) {
		t.Error(got)
	}
}

// More tickets than one batch holds are looked at, all of those that have not
// ended among them.
func TestAuditOfMany(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for range 210 {
		h.open(ticket.P3)
	}
	h.exec(`UPDATE tickets SET next_at = next_at - interval '1 second' WHERE number % 70 = 0`)
	if found, looked, err := h.Audit(t.Context(), h.db, nine); len(found) != 3 || looked != 210 || err != nil {
		t.Errorf("%d found, %d looked at, %v", len(found), looked, err)
	}
}
