// Package migrations carries the database's schema as goose migrations. It is a
// package of its own because embed cannot reach a parent directory. A migration
// must be safe while the previous version of the program still runs, and none
// deletes data on the way down. The one that is not, 00011, came before the first version
// was released, and refuses to begin while a copy sends.
package migrations

import "embed"

// Files holds the migrations in SQL, for goose.
//
//go:embed *.sql
var Files embed.FS
