package sla_test

import (
	"testing"
	"time"

	"supporty/internal/sla"
)

func TestNextReply(t *testing.T) {
	t.Parallel()
	promised := p2
	promised.NextReply = 30 * time.Minute
	ask := func(at string) sla.Event { return event(at, sla.Ask, promised) }
	for name, test := range map[string]struct {
		events  []sla.Event
		due     string // "" while no reply is awaited
		promise int
	}{
		"before the first answer":      {[]sla.Event{ask("09:10")}, "", 0},
		"after it":                     {[]sla.Event{event("09:05", sla.Answer), ask("09:10")}, "09:40", 0},
		"asked twice: since the first": {[]sla.Event{event("09:05", sla.Answer), ask("09:10"), ask("09:20")}, "09:40", 0},
		"answered":                     {[]sla.Event{event("09:05", sla.Answer), ask("09:10"), event("09:15", sla.Answer)}, "", 0},
		"asked again":                  {[]sla.Event{event("09:05", sla.Answer), ask("09:10"), event("09:15", sla.Answer), ask("09:30")}, "10:00", 1},
		"solved":                       {[]sla.Event{event("09:05", sla.Answer), ask("09:10"), event("09:15", sla.Stop)}, "", 0},
		"after the end":                {[]sla.Event{event("09:05", sla.Answer), event("09:15", sla.Stop), ask("09:20")}, "", 0},
		"where it is not promised":     {[]sla.Event{event("09:05", sla.Answer), event("09:10", sla.Ask, p2)}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := cycle(t, append([]sla.Event{event("09:00", sla.Start, promised)}, test.events...)...).Clock(sla.Reply)
			if awaited := c.Promised() && c.Running(); awaited != (test.due != "") {
				t.Errorf("awaited %t", awaited)
			} else if awaited && (!c.DueAt.Equal(on(test.due)) || c.Promise != test.promise) {
				t.Errorf("due %s as promise %d", c.DueAt, c.Promise)
			}
		})
	}
}
