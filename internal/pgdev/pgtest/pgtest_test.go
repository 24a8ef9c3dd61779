//go:build unix

package pgtest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"supporty/internal/pgdev/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var migrations int

func migrate(ctx context.Context, url string) error {
	migrations++
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, "CREATE TABLE note (body text NOT NULL)")
	return err
}

func TestEveryTestHasItsOwnMigratedDatabase(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			c := connect(t, pgtest.New(t, migrate))
			t.Logf("a database in %v", time.Since(began))
			if _, err := c.Exec(t.Context(), "INSERT INTO note VALUES ($1)", t.Name()); err != nil {
				t.Fatal(err)
			}
			var n int
			if err := c.QueryRow(t.Context(), "SELECT count(*) FROM note").Scan(&n); err != nil || n != 1 {
				t.Errorf("rows = %d (%v), want only this test's", n, err)
			}
			if migrations != 1 {
				t.Errorf("migrate ran %d times, want once", migrations)
			}
		})
	}
}

func TestNilMigrateGivesAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	c := connect(t, pgtest.New(t, nil))
	var n int
	err := c.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&n)
	if err != nil || n != 0 {
		t.Errorf("tables = %d (%v), want none", n, err)
	}
}

func TestDatabaseIsDroppedWithOpenConnections(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("user", func(t *testing.T) {
		url = pgtest.New(t, nil)
		connect(t, url)
	})
	if c, err := pgx.Connect(t.Context(), url); err == nil {
		c.Close(t.Context())
		t.Error("the database is still there after its test")
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}
