//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestDataSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "pg")
	s := start(t, dir)
	run(t, s, "postgres", "CREATE TABLE note AS SELECT 'still here' AS body")
	if s.Adopted() {
		t.Error("a server that was started here counts as adopted")
	}
	if pgid, err := syscall.Getpgid(s.owned.pid); err != nil || pgid == syscall.Getpgrp() {
		t.Errorf("the server's process group is %d (%v): Ctrl-C would reach it before its owner", pgid, err)
	}
	stop(t, s)
	stop(t, s) // a second Stop succeeds
	if _, err := pgx.Connect(t.Context(), s.URL("postgres")); err == nil {
		t.Error("the server still answers after Stop")
	}
	if _, err := os.Stat(s.endpoint.dir); err == nil {
		t.Error("Stop left the folder of the socket")
	}
	if got := query(t, start(t, dir), "postgres", "SELECT body FROM note"); got != "still here" {
		t.Errorf("note = %q after a restart", got)
	}
}

func TestServerEndsWithItsKilledOwner(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "pg")
	owner := otherOwner(t, dir, account{})
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	owner.Wait()
	awaitEnd(t, dir)
	if names := databases(t, start(t, dir)); !slices.Contains(names, "kept") {
		t.Errorf("databases after the owner was killed = %v, want kept among them", names)
	}
}

func TestServerOfADeadOwnerIsNotAdopted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "pg")
	owner := otherOwner(t, dir, account{})
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	owner.Wait()
	s := start(t, dir) // at once, while the old server may still answer
	if s.Adopted() {
		t.Error("the dying server was adopted")
	}
	if names := databases(t, s); !slices.Contains(names, "kept") {
		t.Errorf("databases = %v, want kept among them", names)
	}
}

func TestServerOfALivingOwnerIsAdopted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "pg")
	otherOwner(t, dir, account{})
	s := start(t, dir)
	if !s.Adopted() {
		t.Error("the server of another process was not adopted")
	}
	stop(t, s)
	if names := databases(t, s); !slices.Contains(names, "kept") {
		t.Errorf("databases = %v after an adopter's Stop, want kept among them", names)
	}
}

func TestStartsAtOnceShareOneServer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "pg")
	servers := make([]*Server, 4)
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() {
			s, err := Start(t.Context(), Config{Dir: dir, Fast: true})
			if err != nil {
				t.Error(err)
				return
			}
			servers[i] = s
		})
	}
	wg.Wait()
	owners := 0
	for _, s := range servers {
		if s == nil {
			t.FailNow()
		}
		t.Cleanup(func() { stop(t, s) })
		databases(t, s)
		if !s.Adopted() {
			owners++
		}
	}
	if owners != 1 {
		t.Errorf("%d of 4 own the server, want 1", owners)
	}
}

func TestCrashedServerStartsAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "pg")
	s := start(t, dir)
	run(t, s, "postgres", "CREATE TABLE note AS SELECT 'recovered' AS body")
	run(t, s, "postgres", "CHECKPOINT")
	if err := syscall.Kill(s.owned.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	stop(t, s)
	if got := query(t, start(t, dir), "postgres", "SELECT body FROM note"); got != "recovered" {
		t.Errorf("note = %q after a crash", got)
	}
}

func TestOtherVersionIsRefusedAndDataKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "pg")
	s := start(t, dir)
	run(t, s, "postgres", "CREATE TABLE note AS SELECT 'untouched' AS body")
	stop(t, s)
	file := filepath.Join(dir, "data", "PG_VERSION")
	version, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)

	_, err = Start(t.Context(), Config{Dir: dir})
	if !errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), "Postgres 9") {
		t.Errorf("Start on data of another version: %v", err)
	}
	t.Log(err)
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("a refused start changed files (-before +after):\n%s", diff)
	}
	if err := os.WriteFile(file, version, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := query(t, start(t, dir), "postgres", "SELECT body FROM note"); got != "untouched" {
		t.Errorf("note = %q after a refused start", got)
	}
}

func TestLongFolderNames(t *testing.T) {
	t.Parallel()
	part := strings.Repeat("long name ", 20)
	databases(t, start(t, filepath.Join(testDir(t), part, part, "pg")))
}

func TestUnfinishedFirstStartIsForgotten(t *testing.T) {
	t.Parallel()
	h := testHome(t)
	if err := os.MkdirAll(filepath.Join(h.dir, unfinished+"1", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	databases(t, start(t, h.dir))
	if left, err := filepath.Glob(filepath.Join(h.dir, unfinished+"*")); err != nil || len(left) > 0 {
		t.Errorf("left of unfinished starts: %v (%v)", left, err)
	}
}

func TestForeignDataFolderIsRefused(t *testing.T) {
	t.Parallel()
	h := testHome(t)
	if err := os.Mkdir(h.data(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := h.account.own(h.data()); err != nil {
		t.Fatal(err)
	}
	letter := filepath.Join(h.data(), "letter.txt")
	if err := os.WriteFile(letter, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Config{Dir: h.dir}); err == nil || !strings.Contains(err.Error(), "PG_VERSION") {
		t.Errorf("Start on a folder with other things: %v", err)
	}
	if _, err := os.Stat(letter); err != nil {
		t.Error(err)
	}
}

func TestServerThatFailsToStartReportsWhy(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "pg")
	_, err := Start(t.Context(), Config{Dir: dir, Fast: true, Settings: map[string]string{"no_such_setting": "1"}})
	if err == nil || !strings.Contains(err.Error(), `unrecognized configuration parameter "no_such_setting"`) {
		t.Errorf("Start with a wrong setting: %v", err)
	}
	databases(t, start(t, dir))
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := startWith(t, Config{
		Dir:      filepath.Join(testDir(t), "pg"),
		Settings: map[string]string{"max_connections": "33", "timezone": "Europe/Berlin"},
	})
	for setting, want := range map[string]string{
		"listen_addresses": "",
		"max_connections":  "33",
		"timezone":         "Europe/Berlin",
		"fsync":            "off",
		"server_encoding":  "UTF8",
		"lc_collate":       "C.UTF-8",
		"server_version":   s.Version(),
	} {
		t.Run(setting, func(t *testing.T) {
			got := query(t, s, "postgres", "SELECT split_part(current_setting('"+setting+"'), ' ', 1)")
			if got != want && (setting != "lc_collate" || got != "C") {
				t.Errorf("%s = %q, want %q", setting, got, want)
			}
		})
	}
}

func TestServerLogHoldsNoStatement(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "pg")
	s := start(t, dir)
	run(t, s, "postgres", "CREATE TABLE note (body text CHECK (body = ''))")
	err := s.endpoint.with(t.Context(), "postgres", func(c *pgx.Conn) error {
		_, err := c.Exec(t.Context(), "INSERT INTO note VALUES ('a secret')")
		return err
	})
	if err == nil {
		t.Fatal("the statement should have been refused")
	}
	stop(t, s)
	log, err := os.ReadFile(filepath.Join(dir, "server.log"))
	if err != nil || len(log) == 0 {
		t.Fatalf("server log: %d bytes, %v", len(log), err)
	}
	if strings.Contains(string(log), "secret") {
		t.Errorf("the server log quotes a statement:\n%s", log)
	}
}

func TestStopGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	s := start(t, filepath.Join(testDir(t), "pg"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Stop(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("Stop with a context that is over: %v", err)
	}
	stop(t, s)
}

func run(t *testing.T, s *Server, database, sql string) {
	t.Helper()
	err := s.endpoint.with(t.Context(), database, func(c *pgx.Conn) error {
		_, err := c.Exec(t.Context(), sql)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func query(t *testing.T, s *Server, database, sql string) string {
	t.Helper()
	var got string
	err := s.endpoint.with(t.Context(), database, func(c *pgx.Conn) error {
		return c.QueryRow(t.Context(), sql).Scan(&got)
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func databases(t *testing.T, s *Server) []string {
	t.Helper()
	names, err := s.Databases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// tree lists files with their sizes and times.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			files = append(files, fmt.Sprint(path, info.Mode(), info.Size(), info.ModTime()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
