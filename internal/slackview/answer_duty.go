package slackview

import (
	"time"

	"supporty/internal/duty"
	"supporty/internal/slackformat"
)

// Shifts say who of a squad is on duty at a moment, and who is next.
type Shifts struct {
	Squad     string
	Now, Next duty.Shift
}

// OnDuty tells who is on duty at a moment; zero is now. Nobody is pinged.
func OnDuty(shifts []Shifts, at time.Time, s Scene) slackformat.Message {
	if len(shifts) == 0 {
		return say("No squad has a rota.")
	}
	head := "*On duty now*"
	if !at.IsZero() {
		head = "*On duty " + date(at) + "*"
	}
	all := []string{head}
	for _, of := range shifts {
		all = append(all, bullet(of.words(s)))
	}
	return say(lines(all...))
}

func (of Shifts) words(s Scene) string {
	text := slackformat.Escape(of.Squad) + ": " + onDuty(of.Now, s)
	if of.Now.Until.IsZero() {
		return text + "."
	}
	return text + " until " + date(of.Now.Until) + ", then " + onDuty(of.Next, s) + "."
}

func onDuty(shift duty.Shift, s Scene) string {
	if shift.Person == "" {
		return "nobody"
	}
	return s.name(shift.Person)
}
