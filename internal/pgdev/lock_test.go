//go:build unix

package pgdev

import (
	"syscall"
	"testing"
)

// TestAnUnlockedFileIsFree: the lock is free even while another process still has the
// file. A process that is just being started has all files of its parent.
func TestAnUnlockedFileIsFree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := tryLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := syscall.Dup(int(first.(lock).file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Close(shared) }()
	if !isLocked(dir) {
		t.Error("the lock does not hold")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if isLocked(dir) {
		t.Error("a lock that was given up still holds")
	}
}
