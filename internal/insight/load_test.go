package insight_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/duty"
	"supporty/internal/insight"
)

// What people carry is told of enough of them, and neither the least nor the most is told.
func TestLoadOf(t *testing.T) {
	t.Parallel()
	var burdens []duty.Burden
	for i := range 5 {
		got := insight.LoadOf(burdens)
		if diff := gocmp.Diff(insight.Load{People: i}, got); diff != "" {
			t.Errorf("of %d people (-want +got):\n%s", i, diff)
		}
		burdens = append(burdens, duty.Burden{Open: 50 - 10*i, Hours: time.Duration(i) * time.Hour, CallsOut: 1})
	}
	want := insight.Load{
		People: 5, Telling: true, Open: insight.Quarters[int]{One: 20, Two: 30, Three: 40},
		Hours:    insight.Quarters[time.Duration]{One: time.Hour, Two: 2 * time.Hour, Three: 3 * time.Hour},
		CallsOut: insight.Quarters[int]{One: 1, Two: 1, Three: 1},
	}
	if diff := gocmp.Diff(want, insight.LoadOf(burdens)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
