// Package pgdev runs a private Postgres server for the demo, for tests and for
// first steps, from server binaries found on the machine or downloaded.
//
// It is a thin supervisor: Postgres does the work. What this package adds is
// that the server belongs to the process that started it. A shell between the
// two holds the reading end of a pipe, the leash; when the owner stops, crashes
// or is killed, the kernel closes the other end, and the shell asks the server
// for a fast shutdown. That needs no thread, no goroutine and no feature of one
// kernel. Data are never deleted: not on a version change, not on an error.
//
// Nothing of the product may enter: no schema, no configuration file, no SQL
// beyond creating and dropping databases.
package pgdev
