//go:build unix

package pgtest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"supporty/internal/dev/pgtest"
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
	_, err = c.Exec(ctx, `
		CREATE TABLE note (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL);
		CREATE TABLE remark (note integer REFERENCES note, at timestamptz);
		INSERT INTO note (body) VALUES ('it''s there from the beginning');
		INSERT INTO remark VALUES (1, 'infinity')`)
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
			if _, err := c.Exec(t.Context(), "INSERT INTO note (body) VALUES ($1)", t.Name()); err != nil {
				t.Fatal(err)
			}
			var n int
			if err := c.QueryRow(t.Context(), "SELECT count(*) FROM note").Scan(&n); err != nil || n != 2 {
				t.Errorf("rows = %d (%v), want the first and this test's", n, err)
			}
			if migrations != 1 {
				t.Errorf("migrate ran %d times, want once", migrations)
			}
		})
	}
}

// The changes of one test to its database are invisible to all later tests.
func TestNothingIsLeftForTheNext(t *testing.T) {
	t.Parallel()
	const held = `SELECT coalesce((SELECT string_agg(concat_ws(' ', id, body, at), ',') FROM note LEFT JOIN remark ON note = id), '')
		|| (SELECT count(*) FROM pg_attribute WHERE attrelid = 'note'::regclass AND attnum > 0)
		|| current_setting('lock_timeout') || coalesce((SELECT max(last_value) FROM pg_sequences), 0)`
	const want = "1 it's there from the beginning infinity201"
	for _, did := range []string{
		"INSERT INTO note (body) VALUES ('mine'); INSERT INTO remark VALUES (2, now())",
		"DELETE FROM remark; DELETE FROM note",
		"INSERT INTO note (body) SELECT 'one of many' FROM generate_series(1, 6000)",
		"ALTER TABLE note ADD COLUMN more text",
		"UPDATE note SET body = 'changed'; TRUNCATE note RESTART IDENTITY CASCADE",
		"CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER lose BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION lose()",
		"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''1s''', current_database()); END $$",
		"BEGIN; LOCK TABLE note",
		"SELECT",
	} {
		t.Run(did, func(t *testing.T) {
			c := connect(t, pgtest.New(t, migrate))
			var got string
			if err := c.QueryRow(t.Context(), held).Scan(&got); err != nil || got != want {
				t.Errorf("%q (%v), want %q", got, err, want)
			}
			if _, err := c.Exec(t.Context(), did); err != nil {
				t.Fatal(err)
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
