package sla_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/sla"
)

// The targets of the tests.
var (
	p1 = sla.Target{Resolve: time.Hour, Respond: 15 * time.Minute, AlertRespond: true, WarnAt: 0.75}
	p2 = sla.Target{Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75}
	p3 = sla.Target{Resolve: 24 * time.Hour, Respond: 6 * time.Hour, WarnAt: 0.75}
)

var midnight = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)

// on reads "14:30", a time of the day of the tests, or "33:00", a time of the day after. The
// empty string is the zero time. It panics on other text, because tests write it themselves.
func on(hour string) time.Time {
	if hour == "" {
		return time.Time{}
	}
	since, err := time.ParseDuration(strings.Replace(hour, ":", "h", 1) + "m")
	if err != nil {
		panic(err)
	}
	return midnight.Add(since)
}

func event(hour string, kind sla.EventKind, target ...sla.Target) sla.Event {
	e := sla.Event{At: on(hour), Kind: kind}
	if len(target) > 0 {
		e.Target = target[0]
	}
	return e
}

// cycle computes the clocks of events that make one cycle.
func cycle(t *testing.T, events ...sla.Event) sla.Cycle {
	t.Helper()
	cycles := sla.Cycles(events)
	if len(cycles) != 1 {
		t.Fatalf("%d cycles, want one", len(cycles))
	}
	return cycles[0]
}
