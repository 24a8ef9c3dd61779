package sla

import (
	"math"
	"time"
)

// fraction is a fraction of a time, in millionths. It is a whole number because binary
// fractions are not exact: one nanosecond too much moves a warning at closing time to
// the next opening, which may be weeks away.
type fraction int64

const whole fraction = 1_000_000

// fractionOf converts a setting such as 0.8.
func fractionOf(f float64) fraction { return fraction(math.Round(f * float64(whole))) }

// percent converts a percentage.
func percent(n int) fraction { return fraction(n) * whole / 100 }

// of returns the fraction of a time, without parts of a nanosecond. The time is divided
// first, because years multiplied by a million do not fit.
func (f fraction) of(d time.Duration) time.Duration {
	w := time.Duration(whole)
	return d/w*time.Duration(f) + d%w*time.Duration(f)/w
}
