//go:build unix

package demo

import (
	"errors"
	"os"
	"syscall"
)

func hold(lock *os.File) error {
	return syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// release unlocks the file explicitly, before it is closed. A process that is just being
// started shares the file until it executes its own program, and a lock lasts as long as
// any process has the file (flock(2)).
func release(lock *os.File) error {
	return errors.Join(syscall.Flock(int(lock.Fd()), syscall.LOCK_UN), lock.Close())
}
