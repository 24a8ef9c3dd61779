package demo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"supporty/internal/config"
)

// folder is where the demo keeps its data: the database in postgres, the
// workspace in workspace.json, and ready once the example history is complete.
type folder struct {
	dir  string
	file string // of the workspace; "" if nothing is to be kept
	lock *os.File
}

// ours are the names of all that the demo puts into its folder, and all that it
// ever removes.
var ours = []string{"ready", "workspace.json", "postgres"}

// temporary is a folder that is gone afterwards.
func temporary() (folder, error) {
	dir, err := os.MkdirTemp("", "supporty-demo-")
	if err != nil {
		return folder{}, fmt.Errorf("making a folder for the demo: %w", err)
	}
	if err := os.Chmod(dir, enterable); err != nil {
		return folder{}, errors.Join(fmt.Errorf("opening the demo's folder: %w", err), os.RemoveAll(dir))
	}
	return folder{dir: dir}, nil
}

// enterable: for root, the database runs as another user.
const enterable = 0o755

// kept is a folder whose data stay. A history that was not completed begins
// again, and so does all if reset is wished.
func kept(dir string, reset bool) (folder, error) {
	if dir == "" {
		dir = config.DataDir(os.Environ(), "demo")
	}
	if dir == "" {
		return folder{}, errors.New("the environment names no home directory; say with --dir where the demo may keep its data")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return folder{}, fmt.Errorf("finding the demo's folder: %w", err)
	}
	if err := os.MkdirAll(dir, enterable); err != nil {
		return folder{}, fmt.Errorf("making a folder for the demo: %w", err)
	}
	f := folder{dir: dir, file: filepath.Join(dir, "workspace.json")}
	if f.lock, err = occupy(filepath.Join(dir, "lock")); err != nil {
		return folder{}, err
	}
	if reset || !f.complete() {
		if err := f.clear(); err != nil {
			return folder{}, errors.Join(err, f.leave())
		}
	}
	return f, nil
}

// occupy keeps a second demo out of the folder for as long as this process
// lives.
func occupy(path string) (*os.File, error) {
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("entering the demo's folder: %w", err)
	}
	if err := hold(lock); err != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("another demo runs in %s: end it first, or choose another folder with --dir", filepath.Dir(path))
	}
	return lock, nil
}

func (f folder) ready() string { return filepath.Join(f.dir, "ready") }

// complete says whether the example history is all there.
func (f folder) complete() bool {
	_, err := os.Stat(f.ready())
	return !errors.Is(err, fs.ErrNotExist)
}

func (f folder) markComplete() error {
	if err := os.WriteFile(f.ready(), nil, 0o600); err != nil {
		return fmt.Errorf("noting that the history is complete: %w", err)
	}
	return nil
}

func (f folder) clear() error {
	for _, name := range ours {
		if err := os.RemoveAll(filepath.Join(f.dir, name)); err != nil {
			return fmt.Errorf("clearing the demo's folder: %w", err)
		}
	}
	return nil
}

// leave gives the folder free, and removes it if nothing is to be kept.
func (f folder) leave() error {
	switch {
	case f.lock != nil:
		return release(f.lock)
	case f.file == "" && f.dir != "":
		return os.RemoveAll(f.dir)
	}
	return nil
}
