//go:build !unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

// ErrVersion is not returned here.
var ErrVersion = errors.New("other Postgres version")

// Server is never running here.
type Server struct{}

// Start returns an error that says what to do instead: signals, sockets and owners of
// files are not what they are on Unix.
func Start(context.Context, Config) (*Server, error) {
	return nil, fmt.Errorf("there is no embedded PostgreSQL on %s, and so no demo: set database.url to a Postgres 15 or newer, or use WSL", runtime.GOOS)
}

// URL is empty.
func (*Server) URL(string) string { return "" }

// CreateDatabase is not to be had.
func (*Server) CreateDatabase(context.Context, string) error { return errors.ErrUnsupported }

// Stop does nothing.
func (*Server) Stop(context.Context) error { return nil }
