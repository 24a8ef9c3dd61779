package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
	"supporty/internal/outbox"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// sender is a running sender with these options.
func (h *outboxHarness) sender(o outbox.Options) *outbox.Sender {
	s := outbox.New(o, func(err error) { h.t.Error(err) })
	h.runs(s)
	return s
}

// Somebody who holds a ticket's row keeps the record of its messages waiting, and no others.
func TestLockedTicketStopsNobodyElse(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.files("alice", "One")
	o := h.options("copy")
	p := &tap{Slack: o.Slack, posting: make(chan struct{}, 10), ended: make(chan error, 10)}
	o.Slack = p
	tx, err := h.conn.Begin(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	h.exec(`SELECT FROM tickets WHERE number = $1 FOR NO KEY UPDATE`, n)
	s := h.sender(o)
	<-p.ended
	h.files("alice", "Two")
	s.Wake()
	began := time.Now()
	h.reads("Two")
	if took := time.Since(began); took > outbox.RenewEvery {
		t.Errorf("another ticket's card stands after %v", took)
	}
	if err := tx.Rollback(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.until(`SELECT count(*) = 2 FROM outbox WHERE posted_ts <> ''`)
	if stand := h.standing("One"); stand != 1 {
		t.Errorf("it stands %d times", stand)
	}
}

// gap is a database that goes away as the answer to the first post gets lost.
type gap struct {
	outbox.Store
	outbox.Slack
	away  atomic.Bool
	posts atomic.Int64
	begun chan struct{}
}

var errAway = errors.New("no database")

func (g *gap) Exchange(ctx context.Context, e outbox.Exchange) (outbox.Exchanged, error) {
	if g.away.Load() {
		return outbox.Exchanged{}, errAway
	}
	return g.Store.Exchange(ctx, e)
}

func (g *gap) RecordFailure(ctx context.Context, i outbox.Item, f outbox.Failure) error {
	if g.away.Load() {
		return errAway
	}
	return g.Store.RecordFailure(ctx, i, f)
}

func (g *gap) Post(ctx context.Context, guard slackapi.Guard, channel, thread string, m slackformat.Message) (ticket.Message, error) {
	at, err := g.Slack.Post(ctx, guard, channel, thread, m)
	if g.posts.Add(1) > 1 || err != nil {
		return at, err
	}
	g.away.Store(true)
	close(g.begun)
	return ticket.Message{}, &slackapi.Error{Method: "chat.postMessage", Code: "no_answer", Scope: slackapi.Unsure}
}

// The database is away for longer than a copy trusts its lease, and for less than the lease
// lasts. So the copy goes on under the same lease. It remembers that it has posted.
func TestSameLeaseAfterAGap(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Once")
	o := h.options("copy")
	g := &gap{Store: o.Store, Slack: o.Slack, begun: make(chan struct{})}
	o.Store, o.Slack = g, g
	s := h.sender(o)
	<-g.begun
	h.until(`SELECT until < clock_timestamp() + interval '600 ms' FROM leases`)
	g.away.Store(false)
	h.until(`SELECT until > clock_timestamp() + interval '3 s' FROM leases`) // it was renewed
	s.Wake()
	h.until(`SELECT count(*) = 0 FROM outbox WHERE state = 'waiting' AND pending`)
	if n := h.standing("Once"); n != 1 {
		t.Errorf("it stands %d times", n)
	}
	h.exec(`UPDATE outbox SET tried_at = tried_at - $1::interval`, outbox.LostAfter)
	if n := h.standing("Once"); n != 1 {
		t.Errorf("it stands %d times", n)
	}
}

// A row that nobody can read is tried again, and does not stop the others.
func TestUnreadableRowStopsNobodyElse(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Broken")
	h.exec(`UPDATE outbox SET details = '{"at": "yesterday"}'`)
	h.files("alice", "Sound")
	h.sends(h.options("copy"))
	h.reads("Sound")
	h.until(`SELECT reason = 'its details cannot be read' FROM outbox WHERE ticket = 1 AND kind = 'card'`)
}

// With as many calls on their way as there may be, the sender waits.
func TestFullSenderWaits(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.trouble(slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: 1500, Method: "chat.postMessage", Count: 70})
	for n := range 70 {
		h.files("alice", fmt.Sprintf("Ticket %d", n))
	}
	o := h.options("copy")
	slack := &asked{Slack: o.Slack}
	o.Slack = slack
	h.sends(o)
	h.until(`SELECT count(*) = 0 FROM outbox WHERE pending`)
	if n := slack.rooms.Load(); n > 1000 {
		t.Errorf("the sender went round %d times", n)
	}
}

// asked counts how often a sender prepares an exchange.
type asked struct {
	outbox.Slack
	rooms atomic.Int64
}

func (a *asked) Room(within time.Duration) outbox.Room {
	a.rooms.Add(1)
	return a.Slack.Room(within)
}
