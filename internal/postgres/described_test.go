package postgres_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	describedTable  = regexp.MustCompile("\\*\\*`([a-z_]+)`\\*\\*")
	describedColumn = regexp.MustCompile("`([a-z_]+)`")
)

// TestDataModelIsDescribed: docs/data-model.md has every table and column.
func TestDataModelIsDescribed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/data-model.md")
	if err != nil {
		t.Fatal(err)
	}
	b := newPostgresHarness(t)
	rows, err := b.conn.Query(t.Context(), `
		SELECT table_name, column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%' ORDER BY table_name, ordinal_position`)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		there[table] = append(there[table], column)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	told := sections(string(text))
	for table, columns := range there {
		for _, c := range columns {
			if c != "id" && !slices.Contains(told[table], c) {
				t.Errorf("docs/data-model.md does not say what %s.%s is", table, c)
			}
		}
	}
	for table := range told {
		if there[table] == nil {
			t.Errorf("docs/data-model.md describes %s, which is no table", table)
		}
	}
}

// sections are the words in code font after the name of each table.
func sections(text string) map[string][]string {
	told := map[string][]string{}
	at := describedTable.FindAllStringSubmatchIndex(text, -1)
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		for _, c := range describedColumn.FindAllStringSubmatch(text[m[1]:end], -1) {
			told[text[m[2]:m[3]]] = append(told[text[m[2]:m[3]]], strings.TrimSpace(c[1]))
		}
	}
	return told
}
