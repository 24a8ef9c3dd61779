package slackview

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var dateCode = regexp.MustCompile(`<!date\^\d+\^[^|]+\|([^>]+) UTC>`)

// inUTC is the text in a client without date tokens.
func inUTC(text string) string { return dateCode.ReplaceAllString(text, "$1") }

func TestDate(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 23, 11, 50, 0, 0, time.UTC)
	seconds := "1795434600"
	for _, test := range []struct {
		got, want string
	}{
		{date(monday), "<!date^" + seconds + "^{date_short_pretty} {time}|Mon 23 Nov 11:50 UTC>"},
		{date(monday.In(time.FixedZone("", 3600))), "<!date^" + seconds + "^{date_short_pretty} {time}|Mon 23 Nov 11:50 UTC>"},
		{at(monday, monday.Add(-11*time.Hour)), "at <!date^" + seconds + "^{time}|11:50 UTC>"},
		{at(monday, monday.Add(-12*time.Hour)), date(monday)},
		{at(monday, monday.Add(13*time.Hour)), date(monday)},
	} {
		t.Run(test.got, func(t *testing.T) {
			if test.got != test.want {
				t.Errorf("%q, want %q", test.got, test.want)
			}
		})
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	const h, min = time.Hour, time.Minute
	for _, test := range []struct {
		d               time.Duration
		in, span, spent string
	}{
		{-min, "in less than a minute", "-60 s", "under 1 min"},
		{30 * time.Second, "in less than a minute", "30 s", "1 min"},
		{min, "in 1 minute", "1 min", "1 min"},
		{45*min - 8*time.Second, "in 45 minutes", "45 min", "45 min"},
		{59*min + 40*time.Second, "in 1 hour", "1 h", "1 h"},
		{h, "in 1 hour", "1 h", "1 h"},
		{95 * min, "in 1 hour 30 minutes", "1 h 35 min", "1 h 35"},
		{130 * min, "in 2 hours 15 minutes", "2 h 10 min", "2 h 10"},
		{181 * min, "in 3 hours", "3 h 1 min", "3 h 01"},
		{3 * h, "in 3 hours", "3 h", "3 h"},
		{6 * h, "in 6 hours", "6 h", "6 h"},
		{24 * h, "in 24 hours", "24 h", "24 h"},
		{43*h + 22*min, "in 43 hours", "43 h 22 min", "43 h 22"},
		{72 * h, "in 3 days", "3 days", "3 days"},
		{75 * h, "in 3 days", "3 days 3 h", "3 days 3 h"},
	} {
		t.Run(test.in, func(t *testing.T) {
			if got := in(test.d); got != test.in {
				t.Errorf("in %v = %q, want %q", test.d, got, test.in)
			}
			if got := span(test.d); got != test.span {
				t.Errorf("span %v = %q, want %q", test.d, got, test.span)
			}
			if got := spent(test.d); got != test.spent {
				t.Errorf("spent %v = %q, want %q", test.d, got, test.spent)
			}
		})
	}
}

// A distance in words is never off by more than a quarter, after the first minutes.
func TestDistancesAreNearEnough(t *testing.T) {
	t.Parallel()
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(int64(5*time.Minute), int64(90*24*time.Hour)).Draw(t, "d"))
		var told time.Duration
		words := strings.Fields(in(d))[1:]
		for i := 0; i+1 < len(words); i += 2 {
			n, err := time.ParseDuration(words[i] + "ns")
			if err != nil {
				t.Fatal(err)
			}
			told += n * units[strings.TrimSuffix(words[i+1], "s")]
		}
		if off := (told - d).Abs(); off > d/4 {
			t.Fatalf("%v is told as %v", d, told)
		}
	})
}
