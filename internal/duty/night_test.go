package duty_test

import (
	"testing"
	"time"

	"supporty/internal/duty"
)

// It is night by the wall clock of the place, also where the clocks have changed.
func TestNight(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	early := duty.Night{From: 1 * 60, To: 5 * 60}
	for _, test := range []struct {
		night duty.Night
		at    string
		want  bool
	}{
		{duty.UsualNight, "2026-11-20T21:59:59Z", false},
		{duty.UsualNight, "2026-11-20T22:00:00Z", true},
		{duty.UsualNight, "2026-11-21T06:59:59Z", true},
		{duty.UsualNight, "2026-11-21T07:00:00Z", false},
		{duty.UsualNight, "2026-07-01T21:00:00Z", true}, // 22:00 there
		{duty.UsualNight, "2026-07-01T06:00:00Z", false},
		{early, "2026-11-20T00:59:00Z", false},
		{early, "2026-11-20T01:00:00Z", true},
		{early, "2026-11-20T05:00:00Z", false},
		{duty.Night{}, "2026-11-20T00:00:00Z", false},
	} {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := test.night.At(at, london); got != test.want {
			t.Errorf("%v at %s: %v", test.night, test.at, got)
		}
	}
}
