package app_test

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// imported runs an import, and returns its report.
func (h *harness) imported(i app.Import, file string) (string, error) {
	h.t.Helper()
	var report bytes.Buffer
	err := i.Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), strings.NewReader(file), &report)
	return report.String(), err
}

const oldDesk = `external_id,title,text,category,priority,requester,owner,opened_at,answered_at,ended_at,state,solution,colour
A-1,Checkout fails for US cards,,Payments,P1,U0ALICE,U0BOB1,2026-10-05T09:00:00Z,2026-10-05T09:10:00Z,2026-10-05T12:00:00Z,resolved,code,red
A-2,'=Reports are slow,,Data,P3,,,2026-10-06T09:00:00Z,,2026-10-06T10:00:00Z,closed,,
A-3,Still open,,Data,P3,,,2026-10-06T09:00:00Z,,,open,,
A-4,Ended yesterday,,Data,P3,,,2026-11-15T09:00:00Z,,2026-11-15T10:00:00Z,,,
A-5,No such part,,Gardening,P3,,,2026-10-06T09:00:00Z,,2026-10-06T10:00:00Z,,,
A-1,Twice,,Data,P3,,,2026-10-06T09:00:00Z,,2026-10-06T10:00:00Z,,,
A-6,Someone,,Data,P3,alice@example.com,,2026-10-06T09:00:00Z,,2026-10-06T10:00:00Z,,,
A-7,Backwards,,Data,P3,,,2026-10-06T11:00:00Z,,2026-10-06T10:00:00Z,,,
A-8,Private,,Secrets,P3,,,2026-10-06T09:00:00Z,,2026-10-06T10:00:00Z,,,
`

const refusedOfOldDesk = `line 4: It has not ended. File it anew in Slack: there it gets a thread and targets.
line 5: It ended less than 7 days ago, and could still be reopened where it is. Import it again later.
line 6: The settings have no category "Gardening".
line 7: Line 2 has the same external_id.
line 8: Its requester is not the id of a person in Slack. Without one, --person names who stands for them.
line 9: It ended before it was opened.
line 10: Tickets of the private category "Secrets" are not imported: they would need a channel of their own.
Columns that are not read: colour.
`

// Tickets of another desk become history: first nothing is written, then each is stored once. They keep
// their times, count in statistics and are found. No card, clock or message comes of them.
func TestImport(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) {
		c.Categories = append(c.Categories, config.Category{Name: "Secrets", Filing: config.Filing{Private: true}})
	})
	bob := h.as("bob")
	h.allPosted()
	before := len(h.fromTheBot())
	i := app.Import{Person: "U0CAROL"}
	for _, step := range []struct {
		apply       bool
		end, stored string
	}{
		{false, "Of 9 rows 2 can be imported, 0 are here already, 7 are refused. Nothing was written: --apply writes.\n", "0"},
		{true, "Of 9 rows 2 were imported, 0 are here already, 7 are refused. Nobody in Slack is told.\n", "2"},
		{true, "Of 9 rows 0 were imported, 2 are here already, 7 are refused. Nobody in Slack is told.\n", "2"},
		{false, "Of 9 rows 0 can be imported, 2 are here already, 7 are refused. Nothing was written: --apply writes.\n", "2"},
	} {
		i.Apply = step.apply
		report, err := h.imported(i, oldDesk)
		if want := refusedOfOldDesk + step.end; report != want || err == nil || err.Error() != "7 rows are refused" {
			t.Errorf("%v\n%s\nwant:\n%s", err, report, want)
		}
		h.until(`SELECT count(*) = ` + step.stored + ` FROM tickets`)
	}
	h.until(`SELECT count(*) = 2 FROM tickets WHERE next_at IS NULL AND resolve_due_at IS NULL AND ended_at < '2026-10-07'`)
	h.until(`SELECT count(*) = 1 FROM cycles WHERE resolved AND responded_at = '2026-10-05T09:10:00Z' AND resolve_due_at IS NULL`)
	bob.types("/support stats 2026-10-01..2026-10-31")
	bob.hears("2 opened, 1 resolved")
	h.await("the picture that he asked for", func(s slacksim.State) bool { return len(drawn(s.DMs("bob"))) == 1 })
	before++
	bob.types("/support show 1")
	bob.hears("Checkout fails for US cards")
	bob.types("/support find reports")
	bob.hears("=Reports are slow")
	bob.types("/support reopen 1")
	bob.hears("#1")
	h.until(`SELECT state = 'resolved' FROM tickets WHERE number = 1`)
	h.advance(48 * time.Hour)
	h.allPosted()
	if after := len(h.fromTheBot()); after != before {
		t.Errorf("%d messages came of them", after-before)
	}
	h.until(`SELECT count(*) = 0 FROM outbox WHERE ticket IS NOT NULL`)
}

// What one desk exports, another imports.
func TestImportOfAnExport(t *testing.T) {
	t.Parallel()
	h := setup(t, namesPeople)
	card := h.as("alice").opens(usual("=1+1, “always”"))
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.advance(8 * 24 * time.Hour)
	h.allPosted()
	for _, asJSON := range []bool{false, true} {
		file, _ := h.exported(app.Export{What: "tickets", JSON: asJSON})
		h.changes(`TRUNCATE tickets, inputs CASCADE`)
		report, err := h.imported(app.Import{JSON: asJSON, Apply: true, Person: "U0BOB1"}, file)
		if err != nil {
			t.Fatal(err, report)
		}
		h.until(`SELECT count(*) = 1 FROM tickets WHERE title = '=1+1, “always”' AND state = 'resolved' AND requester = '` + h.idOf("alice") + `'`)
	}
}

// The example of the documents is imported as it is.
func TestExampleOfAnImport(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/exporting.md")
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t)
	for format, asJSON := range map[string]bool{"csv": false, "json": true} {
		example := regexp.MustCompile("(?s)```" + format + "\n(.*?)```").FindSubmatch(page)
		if example == nil {
			t.Fatalf("docs/exporting.md has no example of %s", format)
		}
		report, err := h.imported(app.Import{JSON: asJSON}, string(example[1]))
		if err != nil || !strings.Contains(report, "2 can be imported, 0 are here already, 0 are refused") {
			t.Errorf("%s: %v\n%s", format, err, report)
		}
	}
	err = (app.Import{Person: "alice"}).Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), strings.NewReader(oldDesk), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "write --person U0123456789") {
		t.Errorf("a person who is none: %v", err)
	}
}
