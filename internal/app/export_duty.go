package app

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/postgres"
)

// DutyExport writes what people carried in a month, for pay: a row for each part of a shift whose hours
// are of one kind, and for each call of the ladder.
type DutyExport struct {
	Month string // "2026-11", in the zone of the opening hours
	JSON  bool   // a JSON object a line, instead of CSV
}

// served is a row of the export.
type served struct {
	Kind   string    `json:"kind"` // hours, weekend, holiday or page
	Squad  string    `json:"squad"`
	Person string    `json:"person"` // an id
	Name   string    `json:"name"`
	From   time.Time `json:"from"`            // of a page, when it was
	Until  time.Time `json:"until,omitzero"`  // not of a page
	Hours  float64   `json:"hours,omitempty"` // as long as it took, also if the clocks changed meanwhile

	Ticket   int64  `json:"ticket,omitempty"` // of a page, and so are the next ones
	Priority string `json:"priority,omitempty"`
	Step     string `json:"step,omitempty"`
	Woke     *bool  `json:"woke,omitempty"`
	Said     *bool  `json:"said,omitempty"` // the person has said so; otherwise it is presumed

	Amount *float64 `json:"amount,omitempty"` // by the rates of the settings; not there without any
}

// Run writes the rows to w. Of the present month it writes what has passed.
func (e DutyExport) Run(ctx context.Context, cfg config.Config, log *slog.Logger, w io.Writer) error {
	days, err := cfg.Days()
	if err != nil {
		return err
	}
	from, err := time.ParseInLocation("2006-01", e.Month, days.Zone)
	if err != nil {
		return fmt.Errorf("%q is not a month; write --month 2026-11", e.Month)
	}
	return withOutbox(ctx, cfg, log, func(db *postgres.DB) error {
		rows, err := carriedIn(ctx, db, from, days, cfg.Duty.Pay.Rates())
		if err != nil {
			return err
		}
		if e.JSON {
			return writeJSONLines(w, rows)
		}
		return writeServed(w, rows)
	})
}

// carriedIn reads the shifts and the calls of the month that begins at from.
func carriedIn(ctx context.Context, db *postgres.DB, from time.Time, days duty.Days, rates duty.Rates) (rows []served, err error) {
	now, err := businessTime(ctx, db)
	if err != nil {
		return nil, err
	}
	until := from.AddDate(0, 1, 0)
	if now.Before(until) {
		until = now
	}
	records, names, err := db.DutyServed(ctx, from, until)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		for _, s := range r.Served(from, until) {
			for _, p := range days.Parts(s) {
				rows = append(rows, servedPart(r.Squad, names[s.Person], p, days, rates))
			}
		}
	}
	pages, err := pagesIn(ctx, db, from, until, days, rates)
	return append(rows, pages...), err
}

func pagesIn(ctx context.Context, db *postgres.DB, from, until time.Time, days duty.Days, rates duty.Rates) (rows []served, err error) {
	names, err := db.CalledNames(ctx, from, until)
	if err != nil {
		return nil, err
	}
	pages, err := db.DutyPages(ctx, desk.DutyPages{From: from, Until: until})
	for _, p := range pages {
		rows = append(rows, servedPage(p, names[p.Person], days, rates))
	}
	return rows, err
}

func servedPart(squad, name string, p duty.Part, days duty.Days, rates duty.Rates) served {
	row := served{
		Kind: string(p.Kind), Squad: squad, Person: p.Person, Name: name, From: p.From.In(days.Zone), Until: p.Until.In(days.Zone),
		Hours: p.Long().Round(36 * time.Second).Hours(),
	}
	if rates.Any() {
		row.Amount = new(rates.Of(p.Kind, p.Long()))
	}
	return row
}

func servedPage(p desk.DutyPage, name string, days duty.Days, rates duty.Rates) served {
	row := served{
		Kind: "page", Squad: p.Squad, Person: p.Person, Name: name, From: p.At.In(days.Zone),
		Ticket: int64(p.Ticket), Priority: p.Priority.String(), Step: p.Step, Woke: &p.Woke, Said: &p.Said,
	}
	if rates.Any() {
		row.Amount = new(rates.Page)
	}
	return row
}

func writeServed(w io.Writer, rows []served) error {
	table := csv.NewWriter(w)
	_ = table.Write([]string{"kind", "squad", "person", "name", "from", "until", "hours", "ticket", "priority", "step", "woke", "said", "amount"}) // Error has what fails
	for _, r := range rows {
		row := []string{r.Kind, cell(r.Squad), r.Person, cell(r.Name), r.From.Format(time.RFC3339)}
		if r.Kind == "page" {
			row = append(row, "", "", strconv.FormatInt(r.Ticket, 10), r.Priority, r.Step, strconv.FormatBool(*r.Woke), strconv.FormatBool(*r.Said))
		} else {
			row = append(row, r.Until.Format(time.RFC3339), fmt.Sprintf("%.2f", r.Hours), "", "", "", "", "")
		}
		amount := ""
		if r.Amount != nil {
			amount = fmt.Sprintf("%.2f", *r.Amount)
		}
		_ = table.Write(append(row, amount))
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
