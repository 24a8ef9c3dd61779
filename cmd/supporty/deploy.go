package main

import (
	"github.com/spf13/cobra"

	"supporty/internal/app"
	"supporty/internal/config"
)

func deployCommand(path *string) *cobra.Command {
	c := &cobra.Command{Use: "deploy", Short: "Tell the desk what was deployed"}
	c.AddCommand(deployRecordCommand(path))
	return c
}

func deployRecordCommand(path *string) *cobra.Command {
	var d app.DeploymentRecord
	c := &cobra.Command{
		Use:   "record --service NAME",
		Short: "Record that a version of a service went into production",
		Long: "Records a deployment, as a pipeline does by POST /v1/deployments. Incidents are tied to it from\n" +
			"then on, also if it is recorded late: --at says when it was. With the same --key it is recorded once.",
		Example: "  supporty deploy record --service shop --version 1.4.2 --key run-4711",
		Args:    cobra.NoArgs,
		RunE: offline(path, func(cmd *cobra.Command, cfg config.Config, _ []string) error {
			return d.Run(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log), cmd.OutOrStdout())
		}),
	}
	c.Flags().StringVar(&d.Service, "service", "", "the service, as a category of the settings names it")
	c.Flags().StringVar(&d.Version, "version", "", "the version that was deployed")
	c.Flags().StringVar(&d.At, "at", "", "when it was, such as 2026-11-30T09:00:00Z (default: now)")
	c.Flags().StringVar(&d.URL, "url", "", "the address of the pipeline's run or of the release")
	c.Flags().StringVar(&d.Key, "key", "", "what is the same if it is recorded again (default: it is another deployment)")
	return c
}
