//go:build !unix

package demo

import "os"

// hold locks nothing: without an embedded Postgres no demo runs on this system.
func hold(*os.File) error { return nil }

func release(lock *os.File) error { return lock.Close() }
