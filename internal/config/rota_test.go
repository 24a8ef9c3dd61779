package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/config"
	"supporty/internal/duty"
	"supporty/internal/sla"
)

const rotaFile = `
hours: Mon-Fri 09:00-18:00 Europe/London
squads:
  - {name: Short, members: [U0ALICE, U0BOB], lead: U0DANA, rota: Mon 09:00}
  - {name: No rota, members: [U0ALICE]}
  - name: Elsewhere
    hours: Mon-Fri 07:00-15:00 Asia/Tokyo
    rota:
      - {handover: Mon 09:00, people: [U0ALICE]}
      - ical: webcal://pager.example.com/private/s3kr1t
        names: [{name: Bob@Example.com, person: U0BOB}]
  - name: Long
    hours: Mon-Fri 07:00-15:00 America/New_York
    rota:
      - {handover: "18:00 UTC", people: [U0ALICE], hours: desk}
      - {handover: "18:00", turn: 12h, starts: 2026-11-30, people: [U0BOB], hours: outside}
      - {handover: Fri 08:30, turn: 2 weeks, starts: 2026-11-30, people: [U0BOB, U0CAROL], hours: "Sat-Sun 00:00-24:00 Asia/Kolkata"}
categories: [{name: Payments, squad: short}, {name: Refunds, squad: Short}, {name: Other, squad: Long}]
`

func TestRoster(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(write(t, rotaFile), needed)
	if err != nil {
		t.Fatal(err)
	}
	got, err := cfg.Roster(func(l config.Layer, zone *time.Location) []duty.Shift {
		if l.ICal.Reveal() != "https://pager.example.com/private/s3kr1t" || l.Called()["bob@example.com"] != "U0BOB" {
			t.Errorf("asked for the calendar %+v", l)
		}
		return []duty.Shift{{Person: zone.String()}}
	})
	if err != nil {
		t.Fatal(err)
	}
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	hours := func(name string, from, to time.Weekday, s sla.Span) *sla.Calendar {
		c, err := sla.NewCalendar(sla.Hours{Zone: name, Week: week(from, to, s)})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC) }
	const day = 24 * time.Hour
	london := hours("Europe/London", time.Monday, time.Friday, sla.Span{From: 9 * 60, To: 18 * 60})
	newYork := hours("America/New_York", time.Monday, time.Friday, sla.Span{From: 7 * 60, To: 15 * 60})
	weekend := sla.Hours{Zone: "Asia/Kolkata"}
	weekend.Week[time.Saturday], weekend.Week[time.Sunday] = []sla.Span{{To: 24 * 60}}, []sla.Span{{To: 24 * 60}}
	kolkata, err := sla.NewCalendar(weekend)
	if err != nil {
		t.Fatal(err)
	}
	want := duty.Roster{
		{Name: "Short", Categories: []string{"Payments", "Refunds"}, Lead: "U0DANA", Hours: london, Rota: duty.Rota{Layers: []duty.Layer{
			{People: []string{"U0ALICE", "U0BOB"}, Zone: zone("Europe/London"), First: time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC), Turn: 7 * day},
		}}},
		{Name: "No rota", Hours: london},
		{Name: "Elsewhere", Hours: hours("Asia/Tokyo", time.Monday, time.Friday, sla.Span{From: 7 * 60, To: 15 * 60}), Rota: duty.Rota{Layers: []duty.Layer{
			{People: []string{"U0ALICE"}, Zone: zone("Asia/Tokyo"), First: time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC), Turn: 7 * day},
			{Fixed: []duty.Shift{{Person: "Asia/Tokyo"}}},
		}}},
		{Name: "Long", Categories: []string{"Other"}, Hours: newYork, Rota: duty.Rota{Layers: []duty.Layer{
			{People: []string{"U0ALICE"}, Zone: time.UTC, First: time.Date(2024, 1, 1, 18, 0, 0, 0, time.UTC), Turn: day, Hours: newYork},
			{People: []string{"U0BOB"}, Zone: zone("America/New_York"), First: first(30, 18, 0), Turn: day / 2, Hours: newYork, Outside: true},
			{People: []string{"U0BOB", "U0CAROL"}, Zone: zone("America/New_York"), First: first(34, 8, 30), Turn: 14 * day, Hours: kolkata},
		}}},
	}
	sameZone := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	if diff := cmp.Diff(want, got, sameZone); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRotasThatAreWrong(t *testing.T) {
	t.Parallel()
	const write9 = "write when a turn ends, like Mon 09:00 or 18:00, with a zone behind it if it is not that of the desk's hours"
	for _, test := range []struct{ name, rota, want string }{
		{"a word", "weekly", `squads[0].rota: "weekly" is not a handover; ` + write9},
		{"a zone that does not exist", "Mon 09:00 Europe/Londn", `squads[0].rota: "Mon 09:00 Europe/Londn" is not a time zone; write a name like Europe/London or UTC`},
		{"no handover", "[{turn: 1 day, people: [U0BOB]}]", `squads[0].rota[0].handover: is missing; ` + write9},
		{"turns", "[{handover: '9:00', turn: 0h, people: [U0BOB]}, {handover: '9:00', turn: 400 days, people: [U0BOB]}, {handover: '9:00', turn: long, people: [U0BOB]}]", `
squads[0].rota[0].turn: "0h" is out of range; write something from 30m to 12 weeks
squads[0].rota[1].turn: "400 days" is out of range; write something from 30m to 12 weeks
squads[0].rota[2].turn: "long" is not the length of a turn; write something like 1 week, 1 day or 12h`},
		{"nobody", "Mon 09:00", `squads[0].rota[0].people: is empty, and so are the members of the squad; write who takes turns, in order`},
		{"hours", "[{handover: '9:00', people: [U0BOB], hours: outside}, {handover: '9:00', people: [U0BOB], hours: at night}]",
			`squads[0].rota[1].hours: "at night" does not end with a time zone; write something like Mon-Fri 09:00-18:00 Europe/London; or write always, desk or outside`},
		{"hours that are not set", "[{handover: '9:00', people: [U0BOB], hours: outside}]",
			`squads[0].rota[0].hours: needs the hours of the desk, and none are set; set hours, or write others here`},
		{"calendars", "[{ical: 'ftp://s3kr1t', names: [{name: a, person: U0BOB}]}, {ical: 'https://pager.example.com/s3kr1t', handover: '9:00', people: [U0BOB]}, {ical: 'https://pager.example.com/s3kr1t', names: [{name: bob}, {name: Bob, person: bob}]}]", `
squads[0].rota[0].ical: [set] is not the address of a calendar; write something like https://pager.example.com/private/…/feed
squads[0].rota[1].handover: does not stand beside ical: the calendar says who is on duty, and when; take it out
squads[0].rota[1].people: does not stand beside ical: the calendar says who is on duty, and when; take it out
squads[0].rota[1].names: is missing; write who stands for whom in the calendar, like [{name: bob@example.com, person: U0123456789}]
squads[0].rota[2].names[1].person: "bob" is not a person; write their id, like U0123456789 (in their profile, Copy member ID)`},
		{"half a name", "[{ical: 'https://pager.example.com/s3kr1t', names: [{name: bob}]}]", `squads[0].rota[0].names[0]: says only half; write a name and a person, like {name: bob@example.com, person: U0123456789}`},
		{"too many", "[{handover: '9:00', people: [" + strings.Repeat("U0BOB, ", 200) + "U0BOB]}]", `squads[0].rota[0].people: has 201 items; write at most 200`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(write(t, "squads: [{name: S, rota: "+test.rota+"}]"), needed)
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
