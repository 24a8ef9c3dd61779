//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// errBusy: an earlier server on the same data has not ended yet.
var errBusy = errors.New("another server is running on the data")

// askFor bounds a query to a server, which could be frozen.
const askFor = 5 * time.Second

// leashScript first starts a watcher and then becomes the server ("exec"), so that the
// server's process id is our child's. The watcher asks the server for a fast shutdown
// when the leash, the script's standard input, is closed. The watcher is a grandchild:
// Postgres takes the end of an unknown child for a crash.
const leashScript = `
exec 3<&0 </dev/null
( ( trap '' HUP INT TERM; read -r _; kill -INT $$ ) <&3 3<&- >/dev/null 2>&1 & )
exec 3<&- "$@"
`

// postmaster is a server process that we own.
type postmaster struct {
	pid   int
	leash *os.File // the writing end; nothing is written to it
	gone  bool     // reaped
}

// startPostmaster returns the server and its version when the server accepts connections.
func startPostmaster(ctx context.Context, h home, bin binaries, e endpoint, cfg Config) (*postmaster, string, error) {
	log, err := openLog(h)
	if err != nil {
		return nil, "", err
	}
	defer log.Close()
	pm, err := spawn(h, bin, log, arguments(h, e, cfg))
	if err != nil {
		return nil, "", fmt.Errorf("starting %s: %w", filepath.Join(bin.dir, "postgres"), err)
	}
	version, err := pm.awaitReady(ctx, h)
	if err != nil {
		pm.drop()
		return nil, "", err
	}
	return pm, version, nil
}

// openLog opens a new log for the server and keeps the log of the last start.
func openLog(h home) (*os.File, error) {
	if err := os.Rename(h.log(), h.log()+".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keeping the old server log: %w", err)
	}
	// O_EXCL creates a new file, so that the server's user cannot plant a link.
	f, err := os.OpenFile(h.log(), os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the server log: %w", err)
	}
	if err := h.account.own(h.log()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func arguments(h home, e endpoint, cfg Config) []string {
	settings := map[string]string{
		"listen_addresses":        "",
		"unix_socket_directories": e.dir,
		"unix_socket_permissions": "0700",
		"port":                    e.port,
		"logging_collector":       "off",
		"log_destination":         "stderr",
		// Errors of statements stay out of the log: they quote people's text.
		"log_min_messages":        "log",
		"log_min_error_statement": "panic",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
	}
	if cfg.Fast {
		maps.Copy(settings, map[string]string{
			"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
		})
	}
	maps.Copy(settings, cfg.Settings)
	args := []string{"-D", h.data()}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}

// spawn starts the server. The command has no context: the leash ends it.
func spawn(h home, bin binaries, log *os.File, args []string) (*postmaster, error) {
	held, leash, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer held.Close()
	server := filepath.Join(bin.dir, "postgres")
	cmd := h.account.command(context.Background(), "/bin/sh", append([]string{"-c", leashScript, "sh", server}, args...)...)
	cmd.Dir = h.dir
	cmd.Env = append(cmd.Env, bin.env()...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = held, log, log
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, leash.Close())
	}
	pm := &postmaster{pid: cmd.Process.Pid, leash: leash}
	return pm, cmd.Process.Release() // reaped by exited
}

func (p *postmaster) awaitReady(ctx context.Context, h home) (string, error) {
	for {
		if p.exited() {
			return "", startError(h)
		}
		if pid, err := readPIDFile(h.data()); err == nil && pid.pid == p.pid && pid.ready {
			if version, err := pid.endpoint.ask(ctx, h.data()); err == nil {
				return version, nil
			}
		}
		if !pause(ctx) {
			return "", fmt.Errorf("waiting for the Postgres in %s, which says: %s: %w", h.dir, logTail(h), ctx.Err())
		}
	}
}

// startError reads from the log why the server ended during its start.
func startError(h home) error {
	tail := logTail(h)
	// The first phrase appears when an earlier server still runs, the second when only
	// some of its processes do.
	for _, phrase := range []string{`lock file "postmaster.pid" already exists`, "pre-existing shared memory block"} {
		if strings.Contains(tail, phrase) {
			return errBusy
		}
	}
	return fmt.Errorf("postgres ended while it started in %s; its log, %s, says: %s", h.dir, h.log(), tail)
}

func logTail(h home) string {
	b, err := os.ReadFile(h.log())
	if err != nil {
		return err.Error()
	}
	return lastLines(b)
}

// stop closes the leash and waits for the end.
func (p *postmaster) stop(ctx context.Context) error {
	p.drop()
	for !p.exited() {
		if !pause(ctx) {
			return ctx.Err()
		}
	}
	return nil
}

// drop asks for a fast shutdown. The signal is for the case that the watcher is gone.
func (p *postmaster) drop() {
	if !p.gone {
		_ = syscall.Kill(p.pid, syscall.SIGINT) // fails if the server has ended already
	}
	_ = p.leash.Close() // fails the second time
}

// exited reaps the server if it has ended.
func (p *postmaster) exited() bool {
	if !p.gone {
		got, err := syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
		p.gone = got == p.pid || errors.Is(err, syscall.ECHILD)
	}
	return p.gone
}

// pidFile is a server's entry about itself in postmaster.pid.
type pidFile struct {
	pid      int
	endpoint endpoint
	ready    bool
}

func readPIDFile(data string) (pidFile, error) {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return pidFile{}, fmt.Errorf("reading what the server says of itself: %w", err)
	}
	return parsePIDFile(string(b))
}

// parsePIDFile parses the lines that Postgres's pidfile.h defines: process id, data
// directory, start time, port, socket directory, address, shared memory, status. A server
// writes them one by one while it starts.
func parsePIDFile(text string) (pidFile, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 8 {
		return pidFile{}, errors.New("postmaster.pid is not complete")
	}
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 0 {
		return pidFile{}, fmt.Errorf("postmaster.pid begins with %q, not with a process id", lines[0])
	}
	return pidFile{
		pid:      pid,
		endpoint: endpoint{dir: lines[4], port: lines[3]},
		ready:    strings.TrimSpace(lines[7]) == "ready",
	}, nil
}

// ask returns the version of the server behind e, if that server runs on data.
func (e endpoint) ask(ctx context.Context, data string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	var version, dir string
	err := e.with(ctx, "postgres", func(c *pgx.Conn) error {
		return c.QueryRow(ctx, "SELECT current_setting('server_version'), current_setting('data_directory')").Scan(&version, &dir)
	})
	if err != nil {
		return "", err
	}
	if dir != data {
		return "", fmt.Errorf("the server at %s keeps its data in %s, not in %s", e.dir, dir, data)
	}
	version, _, _ = strings.Cut(version, " ")
	return version, nil
}
