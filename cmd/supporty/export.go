package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"supporty/internal/app"
	"supporty/internal/config"
)

func exportCommand(path *string) *cobra.Command {
	c := &cobra.Command{Use: "export", Short: "Write what the desk knows as CSV or JSON"}
	c.AddCommand(exportDutyCommand(path))
	return c
}

func exportDutyCommand(path *string) *cobra.Command {
	var e app.DutyExport
	var format string
	c := &cobra.Command{
		Use:   "duty --month 2026-11",
		Short: "Who was on duty, for pay: a row for each shift",
		Long: "Writes who was on duty in which squad in a month, from when until when, and the hours. Months and\n" +
			"times are in the zone of the opening hours; shifts are cut at the ends of the month. Of the present\n" +
			"month it writes what has passed.",
		Args: cobra.NoArgs,
		RunE: offline(path, func(cmd *cobra.Command, cfg config.Config, _ []string) error {
			if format != "csv" && format != "jsonl" {
				return fmt.Errorf("%q is no format; write csv or jsonl", format)
			}
			e.JSON = format == "jsonl"
			return e.Run(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log), cmd.OutOrStdout())
		}),
	}
	c.Flags().StringVar(&e.Month, "month", "", "the month, such as 2026-11")
	c.Flags().StringVar(&format, "format", "csv", "csv, or jsonl: a JSON object a line")
	return c
}
