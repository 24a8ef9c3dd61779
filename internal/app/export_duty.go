package app

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"supporty/internal/config"
	"supporty/internal/postgres"
)

// DutyExport writes who was on duty in a month, for pay: a row for each shift.
type DutyExport struct {
	Month string // "2026-11", in the zone of the opening hours
	JSON  bool   // a JSON object a line, instead of CSV
}

// served is a row of the export.
type served struct {
	Squad  string    `json:"squad"`
	Person string    `json:"person"` // an id
	Name   string    `json:"name"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Hours  float64   `json:"hours"` // as long as it took, also if the clocks changed meanwhile
}

// Run writes the rows to w. Of the present month it writes what has passed.
func (e DutyExport) Run(ctx context.Context, cfg config.Config, log *slog.Logger, w io.Writer) error {
	zone, err := time.LoadLocation(cmp.Or(cfg.Hours.Zone, "UTC"))
	if err != nil {
		return err
	}
	from, err := time.ParseInLocation("2006-01", e.Month, zone)
	if err != nil {
		return fmt.Errorf("%q is not a month; write --month 2026-11", e.Month)
	}
	return withOutbox(ctx, cfg, log, func(db *postgres.DB) error {
		rows, err := servedIn(ctx, db, from)
		if err != nil {
			return err
		}
		if e.JSON {
			return writeJSONLines(w, rows)
		}
		return writeServed(w, rows)
	})
}

// servedIn reads the shifts of the month that begins at from.
func servedIn(ctx context.Context, db *postgres.DB, from time.Time) (rows []served, err error) {
	now, err := businessTime(ctx, db)
	if err != nil {
		return nil, err
	}
	until := from.AddDate(0, 1, 0)
	if now.Before(until) {
		until = now
	}
	records, names, err := db.DutyServed(ctx, from, until)
	for _, r := range records {
		for _, s := range r.Served(from, until) {
			rows = append(rows, served{
				Squad: r.Squad, Person: s.Person, Name: names[s.Person], From: s.From.In(from.Location()), Until: s.Until.In(from.Location()),
				Hours: s.Until.Sub(s.From).Round(36 * time.Second).Hours(),
			})
		}
	}
	return rows, err
}

func writeServed(w io.Writer, rows []served) error {
	table := csv.NewWriter(w)
	_ = table.Write([]string{"squad", "person", "name", "from", "until", "hours"}) // Error has what fails
	for _, r := range rows {
		_ = table.Write([]string{cell(r.Squad), r.Person, cell(r.Name), r.From.Format(time.RFC3339), r.Until.Format(time.RFC3339), fmt.Sprintf("%.2f", r.Hours)})
	}
	table.Flush()
	return table.Error()
}

// cell keeps a spreadsheet from taking a text that people wrote for a formula.
// https://owasp.org/www-community/attacks/CSV_Injection
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func writeJSONLines[T any](w io.Writer, rows []T) error {
	lines := json.NewEncoder(w)
	for _, r := range rows {
		if err := lines.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
