package sla

import (
	"math"
	"time"
)

// part is a part of a time, in millionths. It is whole-numbered because fractions in
// binary are not exact: a nanosecond too much moves a warning that falls on closing
// time to the next opening, which may be weeks away.
type part int64

const whole part = 1_000_000

// fraction is the part that a setting such as 0.8 means.
func fraction(f float64) part { return part(math.Round(f * float64(whole))) }

// percent is the part that so many percent are.
func percent(n int) part { return part(n) * whole / 100 }

// of is the part of a time, without what is less than a nanosecond. The time is
// divided first: years multiplied by a million are more than fits.
func (p part) of(d time.Duration) time.Duration {
	w := time.Duration(whole)
	return d/w*time.Duration(p) + d%w*time.Duration(p)/w
}
