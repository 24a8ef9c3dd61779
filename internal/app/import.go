package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/importing"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

// Import reads tickets of another desk that have ended there, and stores them as history.
type Import struct {
	JSON   bool   // a JSON object a line, instead of CSV
	Apply  bool   // store them; otherwise only say what would happen
	Person string // who stands for people whom a row does not name; empty: such rows are refused
}

// importer imports one file.
type importer struct {
	Import
	desk   *desk.Desk
	now    time.Time
	report io.Writer
	lines  map[string]int // where each ticket of the file was first
	count  struct{ fresh, known, refused int }
}

// Run reads the file from r. It writes a line for each row that is refused, and at the end how many there
// were of which. Its error says so too if any was refused. What is stored is stored row by row: the same
// file again goes on where it stopped.
func (i Import) Run(ctx context.Context, cfg config.Config, log *slog.Logger, r io.Reader, report io.Writer) error {
	if i.Person != "" && !config.IsPerson(i.Person) {
		return fmt.Errorf("%q is not the id of a person; write --person U0123456789 (in their profile, Copy member ID)", i.Person)
	}
	rows, err := i.rows(r)
	if err != nil {
		return err
	}
	return withOutbox(ctx, cfg, log, func(db *postgres.DB) error {
		now, err := businessTime(ctx, db)
		if err != nil {
			return err
		}
		d := desk.New(db, nobody{}, db.Policies(), categoryNames(cfg)).KeepingPrivate(cfg.PrivateCategories())
		one := &importer{Import: i, desk: d, now: now, report: report, lines: map[string]int{}}
		return errors.Join(one.all(ctx, rows), one.end(rows.Ignored()))
	})
}

func (i Import) rows(r io.Reader) (importing.Rows, error) {
	if i.JSON {
		return importing.JSON(r)
	}
	return importing.CSV(r)
}

// all imports row by row.
func (i *importer) all(ctx context.Context, rows importing.Rows) error {
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		err = i.row(ctx, row)
		if code := ticket.CodeOf(err); err != nil && code != ticket.Invalid {
			return fmt.Errorf("line %d: %w", row.Line, err)
		}
		if err != nil {
			i.count.refused++
			_, _ = fmt.Fprintf(i.report, "line %d: %s\n", row.Line, ticket.SentenceOf(err)) // the last line has the error
		}
	}
}

// row imports a row, or looks what would become of it.
func (i *importer) row(ctx context.Context, row importing.Row) error {
	t, err := row.Ticket()
	if err != nil {
		return err
	}
	if before := i.lines[t.Key]; before > 0 {
		return ticket.Errorf(ticket.Invalid, "Line %d has the same external_id.", before)
	}
	i.lines[t.Key] = row.Line
	if err := i.people(&t); err != nil {
		return err
	}
	if i.Apply {
		_, fresh, err := i.desk.Import(ctx, t, i.now)
		return i.counted(fresh, err)
	}
	if err := i.desk.CheckImported(t, i.now); err != nil {
		return err
	}
	known, err := i.desk.FindImported(ctx, t.Key)
	return i.counted(known == 0, err)
}

func (i *importer) counted(fresh bool, err error) error {
	switch {
	case err != nil:
	case fresh:
		i.count.fresh++
	default:
		i.count.known++
	}
	return err
}

// people sees to it that the ticket has a requester and an owner.
func (i *importer) people(t *desk.Imported) error {
	t.Requester, t.Owner = cmp.Or(t.Requester, i.Person), cmp.Or(t.Owner, i.Person)
	for _, who := range []struct{ name, id string }{{"requester", t.Requester}, {"owner", t.Owner}} {
		if !config.IsPerson(who.id) {
			return ticket.Errorf(ticket.Invalid, "Its %s is not the id of a person in Slack. Without one, --person names who stands for them.", who.name)
		}
	}
	return nil
}

// end tells how it went.
func (i *importer) end(ignored []string) error {
	c := i.count
	if len(ignored) > 0 {
		_, _ = fmt.Fprintf(i.report, "Columns that are not read: %s.\n", strings.Join(ignored, ", "))
	}
	done, then := "were imported", "Nobody in Slack is told."
	if !i.Apply {
		done, then = "can be imported", "Nothing was written: --apply writes."
	}
	_, err := fmt.Fprintf(i.report, "Of %d rows %d %s, %d are here already, %d are refused. %s\n",
		c.fresh+c.known+c.refused, c.fresh, done, c.known, c.refused, then)
	if err == nil && c.refused > 0 {
		err = fmt.Errorf("%d rows are refused", c.refused)
	}
	return err
}
