package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"supporty/internal/app"
	"supporty/internal/config"
)

func exportCommand(path *string) *cobra.Command {
	c := &cobra.Command{Use: "export", Short: "Write what the desk knows as CSV or JSON"}
	c.AddCommand(exportDutyCommand(path))
	for _, e := range app.Exports {
		c.AddCommand(exportRowsCommand(path, e.Name, e.Row, e.Since))
	}
	return c
}

func exportDutyCommand(path *string) *cobra.Command {
	var e app.DutyExport
	var format string
	c := &cobra.Command{
		Use:   "duty --month 2026-11",
		Short: "Who was on duty and who was called, for pay",
		Long: "Writes who was on duty in which squad in a month, from when until when, and the hours, each call\n" +
			"of the ladder, and what is paid by the rates of the settings. Months and\n" +
			"times are in the zone of the opening hours; shifts are cut at the ends of the month. Of the present\n" +
			"month it writes what has passed.",
		Args: cobra.NoArgs,
		RunE: offline(path, func(cmd *cobra.Command, cfg config.Config, _ []string) error {
			var err error
			if e.JSON, err = isJSON(format); err != nil {
				return err
			}
			return e.Run(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log), cmd.OutOrStdout())
		}),
	}
	c.Flags().StringVar(&e.Month, "month", "", "the month, such as 2026-11")
	c.Flags().StringVar(&format, "format", "csv", "csv, or jsonl: a JSON object a line")
	return c
}

func exportRowsCommand(path *string, what, row, since string) *cobra.Command {
	e := app.Export{What: what}
	var format string
	c := &cobra.Command{
		Use:     what,
		Short:   "A row for each: " + row,
		Example: fmt.Sprintf("  supporty export %s --since 90d > %s.csv", what, what),
		Long: "Writes a row for each: " + row + ". The columns are in docs/exporting.md. Private tickets are left\n" +
			"out. No person is named unless the setting export.people allows it.",
		Args: cobra.NoArgs,
		RunE: offline(path, func(cmd *cobra.Command, cfg config.Config, _ []string) error {
			var err error
			if e.JSON, err = isJSON(format); err != nil {
				return err
			}
			e.Progress, e.Notes = terminal(cmd.ErrOrStderr()), cmd.ErrOrStderr()
			return e.Run(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log), cmd.OutOrStdout())
		}),
	}
	c.Flags().StringVar(&e.Since, "since", "", since+": a day such as 2026-10-01, or 90d (default: all)")
	c.Flags().StringVar(&format, "format", "csv", "csv, or jsonl: a JSON object a line")
	return c
}

// isJSON reads the name of a format.
func isJSON(format string) (bool, error) {
	switch format {
	case "csv":
		return false, nil
	case "jsonl":
		return true, nil
	}
	return false, fmt.Errorf("%q is no format; write csv or jsonl", format)
}

// terminal returns w if somebody looks at it: a terminal, and no file or pipe.
func terminal(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return w
	}
	return nil
}
