// Package pgdev runs a private Postgres server for the demo, for tests and for first
// steps. The server's binaries are found on the machine or downloaded.
//
// The package is a thin supervisor: it ties the server to the process that started it,
// its owner. A shell between the two holds the reading end of a pipe, the leash. When the
// owner stops, crashes or is killed, the kernel closes the other end, and the shell asks
// the server for a fast shutdown. This needs no thread, no goroutine and no feature of
// one kernel. Data are never deleted: not on a version change, not on an error.
//
// Nothing of the product may enter: no schema, no settings, no SQL beyond creating and
// dropping databases.
package pgdev
