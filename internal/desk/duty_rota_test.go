package desk_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

func (h *deskHarness) rota(key string, starts time.Time, people ...string) error {
	return h.MakeRota(h.t.Context(), desk.RotaDraft{
		Squad: "Checkout", By: olga, Key: key, People: people, Turn: "1 day", Weekday: -1, Minute: 9 * 60, Zone: "UTC", During: duty.DuringAlways, Starts: starts,
	}, minutes(0))
}

// onDuty is who is on duty at nine o'clock and a minute, so many days later.
func (h *deskHarness) onDuty(days int) string {
	h.t.Helper()
	roster, err := h.Roster(h.t.Context(), minutes(0))
	if err != nil {
		h.t.Fatal(err)
	}
	squad, _ := roster.Named("Checkout")
	return squad.Rota.At(nine.AddDate(0, 0, days).Add(time.Minute))
}

// A rota that is made later counts in the place of what was planned before; the same form makes one. An
// operator may, and others may not.
func TestMadeRotas(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	hours, err := sla.NewCalendar(sla.Hours{})
	if err != nil {
		t.Fatal(err)
	}
	roster := turns(ann)
	roster[0].Hours = hours
	people := maps.Clone(everybody)
	for _, id := range []string{ann, bob, rita} {
		p := people[id]
		p.Squads = []string{"Checkout"}
		people[id] = p
	}
	people[olga] = desk.Person{ID: olga, Name: "Olga", Operator: true}
	h.Desk = desk.New(h.db, people, h.policies, categories).OnDuty(roster, desk.RosterMark{})
	today := time.Date(nine.Year(), nine.Month(), nine.Day(), 0, 0, 0, 0, time.UTC)
	check := func(want string) {
		t.Helper()
		var got []string
		for day := range 8 {
			got = append(got, h.onDuty(day))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("on duty are %s, want %s", strings.Join(got, " "), want)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	turn := func(who string, days int) string { return strings.TrimSpace(strings.Repeat(who+" ", days)) }
	must(h.rota("form:1", today.AddDate(0, 0, 5), bob))
	check(turn(ann, 5) + " " + turn(bob, 3))
	must(h.rota("form:2", today.AddDate(0, 0, 3), rita))
	must(h.rota("form:2", today.AddDate(0, 0, 3), bob))
	check(turn(ann, 3) + " " + turn(rita, 5))
	must(h.rota("form:3", today.AddDate(0, 0, 6), bob))
	check(turn(ann, 3) + " " + turn(rita, 3) + " " + turn(bob, 2))
	must(h.MakeRota(t.Context(), desk.RotaDraft{Squad: "Checkout", By: olga, Key: "form:4", Settings: true}, minutes(1)))
	check(turn(ann, 8))

	var many []string
	for i := range duty.MostPeople + 1 {
		many = append(many, fmt.Sprintf("U%d", i))
	}
	for want, err := range map[string]error{
		"At most 200 can take turns": h.rota("form:5", today, many...),
		"Choose who takes turns":     h.rota("form:6", today),
		"is no squad any more":       h.MakeRota(t.Context(), desk.RotaDraft{Squad: "Gone", By: olga, Key: "form:7"}, minutes(0)),
		"Only who leads Checkout":    h.MakeRota(t.Context(), desk.RotaDraft{Squad: "Checkout", By: bob, Key: "form:8"}, minutes(0)),
	} {
		if err == nil || !strings.Contains(ticket.SentenceOf(err), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// The form for a rota begins with that of the settings, or the one that was made last: sent as it is, it changes nothing.
func TestAFormForARotaChangesNothing(t *testing.T) {
	t.Parallel()
	c := newTwoCopies(t)
	before := ""
	for day := range 8 {
		before += c.onDuty(day) + " "
	}
	draft, _, err := c.DraftRota(t.Context(), "Checkout", olga, minutes(1))
	if err != nil || strings.Join(draft.People, " ") != "UBOB UANN" || draft.Turn != "1 day" || draft.Weekday != -1 || draft.Minute != 9*60 || draft.Zone != "UTC" {
		t.Fatalf("%+v %v", draft, err)
	}
	for _, key := range []string{"form:1", "form:2"} { // then with the one that was made
		if draft.Key = key; c.MakeRota(t.Context(), draft, minutes(1)) != nil {
			t.Fatalf("%+v is refused", draft)
		}
		if draft, _, err = c.DraftRota(t.Context(), "Checkout", olga, minutes(2)); err != nil {
			t.Fatal(err)
		}
	}
	after := ""
	for day := range 8 {
		after += c.onDuty(day) + " "
	}
	if after != before {
		t.Errorf("on duty are %s, and were %s", after, before)
	}
}
