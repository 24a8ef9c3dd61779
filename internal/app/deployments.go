package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"supporty/internal/config"
	"supporty/internal/deploy"
	"supporty/internal/desk"
	"supporty/internal/httpd"
	"supporty/internal/insight"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

// deployments is the part of the HTTP server that takes the reports of pipelines.
func (a *App) deployments() httpd.Deployments {
	return httpd.Deployments{Log: a.log, Record: a.recordDeployment, Token: func() string {
		if p := a.components.Load(); p != nil {
			return p.cfg.Deployments.Token.Reveal()
		}
		return a.cfg.Deployments.Token.Reveal() // it starts
	}}
}

func (a *App) recordDeployment(ctx context.Context, key string, r deploy.Report) (deploy.Deployment, bool, error) {
	p := a.components.Load()
	if p == nil {
		return deploy.Deployment{}, false, ticket.Errorf(ticket.Unavailable, "The desk is starting. Send it again in a minute, with the same key.")
	}
	defer a.sender.Wake() // cards may have to show it
	return deploy.Recorder{Store: a.db, Rules: p.cfg.DeploymentRules()}.Record(ctx, key, r, a.clock.Now())
}

func incidentsOf(cfg config.Config) desk.Incidents {
	return desk.Incidents{Rules: cfg.DeploymentRules(), Categories: cfg.IncidentCategories()}
}

// noteSettings notes how the settings are that charts mark the changes of, and those that the views need.
func (a *App) noteSettings(ctx context.Context, cfg config.Config) error {
	type own struct {
		Name  string
		Value any
	}
	var hours, targets []own
	hours, targets = append(hours, own{"", cfg.Hours}), append(targets, own{"", cfg.Priorities}, own{"warn_at", cfg.WarnAt})
	for _, s := range cfg.Squads {
		hours, targets = append(hours, own{s.Name, s.Hours}), append(targets, own{s.Name, s.Targets})
	}
	for _, c := range cfg.Categories {
		hours = append(hours, own{c.Name, c.Hours})
		targets = append(targets, own{c.Name, c.Targets}, own{c.Name, c.NoClock})
	}
	return errors.Join(a.db.NoteServices(ctx, cfg.DeploymentRules()), a.db.NoteWorks(ctx, worksOf(cfg)), a.db.NoteSettings(ctx, map[insight.MarkKind]string{
		insight.MarkHours: digestOf(hours), insight.MarkTargets: digestOf(targets), insight.MarkCategories: digestOf(categoryNames(cfg)),
	}, a.clock.Now()), a.db.NoteDutySettings(ctx, rotasOf(cfg)))
}

// digestOf is the same for settings that are the same.
func digestOf(settings any) string {
	b, _ := json.Marshal(settings) // plain values: cannot fail
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// DeploymentRecord records a deployment by hand, as a pipeline does over HTTP.
type DeploymentRecord struct {
	Key     string // empty: it is a deployment of its own
	At      string // RFC 3339; empty for now
	Service string
	Version string
	URL     string
}

// Run records the deployment, and says so on w.
func (d DeploymentRecord) Run(ctx context.Context, cfg config.Config, log *slog.Logger, w io.Writer) error {
	report := deploy.Report{Service: d.Service, Version: d.Version, URL: d.URL}
	if d.At != "" {
		var err error
		if report.At, err = time.Parse(time.RFC3339, d.At); err != nil {
			return fmt.Errorf("%q is not a time; write --at 2026-11-30T09:00:00Z", d.At)
		}
	}
	if d.Key == "" {
		d.Key = "cli:" + rand.Text()
	}
	return withOutbox(ctx, cfg, log, func(db *postgres.DB) error {
		now, err := businessTime(ctx, db)
		if err != nil {
			return err
		}
		recorded, fresh, err := deploy.Recorder{Store: db, Rules: cfg.DeploymentRules()}.Record(ctx, d.Key, report, now)
		if code := ticket.CodeOf(err); code == ticket.Invalid || code == ticket.Conflict {
			return errors.New(ticket.SentenceOf(err))
		}
		if err != nil {
			return err
		}
		how := "Recorded"
		if !fresh {
			how = "Recorded before"
		}
		_, err = fmt.Fprintf(w, "%s: deployment %d of %s, at %s.\n", how, recorded.ID, recorded.Service, recorded.At.Format(time.RFC3339))
		return err
	})
}
