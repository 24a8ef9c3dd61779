package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"supporty/internal/deploy"
	"supporty/internal/desk"
	player "supporty/internal/dev/play"
	"supporty/internal/insight"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

// written keeps the rows of an export as lines.
type written struct{ lines []string }

func (w *written) Begin(columns []string) error {
	w.lines = []string{strings.Join(columns, " ")}
	return nil
}

func (w *written) Row(values []any) error {
	var cells []string
	for _, v := range values {
		if at, ok := v.(time.Time); ok {
			v = at.Format("Mon 15:04")
		}
		cells = append(cells, fmt.Sprint(v))
	}
	w.lines = append(w.lines, strings.Join(cells, "|"))
	return nil
}

func (b *postgresHarness) export(e postgres.Exporting) (string, postgres.Exported) {
	b.t.Helper()
	w := &written{}
	e.Now = at(48)
	of, err := b.db.Export(b.t.Context(), e, w)
	b.must(of, err)
	return strings.Join(w.lines, "\n"), of
}

// aWeekToExport has a ticket that was answered, reopened and solved late, one that is open and late,
// and one that is private.
func aWeekToExport(b *postgresHarness) {
	b.t.Helper()
	ctx := b.t.Context()
	say := func(n ticket.Number, who string, hours float64) ticket.Message {
		m := ticket.Message{Channel: "C1", TS: fmt.Sprintf("%d.%s", at(hours).Unix(), who)}
		b.must(b.desk.Reply(ctx, b.when(n, who, hours), desk.Written{Message: m, Text: "Look, <@U9>."}))
		return m
	}
	n := b.titled("Ask <@U9> or eve@example.com", "=1+1", "U1")
	b.must(b.desk.Claim(ctx, b.when(n, "U2", 0.5)))
	say(n, "U2", 0.6)
	say(n, "U1", 0.7)
	gone := say(n, "U3", 0.8)
	say(n, "U2", 0.9)
	b.must(b.desk.Retract(ctx, b.when(n, "U3", 0.95), gone))
	b.must(b.desk.Resolve(ctx, b.when(n, "U2", 1), ticket.SolvedByCode, "It was DNS."))
	b.must(b.desk.Reopen(ctx, b.when(n, "U1", 2)))
	b.must(b.desk.Resolve(ctx, b.when(n, "U2", 6), ticket.SolvedByData, ""))
	b.open(ticket.P1, "U4")
	private := b.titled("A leaked canary", "", "U5")
	say(private, "U5", 1)
	b.must(b.desk.MakePrivate(ctx, b.when(private, "U5", 1.5)))
	b.exec(`INSERT INTO people (id, name, fetched_at) SELECT 'U' || n, 'Person ' || n, $1 FROM generate_series(1, 9) AS n`, monday)
}

func (b *postgresHarness) when(n ticket.Number, who string, hours float64) desk.Gesture {
	return desk.Gesture{Ticket: n, Actor: who, By: ticket.ByButton, Key: b.key(), At: at(hours), Now: at(hours)}
}

func TestExports(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	aWeekToExport(b)
	for what, want := range map[postgres.Export]string{
		postgres.ExportTickets: `number title text category priority state solution opened_at ended_at reopened replies people answered_seconds solved_seconds waited_seconds on_hold_seconds on_time late_because fields
1|Ask [person] or [person]|=1+1|Billing|P2|resolved|data|Mon 09:00|Mon 15:00|1|3|2|1800|18000|0|0|false|reopened|{}
2|Cards fail||Billing|P1|open||Mon 09:00|<nil>|0|0|0|<nil>|<nil>|0|0|false|unclaimed|{}`,
		postgres.ExportReplies: `ticket at writer
1|Mon 09:36|1
1|Mon 09:42|2
1|Mon 09:54|1`,
		postgres.ExportTimeline: `ticket at known_since inexact what by counts category priority solution close_reason
1|Mon 09:00|Mon 09:00|false|opened|form|true|Billing|P2||
1|Mon 09:30|Mon 09:30|false|claimed|button|true||||
1|Mon 10:00|Mon 10:00|false|resolved|button|true|||code|
1|Mon 11:00|Mon 11:00|false|reopened|button|true||||
1|Mon 15:00|Mon 15:00|false|resolved|button|true|||data|
2|Mon 09:00|Mon 09:00|false|opened|form|true|Billing|P1||`,
	} {
		got, of := b.export(postgres.Exporting{What: what})
		if got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
		}
		if want := (postgres.Exported{Tickets: 2, Private: 1}); of != want {
			t.Errorf("%s is about %+v, want %+v", what, of, want)
		}
		if got, of := b.export(postgres.Exporting{What: what, Since: at(1), People: true}); strings.Contains(got, "\n") || of != (postgres.Exported{}) {
			t.Errorf("%s of tickets opened later: %s, %+v", what, got, of)
		}
	}
}

// Fields are exported as they were filled in last; people in them only if the export may name people.
func TestExportsHaveFields(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	system := ticket.Field{Name: "System", Kind: ticket.FieldText, Values: []string{"Shop of eve@example.com"}}
	who := ticket.Field{Name: "Who", Kind: ticket.FieldPerson, Values: []string{"U7"}}
	c := desk.Content{Priority: ticket.P2, Title: "It fails", Category: "Billing", Fields: []ticket.Field{system, who, {Name: "Gone", Kind: ticket.FieldNumber, Values: []string{"1"}}}}
	r, err := b.desk.Open(b.t.Context(), desk.NewTicket{Content: c, Requester: "U1", Key: b.key(), At: at(0), Now: at(0)})
	b.must(r, err)
	c.Fields = []ticket.Field{{Name: "Gone", Kind: ticket.FieldNumber}}
	b.must(b.desk.Edit(b.t.Context(), b.when(r.Ticket.Number, "U1", 1), c))
	for people, want := range map[bool]string{
		false: `{"System": ["Shop of [person]"]}`,
		true:  `{"Who": ["U7"], "System": ["Shop of eve@example.com"]}`,
	} {
		if got, _ := b.export(postgres.Exporting{What: postgres.ExportTickets, People: people}); !strings.Contains(got, want) {
			t.Errorf("with people %v:\n%s", people, got)
		}
	}
}

// People are in an export that may name them. Who replied is in none, so nobody's replies can be
// counted.
func TestExportsNamePeopleIfTheyMay(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	aWeekToExport(b)
	tickets, _ := b.export(postgres.Exporting{What: postgres.ExportTickets, People: true})
	for _, want := range []string{"requester requester_name owner owner_name", "|U1|Person 1|U2|Person 2", "Ask <@U9> or eve@example.com"} {
		if !strings.Contains(tickets, want) {
			t.Errorf("tickets do not say %q:\n%s", want, tickets)
		}
	}
	timeline, _ := b.export(postgres.Exporting{What: postgres.ExportTimeline, People: true})
	if !strings.Contains(timeline, "claimed|button|true|||||U2|Person 2|") || strings.Contains(timeline, "replied") {
		t.Errorf("the timeline:\n%s", timeline)
	}
	named, _ := b.export(postgres.Exporting{What: postgres.ExportReplies, People: true})
	if unnamed, _ := b.export(postgres.Exporting{What: postgres.ExportReplies}); named != unnamed {
		t.Errorf("replies have people:\n%s", named)
	}
	for _, export := range []string{tickets, timeline, named} {
		if strings.Contains(export, "canary") || strings.Contains(export, "U5") {
			t.Errorf("what is private is in an export:\n%s", export)
		}
	}
}

// answersOf are answers about the tickets of a category, in a week before the history.
type answersOf struct {
	category       string
	weeks          int // how long ago
	raters, owners string
	private        bool
}

// rates stores answers, each of the next rater about a ticket of the next owner. The first one rose.
func (b *postgresHarness) rates(a answersOf) {
	b.t.Helper()
	for i, rater := range strings.Fields(a.raters) {
		owners := strings.Fields(a.owners)
		b.exec(`
			WITH filed AS (
				INSERT INTO tickets (number, version, title, body, category, priority, state, requester, assignee, cycle, opened_at, ended_at, private)
				SELECT coalesce(max(number), 0) + 1, 1, 'a title', '', $1, 2, 'resolved', $2, $3, 1, $4::timestamptz, $4, $5 FROM tickets RETURNING number)
			INSERT INTO cycles (ticket, cycle, category, priority, started_at, ended_at, resolved, stars, first_stars, rated_at)
			SELECT number, 1, $1, 2, $4, $4, true, 4, CASE WHEN $6 = 0 THEN 1 ELSE 4 END, $4 FROM filed`,
			a.category, rater, owners[i%len(owners)], at(float64(i-7*24*a.weeks)), a.private, i)
	}
}

// ratingsToExport are groups of answers that are enough, alone or together, and such as are not.
func (b *postgresHarness) ratingsToExport() {
	b.t.Helper()
	b.exec(`UPDATE business_clock SET business_at = $1, rate = 0`, at(48))
	for _, a := range []answersOf{
		{category: "Billing", weeks: 2, raters: "U1 U2 U3 U4 U5", owners: "U7 U8"},
		{category: "Access", weeks: 2, raters: "U1 U2 U3", owners: "U7"},
		{category: "Data", weeks: 2, raters: "U1 U2", owners: "U8"},
		{category: "Billing", weeks: 3, raters: "U1 U2 U3 U4 U5 U6", owners: "U7"},
		{category: "Access", weeks: 4, raters: "U1 U2 U1 U2 U1", owners: "U7 U8"},
		{category: "Access", weeks: 5, raters: "U1 U2 U3 U4", owners: "U7 U8"},
		{category: "Data", weeks: 5, raters: "U1 U2 U3 U4 U5", owners: "U7 U8", private: true},
		{category: "Billing", weeks: 1, raters: "U1 U2 U3 U4 U5", owners: "U7 U8"},
	} {
		b.rates(a)
	}
}

// Answers are in a file where enough people have answered about tickets of enough people, and they cannot
// change any more; others are told by their number.
func TestExportOfRatings(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.ratingsToExport()
	got, of := b.export(postgres.Exporting{What: postgres.ExportRatings, People: true})
	want := `week category first_stars stars until
Mon 00:00||1|4|Mon 00:00
Mon 00:00||1|4|Mon 00:00
Mon 00:00||1|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||1|4|Mon 00:00
Mon 00:00||1|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00||4|4|Mon 00:00
Mon 00:00|Billing|1|4|Mon 00:00
Mon 00:00|Billing|4|4|Mon 00:00
Mon 00:00|Billing|4|4|Mon 00:00
Mon 00:00|Billing|4|4|Mon 00:00
Mon 00:00|Billing|4|4|Mon 00:00`
	if got != want || of != (postgres.Exported{Answers: 5 + 5}) {
		t.Errorf("%+v\n%s", of, got)
	}
	later, of := b.export(postgres.Exporting{What: postgres.ExportRatings, Since: at(-14*24 + 1)})
	if strings.Contains(later, "\n") || of != (postgres.Exported{Answers: 5}) {
		t.Errorf("since the middle of the week: %+v\n%s", of, later)
	}
	b.exec(`UPDATE business_clock SET business_at = $1`, at(24*7-9))
	if got, _ := b.export(postgres.Exporting{What: postgres.ExportRatings, Since: at(-7*24 - 9)}); strings.Count(got, "\n") != 5 {
		t.Errorf("once the next week cannot change:\n%s", got)
	}
}

// The statistics tell the stars of the same groups as the view, whenever one asks, of all tickets and of a
// category.
func TestStarsAreThoseOfTheView(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.ratingsToExport()
	told := 0
	for day := -40; day < 40; day++ {
		now := at(float64(24 * day))
		b.exec(`UPDATE business_clock SET business_at = $1`, now)
		for _, of := range []insight.Selection{{}, {Name: "Billing", Categories: []string{"Billing"}}, {Name: "Two", Categories: []string{"Access", "Data"}}} {
			n, err := b.db.Numbers(t.Context(), insight.Question{Period: ticket.Period{From: at(-24 * 100), To: now}, Of: of})
			b.must(nil, err)
			want := insight.Satisfaction{Answers: n.Satisfaction.Answers}
			rows, err := b.conn.Query(t.Context(), `SELECT first_stars, stars, count(*), min(min(week)) OVER (), max(max(until)) OVER () FROM insight.ratings
				WHERE $1::text[] IS NULL OR category = ANY ($1) GROUP BY 1, 2 ORDER BY 1, 2`, of.Categories)
			b.must(nil, err)
			var first, stars, count int
			_, err = pgx.ForEachRow(rows, []any{&first, &stars, &count, &want.Weeks.From, &want.Weeks.To}, func() error {
				want.Told += count
				want.Stars[stars-1] += count
				if stars > first {
					want.Rose = append(want.Rose, insight.Rise{From: first, To: stars, Count: count})
				}
				return nil
			})
			b.must(nil, err)
			if want.Told > 0 {
				want.Weeks = ticket.Period{From: want.Weeks.From.UTC(), To: want.Weeks.To.UTC()}
			}
			if diff := gocmp.Diff(want, n.Satisfaction); diff != "" {
				t.Errorf("%s, %s (-view +statistics):\n%s", now, of.Name, diff)
			}
			told = max(told, want.Told)
		}
	}
	if told != 6+5+4+5+5+5 {
		t.Errorf("%d answers are told in the end", told)
	}
}

// Of two readings, the second has all that the first had, whatever was done to the tickets in between: their
// difference would be the answer of one person. A copy of the version before, which does not know of it, notes how
// a ticket was as well, and what was rated before is noted by the upgrade.
func TestGroupsOfRatingsStay(t *testing.T) {
	t.Parallel()
	for name, upgraded := range map[string]bool{"rated since": false, "rated before the upgrade": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			p := b.migrations()
			if upgraded {
				b.must(p.DownTo(t.Context(), 59))
			}
			b.ratingsToExport()
			b.must(b.db.Migrate(t.Context()))
			read := func() string {
				b.t.Helper()
				file, _ := b.export(postgres.Exporting{What: postgres.ExportRatings})
				for _, of := range []insight.Selection{{}, {Name: "Billing", Categories: []string{"Billing"}}} {
					n, err := b.db.Numbers(t.Context(), insight.Question{Period: ticket.Period{From: at(-24 * 100), To: at(48)}, Of: of})
					b.must(nil, err)
					file += fmt.Sprint("\n", n.Satisfaction.Told, n.Satisfaction.Stars, n.Satisfaction.Rose)
				}
				return file
			}
			before := read()
			for _, change := range []string{"private = true", "category = 'Access'", "assignee = 'U7'", "assignee = ''", "requester = 'U1'"} {
				b.exec(`UPDATE tickets SET ` + change)
				b.exec(`UPDATE cycles SET category = CASE WHEN private THEN '' ELSE t.category END FROM tickets t WHERE number = ticket`)
				if after := read(); after != before {
					t.Fatalf("after %s:\n%s\nand before:\n%s", change, after, before)
				}
			}
			if _, err := p.DownTo(t.Context(), 59); err == nil || !strings.Contains(err.Error(), "keep this version") {
				t.Errorf("a step back: %v", err)
			}
			b.exec(`UPDATE cycles SET rated_at = NULL, stars = 0, first_stars = 0`)
			if kept := b.text(`SELECT count(*) FROM cycles WHERE rated_private IS NOT NULL`); kept != "(0)" {
				t.Errorf("of stars that were taken back %s are noted", kept)
			}
		})
	}
}

// deliveryToExport is a service with a deployment that broke something, and one that did not.
func (b *postgresHarness) deliveryToExport() {
	b.t.Helper()
	b.must(nil, b.db.NoteServices(b.t.Context(), player.Rules))
	record := deploy.Recorder{Store: b.db, Rules: player.Rules}
	for _, hours := range []float64{-30, -2} {
		_, _, err := record.Record(b.t.Context(), fmt.Sprint(hours), deploy.Report{Service: "shop", Version: "1.4", URL: "https://example.com", At: at(hours)}, at(0))
		b.must(nil, err)
	}
	b.exec(`UPDATE tickets SET incident = true WHERE number IN (SELECT number FROM tickets ORDER BY number LIMIT 1)`)
}

func TestExportOfDeployments(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	aWeekToExport(b)
	b.deliveryToExport()
	got, of := b.export(postgres.Exporting{What: postgres.ExportDeployments})
	want := `deployment service version url deployed_at known_since incidents
1|shop|1.4|https://example.com|Sun 03:00|Mon 09:00|0
2|shop|1.4|https://example.com|Mon 07:00|Mon 09:00|1`
	if got != want || of != (postgres.Exported{}) {
		t.Errorf("%+v\n%s", of, got)
	}
	if got, _ := b.export(postgres.Exporting{What: postgres.ExportDeployments, Since: at(-3)}); strings.Count(got, "\n") != 1 {
		t.Errorf("since later:\n%s", got)
	}
}

// The channel is told once that people are named, however many copies say so, and again when it is
// switched on again.
func TestNamingPeopleIsTold(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for i, step := range []struct {
		on   bool
		told string
	}{{false, "(0)"}, {true, "(1)"}, {true, "(1)"}, {false, "(1)"}, {true, "(2)"}} {
		b.must(nil, b.desk.NamePeople(t.Context(), step.on, at(float64(i))))
		named, err := b.db.PeopleNamed(t.Context())
		if b.must(nil, err); named != step.on {
			t.Errorf("step %d: named %t", i, named)
		}
		if got := b.text(`SELECT count(*) FROM outbox WHERE kind = 'people_named'`); got != step.told {
			t.Errorf("step %d: told %s times, want %s", i, got, step.told)
		}
	}
}
