package postgres_test

import (
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// TestMain fails, after all tests, if no test ran one of the package's statements: only
// Postgres can tell whether SQL is right.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if code == 0 && allTests() {
			code = reportUnrun()
		}
		os.Exit(code)
	}))
}

func allTests() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.bench", "test.fuzz"} {
		if flag.Lookup(name).Value.String() != "" {
			return false
		}
	}
	return true
}

func reportUnrun() int {
	statements, err := statements(".")
	if err != nil || len(statements) == 0 {
		fmt.Println("looking for the package's statements:", len(statements), err)
		return 1
	}
	code := 0
	for where, sql := range statements {
		if !wasRun(sql) {
			fmt.Printf("%s: no test runs this statement: %s\n", where, strings.Join(strings.Fields(sql), " "))
			code = 1
		}
	}
	return code
}

// wasRun reports whether a statement was run, by itself or as part of another.
func wasRun(sql string) bool {
	if _, ok := ran.Load(sql); ok {
		return true
	}
	part := false
	ran.Range(func(whole, _ any) bool {
		part = strings.Contains(whole.(string), sql)
		return !part
	})
	return part
}

var startsSQL = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK)\b`)

// statements returns the SQL in a package's source, by its position.
func statements(dir string) (map[string]string, error) {
	files := token.NewFileSet()
	found := map[string]string{}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, e.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && startsSQL.MatchString(s) {
					found[files.Position(lit.Pos()).String()] = s
				}
			}
			return true
		})
	}
	return found, err
}

// ran holds the statements that tests have run, as the source has them.
var ran sync.Map

// watcher is a tracer that fills ran.
type watcher struct{}

func (watcher) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	ran.Store(d.SQL, true)
	return ctx
}

func (watcher) TraceBatchStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchStartData) context.Context {
	for _, q := range d.Batch.QueuedQueries {
		ran.Store(q.SQL, true)
	}
	return ctx
}

func (watcher) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData)     {}
func (watcher) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (watcher) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}
