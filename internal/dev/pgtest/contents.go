//go:build unix

package pgtest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// contents is the content of a database: its schema, as a fingerprint, and the statements
// that restore its rows and sequences.
type contents struct{ schema, refill string }

// manyRows is the most rows of a used database that is emptied rather than dropped. The
// remains of more rows would slow down later tests.
const manyRows = 5000

// fingerprint identifies a schema, together with the settings of the one database.
const fingerprint = `
	SELECT md5(concat(
		(SELECT string_agg(concat_ws(' ', oid, relname, relkind, relchecks), ',' ORDER BY oid) FROM pg_class WHERE oid >= 16384),
		(SELECT string_agg(concat_ws(' ', attrelid, attnum, attname, atttypid, attnotnull), ',' ORDER BY attrelid, attnum) FROM pg_attribute WHERE attrelid >= 16384),
		(SELECT string_agg(concat_ws(' ', oid, tgenabled), ',' ORDER BY oid) FROM pg_trigger),
		(SELECT string_agg(concat_ws(' ', oid, prosrc), ',' ORDER BY oid) FROM pg_proc WHERE oid >= 16384),
		(SELECT string_agg(concat_ws(' ', seqrelid, seqstart, seqincrement), ',' ORDER BY seqrelid) FROM pg_sequence),
		(SELECT string_agg(setconfig::text, ',') FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE d.datname = current_database())))`

const (
	cutOthers = `SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`
	allTables    = `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`
	allSequences = `SELECT format('SELECT setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value IS NOT NULL)
		FROM pg_sequences ORDER BY 1`
)

func contentsOf(ctx context.Context, url string) (*contents, error) {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close(ctx) }()
	tables, err := column(ctx, c, allTables)
	if err != nil {
		return nil, err
	}
	// Foreign keys are not checked, so the order of the tables does not matter.
	refill := []string{"SET session_replication_role = replica"}
	for _, table := range tables {
		refill = append(refill, "DELETE FROM "+table)
	}
	for _, table := range tables {
		rows, err := column(ctx, c, "SELECT jsonb_agg(t)::text FROM "+table+" t HAVING count(*) > 0")
		if err != nil {
			return nil, err
		}
		for _, rows := range rows {
			refill = append(refill, insert(table, rows))
		}
	}
	sequences, err := column(ctx, c, allSequences)
	if err != nil {
		return nil, err
	}
	schema, err := column(ctx, c, fingerprint)
	if err != nil {
		return nil, err
	}
	return &contents{schema: schema[0], refill: strings.Join(append(refill, sequences...), ";\n")}, nil
}

// insert is the statement that fills a table with rows in JSON.
func insert(table, rows string) string {
	return fmt.Sprintf("INSERT INTO %[1]s OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::%[1]s, '%[2]s')",
		table, strings.ReplaceAll(rows, "'", "''"))
}

// errUnlike: it is better to drop the database than to empty it.
var errUnlike = errors.New("the schema was changed, or it held too much")

// restore gives a used database its first content again. After an error the database may
// be in any state.
func (f *contents) restore(ctx context.Context, url string) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, cutOthers); err != nil {
		return err
	}
	schema, err := column(ctx, c, fingerprint)
	if err != nil {
		return err
	}
	if schema[0] != f.schema {
		return errUnlike
	}
	results, err := c.PgConn().Exec(ctx, f.refill).ReadAll() // sent in one go, so it is one transaction
	if err != nil {
		return err
	}
	held := int64(0)
	for _, r := range results {
		if r.CommandTag.Delete() {
			held += r.CommandTag.RowsAffected()
		}
	}
	if held > manyRows {
		return errUnlike
	}
	return nil
}

func column(ctx context.Context, c *pgx.Conn, sql string) ([]string, error) {
	rows, err := c.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
