package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"supporty/internal/config"
	"supporty/internal/insight"
	"supporty/internal/postgres"
)

// sinceOpened is the meaning of a beginning for what is about tickets.
const sinceOpened = "only of tickets opened since"

// Exports are the files that can be written, with what a row of each is, and what a beginning selects.
var Exports = []struct{ Name, Row, Since string }{
	{string(postgres.ExportTickets), "a ticket", sinceOpened},
	{string(postgres.ExportTimeline), "what was done to a ticket, when, and by which gesture", sinceOpened},
	{string(postgres.ExportReplies), "a reply in the thread of a ticket, without its words", sinceOpened},
	{string(postgres.ExportRatings), "an answer to a survey, its week and its stars, where enough people have answered", "only of weeks that began since"},
	{string(postgres.ExportDeployments), "a deployment, and how many incidents are tied to it", "only what was deployed since"},
}

// Export writes what the desk knows, a row after the other.
type Export struct {
	What     string    // one of Exports
	JSON     bool      // a JSON object a line, instead of CSV
	Since    string    // a day of the zone of the digest, or "90d". Empty for all
	Progress io.Writer // a terminal, nil for none: how far it is
	Notes    io.Writer // what was left out
}

// errNotTold: no copy of the bot has told the channel yet.
var errNotTold = errors.New("export.people is set, but the channel has not been told yet that exports name people: start the bot with this setting first")

// Run writes the rows to w. People are named only if the settings say so and the channel was told.
func (e Export) Run(ctx context.Context, cfg config.Config, log *slog.Logger, w io.Writer) error {
	return withOutbox(ctx, cfg, log, func(db *postgres.DB) error {
		asked, err := e.asked(ctx, cfg, db)
		if err != nil {
			return err
		}
		out := bufio.NewWriterSize(w, 1<<16)
		rows := &progress{Rows: e.format(out), w: e.Progress, what: e.What}
		of, err := db.Export(ctx, asked, rows)
		if err = errors.Join(err, out.Flush()); err != nil {
			return err
		}
		rows.end()
		return e.note(of)
	})
}

func (e Export) format(w *bufio.Writer) postgres.Rows {
	if e.JSON {
		return newJSON(w)
	}
	return newCSV(w)
}

// asked is what is to be exported.
func (e Export) asked(ctx context.Context, cfg config.Config, db *postgres.DB) (postgres.Exporting, error) {
	now, err := businessTime(ctx, db)
	if err != nil {
		return postgres.Exporting{}, err
	}
	asked := postgres.Exporting{What: postgres.Export(e.What), Now: now, People: cfg.Export.People}
	if asked.Since, err = since(e.Since, now, cfg.Digest.Zone); err != nil {
		return asked, err
	}
	told, err := db.PeopleNamed(ctx)
	if err == nil && asked.People && !told {
		err = errNotTold
	}
	return asked, err
}

// since reads a beginning.
func since(text string, now time.Time, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if p, ok, err := insight.Span(text, now, zone); ok && err == nil && p.To.Equal(now) {
		return p.From, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no beginning; write --since 2026-10-01, or --since 90d", text)
	}
	return day, nil
}

// note says what the file does not have.
func (e Export) note(of postgres.Exported) error {
	var err error
	if of.Private > 0 {
		_, err = fmt.Fprintf(e.Notes, "Private tickets are left out: %d of %d.\n", of.Private, of.Private+of.Tickets)
	}
	if of.Answers > 0 {
		_, err = fmt.Fprintf(e.Notes, "Answers left out, because they are too few to be about nobody, or can still change: %d.\n", of.Answers)
	}
	return err
}
