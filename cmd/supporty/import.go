package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"supporty/internal/app"
	"supporty/internal/config"
)

func importCommand(path *string) *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Take over tickets of another desk, as history"}
	c.AddCommand(importFileCommand(path, "csv", false), importFileCommand(path, "jsonl", true))
	return c
}

func importFileCommand(path *string, format string, asJSON bool) *cobra.Command {
	i := app.Import{JSON: asJSON}
	c := &cobra.Command{
		Use:     format + " FILE",
		Short:   "Read tickets that have ended from a file; without --apply only say what would happen",
		Example: "  supporty import " + format + " old-desk." + format + " --person U0123456789",
		Long: "Reads tickets that ended in another desk more than 7 days ago, and stores them as history: they\n" +
			"count in the statistics and are found, but have no thread and no targets, and nobody is told. A row\n" +
			"that was imported before changes nothing. The columns are in docs/exporting.md. FILE can be -.",
		Args: cobra.ExactArgs(1),
		RunE: offline(path, func(cmd *cobra.Command, cfg config.Config, args []string) error {
			file, err := open(cmd, args[0])
			if err != nil {
				return err
			}
			defer func() { _ = file.Close() }() // it was only read
			return i.Run(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log), file, cmd.OutOrStdout())
		}),
	}
	c.Flags().BoolVar(&i.Apply, "apply", false, "store them")
	c.Flags().StringVar(&i.Person, "person", "", "the id of who stands for people whom a row does not name")
	return c
}

// open opens a file, or the input of the command.
func open(cmd *cobra.Command, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	return os.Open(name)
}
