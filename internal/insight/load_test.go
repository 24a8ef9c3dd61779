package insight_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/duty"
	"supporty/internal/insight"
)

// What people carry is told of enough of them who have any of it, and neither the least nor the most is told.
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
		People: 5, Open: insight.Quarters[int]{People: 5, One: 20, Two: 30, Three: 40},
		CallsOut: insight.Quarters[int]{People: 5, One: 1, Two: 1, Three: 1},
	}
	if diff := gocmp.Diff(want, insight.LoadOf(burdens)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !want.Telling() || (insight.Load{People: 5}).Telling() {
		t.Error("there is something to tell where five people have any of it")
	}
}

// Of two people who were called, each would read the figure of the other, however many have open tickets.
func TestLoadOfFew(t *testing.T) {
	t.Parallel()
	burdens := []duty.Burden{{Open: 1}, {Open: 1}, {Open: 2}, {Open: 3}, {Open: 4}, {Calls: 2}, {Calls: 7}}
	want := insight.Load{People: 7, Open: insight.Quarters[int]{People: 5, One: 1, Two: 2, Three: 3}}
	if diff := gocmp.Diff(want, insight.LoadOf(burdens)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
