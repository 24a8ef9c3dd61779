//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

var errLocked = errors.New("locked by another process")

// tryLock takes the exclusive lock of a directory or file, or returns errLocked. Close
// releases the lock, and so does the kernel when the process ends.
func tryLock(path string) (io.Closer, error) { return flock(path, syscall.LOCK_EX) }

// waitLock waits for the lock until ctx ends.
func waitLock(ctx context.Context, path string) (io.Closer, error) {
	for {
		l, err := tryLock(path)
		if !errors.Is(err, errLocked) {
			return l, err
		}
		if !pause(ctx) {
			return nil, ctx.Err()
		}
	}
}

// isLocked reports whether any process holds the lock of path.
func isLocked(path string) bool {
	l, err := flock(path, syscall.LOCK_SH)
	if err != nil {
		return errors.Is(err, errLocked)
	}
	_ = l.Close()
	return false
}

func flock(path string, how int) (io.Closer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s to lock it: %w", path, err)
	}
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if err == nil {
		return lock{f}, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errLocked
	}
	return nil, fmt.Errorf("locking %s: %w", path, err)
}

// lock is a locked file. Close unlocks the file explicitly, before it closes it. A
// process that is just being started shares the file until it executes its own program,
// and a lock lasts as long as any process has the file (flock(2)).
type lock struct{ file *os.File }

func (l lock) Close() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}
