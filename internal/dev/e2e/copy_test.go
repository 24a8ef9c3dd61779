//go:build unix

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// installation is the program with its settings: any number of copies can be
// started of it.
type installation struct {
	program string
	dir     string // logs of the copies; kept with -artifacts
	env     []string
	args    []string
}

// install sets the program up for a workspace and a database. Settings are
// written as in the environment, without the prefix.
func install(t testing.TB, sim *slacksim.Server, databaseURL string, settings ...string) installation {
	t.Helper()
	in := installation{program: program(t), dir: t.ArtifactDir(), args: []string{"serve"}, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"),
	}}
	if os.Getenv("SUPPORTY_PGBOUNCER") != "" {
		databaseURL = pgtest.Pooled(t, databaseURL)
	}
	settings = append([]string{
		"SLACK_API_URL=" + sim.APIURL(), "SLACK_APP_TOKEN=" + sim.AppToken(), "SLACK_BOT_TOKEN=" + sim.BotToken(),
		"CHANNELS_SUPPORT=support", "CHANNELS_DIGEST=support-digest", "DATABASE_URL=" + databaseURL,
		"DATABASE_MIGRATE=false", "HTTP_ADDR=off", "LOG_FORMAT=json",
	}, settings...)
	for _, s := range settings {
		in.env = append(in.env, "SUPPORTY_"+s)
	}
	return in
}

// copyOf is one running copy of the program.
type copyOf struct {
	cmd   *exec.Cmd
	log   string
	from  int64         // where its own part of the log begins
	ended chan struct{} // closed when the process is gone

	killed bool // on purpose
}

// start starts a copy, which may not be connected yet.
func (in installation) start(name string) (*copyOf, error) {
	path := filepath.Join(in.dir, name+".log")
	log, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	written, err := log.Stat()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(in.program, in.args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = in.env, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &copyOf{cmd: cmd, log: path, from: written.Size(), ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(c.ended)
	}()
	return c, nil
}

// startConnected starts a copy and waits until it is connected. No other of the same
// name may start at the same time.
func (in installation) startConnected(ctx context.Context, name string, sim *slacksim.Server) (*copyOf, error) {
	c, err := in.start(name)
	if err != nil {
		return nil, err
	}
	err = wait(ctx, name+" to connect", func() bool { return c.isConnected() && sim.State().Sockets >= 2 || c.hasEnded() })
	if err == nil && c.hasEnded() {
		err = errEnded
	}
	if err != nil {
		c.kill()
		return nil, fmt.Errorf("%w\n%s", err, c.lastWords())
	}
	return c, nil
}

// isConnected reports whether the copy says so. How many sockets there are tells
// less: those of a copy that has just ended can still be among them.
func (c *copyOf) isConnected() bool {
	text, err := os.ReadFile(c.log)
	return err == nil && int64(len(text)) > c.from && bytes.Contains(text[c.from:], []byte(`"msg":"connected"`))
}

func (c *copyOf) hasEnded() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// kill ends the process as a power failure would, and waits until it is gone.
func (c *copyOf) kill() {
	_ = c.cmd.Process.Kill() // fails if it is gone
	<-c.ended
}

// signal sends the process a signal; one that is gone does not mind.
func (c *copyOf) signal(s os.Signal) { _ = c.cmd.Process.Signal(s) }

// memory is a figure of /proc/…/status, in MB; false if the process has gone.
func (c *copyOf) memory(figure string) (mb float64, known bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, false
	}
	_, rest, _ := strings.Cut(string(text), figure+":")
	_, err = fmt.Sscan(rest, &mb)
	return mb / 1024, err == nil
}

// lastWords is the end of its log.
func (c *copyOf) lastWords() string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}
