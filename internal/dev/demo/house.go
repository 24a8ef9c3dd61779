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

// house is everything around the bot.
type house struct {
	reread chan struct{} // the opening hours apply from here on
	folder
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
func build(ctx context.Context, o Options) (*house, error) {
	h := &house{reread: make(chan struct{}, 1), clock: &clock.Clock{}, log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	var err error
	if o.Once || o.Tour {
		h.folder, err = temporary()
	} else {
		h.folder, err = kept(o.Dir, o.Reset)
	}
	if err != nil {
		return nil, err
	}
	if err := h.furnish(ctx, o); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *house) furnish(ctx context.Context, o Options) error {
	if err := h.startDatabase(ctx); err != nil {
		return err
	}
	if err := h.postgres.CreateDatabase(ctx, database); err != nil {
		return err
	}
	begin := beginOfTour(time.Now())
	if h.file != "" {
		begin = beginOfHistory(time.Now())
		h.total = 1 // until the plan is made
		if h.complete() {
			h.total = 0
		}
	}
	setting, err := app.BeginClock(ctx, h.postgres.URL(database), begin)
	if err != nil {
		return err
	}
	h.clock.Set(setting)
	h.time = timeControl{house: h}
	samples, err := slackview.Samples()
	if err != nil {
		return fmt.Errorf("reading what the bot can say: %w", err)
	}
	h.slack, err = slacksim.Start(slacksim.Config{
		Addr: o.Addr, Now: h.clock.Now, Workspace: history.Workspace(), File: h.file,
		HomeDisabled: true, Time: &h.time, Trouble: h.troubles(), Progress: h.progress, Samples: samples,
	})
	return err
}

// startDatabase starts it as it suits a demo: a machine that loses its power may
// forget the last moment, and what the history leaves behind is swept at once.
func (h *house) startDatabase(ctx context.Context) error {
	server, err := pgdev.Start(ctx, pgdev.Config{
		Dir: filepath.Join(h.dir, "postgres"), Log: h.log, Settings: map[string]string{"synchronous_commit": "off", "autovacuum_naptime": "2s"},
	})
	if err != nil {
		return fmt.Errorf("starting the database: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.postgres = server
	return nil
}

func (h *house) stopDatabase(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.postgres == nil {
		return nil
	}
	return h.postgres.Stop(ctx)
}

// settings are a user's, as for a real workspace.
func (h *house) settings() config.Config {
	cfg := config.Default()
	cfg.Slack.APIURL = h.slack.APIURL()
	cfg.Slack.AppToken = config.Secret(h.slack.AppToken())
	cfg.Slack.BotToken = config.Secret(h.slack.BotToken())
	cfg.Channels = config.Channels{Support: "support", Digest: "support-digest"}
	cfg.Database.URL = config.Secret(h.postgres.URL(database))
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
func (h *house) settingsAtFirst(o Options) (config.Config, error) {
	if !h.complete() {
		return h.settings(), nil
	}
	return h.settingsWith(o)
}

// settingsWith are the settings with another promise, which the example history does
// without.
func (h *house) settingsWith(o Options) (config.Config, error) {
	cfg := h.settings()
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

func (h *house) close() error {
	var err error
	if h.slack != nil {
		err = h.slack.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(err, h.stopDatabase(ctx), h.leave())
}
