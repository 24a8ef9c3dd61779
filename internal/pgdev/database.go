//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// CreateDatabase creates an empty database, unless there is one of that name. Any name is
// allowed: it is quoted.
func (s *Server) CreateDatabase(ctx context.Context, name string) error {
	// Nobody can be connected to template0, so it can always be copied.
	err := s.exec(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE template0")
	var pg *pgconn.PgError
	// When two create the same database at once, the slower one gets 23505.
	if errors.As(err, &pg) && (pg.Code == "42P04" || pg.Code == "23505") {
		return nil
	}
	if err != nil {
		return fmt.Errorf("creating database %s: %w", name, err)
	}
	return nil
}

// CloneDatabase creates a database as a copy of template. Nobody may be connected to the
// template. It copies files and flushes them, which is quick only on a Fast server.
func (s *Server) CloneDatabase(ctx context.Context, name, template string) error {
	if err := s.exec(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(template)+" STRATEGY FILE_COPY"); err != nil {
		return fmt.Errorf("cloning database %s as %s: %w", template, name, err)
	}
	return nil
}

// DropDatabase removes a database with its content and cuts connections to it. It does
// nothing if there is none. Nothing in this package calls it.
func (s *Server) DropDatabase(ctx context.Context, name string) error {
	if err := s.exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("dropping database %s: %w", name, err)
	}
	return nil
}

// Databases lists the databases that were created here, sorted by name.
func (s *Server) Databases(ctx context.Context) ([]string, error) {
	var names []string
	err := s.endpoint.with(ctx, "postgres", func(c *pgx.Conn) error {
		rows, err := c.Query(ctx, "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1")
		if err != nil {
			return err
		}
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing databases: %w", err)
	}
	return names, nil
}

func (s *Server) exec(ctx context.Context, sql string) error {
	return s.endpoint.with(ctx, "postgres", func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, sql)
		return err
	})
}

// with runs f on a connection of its own.
func (e endpoint) with(ctx context.Context, database string, f func(*pgx.Conn) error) error {
	c, err := pgx.Connect(ctx, e.url(database))
	if err != nil {
		return err
	}
	return errors.Join(f(c), c.Close(context.WithoutCancel(ctx)))
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
