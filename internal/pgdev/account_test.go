//go:build unix

package pgdev

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The other tests run as the present user. If that is root, this test runs as an ordinary
// user.
func TestRunsAsAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	a := root(t)
	dir := filepath.Join(testDir(t), "pg")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := a.own(dir); err != nil {
		t.Fatal(err)
	}
	otherOwner(t, dir, a)
	if s := start(t, dir); !s.Adopted() {
		t.Error("root does not adopt the server of an ordinary user")
	}
}

func TestRootLearnsWhichDirectoryIsClosed(t *testing.T) {
	t.Parallel()
	root(t)
	closed := filepath.Join(testDir(t), "closed")
	if err := os.MkdirAll(filepath.Join(closed, "open"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Config{Dir: filepath.Join(closed, "open", "pg")})
	if err == nil || !strings.Contains(err.Error(), closed+" does not let that user in") {
		t.Errorf("Start under a closed folder: %v", err)
	}
}

func TestDataOfRootAreRefused(t *testing.T) {
	t.Parallel()
	root(t)
	dir := testDir(t)
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Config{Dir: dir}); err == nil || !strings.Contains(err.Error(), "chown") {
		t.Errorf("Start on data of root: %v", err)
	}
}

func TestSocketFolder(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(dir string) error{
		"a link":        func(dir string) error { return os.Symlink("/tmp", dir) },
		"a file":        func(dir string) error { return os.WriteFile(dir, nil, 0o700) },
		"open to all":   func(dir string) error { return os.Mkdir(dir, 0o755) },
		"of other user": func(dir string) error { return os.Mkdir(dir, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := testHome(t)
			h.account.uid++ // so that the owner of the directory is another user
			dir := h.endpoint().dir
			if len(dir) > 80 {
				t.Errorf("%s is long for a socket's folder", dir)
			}
			if err := make(dir); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Remove(dir) })
			if _, err := h.socket(); err == nil || !strings.Contains(err.Error(), dir) {
				t.Errorf("a socket folder that was planted: %v", err)
			}
		})
	}
}

// root returns the account as which root runs servers. Without root the test is skipped.
func root(t *testing.T) account {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can run servers as another user")
	}
	a, err := chooseAccount(-1)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
