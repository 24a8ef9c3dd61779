//go:build unix

package e2e

import (
	"slices"
	"strings"
	"time"
)

// situation is where a ticket can stand, as people would tell it.
type situation struct {
	state    string // open, claimed, waiting, hold, resolved or closed
	maker    string // what its requester is called
	owner    string // what the owner is called; kept when it ends
	pause    string // waiting or hold; kept when it ends
	pausedBy string // whoever paused it last
	question string // the message it waits for an answer to; empty if it was asked in a form
	text     string // what happened
	endedBy  string
	byEmoji  bool   // ended by a tick, which can be taken back
	eyes     string // whose stand on the card, in the order in which they were put: "Bob,Dana,"
	ticks    string // likewise
	why      string // it was closed
	priority string
}

func (s situation) ended() bool { return s.state == "resolved" || s.state == "closed" }

// shown is what the card says of it.
func (s situation) shown() string {
	switch s.state {
	case "resolved":
		return s.priority + " · " + s.endedBy + " resolved it"
	case "closed":
		return s.priority + " · Closed: " + s.why
	case "waiting":
		return s.priority + " · " + s.owner + " waits for " + s.maker
	case "hold":
		return s.priority + " · " + s.owner + " has it on hold"
	case "claimed":
		return s.priority + " · " + s.owner + " has it"
	}
	return s.priority + " · Open, no owner"
}

// What gestures do to a situation. What is not possible in it changes nothing.

func claim(s situation, who string) situation {
	if !s.ended() && s.owner == "" {
		s.state, s.owner = "claimed", who
	}
	return s
}

func putBack(s situation, who string) situation {
	if !s.ended() && s.owner == who {
		s.state, s.owner, s.pause, s.question, s.eyes = "open", "", "", "", without(s.eyes, who)
	}
	return s
}

// putEyes claims by emoji, and takeEyes takes that back: what another's say then holds.
func putEyes(s situation, who string) situation {
	s = claim(s, who)
	s.eyes += who + ","
	return s
}

func takeEyes(s situation, who string) situation {
	s.eyes = without(s.eyes, who)
	if other := firstOf(s.eyes); other != "" && !s.ended() && s.owner == who {
		s.owner = other
		return s
	}
	return putBack(s, who)
}

func without(list, who string) string { return strings.ReplaceAll(list, who+",", "") }

func firstOf(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return first
}

func handOver(s situation, to string) situation {
	if !s.ended() {
		if s.owner != to {
			s.eyes = without(s.eyes, s.owner)
		}
		s.owner = to
		return resume(s)
	}
	return s
}

func pauseFor(s situation, what, who, question string) situation {
	if !s.ended() && s.owner == who {
		s.state, s.pause, s.question, s.pausedBy = what, what, question, who
	}
	return s
}

// unpause ends a pause by hand, unask by taking back a question, answer by the
// requester's word.
func unpause(s situation) situation {
	if !s.ended() {
		s.pause, s.question = "", ""
		return resume(s)
	}
	return s
}

func unask(s situation, question string) situation {
	if s.pause != "" && s.question == question {
		return unpause(s)
	}
	return s
}

func answer(s situation) situation {
	if s.pause == "waiting" {
		s.pause, s.question = "", ""
		if !s.ended() {
			return resume(s)
		}
	}
	return s
}

func reprioritise(s situation, to string) situation {
	if !s.ended() {
		s.priority = to
	}
	return s
}

func end(s situation, state, who string, byEmoji bool) situation {
	if !s.ended() {
		s.state, s.endedBy, s.byEmoji, s.why = state, who, byEmoji, "not an issue"
	}
	return s
}

func withdraw(s situation, who string) situation {
	if !s.ended() {
		s = end(s, "closed", who, false)
		s.why = "withdrawn"
	}
	return s
}

// tick resolves by emoji, and untick takes that back: what another's says then holds.
func tick(s situation, who string) situation {
	s = end(s, "resolved", who, true)
	s.ticks += who + ","
	return s
}

func untick(s situation, who string) situation {
	s.ticks = without(s.ticks, who)
	if s.state != "resolved" || !s.byEmoji || s.endedBy != who {
		return s
	}
	if s.ticks != "" {
		s.endedBy = firstOf(s.ticks)
		return s
	}
	return resume(s)
}

// resume is what a ticket is that has not ended, or not any more.
func resume(s situation) situation {
	s.endedBy, s.byEmoji, s.why = "", false, ""
	switch {
	case s.pause != "":
		s.state = s.pause
	case s.owner != "":
		s.state = "claimed"
	default:
		s.state = "open"
	}
	return s
}

func reopen(s situation) situation {
	if s.ended() {
		s.pause, s.question, s.ticks = "", "", ""
		return resume(s)
	}
	return s
}

// outcome is what the person who made a gesture knows of it.
type outcome string

const (
	done    outcome = "done"
	unknown outcome = "unknown" // no answer, or none that is sure
	refused outcome = "refused" // nothing was changed, and they were told
)

// step is a gesture that somebody made.
type step struct {
	gesture string
	who     string    // what they are called
	at      time.Time // when they had made it
	outcome outcome
	event   string // what the event it makes is known by; empty for none
	unseen  bool   // it was made without a look at the card
	does    func(situation) situation
}

// possible returns where a ticket can stand after steps: every step whose outcome
// is unknown may have happened or not. Lost says which events never arrived for
// sure.
func possible(first situation, steps []step, lost func(event string) bool) []situation {
	all := []situation{first}
	for _, s := range steps {
		if s.does == nil || s.outcome == refused {
			continue
		}
		var next []situation
		for _, before := range all {
			candidates := []situation{s.does(before)}
			if s.outcome == unknown || s.event != "" && lost(s.event) {
				candidates = append(candidates, before)
			}
			for _, c := range candidates {
				if !slices.Contains(next, c) {
					next = append(next, c)
				}
			}
		}
		all = next
	}
	return all
}
