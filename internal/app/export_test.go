package app_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// exported runs an export, and returns the file and what is said beside it.
func (h *harness) exported(e app.Export) (file, notes string) {
	h.t.Helper()
	var out, beside bytes.Buffer
	e.Notes = &beside
	if err := e.Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), &out); err != nil {
		h.t.Fatal(err)
	}
	return out.String(), beside.String()
}

// Tickets leave the desk as CSV, in which no cell is a formula, and as JSON.
func TestExport(t *testing.T) {
	t.Parallel()
	h := setup(t)
	f := usual(`=HYPERLINK("http://evil.example", "Cards, fail")`)
	f.text = "Ask <@U0BOB1>."
	card := h.as("alice").opens(f)
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.allPosted()
	file, notes := h.exported(app.Export{What: "tickets"})
	if says(t, file, "number,title,text,category,priority,", `1,"'=HYPERLINK(""http://evil.example"", ""Cards, fail"")",Ask [person].,`, "2026-11-16T10:0"); notes != "" {
		t.Errorf("beside it: %s", notes)
	}
	file, _ = h.exported(app.Export{What: "timeline", JSON: true, Since: "7d"})
	says(t, file, `{"ticket":1,"at":"2026-11-16T1`, `"what":"resolved","by":"emoji","counts":true,`)
	if file, _ := h.exported(app.Export{What: "replies", Since: "2026-11-17"}); file != "ticket,at,writer\n" {
		t.Errorf("since tomorrow: %s", file)
	}
	err := (app.Export{What: "tickets", Since: "soon"}).Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "write --since 2026-10-01, or --since 90d") {
		t.Errorf("a beginning that is none: %v", err)
	}
}

// Exports name people only after the channel was told, also if the settings change while the bot runs.
func TestExportNamesPeopleAfterTheChannelWasTold(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(usual("Cards fail"))
	named := func(c *config.Config) { c.Export.People = true }
	before := h.cfg
	named(&before)
	err := (app.Export{What: "tickets"}).Run(h.ctx, before, slog.New(slog.DiscardHandler), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "the channel has not been told yet") {
		t.Errorf("before the channel was told: %v", err)
	}
	if file, _ := h.exported(app.Export{What: "tickets"}); strings.Contains(file, "U0") || strings.Contains(file, "requester") {
		t.Errorf("people are named: %s", file)
	}
	h.reconfigures(readAgain, named)
	h.reads("support", "exports of the desk's data name people")
	file, _ := h.exported(app.Export{What: "tickets"})
	says(t, file, "requester,requester_name,owner,owner_name", ",Alice,")
	h.reconfigures(readAgain, func(c *config.Config) { c.Export.People = false })
	h.until(`SELECT last_at IS NULL FROM schedules WHERE name = 'people_named'`)
	h.allPosted()
	if n := h.posted("exports of the desk's data name people"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// A terminal is told how far it is.
func TestExportTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(usual("Cards fail"))
	var terminal bytes.Buffer
	h.exported(app.Export{What: "tickets", Progress: &terminal})
	says(t, terminal.String(), "\rtickets: 1 rows, ", " a second")
}

// namesPeople switches on that exports and views name people.
func namesPeople(c *config_, _ *slacksim.Config) { c.Export.People = true }

// nothingLeaves checks that no export and no view has a text.
func (h *harness) nothingLeaves(text string) {
	h.t.Helper()
	h.advance(time.Second)
	for _, e := range app.Exports {
		for _, asJSON := range []bool{false, true} {
			file, notes := h.exported(app.Export{What: e.Name, JSON: asJSON})
			aboutTickets := strings.Contains(file, "ticket") || e.Name == "tickets"
			if strings.Contains(file, text) || aboutTickets && !strings.Contains(notes, "Private tickets are left out: 1 of ") {
				h.t.Errorf("the export of %s, with the note %q, has %q: %s", e.Name, notes, text, file)
			}
		}
	}
	h.until(`SELECT count(*) > 9 FROM information_schema.views WHERE table_schema = 'insight'`)
	h.until(fmt.Sprintf(`SELECT count(*) = 0 FROM information_schema.views,
		LATERAL (SELECT query_to_xml(format('SELECT string_agg(t::text, '''') FROM insight.%%I AS t', table_name), true, false, '')::text AS rows) AS read
		WHERE table_schema = 'insight' AND rows LIKE '%%%s%%'`, text))
}
