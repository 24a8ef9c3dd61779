package desk_test

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/postgres"
	"supporty/internal/sla"
)

// meanwhile is a store on which others do something after it was read who is on duty.
type meanwhile struct {
	*postgres.DB
	others func()
}

func (m *meanwhile) Rotas(ctx context.Context) ([]desk.MadeRota, error) {
	read, err := m.DB.Rotas(ctx)
	if others := m.others; others != nil {
		m.others = nil
		others()
	}
	return read, err
}

// twoCopies are two copies of the bot: what another one does after the first has read who is on duty.
type twoCopies struct {
	*deskHarness
	first *meanwhile
}

func newTwoCopies(t *testing.T) *twoCopies {
	t.Helper()
	c := &twoCopies{deskHarness: newHarness(t)}
	c.first = &meanwhile{DB: c.connect()}
	c.Desk = c.on(c.db, desk.RosterMark{})
	return c
}

// on is a desk on which Ann and Bob take turns of a day.
func (c *twoCopies) on(store desk.Store, made desk.RosterMark) *desk.Desk {
	roster := turns(ann, bob)
	roster[0].Hours = c.always()
	return desk.New(store, c.people(), c.policies, categories).OnDuty(roster, made)
}

// always are hours that never end.
func (c *twoCopies) always() *sla.Calendar {
	c.t.Helper()
	hours, err := sla.NewCalendar(sla.Hours{})
	c.must(err)
	return hours
}

// people are everybody, of whom Ann and Bob are in the squad, and Olga runs the desk.
func (c *twoCopies) people() staff {
	people := maps.Clone(everybody)
	for _, id := range []string{ann, bob} {
		p := people[id]
		p.Squads = []string{"Checkout"}
		people[id] = p
	}
	people[olga] = desk.Person{ID: olga, Name: "Olga", Operator: true}
	return people
}

// comesOnDuty has both copies look.
func (c *twoCopies) comesOnDuty(at time.Time) {
	c.t.Helper()
	for _, d := range []*desk.Desk{c.on(c.first, desk.RosterMark{}), c.Desk} {
		c.must(d.ComeOnDuty(c.t.Context(), at))
	}
}

func (c *twoCopies) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *twoCopies) records(want string) {
	c.t.Helper()
	const query = `SELECT coalesce(string_agg(person || ' ' || extract(epoch FROM since - $1)::int / 60, ', ' ORDER BY since), '') FROM duty_shifts`
	var got string
	c.must(c.conn.QueryRow(c.t.Context(), query, nine).Scan(&got))
	if got != want {
		c.t.Errorf("recorded is %q, want %q", got, want)
	}
	if shifts, briefs := c.number(`SELECT count(*) FROM duty_shifts`), c.number(`SELECT count(*) FROM outbox WHERE kind = 'on_duty'`); shifts != briefs {
		c.t.Errorf("%d briefs of %d handovers", briefs, shifts)
	}
}

// What people change in Slack, and what another copy records by it, counts for a copy that has read who is on
// duty a moment before: one handover is recorded and told once.
func TestAHandoverIsDecidedOnWhatCounts(t *testing.T) {
	t.Parallel()
	const day = 24 * 60
	for name, test := range map[string]struct {
		at   float64 // the minute at which the first copy reads
		then func(c *twoCopies) error
		want string
	}{
		"an override": {10, func(c *twoCopies) error {
			o := desk.Override{Squad: "Checkout", MadeBy: bob, Override: duty.Override{Person: bob, From: minutes(10), Until: minutes(60)}}
			return c.TakeOver(c.t.Context(), o, minutes(10))
		}, "UANN 0, UBOB 10"},
		"one that is taken back": {10, func(c *twoCopies) error {
			o := desk.Override{Squad: "Checkout", MadeBy: bob, Override: duty.Override{Person: bob, From: minutes(10), Until: minutes(60)}}
			c.must(c.TakeOver(c.t.Context(), o, minutes(10)))
			c.must(c.ComeOnDuty(c.t.Context(), minutes(11)))
			_, err := c.TakeBack(c.t.Context(), 1, ann, minutes(12))
			return err
		}, "UANN 0, UBOB 10, UANN 12"},
		"a swap": {2*day + 1, func(c *twoCopies) error {
			s := desk.Swap{Key: "form:V1", Squad: "Checkout", Swap: duty.Swap{Gives: duty.Shift{Person: ann, From: minutes(2 * day), Until: minutes(3 * day)}, To: bob}}
			c.must(c.AskSwap(c.t.Context(), s, minutes(2*day-1)))
			_, err := c.AnswerSwap(c.t.Context(), s.Key, bob, true, minutes(2*day-1))
			return err
		}, fmt.Sprintf("UANN 0, UBOB %d", day)},
		"a rota": {10, func(c *twoCopies) error { return c.rota("form:V1", nine.Truncate(24*time.Hour), bob) }, "UANN 0, UBOB 13"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTwoCopies(t)
			c.comesOnDuty(minutes(0))
			if test.at > day {
				c.comesOnDuty(minutes(day))
			}
			c.first.others = func() {
				c.must(test.then(c))
				c.must(c.ComeOnDuty(t.Context(), minutes(test.at+3)))
			}
			for _, later := range []float64{4, 1, 5} { // the clocks of copies differ
				c.must(c.on(c.first, desk.RosterMark{}).ComeOnDuty(t.Context(), minutes(test.at+later)))
			}
			c.records(test.want)
		})
	}
}

// A copy that has not read a calendar yet, as another one has, records nothing by it.
func TestAHandoverIsDecidedOnTheCalendarsAsTheyAre(t *testing.T) {
	t.Parallel()
	c := newTwoCopies(t)
	c.exec(`INSERT INTO rota_calendars (key, content, version, etag, modified, asked_at, failure) VALUES ('k', '', 2, '', '', $1, '')`, nine)
	c.must(c.on(c.db, desk.RosterMark{Calendars: map[string]int64{"k": 1}}).ComeOnDuty(t.Context(), minutes(0)))
	c.records("")
	c.must(c.on(c.db, desk.RosterMark{Calendars: map[string]int64{"k": 2, "never read": 0}}).ComeOnDuty(t.Context(), minutes(0)))
	c.records("UANN 0")
}

// While copies have read different settings, only those with the newest hand over; but not for long, because
// they may have ended.
func TestAHandoverIsDecidedByTheNewestSettings(t *testing.T) {
	t.Parallel()
	c := newTwoCopies(t)
	with := func(mark string, at float64) {
		t.Helper()
		c.must(c.on(c.db, desk.RosterMark{Settings: mark}).ComeOnDuty(t.Context(), minutes(at)))
	}
	c.must(c.db.NoteDutySettings(t.Context(), "old"))
	c.must(c.db.NoteDutySettings(t.Context(), "new"))
	with("old", 0)
	c.records("")
	with("new", 1)
	c.records("UANN 1")
	c.exec(`UPDATE duty_settings SET since = since - interval '11 minutes'`)
	with("old", 24*60)
	c.records("UANN 1, UBOB 1440")
}

// A note is kept without what no database stores.
func TestANoteIsCleaned(t *testing.T) {
	t.Parallel()
	c := newTwoCopies(t)
	c.must(c.LeaveNote(t.Context(), "Checkout", bob, "The rule\x00 ships\xff at noon.\r\n", "form:V1", minutes(0)))
	if kept := c.number(`SELECT count(*) FROM outbox WHERE details->>'text' = $1`, "The rule ships\ufffd at noon."); kept != 1 {
		t.Error("the note is not kept")
	}
}
