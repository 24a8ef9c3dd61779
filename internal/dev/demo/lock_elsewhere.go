//go:build !unix

package demo

import "os"

// hold keeps nobody out: without an embedded Postgres no demo runs here.
func hold(*os.File) error { return nil }

func release(lock *os.File) error { return lock.Close() }
