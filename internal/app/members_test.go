package app_test

import (
	"fmt"
	"testing"

	"supporty/internal/dev/slacksim"
)

// People join and leave while this copy or another one reads the channel's members. The
// result of the reading does not undo these changes.
func TestComingAndGoingWhileMembersAreRead(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	// They are read at the start, and again by the hourly job.
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.members", DelayMS: 1000, Count: 2, AfterEffect: true})
	h.start()
	h.poll("the members to be read again", func() bool {
		faults, err := h.slack.Faults(h.ctx)
		return err == nil && len(faults) == 0
	})
	h.as("carol").ok(h.slack.Do(h.ctx, slacksim.Action{Do: "join", As: "carol", Channel: "support"}))
	h.as("dana").ok(h.slack.Do(h.ctx, slacksim.Action{Do: "leave", As: "dana", Channel: "support"}))
	known := fmt.Sprintf(`SELECT bool_and(person <> '%s') AND bool_or(person = '%s') FROM members`, h.look().Person("dana").ID, h.look().Person("carol").ID)
	h.until(known)
	h.poll("the answer with the members", func() bool { return h.called("conversations.members") >= 2 })
	h.as("carol").reacts(h.as("alice").opens(usual("Checkout fails")), "eyes")
	h.reads("support", "Carol has it")
	h.until(known)
}

// called is how often Slack has answered a method.
func (h *harness) called(method string) (n int) {
	h.t.Helper()
	entries, err := h.slack.Journal(h.ctx, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && e.Method == method {
			n++
		}
	}
	return n
}
