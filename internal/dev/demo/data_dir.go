package demo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"supporty/internal/config"
)

// dataDir is the demo's data directory. It has the database in postgres, the workspace in
// workspace.json, and the file ready once the example history is complete.
type dataDir struct {
	dir  string
	file string // of the workspace; "" to keep nothing
	lock *os.File
}

// ours are the names of everything that the demo puts into its data directory. It removes
// nothing else there.
var ours = []string{"ready", "workspace.json", "postgres"}

// temporary is a data directory that is removed at the end.
func temporary() (dataDir, error) {
	dir, err := os.MkdirTemp("", "supporty-demo-")
	if err != nil {
		return dataDir{}, fmt.Errorf("making a data directory for the demo: %w", err)
	}
	if err := os.Chmod(dir, enterable); err != nil {
		return dataDir{}, errors.Join(fmt.Errorf("opening the demo's data directory: %w", err), os.RemoveAll(dir))
	}
	return dataDir{dir: dir}, nil
}

// enterable: if we are root, the database runs as another user.
const enterable = 0o755

// kept is a data directory that stays. If its history is not complete, or if reset is
// true, it starts empty.
func kept(dir string, reset bool) (dataDir, error) {
	if dir == "" {
		dir = config.DataDir(os.Environ(), "demo")
	}
	if dir == "" {
		return dataDir{}, errors.New("the environment names no home directory; say with --dir where the demo may keep its data")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return dataDir{}, fmt.Errorf("finding the demo's data directory: %w", err)
	}
	if err := os.MkdirAll(dir, enterable); err != nil {
		return dataDir{}, fmt.Errorf("making a data directory for the demo: %w", err)
	}
	d := dataDir{dir: dir, file: filepath.Join(dir, "workspace.json")}
	if d.lock, err = occupy(filepath.Join(dir, "lock")); err != nil {
		return dataDir{}, err
	}
	if reset || !d.complete() {
		if err := d.clear(); err != nil {
			return dataDir{}, errors.Join(err, d.leave())
		}
	}
	return d, nil
}

// occupy keeps a second demo out of the data directory for as long as this process lives.
func occupy(path string) (*os.File, error) {
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("entering the demo's data directory: %w", err)
	}
	if err := hold(lock); err != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("another demo runs in %s: end it first, or choose another directory with --dir", filepath.Dir(path))
	}
	return lock, nil
}

func (d dataDir) ready() string { return filepath.Join(d.dir, "ready") }

// complete reports whether the example history is complete.
func (d dataDir) complete() bool {
	_, err := os.Stat(d.ready())
	return !errors.Is(err, fs.ErrNotExist)
}

func (d dataDir) markComplete() error {
	if err := os.WriteFile(d.ready(), nil, 0o600); err != nil {
		return fmt.Errorf("noting that the history is complete: %w", err)
	}
	return nil
}

func (d dataDir) clear() error {
	for _, name := range ours {
		if err := os.RemoveAll(filepath.Join(d.dir, name)); err != nil {
			return fmt.Errorf("clearing the demo's data directory: %w", err)
		}
	}
	return nil
}

// leave releases the data directory, and removes it if it is temporary.
func (d dataDir) leave() error {
	switch {
	case d.lock != nil:
		return release(d.lock)
	case d.file == "" && d.dir != "":
		return os.RemoveAll(d.dir)
	}
	return nil
}
