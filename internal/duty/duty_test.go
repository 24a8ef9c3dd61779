package duty_test

import (
	"fmt"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/duty"
	"supporty/internal/sla"
)

const week = 7 * 24 * time.Hour

// at is a time that a zone's clocks show.
func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func london(t *testing.T) *time.Location {
	return at(t, "Europe/London", "2026-01-01 00:00").Location()
}

func hours(t *testing.T, h sla.Hours) *sla.Calendar {
	t.Helper()
	c, err := sla.NewCalendar(h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// office is Monday to Friday, 09:00 to 18:00 in London, without Christmas.
func office(t *testing.T) *sla.Calendar {
	h := sla.Hours{Zone: "Europe/London", Holidays: []string{"2026-12-25"}}
	for day := time.Monday; day <= time.Friday; day++ {
		h.Week[day] = []sla.Span{{From: 9 * 60, To: 18 * 60}}
	}
	return hours(t, h)
}

func weekly(t *testing.T, people ...string) duty.Layer {
	return duty.Layer{People: people, Zone: london(t), First: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), Turn: week}
}

// The examples of layers and restrictions in PagerDuty's documentation, and what is expected of
// a rota at its edges. https://support.pagerduty.com/docs/schedules
func TestWhoIsOnDuty(t *testing.T) {
	t.Parallel()
	nights := weekly(t, "dana", "eve")
	nights.Hours, nights.Outside = office(t), true
	days := weekly(t, "alice", "bob")
	days.Hours = office(t)
	halfDays := duty.Layer{People: []string{"alice", "bob"}, Zone: london(t), First: time.Date(2026, 10, 24, 1, 30, 0, 0, time.UTC), Turn: 12 * time.Hour}
	for _, test := range []struct {
		name string
		rota duty.Rota
		at   string // in London
		want string
	}{
		{"before the first turn", duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}}, "2026-11-02 08:59", ""},
		{"at the handover", duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}}, "2026-11-09 09:00", "bob"},
		{"a minute before", duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}}, "2026-11-09 08:59", "alice"},
		{"round again", duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}}, "2026-11-16 09:00", "alice"},
		{"after the clocks have changed, at the same time of day", duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}}, "2027-03-29 09:00", "bob"},
		{"and not a minute earlier", duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}}, "2027-03-29 08:59", "alice"},
		{"somebody alone", duty.Rota{Layers: []duty.Layer{weekly(t, "alice")}}, "2026-12-01 12:00", "alice"},
		{"nobody", duty.Rota{}, "2026-12-01 12:00", ""},
		{"a layer without people", duty.Rota{Layers: []duty.Layer{weekly(t)}}, "2026-12-01 12:00", ""},
		{"the last layer counts", duty.Rota{Layers: []duty.Layer{weekly(t, "alice"), weekly(t, "bob")}}, "2026-12-01 12:00", "bob"},
		{"the first layer, where the last is closed", duty.Rota{Layers: []duty.Layer{weekly(t, "alice"), days}}, "2026-12-01 18:00", "alice"},
		{"nobody where no layer is open", duty.Rota{Layers: []duty.Layer{days}}, "2026-12-01 18:00", ""},
		{"by day", duty.Rota{Layers: []duty.Layer{days, nights}}, "2026-12-01 17:59", "alice"},
		{"by night", duty.Rota{Layers: []duty.Layer{days, nights}}, "2026-12-01 18:00", "dana"},
		{"on a holiday", duty.Rota{Layers: []duty.Layer{days, nights}}, "2026-12-25 12:00", "eve"},
		{"somebody absent", duty.Rota{
			Layers:   []duty.Layer{weekly(t, "alice", "bob", "carol")},
			Absences: []duty.Absence{{Person: "alice", From: at(t, "Europe/London", "2026-11-23 00:00"), Until: at(t, "Europe/London", "2026-11-28 00:00")}},
		}, "2026-11-27 23:59", "bob"},
		{"and back", duty.Rota{
			Layers:   []duty.Layer{weekly(t, "alice", "bob", "carol")},
			Absences: []duty.Absence{{Person: "alice", From: at(t, "Europe/London", "2026-11-23 00:00"), Until: at(t, "Europe/London", "2026-11-28 00:00")}},
		}, "2026-11-28 00:00", "alice"},
		{"an override", duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}, Overrides: []duty.Override{
			{Person: "carol", From: at(t, "Europe/London", "2026-11-24 09:00"), Until: at(t, "Europe/London", "2026-11-24 15:00")},
		}}, "2026-11-24 14:59", "carol"},
		{"after an override", duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}, Overrides: []duty.Override{
			{Person: "carol", From: at(t, "Europe/London", "2026-11-24 09:00"), Until: at(t, "Europe/London", "2026-11-24 15:00")},
		}}, "2026-11-24 15:00", "bob"},
		{"the latest override", duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}, Overrides: []duty.Override{
			{Person: "carol", From: at(t, "Europe/London", "2026-11-24 09:00"), Until: at(t, "Europe/London", "2026-11-24 15:00")},
			{Person: "dana", From: at(t, "Europe/London", "2026-11-24 10:00"), Until: at(t, "Europe/London", "2026-11-24 11:00")},
		}}, "2026-11-24 10:30", "dana"},
		{"everybody has left", duty.Rota{
			Layers:   []duty.Layer{weekly(t, "alice", "bob")},
			Absences: []duty.Absence{{Person: "alice"}, {Person: "bob"}},
		}, "2026-11-28 00:00", ""},
		{"a handover in the hour that the clocks show twice: in the evening before", duty.Rota{Layers: []duty.Layer{halfDays}}, "2026-10-24 23:00", "bob"},
		{"a handover in the hour that the clocks show twice: after it", duty.Rota{Layers: []duty.Layer{halfDays}}, "2026-10-25 02:00", "alice"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := test.rota.At(at(t, "Europe/London", test.at)); got != test.want {
				t.Errorf("at %s %q is on duty, want %q", test.at, got, test.want)
			}
		})
	}
}

// A handover in the hour that the clocks show twice happens at the first time, and once.
func TestHandoverInTheHourThatExistsTwice(t *testing.T) {
	t.Parallel()
	daily := duty.Rota{Layers: []duty.Layer{{
		People: []string{"alice", "bob"}, Zone: london(t), First: time.Date(2026, 10, 24, 1, 30, 0, 0, time.UTC), Turn: 24 * time.Hour,
	}}}
	from, until := at(t, "Europe/London", "2026-10-25 00:00"), at(t, "Europe/London", "2026-10-25 12:00")
	handover := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC) // 01:30 in summer; again an hour later
	want := []duty.Shift{{Person: "alice", From: from.UTC(), Until: handover}, {Person: "bob", From: handover, Until: until.UTC()}}
	if diff := gocmp.Diff(want, daily.Between(from, until)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again := daily.At(handover.Add(40 * time.Minute)); again != "bob" {
		t.Errorf("when the clocks show 01:10 once more, %q is on duty", again)
	}
}

// A handover in the hour that does not exist happens when the clocks change.
func TestHandoverInTheHourThatIsSkipped(t *testing.T) {
	t.Parallel()
	daily := duty.Rota{Layers: []duty.Layer{{
		People: []string{"alice", "bob"}, Zone: london(t), First: time.Date(2026, 3, 28, 1, 30, 0, 0, time.UTC), Turn: 24 * time.Hour,
	}}}
	change := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)
	if before, then := daily.At(change.Add(-time.Nanosecond)), daily.At(change); before != "alice" || then != "bob" {
		t.Errorf("%s hands over to %s, want alice to bob", before, then)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	rota := duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}}
	nine := func(day int) time.Time { return time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		name string
		last duty.Change
		at   time.Time
		want []duty.Change
	}{
		{"the first of all", duty.Change{}, nine(5), []duty.Change{{Person: "alice", At: nine(5)}}},
		{"none", duty.Change{Person: "alice", At: nine(2)}, nine(5), nil},
		{"at the handover", duty.Change{Person: "alice", At: nine(2)}, nine(9), []duty.Change{{Person: "bob", At: nine(9)}}},
		{"later", duty.Change{Person: "alice", At: nine(2)}, nine(11), []duty.Change{{Person: "bob", At: nine(9)}}},
		{"after a long absence", duty.Change{Person: "alice", At: nine(2)}, nine(18), []duty.Change{{Person: "bob", At: nine(9)}, {Person: "alice", At: nine(16)}}},
		{"another rota since", duty.Change{Person: "carol", At: nine(3)}, nine(5), []duty.Change{{Person: "alice", At: nine(5)}}},
		{"another rota since, and a handover of it", duty.Change{Person: "carol", At: nine(3)}, nine(10), []duty.Change{{Person: "bob", At: nine(9)}}},
		{"the clock was set back", duty.Change{Person: "alice", At: nine(6)}, nine(5), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := gocmp.Diff(test.want, rota.Changes(test.last, test.at)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestServed(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 9, 0, 0, 0, time.UTC) }
	r := duty.Record{Changes: []duty.Change{{Person: "alice", At: day(1)}, {Person: "bob", At: day(5)}, {At: day(7)}, {Person: "alice", At: day(9)}}}
	shift := func(person string, from, until int) duty.Shift {
		return duty.Shift{Person: person, From: day(from), Until: day(until)}
	}
	for _, test := range []struct {
		name        string
		from, until int
		want        []duty.Shift
	}{
		{"all", 1, 12, []duty.Shift{shift("alice", 1, 5), shift("bob", 5, 7), shift("alice", 9, 12)}},
		{"cut at both ends", 2, 6, []duty.Shift{shift("alice", 2, 5), shift("bob", 5, 6)}},
		{"nobody", 7, 9, nil},
		{"the last one goes on", 10, 11, []duty.Shift{shift("alice", 10, 11)}},
		{"a period that ends before it begins", 12, 2, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := gocmp.Diff(test.want, r.Served(day(test.from), day(test.until))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNow(t *testing.T) {
	t.Parallel()
	moment := at(t, "UTC", "2026-11-05 12:00")
	endless := duty.Shift{Person: "alice", From: moment}
	for _, test := range []struct {
		name      string
		rota      duty.Rota
		left      string
		now, next duty.Shift
	}{
		{name: "two take turns", rota: duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}},
			now:  duty.Shift{Person: "alice", From: moment, Until: at(t, "UTC", "2026-11-09 09:00")},
			next: duty.Shift{Person: "bob", From: at(t, "UTC", "2026-11-09 09:00"), Until: at(t, "UTC", "2026-11-16 09:00")}},
		{name: "two turns of one person are one shift", rota: duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "alice", "bob")}},
			now:  duty.Shift{Person: "alice", From: moment, Until: at(t, "UTC", "2026-11-16 09:00")},
			next: duty.Shift{Person: "bob", From: at(t, "UTC", "2026-11-16 09:00"), Until: at(t, "UTC", "2026-11-23 09:00")}},
		{name: "who has left takes no turns", left: "alice", rota: duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob", "carol")}},
			now:  duty.Shift{Person: "bob", From: moment, Until: at(t, "UTC", "2026-11-16 09:00")},
			next: duty.Shift{Person: "carol", From: at(t, "UTC", "2026-11-16 09:00"), Until: at(t, "UTC", "2026-11-23 09:00")}},
		{name: "all have left", left: "alice", rota: duty.Rota{Layers: []duty.Layer{weekly(t, "alice")}}, now: duty.Shift{From: moment}},
		{name: "one person for ever", rota: duty.Rota{Layers: []duty.Layer{weekly(t, "alice")}}, now: endless},
		{name: "nobody for ever", now: duty.Shift{From: moment}},
		{name: "who leaves", rota: duty.Rota{Layers: []duty.Layer{weekly(t, "alice")}, Absences: []duty.Absence{{Person: "alice", From: at(t, "UTC", "2026-11-07 00:00")}}},
			now:  duty.Shift{Person: "alice", From: moment, Until: at(t, "UTC", "2026-11-07 00:00")},
			next: duty.Shift{From: at(t, "UTC", "2026-11-07 00:00")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			now, next := test.rota.Without(func(person string) bool { return person == test.left }, moment).Now(moment)
			if diff := gocmp.Diff(fmt.Sprint(test.now, test.next), fmt.Sprint(now, next)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
