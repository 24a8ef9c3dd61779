//go:build unix

package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"supporty/internal/dev/pgtest"
	"supporty/internal/pgdev"
)

// pair is a Postgres and its synchronous standby: what is committed on the one
// is on the other. What was written survives the end of the processes, if not of
// the machine.
type pair struct {
	t                *testing.T
	primary, standby *member
}

// member is one of the two.
type member struct {
	t      *testing.T
	config pgdev.Config
	server *pgdev.Server
	parts  []int // its processes, the first of them the parent of the others
}

func newPair(t *testing.T) *pair {
	t.Helper()
	dir := pgtest.Dir(t)
	p := &pair{t: t, primary: newMember(t, filepath.Join(dir, "one")), standby: newMember(t, filepath.Join(dir, "two"))}
	p.primary.start()
	must(t, p.primary.server.CreateDatabase(t.Context(), "desk"))
	must(t, pgtest.Migrate(t.Context(), p.primary.server.URL("desk")))
	must(t, p.primary.server.Stop(t.Context()))
	p.copyToStandby()
	p.primary.config.Settings["synchronous_standby_names"] = "*"
	p.primary.start()
	at, err := url.Parse(p.primary.server.URL("desk"))
	must(t, err)
	p.standby.config.Settings["primary_conninfo"] = fmt.Sprintf("host=%s port=%s user=%s",
		at.Query().Get("host"), at.Query().Get("port"), at.User.Username())
	p.standby.start()
	must(t, wait(t.Context(), "the standby to follow", func() bool {
		return p.primary.asks(`SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'`) == 1
	}))
	return p
}

func newMember(t *testing.T, dir string) *member {
	return &member{t: t, config: pgdev.Config{Dir: dir, Fast: true, Settings: map[string]string{
		"synchronous_commit": "on", "full_page_writes": "on", "max_connections": "100",
	}}}
}

// copyToStandby makes the standby of a stopped primary: with cp and not with
// pg_basebackup, which a Postgres that was downloaded need not have.
func (p *pair) copyToStandby() {
	p.t.Helper()
	out, err := exec.Command("cp", "-a", p.primary.config.Dir, p.standby.config.Dir).CombinedOutput()
	if err != nil {
		p.t.Fatalf("copying the primary: %v: %s", err, out)
	}
	must(p.t, os.WriteFile(filepath.Join(p.standby.config.Dir, "data", "standby.signal"), nil, 0o644))
}

// url is for who wants whichever of the two accepts writes.
func (p *pair) url() string {
	one, err := url.Parse(p.primary.server.URL("desk"))
	must(p.t, err)
	two, err := url.Parse(p.standby.server.URL("desk"))
	must(p.t, err)
	one.RawQuery = url.Values{
		"host":                 {one.Query().Get("host") + "," + two.Query().Get("host")},
		"port":                 {one.Query().Get("port") + "," + two.Query().Get("port")},
		"target_session_attrs": {"read-write"}, "connect_timeout": {"2"},
	}.Encode()
	return one.String()
}

func (m *member) start() {
	m.t.Helper()
	var err error
	m.server, err = pgdev.Start(m.t.Context(), m.config)
	must(m.t, err)
	m.t.Cleanup(func() { _ = m.server.Stop(context.WithoutCancel(m.t.Context())) }) // it may be stopped or killed
}

// kill ends all its processes as a power failure would.
func (m *member) kill() {
	m.t.Helper()
	m.find()
	m.signal(syscall.SIGKILL)
	must(m.t, m.server.Stop(m.t.Context())) // reaps it
	// What it leaves in shared memory is cleared by the next start.
	m.t.Cleanup(func() {
		server, err := pgdev.Start(context.WithoutCancel(m.t.Context()), m.config)
		if err == nil {
			err = server.Stop(context.WithoutCancel(m.t.Context()))
		}
		if err != nil {
			m.t.Error(err)
		}
	})
}

// freeze stops all its processes without their knowing.
func (m *member) freeze() {
	m.t.Helper()
	m.find()
	m.signal(syscall.SIGSTOP)
}

func (m *member) thaw() { m.signal(syscall.SIGCONT) }

func (m *member) signal(s syscall.Signal) {
	for _, pid := range m.parts {
		_ = syscall.Kill(pid, s) // one that has gone does not mind
	}
}

// find notes which processes it has at this moment.
func (m *member) find() {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(m.config.Dir, "data", "postmaster.pid"))
	must(m.t, err)
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	must(m.t, err)
	m.parts = append([]int{pid}, childrenOf(m.t, pid)...)
}

func childrenOf(t *testing.T, parent int) []int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	must(t, err)
	var children []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// "pid (name) state parent …"; the name may have anything in it.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			must(t, err)
			children = append(children, pid)
		}
	}
	return children
}

const canceledByRecovery = "40001" // Appendix A: serialization_failure

// promote makes it accept writes. A standby may cancel any statement that is in the way of
// what it replays, the promoting one as well; then it is sent again.
// https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT
func (m *member) promote() {
	m.t.Helper()
	must(m.t, wait(m.t.Context(), "the promotion", func() bool {
		conn := m.connect()
		defer conn.Close(m.t.Context())
		var done bool
		err := conn.QueryRow(m.t.Context(), `SELECT NOT pg_is_in_recovery() OR pg_promote()`).Scan(&done)
		if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == canceledByRecovery {
			return false
		}
		must(m.t, err)
		return done
	}))
}

func (m *member) connect() *pgx.Conn {
	m.t.Helper()
	conn, err := pgx.Connect(m.t.Context(), m.server.URL("desk"))
	must(m.t, err)
	return conn
}

// asks reads a number.
func (m *member) asks(sql string) int {
	m.t.Helper()
	conn := m.connect()
	defer conn.Close(m.t.Context())
	var n int
	must(m.t, conn.QueryRow(m.t.Context(), sql).Scan(&n))
	return n
}
