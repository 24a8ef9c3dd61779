//go:build unix

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// profileDir is where the opens leave what cost most; empty if nobody asked with PROFILE.
func profileDir() string { return os.Getenv("PROFILE") }

// profile notes from now on where the time of the program and of its database goes. What it
// returns writes it down: functions of the program, and statements.
func (o *benchHarness) profile() (write func()) {
	o.t.Helper()
	if profileDir() == "" || o.called == "" {
		return func() {}
	}
	path := filepath.Join(profileDir(), o.called)
	o.must(os.MkdirAll(profileDir(), 0o755))
	o.exec(`CREATE EXTENSION IF NOT EXISTS pg_stat_statements`)
	o.exec(`SELECT pg_stat_statements_reset()`)
	perf := exec.Command("perf", "record", "--quiet", "-F", "499", "-g", "-p", fmt.Sprint(o.bot.cmd.Process.Pid), "-o", path+".perf")
	o.must(perf.Start())
	return func() {
		o.must(perf.Process.Signal(syscall.SIGINT))
		_ = perf.Wait() // it says that it was interrupted
		report, err := exec.Command("perf", "report", "-i", path+".perf", "--stdio", "--children", "-g", "none", "--percent-limit", "0.5").Output()
		o.must(err)
		o.must(os.WriteFile(path+".bot.txt", report, 0o644))
		o.must(os.WriteFile(path+".sql.txt", []byte(o.statementsByCost()), 0o644))
	}
}

// statementsByCost is one line a statement: ms in all, calls, WAL bytes, and how it begins.
func (o *benchHarness) statementsByCost() string {
	o.t.Helper()
	rows, _ := o.db.Query(o.ctx, `
		SELECT format('%s ms, %s calls, %s bytes of WAL: %s', round(total_exec_time), calls, wal_bytes,
			left(regexp_replace(query, '\s+', ' ', 'g'), 120))
		FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
		ORDER BY total_exec_time DESC`)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	o.must(err)
	return strings.Join(lines, "\n") + "\n"
}
