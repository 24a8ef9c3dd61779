package main

import (
	"os"

	"github.com/spf13/cobra"

	"supporty/internal/app"
	"supporty/internal/config"
)

func outboxCommand(path *string) *cobra.Command {
	c := &cobra.Command{
		Use:   "outbox",
		Short: "List the messages that do not get into Slack",
		Long: "Lists the messages that Slack does not take, that wait for their channel, or that were tried\n" +
			"many times: their ids, tickets and reasons, and nothing of what they say.",
		Args: cobra.NoArgs,
		RunE: offline(path, func(cmd *cobra.Command, cfg config.Config, _ []string) error {
			return app.Stuck(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log), cmd.OutOrStdout())
		}),
	}
	c.AddCommand(outboxRetryCommand(path), outboxDropCommand(path))
	return c
}

func outboxRetryCommand(path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "retry ID…",
		Short: "Try messages again, at once",
		Args:  cobra.MinimumNArgs(1),
		RunE: offline(path, func(cmd *cobra.Command, cfg config.Config, ids []string) error {
			return app.RetryStuck(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log), ids)
		}),
	}
}

func outboxDropCommand(path *string) *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "drop ID…",
		Short: "Give messages up, with a reason that is kept",
		Args:  cobra.MinimumNArgs(1),
		RunE: offline(path, func(cmd *cobra.Command, cfg config.Config, ids []string) error {
			return app.DropStuck(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log), ids, reason)
		}),
	}
	c.Flags().StringVar(&reason, "reason", "", "why they need not be said")
	return c
}

// offline runs a command that works without Slack.
func offline(path *string, run func(cmd *cobra.Command, cfg config.Config, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		cfg, err := config.LoadOffline(*path, os.Environ())
		if err != nil {
			return err
		}
		return run(cmd, cfg, args)
	}
}
