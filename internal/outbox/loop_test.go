package outbox_test

import (
	"fmt"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
	"supporty/internal/outbox"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// A slow Slack does not make people wait for each other: messages are on their way at the same
// time.
func TestManyCallsAtATime(t *testing.T) {
	t.Parallel()
	const tickets = 40
	h := newOutboxHarness(t)
	h.trouble(slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: 1000, Method: "chat.postMessage", Count: tickets})
	for n := range tickets {
		h.files("alice", fmt.Sprintf("Ticket %d", n))
	}
	began := time.Now()
	h.sends(h.options("copy"))
	h.until(`SELECT count(*) = 0 FROM outbox WHERE pending`)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("%d messages of a second each took %v", tickets, took)
	}
}

// What is urgent overtakes what waits for its channel, even what a sender has seen before.
func TestUrgentOvertakes(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	for n := range 8 {
		h.files("alice", fmt.Sprintf("Ticket %d", n))
	}
	o := h.options("copy")
	o.Slack = slackapi.New(slackapi.Options{BotToken: h.sim.BotToken(), APIURL: h.sim.APIURL()}) // a post in a second
	sender := outbox.New(o, func(err error) { t.Error(err) })
	h.runs(sender)
	h.until(`SELECT count(*) = 1 FROM outbox WHERE posted_ts <> ''`)
	h.until(`SELECT count(*) >= 4 FROM outbox WHERE destination = $1`, h.channel("support")) // they were taken, and put back
	h.opens(ticket.P1, "alice", "Down")
	sender.Wake()
	h.reads("Down")
	h.until(`SELECT count(*) BETWEEN 2 AND 3 FROM outbox WHERE posted_ts <> ''`)
}

// While nothing is pending nobody holds the lease, and nobody is asked to renew it. The next
// message is posted at once.
func TestLeaseIsGivenBackAtRest(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	o := h.options("copy")
	q := &counting{Store: o.Store}
	o.Store = q
	sender := outbox.New(o, func(err error) { t.Error(err) })
	h.runs(sender)
	for n := range 2 {
		began := time.Now()
		h.files("alice", fmt.Sprintf("Ticket %d", n))
		sender.Wake()
		h.reads(fmt.Sprintf("Ticket %d", n))
		if took := time.Since(began); took > outbox.RenewEvery {
			t.Errorf("a message after a rest took %v", took)
		}
		h.until(`SELECT until <= clock_timestamp() FROM leases`)
	}
	for sender.Holding() { // it hears of it a moment later
		h.until(`SELECT pg_sleep(0.01) IS NOT NULL`)
	}
	if n := q.steps.Load(); n > 14 {
		t.Errorf("%d steps for two messages", n)
	}
}

// Something else than posting may need the lease.
func TestLeaseIsHeldForSomethingElse(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	sender := outbox.New(h.options("copy"), func(err error) { t.Error(err) })
	h.runs(sender)
	for !sender.Hold() {
		if h.ctx.Err() != nil {
			t.Fatal("the sender does not take the lease")
		}
		h.until(`SELECT pg_sleep(0.01) IS NOT NULL`)
	}
	h.until(`SELECT holder = 'copy' AND until > clock_timestamp() FROM leases`)
	other := outbox.New(h.options("other"), func(err error) { t.Error(err) })
	h.runs(other)
	if other.Hold() {
		t.Error("two copies hold the lease")
	}
}
