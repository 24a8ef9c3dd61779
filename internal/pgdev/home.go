//go:build unix

package pgdev

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// superuser is the one role of a private server.
const superuser = "supporty"

// ErrVersion means that another major version of Postgres made the data.
var ErrVersion = errors.New("other Postgres version")

// home is the directory of one server.
type home struct {
	dir     string // absolute, without symbolic links
	account account
}

func (h home) data() string    { return filepath.Join(h.dir, "data") }
func (h home) log() string     { return filepath.Join(h.dir, "server.log") }
func (h home) pidFile() string { return filepath.Join(h.data(), "postmaster.pid") }

// makeDir creates the directory of a home if it is missing, and returns its real path.
func makeDir(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("no folder was given for the data of Postgres")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("finding the folder for Postgres: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", fmt.Errorf("making the folder for Postgres: %w", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("making the folder for Postgres: %w", err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", fmt.Errorf("resolving the folder for Postgres: %w", err)
	}
	return dir, nil
}

// openHome makes sure that the server's account can use dir. The caller holds the
// directory's lock.
func openHome(ctx context.Context, dir string) (home, error) {
	h := home{dir: dir}
	owner, err := ownerOf(h.data())
	if err != nil {
		return home{}, err
	}
	if h.account, err = chooseAccount(owner); err != nil {
		return home{}, fmt.Errorf("choosing the user that runs Postgres in %s: %w", dir, err)
	}
	// An empty directory becomes private; one with other content stays as it is.
	entries, err := os.ReadDir(dir)
	if err != nil {
		return home{}, fmt.Errorf("looking into the folder for Postgres: %w", err)
	}
	if len(entries) == 0 {
		if err := h.account.own(dir); err != nil {
			return home{}, err
		}
	}
	return h, h.account.checkEnter(ctx, dir)
}

// ownerOf is the owner of a file, or -1 if there is no such file.
func ownerOf(path string) (int, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	}
	if err != nil {
		return -1, fmt.Errorf("looking at the data of Postgres: %w", err)
	}
	return int(info.Sys().(*syscall.Stat_t).Uid), nil
}

// socket creates the directory of the server's unix socket. Its path is short, because
// socket paths end at 103 bytes on some systems. It is closed to everybody but the
// server's account and root.
func (h home) socket() (endpoint, error) {
	e := h.endpoint()
	err := os.Mkdir(e.dir, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return endpoint{}, fmt.Errorf("making the folder for the Postgres socket: %w", err)
	}
	if err == nil {
		return e, h.account.own(e.dir)
	}
	info, err := os.Lstat(e.dir)
	if err != nil {
		return endpoint{}, fmt.Errorf("looking at the folder for the Postgres socket: %w", err)
	}
	uid := int(info.Sys().(*syscall.Stat_t).Uid)
	if !info.IsDir() || uid != h.account.uid || info.Mode().Perm() != 0o700 {
		return endpoint{}, fmt.Errorf("%s should be a folder of user %s that is closed to others, and is not: remove it and try again", e.dir, h.account.name)
	}
	return e, nil
}

// endpoint is the same at every start on the same directory. It lies in /tmp, as
// Postgres's own default does, because TMPDIR can be long and private to one user.
func (h home) endpoint() endpoint {
	sum := sha256.Sum256([]byte(h.dir))
	return endpoint{dir: fmt.Sprintf("/tmp/supporty-pg-%x", sum[:8]), port: "5432"}
}

// tidy removes the socket's directory if it is empty, that is if no server uses it.
func (h home) tidy() {
	if turn, err := tryLock(h.dir); err == nil {
		_ = os.Remove(h.endpoint().dir) // fails if it is not empty, because it is in use
		_ = turn.Close()
	}
}

// major is the major version that made the data, 0 if there are none.
func (h home) major() (int, error) {
	b, err := os.ReadFile(filepath.Join(h.data(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(h.data()); err == nil {
			return 0, fmt.Errorf("%s is not a data folder of Postgres (it has no PG_VERSION): move it away or choose another folder", h.data())
		}
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading the version of the data: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0, fmt.Errorf("reading the version of the data in %s: %w", h.dir, err)
	}
	return major, nil
}

// initialise creates the data beside their place, and moves them there when they are
// complete. So an interrupted initdb leaves no incomplete data.
func (h home) initialise(ctx context.Context, bin binaries, fast bool) error {
	if err := h.forgetUnfinished(); err != nil {
		return err
	}
	// Text sorts by code point and is UTF-8 on every system. Where C.UTF-8 is unknown
	// (macOS before 14), C has the same effect.
	err := h.initialiseAs(ctx, bin, "C.UTF-8", fast)
	if err != nil && ctx.Err() == nil {
		err = h.initialiseAs(ctx, bin, "C", fast)
	}
	return err
}

func (h home) initialiseAs(ctx context.Context, bin binaries, locale string, fast bool) error {
	fresh, err := os.MkdirTemp(h.dir, unfinished)
	if err != nil {
		return fmt.Errorf("making the folder for new data: %w", err)
	}
	if err := h.account.own(fresh); err != nil {
		return err
	}
	if out, err := h.initdb(ctx, bin, fresh, locale, fast); err != nil {
		return errors.Join(fmt.Errorf("initdb in %s: %w: %s", h.dir, err, lastLines(out)), os.RemoveAll(fresh))
	}
	if err := os.Rename(fresh, h.data()); err != nil {
		return fmt.Errorf("putting the new data in place: %w", err)
	}
	return nil
}

// unfinished is the prefix of directories in which initdb works. Each try has its own,
// because the initdb of a killed owner may still be writing.
const unfinished = "data.new-"

func (h home) forgetUnfinished() error {
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		return fmt.Errorf("looking for unfinished starts: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), unfinished) {
			_ = os.RemoveAll(filepath.Join(h.dir, e.Name())) // a directory that stays is removed next time
		}
	}
	return nil
}

func (h home) initdb(ctx context.Context, bin binaries, dir, locale string, fast bool) ([]byte, error) {
	args := []string{"-D", dir, "-U", superuser, "-A", "trust", "-E", "UTF8", "--locale=" + locale, "--no-instructions"}
	if fast {
		args = append(args, "--no-sync", "--wal-segsize=1")
	}
	cmd := bin.command(ctx, h.account, "initdb", args...)
	return cmd.CombinedOutput()
}

// lastLines is the useful end of a long output.
func lastLines(out []byte) string {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-5):], []byte("; ")))
}

func versionError(dir string, major int, bin binaries) error {
	return fmt.Errorf("%w: the data in %s were made by Postgres %d, and %s holds Postgres %d. "+
		"Nothing was changed. Install Postgres %d (apt-get install postgresql-%d, or brew install postgresql@%d) "+
		"and start again; or choose another folder; or take the data over with pg_dump and pg_restore",
		ErrVersion, dir, major, bin.dir, bin.major, major, major, major)
}
