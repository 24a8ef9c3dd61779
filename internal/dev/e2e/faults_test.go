//go:build unix

package e2e

import (
	"context"
	"math/rand/v2"
	"sync"
	"syscall"
	"time"

	"supporty/internal/dev/slacksim"
)

// faultKind is something that goes wrong. Begin returns at once or when it is over.
type faultKind struct {
	name  string
	often int // among all
	begin func(ctx context.Context, a *tortureHarness, chance *rand.Rand)
}

// faultKinds are all that can go wrong here. Each line is one kind.
var faultKinds = []faultKind{
	{"a copy killed", 6, func(_ context.Context, a *tortureHarness, c *rand.Rand) { a.slots[c.IntN(copies)].kill() }},
	{"a copy frozen", 6, func(ctx context.Context, a *tortureHarness, c *rand.Rand) {
		a.slots[c.IntN(copies)].freeze(ctx, between(c, 2*time.Second, 8*time.Second))
	}},
	{"sockets cut", 3, once(slacksim.Fault{Kind: slacksim.FaultCutSockets})},
	{"disconnect: warning", 2, once(slacksim.Fault{Kind: slacksim.FaultDisconnect, Reason: "warning", DelayMS: 2000})},
	{"disconnect: refresh_requested", 2, once(slacksim.Fault{Kind: slacksim.FaultDisconnect, Reason: "refresh_requested", DelayMS: 1000})},
	{"disconnect: too_many_websockets", 1, once(slacksim.Fault{Kind: slacksim.FaultDisconnect, Reason: "too_many_websockets", DelayMS: 500})},
	{"disconnect: link_disabled", 1, once(slacksim.Fault{Kind: slacksim.FaultDisconnect, Reason: "link_disabled", DelayMS: 500})},
	{"a handshake refused", 2, some(slacksim.Fault{Kind: slacksim.FaultHandshake})},
	{"acknowledgements of events dropped", 4, some(slacksim.Fault{Kind: slacksim.FaultDropAck, Event: "reaction_added"})},
	{"acknowledgements of forms dropped", 4, some(slacksim.Fault{Kind: slacksim.FaultDropAck, Event: "view_submission"})},
	{"acknowledgements of buttons dropped", 3, some(slacksim.Fault{Kind: slacksim.FaultDropAck, Event: "block_actions"})},
	{"events twice", 4, some(slacksim.Fault{Kind: slacksim.FaultDuplicate})},
	{"events late", 4, func(ctx context.Context, a *tortureHarness, c *rand.Rand) {
		a.fault(ctx, slacksim.Fault{Kind: slacksim.FaultDelayEvent, Count: 1 + c.IntN(3), DelayMS: int(between(c, time.Second, 8*time.Second).Milliseconds())})
	}},
	{"events out of order", 4, some(slacksim.Fault{Kind: slacksim.FaultReorder})},
	{"429", 4, some(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 1, Method: "chat.*"})},
	{"500", 3, some(slacksim.Fault{Kind: slacksim.FaultHTTP, Method: "chat.*"})},
	{"500 after the effect", 3, some(slacksim.Fault{Kind: slacksim.FaultHTTP, Method: "chat.*", AfterEffect: true})},
	{"internal_error after the effect", 2, some(slacksim.Fault{Kind: slacksim.FaultError, Method: "chat.*", AfterEffect: true})},
	{"the answer lost", 4, some(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.*", AfterEffect: true})},
	{"the call lost", 3, some(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.*"})},
	{"the answer about a file lost", 3, some(slacksim.Fault{Kind: slacksim.FaultCut, Method: "files.*", AfterEffect: true})},
	{"the call about a file lost", 2, some(slacksim.Fault{Kind: slacksim.FaultCut, Method: "files.*"})},
	{"Slack after 30 s", 2, some(slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: 30_000, Method: "chat.*"})},
	{"Slack's answer after 30 s", 2, some(slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: 30_000, Method: "chat.*", AfterEffect: true})},
	{"a form cannot be opened", 2, some(slacksim.Fault{Kind: slacksim.FaultHTTP, Method: "views.open"})},
	{"the database restarted", 2, func(ctx context.Context, a *tortureHarness, c *rand.Rand) {
		a.pg.stop()
		pause(ctx, between(c, 0, 4*time.Second))
		a.pg.start()
	}},
	{"the database slow", 3, func(ctx context.Context, a *tortureHarness, c *rand.Rand) {
		a.pg.delay.Store(int64(between(c, 50*time.Millisecond, 700*time.Millisecond)))
		pause(ctx, between(c, 2*time.Second, 6*time.Second))
		a.pg.delay.Store(0)
	}},
}

func once(f slacksim.Fault) func(context.Context, *tortureHarness, *rand.Rand) {
	return func(ctx context.Context, a *tortureHarness, _ *rand.Rand) { a.fault(ctx, f) }
}

// some lets a fault strike one to three times.
func some(f slacksim.Fault) func(context.Context, *tortureHarness, *rand.Rand) {
	return func(ctx context.Context, a *tortureHarness, c *rand.Rand) {
		f := f
		f.Count = 1 + c.IntN(3)
		a.fault(ctx, f)
	}
}

func (a *tortureHarness) fault(ctx context.Context, f slacksim.Fault) {
	if _, err := a.slack.Fault(ctx, f); err != nil && ctx.Err() == nil {
		a.t.Error(err)
	}
}

// harass causes faults until ctx is done, one thing after the other and some at
// the same time. Then it makes good what can be made good.
func (a *tortureHarness) harass(ctx context.Context, chance *rand.Rand) {
	var running sync.WaitGroup
	free := map[string]chan struct{}{}
	for _, t := range faultKinds {
		free[t.name] = make(chan struct{}, 1)
	}
	for {
		pause(ctx, between(chance, 200*time.Millisecond, 1300*time.Millisecond))
		if ctx.Err() != nil {
			break
		}
		t, its := pick(chance), rand.New(rand.NewPCG(chance.Uint64(), 0))
		select {
		case free[t.name] <- struct{}{}:
		default:
			continue // it is going on already
		}
		a.mu.Lock()
		a.faults[t.name]++
		a.mu.Unlock()
		running.Go(func() {
			defer func() { <-free[t.name] }()
			t.begin(ctx, a, its)
		})
	}
	running.Wait()
	a.mend()
}

func pick(chance *rand.Rand) faultKind {
	all := 0
	for _, t := range faultKinds {
		all += t.often
	}
	n := chance.IntN(all)
	for _, t := range faultKinds {
		if n -= t.often; n < 0 {
			return t
		}
	}
	return faultKinds[0]
}

func (a *tortureHarness) mend() {
	a.must(a.slack.ClearFaults(a.ctx))
	a.pg.delay.Store(0)
	for _, s := range a.slots {
		s.mu.Lock()
		s.bot.signal(syscall.SIGCONT)
		s.mu.Unlock()
	}
}
