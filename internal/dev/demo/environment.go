package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
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
	reload chan struct{} // sends when the settings after the example history begin to apply
	dataDir
	pages   string // host:port of the web page for leads
	phones  string // host:port that pages call
	ringing *http.Server
	log     *slog.Logger
	clock   *clock.Clock
	slack   *slacksim.Server
	time    timeControl

	mu       sync.Mutex // guards postgres, which can be stopped, and the progress of the history
	postgres *pgdev.Server
	done     int
	total    int // 0 when nothing has to be waited for
}

const database = "supporty"

// build starts the environment. The clock is set before any part reads it, since it never
// runs back.
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
	if e.pages, err = addressBeside(o.Addr); err != nil {
		return err
	}
	if err := e.listenForCalls(); err != nil {
		return fmt.Errorf("listening for the calls of pages: %w", err)
	}
	samples, err := slackview.Samples()
	if err != nil {
		return fmt.Errorf("reading what the bot can say: %w", err)
	}
	e.slack, err = slacksim.Start(slacksim.Config{
		Addr: o.Addr, Now: e.clock.Now, Workspace: history.Workspace(), File: e.file,
		Scopes: append(slacksim.DefaultScopes(), "groups:write"), // for private tickets
		SignIn: slacksim.SignIn{Redirects: []string{app.RedirectURL(config.Config{HTTP: e.http()})}},
		Links:  []slacksim.Link{{Name: "Web page for leads", URL: e.http().PublicURL + "/"}},
		Time:   &e.time, Toggles: e.toggles(), Progress: e.progress, Samples: samples,
	})
	return err
}

// startDatabase starts the database in a way that suits a demo: a loss of power may lose
// the last moment, and the dead rows of the history are vacuumed at once.
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

// settings are those of a real workspace, with a private category that Grace answers.
func (e *environment) settings() config.Config {
	cfg := config.Default()
	cfg.Slack.APIURL = e.slack.APIURL()
	cfg.Slack.AppToken = config.Secret(e.slack.AppToken())
	cfg.Slack.BotToken = config.Secret(e.slack.BotToken())
	cfg.Channels = config.Channels{Support: "support", Digest: "support-digest"}
	cfg.Database.URL = config.Secret(e.postgres.URL(database))
	cfg.HTTP = e.http()
	cfg.Slack.ClientID, cfg.Slack.ClientSecret = e.slack.SignIn().ClientID, config.Secret(e.slack.SignIn().ClientSecret)
	cfg.Sweep.Interval = time.Second // time may run fast
	cfg.Alerts.Group = history.OnCall
	cfg.Categories = nil
	for _, name := range history.Categories {
		c := config.Category{Name: name, Filing: config.Filing{Service: history.Services[name]}}
		c.Work = history.Works[name]
		if name == "Payments" {
			c.Runbook = history.Runbook
		}
		cfg.Categories = append(cfg.Categories, c)
	}
	cfg.Survey.Share = 100
	e.addSquads(&cfg)
	cfg.Categories = append(cfg.Categories, config.Category{
		Name: history.Confidential,
		Filing: config.Filing{
			Private: true, People: []string{e.slack.State().Person(history.Trusted).ID},
			Description: "Pay, leave, contracts", Help: "Only Grace and you read it.",
		},
	})
	return cfg
}

// settingsAtFirst are the settings of the example history while it is not complete, and
// otherwise those after it.
func (e *environment) settingsAtFirst(o Options) (config.Config, error) {
	if !e.complete() {
		return e.settings(), nil
	}
	return e.settingsWith(o)
}

// settingsWith are the settings with the targets of the options, the forms of the categories, and the
// channel of a squad. The example history runs without them.
func (e *environment) settingsWith(o Options) (config.Config, error) {
	cfg := e.settings()
	p, err := promise(o)
	cfg.Hours, cfg.Priorities, cfg.WarnAt = p.Hours, p.Priorities, p.WarnAt
	for i, c := range cfg.Categories {
		if filing, ok := filings[c.Name]; ok {
			filing.Service = c.Service
			cfg.Categories[i].Filing = filing
		}
	}
	i := slices.IndexFunc(cfg.Squads, func(s config.Squad) bool { return s.Name == history.LogisticsSquad })
	cfg.Squads[i].HomeChannel = history.SquadChannel
	return cfg, err
}

// promise reads the targets as the program reads its settings. They come from the file,
// whose other settings are for a real workspace and are not used, and from --hours, which
// takes precedence. HOME has to be set, but nothing is read from that directory.
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
	if e.ringing != nil {
		err = errors.Join(err, e.ringing.Close())
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(err, e.stopDatabase(ctx), e.leave())
}
