//go:build unix

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// promised are the targets of the workspace: see targets.
var promised = map[string]struct{ resolve, respond time.Duration }{
	"P1": {12 * time.Second, 5 * time.Second},
	"P2": {40 * time.Second, 20 * time.Second},
	"P3": {120 * time.Second, 60 * time.Second},
}

// toldWithin is how long a message can be on its way while everything goes wrong:
// its thread waits for a message that has to be looked for twice. What ends
// meanwhile need not be told any more.
const toldWithin = 90 * time.Second

// due: what was late for long was told, although it ended later. That is asked of
// the cases whose deadlines nobody moved.
func (k *checker) due(c *ticketCase, card *slacksim.Message, told map[string]int) {
	_, filed, _ := strings.Cut(unescaped(card), "filed ")
	opened := deadlineIn(filed)
	if opened.IsZero() || slices.ContainsFunc(c.steps, func(s step) bool { return s.may(movers) }) {
		return
	}
	target := promised[c.priority]
	k.wasTold(c, told, "resolve", opened.Add(target.resolve), c.firstOf(enders))
	solved := fmt.Sprint("resolve late ", opened.Add(target.resolve).Unix())
	if c.priority == "P1" && told[solved] == 0 { // whoever hears of that need not hear of the answer any more
		k.wasTold(c, told, "respond", opened.Add(target.respond), c.firstOf(nil))
	}
}

func (k *checker) wasTold(c *ticketCase, told map[string]int, clock string, due, stopped time.Time) {
	if stopped.Sub(due) <= toldWithin {
		return
	}
	k.awaited++
	if told[fmt.Sprint(clock, " late ", due.Unix())] != 1 {
		k.violate(c, "was late from %s to %s, to %s it, and nobody was told", due.Format(time.TimeOnly), stopped.Format(time.TimeOnly), clock)
	}
}

// What gestures that move a deadline, and those that end a ticket, are called: the
// beginnings of their names.
var (
	movers = []string{"reprioritise", "wait", "hold", "needs longer", "reopen", "undo"}
	enders = []string{"resolve by", "close by", "solved by", "withdrawn by"}
)

// may reports whether a step may have been one of these; nil is for any.
func (s step) may(names []string) bool {
	return s.outcome != refused && (names == nil || slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(s.gesture, n) }))
}

// firstOf is when one of these gestures was made first; now if none was.
func (c *ticketCase) firstOf(names []string) time.Time {
	for _, s := range c.steps {
		if s.may(names) {
			return s.at
		}
	}
	return time.Now()
}
