package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
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
