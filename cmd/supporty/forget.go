package main

import (
	"time"

	"github.com/spf13/cobra"

	"supporty/internal/app"
	"supporty/internal/config"
)

func forgetCommand(path *string) *cobra.Command {
	f := app.Forgetting{Settle: 70 * time.Second} // a copy knows a name for a minute
	c := &cobra.Command{
		Use:   "forget --user ID",
		Short: "Remove a person's words and name; without --yes only list them",
		Long: "Lists what the desk has of a person: their words in tickets, and messages of the bot that repeat\n" +
			"these or show their name. With --yes it is removed for good: messages with their words are deleted\n" +
			"and, where people still need them, posted anew without. The person's id stays, and with it the\n" +
			"numbers of the desk. What people wrote in Slack themselves only they can delete.",
		Args: cobra.NoArgs,
		RunE: offline(path, func(cmd *cobra.Command, cfg config.Config, _ []string) error {
			return f.Run(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log), cmd.OutOrStdout())
		}),
	}
	c.Flags().StringVar(&f.Person, "user", "", "the person's id in Slack, such as U0123456789 (in their profile, Copy member ID)")
	c.Flags().BoolVar(&f.Yes, "yes", false, "remove what is listed")
	return c
}
