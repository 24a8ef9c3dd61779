package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"supporty/internal/duty"
)

// Weighing returns the desk, for which these are the days: Home tells what somebody carries in and out of
// their hours.
func (d *Desk) Weighing(days duty.Days) *Desk {
	own := *d
	own.days = days
	return &own
}

// loadDays is of how many days Home tells what somebody has carried. They are whole ones, so that Home
// says the same all day.
const loadDays = 7

// burdensFor returns what somebody carries, and after it what the people of the rotas carry whose squads
// they lead. Nobody else knows it. Without rotas and calls there is nothing that Home does not show already.
func (d *Desk) burdensFor(ctx context.Context, reader Person, now time.Time) ([]duty.Burden, error) {
	roster, err := d.Roster(ctx, now)
	if err != nil || len(roster)+len(d.pages) == 0 {
		return nil, err
	}
	people := ledBy(roster, reader)
	open, err := d.homes.OpenOf(ctx, people, *reader.reader())
	if err != nil {
		return nil, unavailable(err)
	}
	from, until := d.lately(now)
	records, called, _, err := d.ledger(ctx, from, until)
	return inTheOrderOf(people, duty.Burdens(records, called, open, d.days.Hours, from, until)), err
}

// lately are the last whole days, by the clock of the desk.
func (d *Desk) lately(now time.Time) (from, until time.Time) {
	zone := cmp.Or(d.days.Zone, time.UTC)
	y, m, day := now.In(zone).Date()
	return time.Date(y, m, day-loadDays, 0, 0, 0, 0, zone).UTC(), time.Date(y, m, day, 0, 0, 0, 0, zone).UTC()
}

// ledBy are the reader and the people of the rotas whose squads they lead.
func ledBy(roster duty.Roster, reader Person) []string {
	people := []string{reader.ID}
	for _, s := range roster {
		if !slices.Contains(reader.Leads, s.Name) {
			continue
		}
		for _, person := range s.Rota.People() {
			if !slices.Contains(people, person) {
				people = append(people, person)
			}
		}
	}
	return people
}

// inTheOrderOf leaves the burdens of some people, in their order. Who carries nothing has an empty one.
func inTheOrderOf(people []string, burdens []duty.Burden) []duty.Burden {
	all := make([]duty.Burden, len(people))
	for i, person := range people {
		all[i].Person = person
		if at := slices.IndexFunc(burdens, func(b duty.Burden) bool { return b.Person == person }); at >= 0 {
			all[i] = burdens[at]
		}
	}
	return all
}
