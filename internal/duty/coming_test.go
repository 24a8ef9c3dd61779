package duty_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/duty"
	"supporty/internal/sla"
)

// What comes is who is on duty next, one after the other, without the gaps of a layer that is closed at
// night.
func TestComing(t *testing.T) {
	t.Parallel()
	var week [7][]sla.Span
	for day := range week {
		week[day] = []sla.Span{{From: 9 * 60, To: 18 * 60}}
	}
	byDay, err := sla.NewCalendar(sla.Hours{Zone: "UTC", Week: week})
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	at := func(days, hours int) time.Time { return monday.Add(time.Duration(days*24+hours) * time.Hour) }
	layer := duty.Layer{People: []string{"A", "B"}, First: monday, Turn: 7 * 24 * time.Hour, Hours: byDay}
	got := duty.Rota{Layers: []duty.Layer{layer}}.Coming(at(1, 1), at(28, 0), 9)
	want := []duty.Shift{{Person: "B", From: at(7, 0), Until: at(13, 9)}, {Person: "A", From: at(14, 0), Until: at(20, 9)}, {Person: "B", From: at(21, 0), Until: at(27, 9)}}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	layer.Hours = nil
	always := duty.Rota{Layers: []duty.Layer{layer}}
	if got := always.Coming(at(1, 1), at(28, 0), 2); len(got) != 2 || !got[0].From.Equal(at(7, 0)) || !got[0].Until.Equal(at(14, 0)) {
		t.Errorf("at most two: %v", got)
	}
	layer.People = []string{"A"}
	if got := (duty.Rota{Layers: []duty.Layer{layer}}).Coming(at(1, 1), at(28, 0), 2); len(got) > 0 {
		t.Errorf("nobody else: %v", got)
	}
	if got := (duty.Rota{}).Coming(monday, at(28, 0), 2); len(got) > 0 {
		t.Errorf("nobody at all: %v", got)
	}
}
