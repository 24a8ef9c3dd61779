//go:build unix

package pgtest

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// bouncerConfig is the configuration from docs/operating.md, for a database without
// passwords.
const bouncerConfig = `
[databases]
%[1]s = host=%[2]s port=%[3]s dbname=%[1]s user=%[4]s
[pgbouncer]
listen_addr =
unix_socket_dir = %[5]s
listen_port = 6432
auth_type = any
pool_mode = transaction
default_pool_size = 20
ignore_startup_parameters = lock_timeout,idle_in_transaction_session_timeout
query_wait_timeout = 1
server_login_retry = 1
`

// Pooled returns the URL of a database behind a PgBouncer of its own, in transaction
// mode, until t is over. If PgBouncer is not installed the test is skipped, with a
// message about what to install.
func Pooled(t testing.TB, direct string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		t.Skip("SKIPPED, NOT CHECKED: PgBouncer between bot and database; it is not installed (Debian's package is pgbouncer)")
	}
	at, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	host, port := serverOf(at)
	dir := socketDir(t)
	file := filepath.Join(dir, "pgbouncer.ini")
	config := fmt.Sprintf(bouncerConfig, at.Path[1:], host, port, at.User.Username(), dir)
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil { //nolint:gosec // PgBouncer's user reads it
		t.Fatal(err)
	}
	startBouncer(t, program, file, ownerOf(t, host))
	await(t, filepath.Join(dir, ".s.PGSQL.6432"))
	at.RawQuery = url.Values{"host": {dir}, "port": {"6432"}, "default_query_exec_mode": {"cache_describe"}}.Encode()
	at.Host = ""
	return at.String()
}

// socketDir is a directory for a socket, whose path has to be short and plain.
func socketDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "supporty-pooler-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func serverOf(at *url.URL) (host, port string) {
	if at.Host != "" {
		return at.Hostname(), at.Port()
	}
	return at.Query().Get("host"), at.Query().Get("port")
}

// ownerOf is the user who may use a server's socket; nil for our own user.
func ownerOf(t testing.TB, socket string) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(socket)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	return &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
}

// startBouncer starts PgBouncer. It ends with t, or with this process if that dies first.
func startBouncer(t testing.TB, program, config string, as *syscall.Credential) {
	t.Helper()
	if as != nil {
		if err := os.Chown(filepath.Dir(config), int(as.Uid), int(as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "/bin/sh", "-c", `"$0" -q "$1" & read -r _; kill -9 $!; wait`, program, config)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	leash, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = leash.Close()
		_ = cmd.Wait() // it is killed
	})
}

// await waits until a process listens on a socket.
func await(t testing.TB, socket string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(10 * time.Second)
	for {
		if conn, err := (&net.Dialer{}).DialContext(t.Context(), "unix", socket); err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("no PgBouncer listens on %s", socket)
		}
	}
}
