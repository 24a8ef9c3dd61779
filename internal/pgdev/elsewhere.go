//go:build !unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

// ErrVersion is never returned on this system.
var ErrVersion = errors.New("other Postgres version")

// Server never runs on this system.
type Server struct{}

// Start returns an error that names an alternative: signals, sockets and owners of files
// differ from those on Unix.
func Start(context.Context, Config) (*Server, error) {
	return nil, fmt.Errorf("there is no embedded PostgreSQL on %s, and so no demo: set database.url to a Postgres 15 or newer, or use WSL", runtime.GOOS)
}

// URL is empty.
func (*Server) URL(string) string { return "" }

// CreateDatabase returns errors.ErrUnsupported.
func (*Server) CreateDatabase(context.Context, string) error { return errors.ErrUnsupported }

// Stop does nothing.
func (*Server) Stop(context.Context) error { return nil }
