//go:build unix

package pgdev

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// ownerEnv, set to a directory, makes the test binary the owner of a server there.
const ownerEnv = "PGDEV_TEST_OWNER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownerEnv); dir != "" {
		own(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// own runs a server with a database "kept", prints "ready", and waits for the end of its
// input. The input also ends if the test dies before it kills this process.
func own(dir string) {
	ctx := context.Background()
	s, err := Start(ctx, Config{Dir: dir, Fast: true})
	if err == nil {
		err = s.CreateDatabase(ctx, "kept")
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
}

// otherOwner runs own in another process, as the user a, or as the same user if a is the
// zero account. It returns when the server is up.
func otherOwner(t *testing.T, dir string, a account) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(binaryFor(t, a))
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), ownerEnv+"="+dir)
	if a.lent {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}}
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
		awaitEnd(t, dir)
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			os.Remove(home{dir: real}.endpoint().dir)
		}
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the other owner says %q (%v)", line, err)
	}
	return cmd
}

// binaryFor returns a path to this binary that the account can run.
func binaryFor(t *testing.T, a account) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if !a.lent {
		return self
	}
	b, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(testDir(t), "owner")
	syscall.ForkLock.RLock() // see write
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// awaitEnd waits until the server on dir has ended.
func awaitEnd(t *testing.T, dir string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); err != nil {
			return
		}
		if !pause(ctx) {
			t.Fatalf("the server on %s has not ended", dir)
		}
	}
}

// testDir is t.TempDir that the server's user can enter.
func testDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func testHome(t *testing.T) home {
	t.Helper()
	dir, err := makeDir(filepath.Join(testDir(t), "pg"))
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHome(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// start is Start that must succeed, with Stop at the end of the test.
func start(t *testing.T, dir string) *Server {
	t.Helper()
	return startWith(t, Config{Dir: dir})
}

func startWith(t *testing.T, cfg Config) *Server {
	t.Helper()
	cfg.Fast = true
	began := time.Now()
	s, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in %v", time.Since(began).Round(time.Millisecond))
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}
