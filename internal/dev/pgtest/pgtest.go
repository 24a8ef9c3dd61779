//go:build unix

// Package pgtest gives every test a fresh Postgres database within milliseconds. It
// leaves no goroutine behind for goleak to find.
//
// Each test binary has a server of its own. The server's directory is below the temporary
// directory and is kept between runs, so the server is created once and then starts fast.
// It ends with the test binary. Durability is off.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"supporty/internal/pgdev"
)

// New returns the URL of a fresh database. It belongs to t until t is over; then its
// connections are cut.
//
// The database is a copy of a template on which migrate has run, once per test binary;
// migrate must close its connections. The template is identified by migrate's code: two
// closures written in one place count as the same. A nil migrate gives an empty database.
// Without a Postgres the test fails and says what to do.
func New(t testing.TB, migrate func(ctx context.Context, url string) error) string {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatalf("starting Postgres for tests: %v", err)
	}
	ctx := context.WithoutCancel(t.Context())
	from, err := templateOf(ctx, s, migrate)
	if err != nil {
		t.Fatalf("preparing the database for tests: %v", err)
	}
	name, err := from.take(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := from.giveBack(ctx, s, name); err != nil {
			t.Error(err)
		}
	})
	return s.URL(name)
}

// server is started by the first test that needs it, and ends with the process.
var server = sync.OnceValues(func() (*pgdev.Server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	dir, err := takeSlot()
	if err != nil {
		return nil, err
	}
	s, err := start(ctx, dir)
	if errors.Is(err, pgdev.ErrVersion) {
		// Data of an older Postgres: nothing to keep.
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
		s, err = start(ctx, dir)
	}
	if err != nil {
		return nil, err
	}
	return s, dropLeftovers(ctx, s)
})

func start(ctx context.Context, dir string) (*pgdev.Server, error) {
	return pgdev.Start(ctx, pgdev.Config{
		Dir:      dir,
		Fast:     true,
		Settings: map[string]string{"max_connections": "400"},
	})
}

// dropLeftovers drops the databases that an earlier, killed run left in the slot.
func dropLeftovers(ctx context.Context, s *pgdev.Server) error {
	names, err := s.Databases(ctx)
	for _, name := range names {
		err = errors.Join(err, s.DropDatabase(ctx, name))
	}
	return err
}

// Dir is t.TempDir for a server: if the tests run as root, the server's user can enter
// it.
func Dir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// takeSlot returns a directory that no other test binary uses. There are as many as test
// binaries ever ran at the same time.
func takeSlot() (string, error) {
	parent := filepath.Join(os.TempDir(), fmt.Sprintf("supporty-pgtest-%d", os.Getuid()))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", fmt.Errorf("making the folder for test servers: %w", err)
	}
	info, err := os.Lstat(parent)
	if err != nil {
		return "", fmt.Errorf("looking at the folder for test servers: %w", err)
	}
	if !info.IsDir() || int(info.Sys().(*syscall.Stat_t).Uid) != os.Getuid() {
		return "", fmt.Errorf("%s belongs to somebody else: remove it", parent)
	}
	for n := 0; ; n++ {
		dir := filepath.Join(parent, fmt.Sprint(n))
		// Not an os.File: it must stay open until the process ends.
		fd, err := syscall.Open(dir+".lock", syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
		if err != nil {
			return "", fmt.Errorf("opening the lock of a test server: %w", err)
		}
		err = syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return dir, nil
		}
		_ = syscall.Close(fd)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return "", fmt.Errorf("locking the folder of a test server: %w", err)
		}
	}
}
