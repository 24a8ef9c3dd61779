package pgtest

import (
	"context"

	"supporty/internal/postgres"
)

// Migrate gives a database the program's schema. It is what most tests want of New, and
// what a server of a test's own needs.
func Migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(url)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Migrate(ctx)
	return err
}
