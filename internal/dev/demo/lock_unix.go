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

// release gives the lock up before the file is closed: a process that is being
// started at this very moment shares the file until it becomes its own program,
// and a lock lasts as long as anybody has the file (flock(2)).
func release(lock *os.File) error {
	return errors.Join(syscall.Flock(int(lock.Fd()), syscall.LOCK_UN), lock.Close())
}
