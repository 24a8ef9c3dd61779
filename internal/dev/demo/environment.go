package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"supporty/internal/app"
	"supporty/internal/clock"
	"supporty/internal/config"
	"supporty/internal/dev/demo/history"
	"supporty/internal/dev/slacksim"
	"supporty/internal/pgdev"
	"supporty/internal/slackview"
)

// environment is everything around the bot.
type environment struct {
	reload chan struct{} // the opening hours apply from here on
	dataDir
	log   *slog.Logger
	clock *clock.Clock
	slack *slacksim.Server
	time  timeControl

	mu       sync.Mutex // guards postgres, which comes and goes, and how far the history is
	postgres *pgdev.Server
	done     int
	total    int // 0 when there is nothing to wait for
}

const database = "supporty"

// build starts the surroundings. The clock is right before anything can look at
// it, since it never runs back.
func build(ctx context.Context, o Options) (*environment, error) {
	e := &environment{reload: make(chan struct{}, 1), clock: &clock.Clock{}, log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	var err error
	if o.Once || o.Tour {
		e.dataDir, err = temporary()
	} else {
		e.dataDir, err = kept(o.Dir, o.Reset)
	}
	if err != nil {
		return nil, err
	}
	if err := e.furnish(ctx, o); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *environment) furnish(ctx context.Context, o Options) error {
	if err := e.startDatabase(ctx); err != nil {
		return err
	}
	if err := e.postgres.CreateDatabase(ctx, database); err != nil {
		return err
	}
	begin := beginOfTour(time.Now())
	if e.file != "" {
		begin = beginOfHistory(time.Now())
		e.total = 1 // until the plan is made
		if e.complete() {
			e.total = 0
		}
	}
	setting, err := app.BeginClock(ctx, e.postgres.URL(database), begin)
	if err != nil {
		return err
	}
	e.clock.Set(setting)
	e.time = timeControl{environment: e}
	samples, err := slackview.Samples()
	if err != nil {
		return fmt.Errorf("reading what the bot can say: %w", err)
	}
	e.slack, err = slacksim.Start(slacksim.Config{
		Addr: o.Addr, Now: e.clock.Now, Workspace: history.Workspace(), File: e.file,
		HomeDisabled: true, Time: &e.time, Toggles: e.toggles(), Progress: e.progress, Samples: samples,
	})
	return err
}

// startDatabase starts it as it suits a demo: a machine that loses its power may
// forget the last moment, and what the history leaves behind is swept at once.
func (e *environment) startDatabase(ctx context.Context) error {
	server, err := pgdev.Start(ctx, pgdev.Config{
		Dir: filepath.Join(e.dir, "postgres"), Log: e.log, Settings: map[string]string{"synchronous_commit": "off", "autovacuum_naptime": "2s"},
	})
	if err != nil {
		return fmt.Errorf("starting the database: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.postgres = server
	return nil
}

func (e *environment) stopDatabase(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.postgres == nil {
		return nil
	}
	return e.postgres.Stop(ctx)
}

// settings are a user's, as for a real workspace.
func (e *environment) settings() config.Config {
	cfg := config.Default()
	cfg.Slack.APIURL = e.slack.APIURL()
	cfg.Slack.AppToken = config.Secret(e.slack.AppToken())
	cfg.Slack.BotToken = config.Secret(e.slack.BotToken())
	cfg.Channels = config.Channels{Support: "support", Digest: "support-digest"}
	cfg.Database.URL = config.Secret(e.postgres.URL(database))
	cfg.HTTP.Addr = ""
	cfg.Sweep.Interval = time.Second // time may be running fast
	cfg.Alerts.Group = history.OnCall
	cfg.Categories = nil
	for _, name := range history.Categories {
		cfg.Categories = append(cfg.Categories, config.Category{Name: name})
	}
	return cfg
}

// settingsAtFirst are those of the example history while it is still to be played, and
// else what holds after it.
func (e *environment) settingsAtFirst(o Options) (config.Config, error) {
	if !e.complete() {
		return e.settings(), nil
	}
	return e.settingsWith(o)
}

// settingsWith are the settings with another promise, which the example history does
// without.
func (e *environment) settingsWith(o Options) (config.Config, error) {
	cfg := e.settings()
	p, err := promise(o)
	cfg.Hours, cfg.Priorities, cfg.WarnAt = p.Hours, p.Priorities, p.WarnAt
	return cfg, err
}

// promise reads what is promised, as the program reads its settings: from the file, whose
// other settings are for a real workspace, and from --hours, which come first. A home has
// to be named, and is not looked at.
func promise(o Options) (config.Config, error) {
	environ := []string{"HOME=/"}
	if o.Config != "" {
		environ = append(environ, os.Environ()...)
	}
	if o.Hours != "" {
		environ = append(environ, "SUPPORTY_HOURS="+o.Hours)
	}
	cfg, err := config.LoadOffline(o.Config, environ)
	if err != nil && o.Config == "" {
		return cfg, fmt.Errorf("--hours: %w", err)
	}
	return cfg, err
}

func (e *environment) close() error {
	var err error
	if e.slack != nil {
		err = e.slack.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(err, e.stopDatabase(ctx), e.leave())
}
