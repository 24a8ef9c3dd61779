//go:build !unix

package pgtest

import (
	"context"
	"runtime"
	"testing"
)

// New skips the test: there is no embedded Postgres for this system.
func New(t testing.TB, _ func(ctx context.Context, url string) error) string { return skip(t) }

// Pooled skips the test.
func Pooled(t testing.TB, _ string) string { return skip(t) }

// Dir skips the test.
func Dir(t testing.TB) string { return skip(t) }

func skip(t testing.TB) string {
	t.Helper()
	t.Skip("SKIPPED, NOT CHECKED: what needs a database; there is no embedded Postgres on " + runtime.GOOS)
	return ""
}
