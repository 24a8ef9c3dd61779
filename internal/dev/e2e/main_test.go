//go:build unix

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// summary is what a run found, printed as JSON on the last line; nil for nothing.
var summary any

// TestMain leaves out all of it in a short run: what it measures depends on having the
// machine to itself.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("NOT PROVED: kills, fail-over, load; make proof does it")
		return
	}
	code := m.Run()
	if dir := filepath.Dir(built.path); built.path != "" {
		_ = os.RemoveAll(dir)
	}
	if summary != nil {
		line, err := json.Marshal(summary)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(line))
	}
	os.Exit(code)
}

// built is the program as it is delivered.
var built struct {
	sync.Once
	path string
	err  error
}

// program builds the program, once for all tests.
func program(t testing.TB) string {
	t.Helper()
	built.Do(func() {
		dir, err := os.MkdirTemp("", "supporty-proof-")
		if err != nil {
			built.err = err
			return
		}
		built.path = filepath.Join(dir, "supporty")
		build := exec.Command("go", "build", "-trimpath", "-o", built.path, "supporty/cmd/supporty")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("building the program: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

// number is a setting of a run, from the environment.
func number(t testing.TB, name string, usual int64) int64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q; it is to be a number", name, text)
	}
	return n
}

// seedOf is what the run's chances come from: the same seed gives the same
// moments and the same gestures, though not the same scheduling.
func seedOf(t testing.TB) uint64 {
	t.Helper()
	seed := uint64(number(t, "SEED", time.Now().UnixNano()))
	t.Logf("SEED=%d", seed)
	return seed
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wait asks until the answer is yes.
func wait(ctx context.Context, what string, asked func() bool) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !asked() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, context.Cause(ctx))
		}
	}
	return nil
}

// pause lets some time go by.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

var errEnded = errors.New("the program ended")
