package slackformat

import (
	"testing"
	"time"
)

func TestSlackTime(t *testing.T) {
	t.Parallel()
	for ts, want := range map[string]time.Time{
		"1790000000.000400":    time.Unix(1790000000, 400_000).UTC(),
		"1790000000.5":         time.Unix(1790000000, 500_000_000).UTC(),
		"1790000000.1234567":   time.Unix(1790000000, 123_456_000).UTC(),
		"1790000000":           time.Unix(1790000000, 0).UTC(),
		"1790000000.x":         time.Unix(1790000000, 0).UTC(),
		"1790000000.-1":        time.Unix(1790000000, 0).UTC(),
		"":                     {},
		"x":                    {},
		"7.1":                  {},
		"-1790000000.1":        {},
		"99999999999.0":        {},
		"99999999999999999999": {},
	} {
		t.Run(ts, func(t *testing.T) {
			if got := Time(ts); !got.Equal(want) || got.IsZero() != want.IsZero() {
				t.Errorf("%q is %v, not %v", ts, got, want)
			}
		})
	}
}
