package insight_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/insight"
)

// Runs are described as all of their durations in one list.
func TestSpreadOfRuns(t *testing.T) {
	t.Parallel()
	drawn := rapid.Map(rapid.IntRange(-5, 40), func(n int) time.Duration { return time.Duration(n) * time.Microsecond })
	rapid.Check(t, func(t *rapid.T) {
		runs := rapid.SliceOf(rapid.SliceOf(drawn)).Draw(t, "runs")
		all := slices.Sorted(slices.Values(slices.Concat(runs...)))
		for _, run := range runs {
			slices.Sort(run)
		}
		want := insight.Spread{Count: len(all)}
		if len(all) > 0 {
			want.Median = all[int(math.Ceil(0.5*float64(len(all))))-1]
			want.P90 = all[int(math.Ceil(0.9*float64(len(all))))-1]
		}
		if got := insight.SpreadOf(runs); got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}
