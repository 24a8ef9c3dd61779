package slackin

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

func (r *Receiver) work(ctx context.Context) {
	for {
		select {
		case a := <-r.queue:
			r.serve(ctx, a)
		case <-ctx.Done():
			return
		}
	}
}

func (r *Receiver) serve(ctx context.Context, a arrival) {
	defer r.pending.Add(-1)
	if time.Since(a.at) > maxWait {
		r.observe(a, outcomeBusy)
		r.busy(a)
		return
	}
	r.handle(ctx, a)
}

// handle gives one envelope to the handler. The answer may be sent while the handler is
// still at work, since Slack sets a limit to how long a person may wait.
func (r *Receiver) handle(ctx context.Context, a arrival) {
	answered := false
	answer := func(payload any) {
		if !answered {
			answered = true
			r.acknowledge(ctx, a, payload)
		}
	}
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("panic while handling an envelope", "kind", a.Kind, "envelope", a.ID,
				"panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			r.observe(a, outcomePanic)
		}
	}()
	r.handler.Load().handle(ctx, a.envelope, a.at, answer)
}

// Outcomes of an envelope that no handler completed.
const (
	outcomeBusy  = "busy"
	outcomePanic = "panic"
)

func (r *Receiver) observe(a arrival, outcome string) {
	r.handler.Load().OnHandled(a.Kind, outcome, time.Since(a.at))
}

// busy answers an envelope that cannot be handled in time. Events are not answered: Slack
// sends them again.
func (r *Receiver) busy(a arrival) {
	r.log.Warn("too busy for an envelope", "kind", a.Kind, "envelope", a.ID)
	if e, err := decodeEvent(a.Payload); a.Kind == kindEvent && a.Retry >= lastRetry && err == nil {
		r.handler.Load().lose(e)
	}
	if payload, ok := busyAnswer(a.envelope); ok {
		r.acknowledge(context.Background(), a, payload)
	}
}

// acknowledge answers an envelope while Slack still accepts an answer.
func (r *Receiver) acknowledge(ctx context.Context, a arrival, payload any) {
	ctx, cancel := context.WithDeadline(ctx, a.at.Add(ackDeadline))
	defer cancel()
	if err := a.from.answer(ctx, a.ID, payload); err != nil {
		r.log.Warn("acknowledging", "kind", a.Kind, "envelope", a.ID, "error", err)
		return
	}
	r.handler.Load().OnAcknowledged(a.Kind, time.Since(a.at))
}
