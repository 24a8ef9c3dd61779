package app_test

import (
	"fmt"
	"testing"

	"supporty/internal/dev/slacksim"
)

// Who comes and who goes while the channel's members are read, by this copy or another:
// what was read before that does not undo it.
func TestComingAndGoingWhileMembersAreRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// They are read at the start, and again by what does it every hour.
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.members", DelayMS: 1000, Count: 2, AfterEffect: true})
	w.start()
	w.poll("the members to be read again", func() bool {
		faults, err := w.slack.Faults(w.ctx)
		return err == nil && len(faults) == 0
	})
	w.as("carol").ok(w.slack.Do(w.ctx, slacksim.Action{Do: "join", As: "carol", Channel: "support"}))
	w.as("dana").ok(w.slack.Do(w.ctx, slacksim.Action{Do: "leave", As: "dana", Channel: "support"}))
	known := fmt.Sprintf(`SELECT bool_and(person <> '%s') AND bool_or(person = '%s') FROM members`, w.look().Person("dana").ID, w.look().Person("carol").ID)
	w.until(known)
	w.poll("the answer with the members", func() bool { return w.called("conversations.members") == 2 })
	w.as("carol").reacts(w.as("alice").opens(usual("Checkout fails")), "eyes")
	w.reads("support", "Carol has it")
	w.until(known)
}

// called is how often Slack has answered a method.
func (w *world) called(method string) (n int) {
	w.t.Helper()
	entries, err := w.slack.Journal(w.ctx, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && e.Method == method {
			n++
		}
	}
	return n
}
