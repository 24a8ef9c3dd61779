package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
)

// The dashboard for Grafana works with the role that docs/exporting.md gives it: every query reads views
// alone, runs, and finds something in a small history. The role reads nothing else.
func TestDashboard(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	aWeekToExport(b)
	for _, who := range []string{"U2", "U3", "U4"} {
		b.must(nil, b.replyOf(who))
	}
	b.exec(`UPDATE business_clock SET business_at = $1, rate = 0`, at(48))
	for i, state := range []string{"nine to five", "nine to six"} {
		b.must(nil, b.db.NoteSettings(t.Context(), map[insight.MarkKind]string{insight.MarkHours: state}, at(float64(i))))
	}
	b.deliveryToExport()
	b.ratingsToExport()
	b.must(nil, b.db.NoteWorks(t.Context(), works))
	b.useRole()
	queries := queriesOf(t, "../../docs/grafana/supporty.json")
	for title, sql := range queries {
		if read := regexp.MustCompile(`(?i)\b(?:FROM|JOIN) ([^( ]+)`).FindAllStringSubmatch(sql, -1); len(read) == 0 || !onlyViews(read) {
			t.Errorf("%s reads %v", title, read)
		}
		rows, err := b.conn.Query(t.Context(), asGrafana(t, sql))
		b.must(rows, err)
		found, err := pgx.CollectRows(rows, pgx.RowToMap)
		if err != nil || len(found) == 0 {
			t.Errorf("%s: %d rows, %v\n%s", title, len(found), err, sql)
		}
	}
	if len(queries) < 20 {
		t.Errorf("only %d queries", len(queries))
	}
	for _, sql := range []string{`SELECT FROM tickets`, `SELECT FROM entries`, `CREATE TABLE insight.mine ()`} {
		if _, err := b.conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("the role may %s", sql)
		}
	}
}

// replyOf has somebody reply to the ticket that was reopened, before it ended.
func (b *postgresHarness) replyOf(who string) error {
	_, err := b.conn.Exec(b.t.Context(), `INSERT INTO entries (ticket, kind, actor, role, gesture, happened_at, recorded_at, details)
		VALUES (1, 'replied', $1, 'responder', 'reply', $2, $2, '{}')`, who, at(3))
	return err
}

func onlyViews(read [][]string) bool {
	for _, from := range read {
		if !strings.HasPrefix(from[1], "insight.") {
			return false
		}
	}
	return true
}

// useRole makes the role of docs/exporting.md, and acts as it.
func (b *postgresHarness) useRole() {
	b.t.Helper()
	text, err := os.ReadFile("../../docs/exporting.md")
	b.must(text, err)
	recipe := regexp.MustCompile("(?s)```sql\n(.*?)```").FindStringSubmatch(string(text))
	if recipe == nil {
		b.t.Fatal("docs/exporting.md has no recipe for a role")
	}
	role := fmt.Sprintf("dashboards_%d", time.Now().UnixNano()) // roles belong to all databases of the server
	b.exec(strings.ReplaceAll(recipe[1], "dashboards", role))
	b.exec(`SET ROLE ` + role)
	b.t.Cleanup(func() {
		_, err := b.conn.Exec(context.Background(), `RESET ROLE; DROP OWNED BY `+role+`; DROP ROLE `+role)
		b.must(nil, err)
	})
}

// queriesOf are all queries of a dashboard, by the titles of their panels.
func queriesOf(t *testing.T, file string) map[string]string {
	t.Helper()
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ RawSQL string }
		}
		Templating struct {
			List []struct{ Name, Type, Query string }
		}
		Annotations struct {
			List []struct {
				Name   string
				Target struct{ RawSQL string }
			}
		}
	}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, p := range d.Panels {
		for i, target := range p.Targets {
			all[fmt.Sprint(p.Title, " ", i)] = target.RawSQL
		}
	}
	for _, v := range d.Templating.List {
		if v.Type == "query" {
			all["variable "+v.Name] = v.Query
		}
	}
	for _, a := range d.Annotations.List {
		all["annotation "+a.Name] = a.Target.RawSQL
	}
	return all
}

// asGrafana is a query as Grafana sends it, for all that there is.
// https://grafana.com/docs/grafana/latest/datasources/postgres/#macros
func asGrafana(t *testing.T, sql string) string {
	t.Helper()
	sql = regexp.MustCompile(`\$__timeFilter\((\w+)\)`).ReplaceAllString(sql, `$1 BETWEEN '2026-01-01T00:00:00Z' AND '2027-01-01T00:00:00Z'`)
	sql = strings.ReplaceAll(sql, "${category:sqlstring}", "'Billing','Access'")
	if strings.Contains(sql, "$") {
		t.Errorf("a macro that the test does not know: %s", sql)
	}
	return sql
}
