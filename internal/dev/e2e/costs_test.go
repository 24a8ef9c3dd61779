//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// costs is what the program and its database have spent so far.
type costs struct {
	commits      float64 // transactions that wrote
	transactions float64 // those that only read as well
	fsyncs       float64 // of the write-ahead log
	wal          float64 // bytes
	bot          time.Duration
	postgres     time.Duration
}

func (c costs) since(before costs) costs {
	return costs{
		c.commits - before.commits, c.transactions - before.transactions, c.fsyncs - before.fsyncs,
		c.wal - before.wal, c.bot - before.bot, c.postgres - before.postgres,
	}
}

// spent is exact at every moment but for the transactions and the fsyncs, which a server
// process tells at its end, and for some seconds not before.
func (o *benchHarness) spent() costs {
	o.t.Helper()
	var c costs
	o.must(o.db.QueryRow(o.ctx, `
		SELECT pg_snapshot_xmax(pg_current_snapshot())::text::float8, pg_current_wal_insert_lsn() - '0/0', wal_sync,
			(SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())
		FROM pg_stat_wal`).Scan(&c.commits, &c.wal, &c.fsyncs, &c.transactions))
	c.postgres = o.postgresTime()
	if o.bot != nil {
		c.bot = o.timeOf(o.bot.cmd.Process.Pid).own
	}
	return c
}

// awaitQuiet waits until nothing has been written for a while.
func (o *benchHarness) awaitQuiet() {
	o.t.Helper()
	const quiet = 300 * time.Millisecond
	written, since := 0.0, time.Now()
	o.must(wait(o.ctx, "the database to be quiet", func() bool {
		if now := o.spent().commits; now != written {
			written, since = now, time.Now()
		}
		return time.Since(since) > quiet
	}))
}

// leave ends the program as an operator does, and waits for its connections to end.
func (o *benchHarness) leave() {
	o.t.Helper()
	o.bot.leave(o.t)
	o.until(`SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database()`)
}

// processTime is what a process has used of the processors.
type processTime struct {
	own, ended time.Duration // of itself, and of its children that have ended
	parent     int
}

// postgresTime is that of the server with all its processes.
func (m *machine) postgresTime() time.Duration {
	m.t.Helper()
	server := m.timeOf(m.postmaster())
	sum := server.own + server.ended
	all, err := filepath.Glob("/proc/[0-9]*")
	m.must(err)
	for _, dir := range all {
		pid, _ := strconv.Atoi(filepath.Base(dir))
		if p := m.timeOf(pid); p.parent == m.postmaster() {
			sum += p.own
		}
	}
	return sum
}

func (m *machine) postmaster() int {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(m.dir, "data", "postmaster.pid"))
	m.must(err)
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	m.must(err)
	return pid
}

// timeOf is zero for a process that has gone.
func (m *machine) timeOf(pid int) processTime {
	m.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return processTime{}
	}
	_, rest, _ := strings.Cut(string(text), ") ") // after the name
	fields := strings.Fields(rest)
	ticks := func(i int) time.Duration {
		n, err := strconv.Atoi(fields[i])
		m.must(err)
		return time.Duration(n) * 10 * time.Millisecond // a tick of Linux on every usual machine
	}
	parent, err := strconv.Atoi(fields[1])
	m.must(err)
	return processTime{own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14), parent: parent}
}
