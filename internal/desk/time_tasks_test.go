package desk_test

import (
	"context"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// held is a store of which another copy has the schedule of a task for the first time that it is asked for.
type held struct {
	desk.Store
	h    *deskHarness
	once bool
}

func (s *held) Schedule(ctx context.Context, name string, decide func(desk.Schedule) (desk.Schedule, []desk.Notice)) error {
	if s.once {
		return s.Store.Schedule(ctx, name, decide)
	}
	s.once = true
	s.h.exec(`BEGIN`)
	defer s.h.exec(`ROLLBACK`)
	s.h.exec(`SELECT FROM schedules WHERE name = $1 FOR UPDATE`, name)
	return s.Store.Schedule(ctx, name, decide)
}

// What people made of the ticket of a task stays, whatever the settings say by now and whichever copy looks.
func TestTheTicketOfATaskIsFiledOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	task := desk.Task{
		Squad: "Checkout", Title: "Flaky tests", Text: "Look at the list.", Category: "Billing", People: []string{ann}, Spec: "hourly",
		Next: func(at time.Time) time.Time { return at.Truncate(time.Hour).Add(time.Hour) },
	}
	open := func(m float64) {
		t.Helper()
		if err := h.OpenTasks(t.Context(), []desk.Task{task}, minutes(m)); err != nil {
			t.Fatal(err)
		}
	}
	open(0)
	open(60)
	n := ticket.Number(h.number(`SELECT max(number) FROM tickets`))
	h.do(n, reprioritise(bob, ticket.P1, "", 61), tick(ann, 62))
	before := h.find(n)
	task.Text, task.Category = "Look at both lists.", "Access"
	h.Desk = desk.New(&held{Store: h.db, h: h}, everybody, h.policies, categories)
	open(63)
	open(64)
	after := h.find(n)
	if len(after.Timeline) != len(before.Timeline) || after.Ticket.Priority != ticket.P1 || after.Ticket.Category != "Billing" {
		t.Errorf("after another copy had the schedule: %s of %s, %q; %d entries, want %d",
			after.Ticket.Priority, after.Ticket.Category, after.Ticket.Text, len(after.Timeline), len(before.Timeline))
	}
	if all := h.number(`SELECT count(*) FROM tickets`); all != 1 {
		t.Errorf("%d tickets", all)
	}
}
