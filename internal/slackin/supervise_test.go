package slackin

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim"
	"supporty/internal/slackapi"
)

func TestPace(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stood  []time.Duration
		longer time.Duration // the pause is at most this, and at least half of it
	}{
		"nothing yet":           {nil, 0},
		"one that lasted":       {[]time.Duration{lasting}, 0},
		"turned away":           {[]time.Duration{0}, firstPause},
		"turned away again":     {[]time.Duration{0, 0, 0}, 4 * firstPause},
		"greeted, and then not": {[]time.Duration{0, time.Second}, 2 * firstPause},
		"lasted in between":     {[]time.Duration{0, 0, 0, lasting, 0}, firstPause},
		"turned away for hours": {make([]time.Duration, 500), longestPause},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p pace
			for _, stood := range test.stood {
				p.ended(stood)
			}
			for range 50 {
				if got := p.pause(); got > test.longer || got < test.longer/2 {
					t.Fatalf("a pause of %v, want up to %v", got, test.longer)
				}
			}
		})
	}
}

func TestSlackIsLeftAloneForAsLongAsItWants(t *testing.T) {
	t.Parallel()
	limited := error(&slack.RateLimitedError{RetryAfter: 40 * time.Second})
	if got := retryAfter(limited); got != 40*time.Second {
		t.Errorf("left alone for %v", got)
	}
	if got := retryAfter(errors.New("away")); got != 0 {
		t.Errorf("left alone for %v for another reason", got)
	}
}

// copies are receivers on one simulated Slack.
type copies struct {
	*receiverHarness
	stop []context.CancelFunc
}

func newCopies(t *testing.T, n int) *copies {
	t.Helper()
	sim, err := slacksim.Start(slacksim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	c := &copies{receiverHarness: newReceiverOn(t, sim)}
	var running sync.WaitGroup
	t.Cleanup(running.Wait)
	for range n {
		one := c.Receiver
		if len(c.stop) > 0 {
			client := slackapi.New(slackapi.Options{BotToken: sim.BotToken(), AppToken: sim.AppToken(), APIURL: sim.APIURL()})
			one = NewReceiver(client.API(), c.harness.Handler, c.harness.Log)
		}
		ctx, stop := context.WithCancel(t.Context())
		c.stop = append(c.stop, stop)
		running.Go(func() { _ = one.Run(ctx) })
	}
	return c
}

// entries counts matching entries of the simulated Slack's journal.
func (h *receiverHarness) entries(wanted func(slacksim.Entry) bool) int {
	h.t.Helper()
	all, err := h.slack.Journal(h.t.Context(), 0)
	if err != nil {
		h.t.Fatal(err)
	}
	n := 0
	for _, e := range all {
		if wanted(e) {
			n++
		}
	}
	return n
}

func connects(e slacksim.Entry) bool { return e.Method == "apps.connections.open" }

// Twelve copies want 24 sockets, and Slack allows ten. Refused copies try ever more
// rarely, log the refusal once each, and connect when other copies leave.
func TestMoreCopiesThanSockets(t *testing.T) {
	t.Parallel()
	const many, places = 12, 10
	c := newCopies(t, many)
	begun := time.Now()
	c.await("all places taken", func(s slacksim.State) bool { return s.Sockets == places })
	c.await("others that wait", func(slacksim.State) bool {
		return c.entries(func(e slacksim.Entry) bool { return e.Detail == "too_many_websockets" }) >= 5*(many*sockets-places)
	})
	waiting := 1 // tries of one socket so far, if each waits for half of the longest pause
	for at := time.Duration(0); at < time.Since(begun); waiting++ {
		at += firstPause << waiting / 4
	}
	if n := c.entries(connects); n > places+waiting*(many*sockets-places) {
		t.Errorf("%d connects in %v", n, time.Since(begun))
	}
	if n := strings.Count(c.log.String(), "no lasting connection"); n != many*sockets-places {
		t.Errorf("%d lines in the log of %d sockets that wait:\n%s", n, many*sockets-places, c.log)
	}
	for _, stop := range c.stop[:many/2] { // more than half of the sockets may be theirs
		stop()
	}
	before := c.entries(opened)
	c.await("their places taken", func(s slacksim.State) bool { return s.Sockets == places && c.entries(opened) > before })
}

func opened(e slacksim.Entry) bool { return e.Kind == slacksim.KindSocket && e.What == "opened" }

// A socket that Slack closes soon after each greeting is slowed down as well.
func TestGreetedAndTurnedAway(t *testing.T) {
	t.Parallel()
	h := newReceiverHarness(t)
	_, _ = h.runs()
	for range 5 {
		before := h.entries(opened)
		h.fault(slacksim.Fault{Kind: slacksim.FaultDisconnect, Reason: "too_many_websockets"})
		h.await("both sockets anew", func(s slacksim.State) bool { return s.Sockets == sockets && h.entries(opened) >= before+sockets })
	}
	if n := h.entries(connects); n != 6*sockets {
		t.Errorf("%d connects for %d sockets", n, 6*sockets)
	}
	if n := h.All(); n < 1 || n > sockets { // a greeting counts the sockets before it, and either greeting can be read last
		t.Errorf("Slack counts %d sockets", n)
	}
	if n := strings.Count(h.log.String(), "no lasting connection"); n != sockets {
		t.Errorf("%d lines in the log:\n%s", n, h.log)
	}
}
