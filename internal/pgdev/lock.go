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

// tryLock takes the exclusive lock of a folder or file, or returns errLocked.
// The lock ends with Close and, by the kernel's doing, with the process.
func tryLock(path string) (io.Closer, error) { return flock(path, syscall.LOCK_EX) }

// waitLock is tryLock that waits until ctx ends.
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

// isLocked tells whether anybody holds the lock of path.
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

// lock is a locked file. Close gives the lock up before it closes the file: a
// process that is being started at this very moment shares the file until it
// becomes its own program, and a lock lasts as long as anybody has the file
// (flock(2)).
type lock struct{ file *os.File }

func (l lock) Close() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}
