package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"supporty/internal/config"
	"supporty/internal/postgres"
)

// Stuck lists the messages that cannot be posted, and why. There is one line for each,
// without its text.
func Stuck(ctx context.Context, cfg config.Config, log *slog.Logger, w io.Writer) error {
	return withOutbox(ctx, cfg, log, func(db *postgres.DB) error {
		list, err := db.Stuck(ctx)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			_, err := fmt.Fprintln(w, "Every message gets through.")
			return err
		}
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tTICKET\tKIND\tSTATE\tTRIES\tSINCE\tREASON") // Flush has the error
		for _, s := range list {
			about := "-"
			if s.Ticket > 0 {
				about = s.Ticket.String()
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n",
				s.ID, about, s.Kind, s.State, s.Attempts, s.Since.UTC().Format(time.RFC3339), s.Reason)
		}
		return table.Flush()
	})
}

// RetryStuck makes the bot try messages again. Its error names ids for which that is not
// possible.
func RetryStuck(ctx context.Context, cfg config.Config, log *slog.Logger, ids []string) error {
	return withOutbox(ctx, cfg, log, func(db *postgres.DB) error {
		done, err := db.Retry(ctx, ids)
		if err != nil {
			return err
		}
		return others(ids, done, "not stuck: %s (supporty outbox lists those that are)")
	})
}

// DropStuck gives messages up for a reason, which is stored. Its error names ids for
// which that is not possible.
func DropStuck(ctx context.Context, cfg config.Config, log *slog.Logger, ids []string, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return errors.New("a reason is needed: --reason \"…\"; it is kept with the message")
	}
	return withOutbox(ctx, cfg, log, func(db *postgres.DB) error {
		done, err := db.Drop(ctx, ids, reason)
		if err != nil {
			return err
		}
		return others(ids, done, "not dropped: %s (cards are not, because a ticket cannot be seen without its card; nor is what is not stuck)")
	})
}

// withOutbox is withDatabase for a database that has the desk's tables.
func withOutbox(ctx context.Context, cfg config.Config, log *slog.Logger, do func(*postgres.DB) error) error {
	return withDatabase(ctx, cfg, log, func(db *postgres.DB) error {
		if err := db.Ready(ctx); err != nil {
			return err
		}
		return do(db)
	})
}

// others is an error about the ids that were not changed.
func others(ids, done []string, sentence string) error {
	rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(done, id) })
	if len(rest) == 0 {
		return nil
	}
	return fmt.Errorf(sentence, strings.Join(rest, ", "))
}
