package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// thread is a thread as people wrote it: 150 replies of twelve people, 10 of them in direct
// messages, seven of which were deleted later, and some edited.
func thread(began time.Time) (replies []desk.ObservedReply, deleted, edited map[int]bool) {
	deleted, edited = map[int]bool{}, map[int]bool{}
	for i := range 150 {
		written := began.Add(time.Duration(2*i+2) * time.Minute)
		replies = append(replies, desk.ObservedReply{
			Author: fmt.Sprintf("U%d", 1+i*7%12), At: written,
			Written: desk.Written{Text: fmt.Sprint("Reply ", i), Private: i%15 == 7, Message: ticket.Message{Channel: "C1", TS: fmt.Sprintf("%d.000100", written.Unix())}},
		})
		deleted[i], edited[i] = i%20 == 19, i%9 == 4
	}
	return replies, deleted, edited
}

// A thread is counted exactly, as it goes and when it is read afterwards: every reply that stands
// and every person once, on the card and in the numbers.
func TestARecordedThread(t *testing.T) {
	t.Parallel()
	for name, tell := range map[string]func(*postgresHarness, ticket.Number){
		"as it goes": (*postgresHarness).writesThread, "afterwards": (*postgresHarness).readsThread,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			n := b.open(ticket.P2, "U1")
			tell(b, n)
			g := b.gesture(n, "U2")
			g.By, g.At, g.Now = ticket.ByButton, monday.Add(5*time.Hour+10*time.Minute), monday.Add(5*time.Hour+10*time.Minute)
			r, err := b.desk.Resolve(t.Context(), g, "", "")
			b.must(r, err)
			if want := (ticket.Effort{Replies: 143, People: 12}); r.Ticket.Took != want || r.Took() != (desk.Took{Open: 5*time.Hour + 10*time.Minute}) {
				t.Errorf("it took %+v and %+v", r.Ticket.Took, r.Took())
			}
			g = b.gesture(n, "U3")
			g.By, g.At, g.Now = ticket.ByReply, g.At.Add(7*time.Hour), g.Now.Add(7*time.Hour)
			b.must(b.desk.Reply(t.Context(), g, desk.Written{Message: ticket.Message{Channel: "C1", TS: "1.1"}, Text: "Thank you all."}))
			numbers, err := b.db.Numbers(t.Context(), insight.Question{Period: ticket.Period{From: monday, To: at(48)}, Pause: pause})
			b.must(numbers, err)
			if c := numbers.Cost; c.Tickets != 1 || c.Replies != 143 || c.People != 12 || c.Active != 0 {
				t.Errorf("cost %+v", c)
			}
			if c := numbers.Costliest; len(c) != 1 || c[0].Number != n || c[0].Replies != 143 || c[0].People != 12 || c[0].Took != 5*time.Hour+10*time.Minute {
				t.Errorf("costliest %+v", c)
			}
		})
	}
}

// writesThread has people write, edit and delete, each as it happens.
func (b *postgresHarness) writesThread(n ticket.Number) {
	b.t.Helper()
	replies, deleted, edited := thread(monday)
	for i, r := range replies {
		g := desk.Gesture{Ticket: n, Actor: r.Author, By: ticket.ByReply, Key: b.key(), At: r.At, Now: r.At}
		b.must(b.desk.Reply(b.t.Context(), g, r.Written))
		g.Key, g.At, g.Now = b.key(), r.At.Add(time.Second), r.At.Add(time.Second)
		if edited[i] {
			r.Text += ", edited"
			b.must(b.desk.Amend(b.t.Context(), g, r.Written))
		}
		g.Key, g.At, g.Now = b.key(), r.At.Add(2*time.Second), r.At.Add(2*time.Second)
		if deleted[i] {
			b.must(b.desk.Retract(b.t.Context(), g, r.Message))
		}
	}
}

// readsThread reads what stands of it, after a gap, twice.
func (b *postgresHarness) readsThread(n ticket.Number) {
	b.t.Helper()
	replies, deleted, _ := thread(monday)
	var standing []desk.ObservedReply
	for i, r := range replies {
		if r.Private = false; !deleted[i] {
			standing = append(standing, r)
		}
	}
	for range 2 {
		now := monday.Add(5*time.Hour + 5*time.Minute)
		b.must(b.desk.CatchUp(b.t.Context(), desk.Observation{Ticket: n, From: monday, Until: now, Now: now, Replies: standing}))
	}
}
