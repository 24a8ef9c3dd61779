package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/deploy"
	"supporty/internal/ticket"
)

var _ deploy.Store = (*DB)(nil)

const (
	// A report that comes again is counted, so that its commit waits for a standby as the first one did.
	saveDeployment = `
		WITH stored AS (
			INSERT INTO deployments (key, content, service, version, url, deployed_at, recorded_at)
			VALUES (@key, @content, @service, @version, @url, @at, @recorded_at)
			ON CONFLICT (key) DO UPDATE SET reports = deployments.reports + 1
			RETURNING id, content, service, version, url, deployed_at, reports
		), cards AS (
			` + bumpCardIf + `kind = 'card' AND state <> 'dropped' AND (SELECT reports FROM stored) = 1 AND ticket IN (
				SELECT number FROM tickets WHERE incident AND deployment = 0 AND category = ANY (@categories)
					AND opened_at >= @at AND opened_at <= @until)
		)
		SELECT id, service, version, url, deployed_at, content, reports = 1 FROM stored`
	selectDeployment = `
		SELECT id, service, version, url, deployed_at FROM deployments WHERE id = $1`
	selectDeployments = `
		SELECT id, service, version, url, deployed_at FROM deployments
		WHERE service = $1 AND deployed_at <= $2 ORDER BY deployed_at DESC, id DESC LIMIT $3`
)

// SaveDeployment implements deploy.Store.
func (db *DB) SaveDeployment(ctx context.Context, d deploy.New) (deploy.Stored, error) {
	var s deploy.Stored
	err := again(ctx, func() error {
		row := db.pool.QueryRow(ctx, saveDeployment, pgx.NamedArgs{
			"key": d.Key, "content": d.Content, "service": d.Service, "version": d.Version, "url": d.URL,
			"at": d.At, "recorded_at": d.RecordedAt, "categories": d.Categories, "until": d.Until,
		})
		err := row.Scan(&s.ID, &s.Service, &s.Version, &s.URL, &s.At, &s.Content, &s.Fresh)
		if err != nil {
			return notSaved(err, "storing a deployment")
		}
		s.At = s.At.UTC()
		return nil
	})
	return s, err
}

// Deployment implements desk.Store.
func (db *DB) Deployment(ctx context.Context, id ticket.DeploymentID) (deploy.Deployment, error) {
	rows, err := db.pool.Query(ctx, selectDeployment, id)
	all, err := collectDeployments(rows, err)
	if len(all) == 0 {
		return deploy.Deployment{}, err
	}
	return all[0], err
}

// Deployments implements desk.Store.
func (db *DB) Deployments(ctx context.Context, service string, until time.Time, limit int) ([]deploy.Deployment, error) {
	rows, err := db.pool.Query(ctx, selectDeployments, service, until, limit)
	return collectDeployments(rows, err)
}

func collectDeployments(rows pgx.Rows, err error) ([]deploy.Deployment, error) {
	var all []deploy.Deployment
	if err == nil {
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d deploy.Deployment, err error) {
			err = row.Scan(&d.ID, &d.Service, &d.Version, &d.URL, &d.At)
			d.At = d.At.UTC()
			return d, err
		})
	}
	if err != nil {
		return nil, notSaved(err, "reading deployments")
	}
	return all, nil
}
