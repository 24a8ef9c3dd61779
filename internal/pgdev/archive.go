//go:build unix

package pgdev

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// viaArchive unpacks the pinned archive from a file or an address.
func viaArchive(ctx context.Context, from string, p pin, into string) error {
	f, err := openArchive(ctx, from)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := checkSum(f, p.sum); err != nil {
		return fmt.Errorf("checking %s, which should be %s %s: %w", from, p.pack, p.version, err)
	}
	if err := unpack(f, into); err != nil {
		return fmt.Errorf("unpacking %s: %w", from, err)
	}
	return nil
}

func openArchive(ctx context.Context, from string) (*os.File, error) {
	if !strings.HasPrefix(from, "https://") && !strings.HasPrefix(from, "http://") {
		return os.Open(from)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetching %s: %s", from, resp.Status)
	}
	return spool(resp.Body)
}

// spool copies r into a file without a name, which no other user can change.
func spool(r io.Reader) (*os.File, error) {
	f, err := os.CreateTemp("", "supporty-postgres-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if _, err := io.Copy(f, r); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// checkSum compares the hash of f with want, and leaves f at its start.
func checkSum(f io.ReadSeeker, want string) error {
	hash := sha512.New()
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(hash, f); err != nil {
		return err
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != want {
		return fmt.Errorf("its checksum is %s, not %s, so it is not used", got, want)
	}
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// unpack writes the server of an npm archive to the directory native in dir. os.Root
// keeps every path of the archive inside.
func unpack(r io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	for archive := tar.NewReader(z); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return link(root)
		}
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(h.Name, "package/")
		if h.Typeflag != tar.TypeReg || !strings.HasPrefix(name, "native/") {
			continue
		}
		if err := write(root, name, h.FileInfo().Mode().Perm(), archive); err != nil {
			return err
		}
	}
}

func write(root *os.Root, name string, mode os.FileMode, r io.Reader) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	// A concurrent fork would inherit the file while it is open for writing. Nobody could
	// run the file until that process has called exec.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode|0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}

// link makes the symbolic links that the archive lists in a file, since npm archives
// cannot hold links.
func link(root *os.Root) error {
	b, err := root.ReadFile("native/pg-symlinks.json")
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return fmt.Errorf("reading the list of links: %w", err)
	}
	for _, l := range links {
		to, err := filepath.Rel(path.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := root.Symlink(to, l.Target); err != nil {
			return err
		}
	}
	return nil
}
