package sla_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/sla"
)

// A step that falls exactly on closing time comes then, and not after the weekend.
func TestPartsThatEndAtClosingTime(t *testing.T) {
	t.Parallel()
	office := calendar(t, hours(london, workdays, "09:00-17:00"))
	closing := local(london, "2026-03-27 17:00").UTC()
	rapid.Check(t, func(t *rapid.T) {
		percent := rapid.IntRange(1, 99).Draw(t, "percent")
		unit := time.Duration(rapid.IntRange(1, 290_000_000).Draw(t, "microseconds a percent")) * time.Microsecond
		target := sla.Target{Resolve: 100 * unit, Respond: 100 * unit, WarnAt: float64(percent) / 100, Calendar: office}
		filed := closing.Add(-time.Duration(percent) * unit)
		c := newest([]sla.Event{{At: filed, Kind: sla.Start, Target: target}}).Clock(sla.Resolve)
		if !c.WarnAt.Equal(closing) {
			t.Errorf("warns at %s", c.WarnAt)
		}
		if at := (sla.Escalation{Percent: percent}).Times(c)[0]; !at.Equal(closing) {
			t.Errorf("the step is taken at %s", at)
		}
	})
}

func TestAPartBeyondTheWholeThatEndsAtClosingTime(t *testing.T) {
	t.Parallel()
	office := calendar(t, hours(london, workdays, "09:00-17:00"))
	target := sla.Target{Resolve: 100 * time.Minute, WarnAt: 0.75, Calendar: office}
	closing := local(london, "2026-03-27 17:00").UTC()
	for percent := 101; percent <= 480; percent++ {
		c := cycle(t, sla.Event{At: closing.Add(-time.Duration(percent) * time.Minute), Kind: sla.Start, Target: target}).Clock(sla.Resolve)
		if at := (sla.Escalation{Percent: percent}).Times(c)[0]; !at.Equal(closing) {
			t.Errorf("%d %% are taken at %s", percent, at)
		}
	}
}
