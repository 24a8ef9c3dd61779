package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"supporty/internal/app"
	"supporty/internal/build"
	"supporty/internal/config"
	"supporty/internal/dev/demo"
	"supporty/internal/dev/slacksim"
	"supporty/internal/manifest"
)

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "supporty",
		Short:         "A support desk that lives in Slack",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       build.Read().String(),
	}
	root.SetVersionTemplate("{{.Version}}\n")
	path := root.PersistentFlags().String("config", os.Getenv("SUPPORTY_CONFIG"), "configuration file (YAML); see config.example.yaml")
	root.AddCommand(
		serveCommand(path), demoCommand(path), doctorCommand(path), configCommand(path),
		migrateCommand(path), manifestCommand(path), outboxCommand(path), forgetCommand(path), exportCommand(path), importCommand(path), deployCommand(path), simCommand(), versionCommand(),
	)
	return root
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit and the Go that it was made with",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), build.Read())
			return err
		},
	}
}

func serveCommand(path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Connect to Slack and run the desk",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			file := config.WatchFile(*path)
			cfg, err := config.Load(*path, os.Environ())
			if err != nil {
				return err
			}
			return app.Run(cmd.Context(), cfg, app.Options{
				Log:      logger(cmd.ErrOrStderr(), cfg.Log),
				Settings: func() (config.Config, error) { return config.Load(*path, os.Environ()) },
				Reload:   reloads(cmd.Context(), file),
			})
		},
	}
}

func logger(w io.Writer, cfg config.Log) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.Level}
	if cfg.Format == config.JSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func demoCommand(path *string) *cobra.Command {
	var o demo.Options
	c := &cobra.Command{
		Use:   "demo",
		Short: "Show all of it on this machine, without a Slack account",
		Long: "Starts an embedded PostgreSQL, a simulated Slack workspace with its page, and the bot, and stays\n" +
			"up until Ctrl-C. The first time it prepares three months of example history in the background.\n" +
			"Of a configuration file it takes hours, priorities and warn_at, once the history is there.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Config = *path
			return demo.Run(cmd.Context(), cmd.OutOrStdout(), o)
		},
	}
	c.Flags().StringVar(&o.Addr, "addr", "127.0.0.1:8080", "where the page is; on this machine only")
	c.Flags().StringVar(&o.Dir, "dir", "", "directory that keeps the data between runs (default: demo in the user's data directory)")
	c.Flags().StringVar(&o.Hours, "hours", "", "opening hours from now on, such as \"Mon-Fri 09:00-18:00 Europe/London\" (default: always open)")
	c.Flags().BoolVar(&o.Reset, "reset", false, "begin again, with a new workspace and database")
	c.Flags().BoolVar(&o.Tour, "tour", false, "play a short tour here, in an empty workspace that is not kept, and stay up")
	c.Flags().BoolVar(&o.Once, "once", false, "play the tour and exit; status 0 only if every step was seen in the simulated workspace")
	return c
}

func doctorCommand(path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check tokens, scopes, channels and database, and say what to do",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(*path, os.Environ())
			if err != nil {
				return err
			}
			if !app.Doctor(cmd.Context(), cfg, cmd.OutOrStdout()) {
				return errors.New("not everything is in order")
			}
			return nil
		},
	}
}

func configCommand(path *string) *cobra.Command {
	c := &cobra.Command{Use: "config", Short: "Look at the configuration"}
	c.AddCommand(configCheckCommand(path), configExplainCommand(path))
	return c
}

func configCheckCommand(path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Read the configuration and name everything that is wrong with it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := config.Check(*path, os.Environ(), time.Now()); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "The configuration is in order.")
			return err
		},
	}
}

func configExplainCommand(path *string) *cobra.Command {
	var asJSON bool
	var category string
	c := &cobra.Command{
		Use:     "explain PRIORITY TIME",
		Short:   "Print the deadlines that a ticket filed then would get",
		Example: `  supporty config explain P2 "2026-03-27 16:30"`,
		Long: "Prints when a ticket of this priority, filed at this time, is to be answered and solved, and\n" +
			"when a warning is due. The time is one of the zone of the opening hours (UTC without hours), or\n" +
			"in RFC 3339 one of any zone: 2026-03-27T16:30:00Z.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := config.LoadOffline(*path, os.Environ())
			if err != nil {
				return err
			}
			e, err := app.Explain(cfg, args[0], category, args[1])
			if err != nil {
				return err
			}
			if asJSON {
				return e.WriteJSON(cmd.OutOrStdout())
			}
			return e.WriteText(cmd.OutOrStdout())
		},
	}
	c.Flags().StringVar(&category, "category", "", "a category that may have targets of its own (default: the general ones)")
	c.Flags().BoolVar(&asJSON, "json", false, "print the times alone, in UTC, as JSON")
	return c
}

func migrateCommand(path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date, and stop",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.LoadOffline(*path, os.Environ())
			if err != nil {
				return err
			}
			version, err := app.Migrate(cmd.Context(), cfg, logger(cmd.ErrOrStderr(), cfg.Log))
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "The schema is at version %d.\n", version)
			return err
		},
	}
}

func manifestCommand(path *string) *cobra.Command {
	var p manifest.Params
	c := &cobra.Command{
		Use:   "manifest",
		Short: `Print the Slack app manifest, for "Create an app from a manifest"`,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.LoadOffline(*path, os.Environ())
			if err != nil {
				return err
			}
			p.Command, p.Shortcuts, p.Redirect = cfg.Command, app.Shortcuts(cfg), app.RedirectURL(cfg)
			p.DutyGroups = p.DutyGroups || cfg.HasDutyGroups()
			text, err := manifest.YAML(p)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
	c.Flags().StringVar(&p.AppName, "name", "", "the app's name in Slack")
	c.Flags().BoolVar(&p.Private, "private", false, "with the scope that private tickets need")
	c.Flags().BoolVar(&p.Bookmarks, "bookmarks", false, "with the scopes that runbooks as bookmarks need")
	c.Flags().BoolVar(&p.DutyGroups, "duty-groups", false, "with the scope that user groups of who is on duty need; given if the settings have any")
	c.Flags().BoolVar(&p.Workflow, "workflow", false, "with a step for Workflow Builder, which needs a paid plan of Slack")
	return c
}

func simCommand() *cobra.Command {
	var addr, file, appToken, botToken string
	var open bool
	c := &cobra.Command{
		Use:   "sim",
		Short: "Run the simulated Slack workspace alone, until Ctrl-C",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := workspace(file)
			if err != nil {
				return err
			}
			cfg.Addr, cfg.Open = addr, open
			cfg.AppToken, cfg.BotToken = cmp.Or(appToken, cfg.AppToken), cmp.Or(botToken, cfg.BotToken)
			return runSim(cmd.Context(), cmd.OutOrStdout(), cfg)
		},
	}
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "where it listens")
	c.Flags().BoolVar(&open, "open", false, "let other machines reach it, and be everybody in it")
	c.Flags().StringVar(&file, "config", "", "who and what is in the workspace (YAML); see internal/dev/slacksim/workspace.example.yaml")
	c.Flags().StringVar(&appToken, "app-token", "", "app-level token it accepts (default: the file's, else made up and printed)")
	c.Flags().StringVar(&botToken, "bot-token", "", "bot token it accepts (default: the file's, else made up and printed)")
	return c
}

// workspace reads a workspace file. Without a file it returns the simulator's own
// company; its app is this program's app and has no Home tab.
func workspace(file string) (slacksim.Config, error) {
	if file == "" {
		return slacksim.Config{HomeDisabled: true}, nil
	}
	return slacksim.LoadConfig(file)
}

func runSim(ctx context.Context, w io.Writer, cfg slacksim.Config) error {
	server, err := slacksim.Start(cfg)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "SUPPORTY_SLACK_API_URL=%s\nSUPPORTY_SLACK_APP_TOKEN=%s\nSUPPORTY_SLACK_BOT_TOKEN=%s\n",
		server.APIURL(), server.AppToken(), server.BotToken())
	<-ctx.Done()
	return errors.Join(err, server.Close())
}
