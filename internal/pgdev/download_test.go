//go:build unix

package pgdev

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

var quiet = slog.New(slog.DiscardHandler)

func TestArchiveIsUnpackedCheckedAndKept(t *testing.T) {
	t.Parallel()
	archive := server(18)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(archive) }))
	t.Cleanup(web.Close)
	file := filepath.Join(t.TempDir(), "postgres.tgz")
	if err := os.WriteFile(file, archive, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"path": file, "address": web.URL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := bareSearch(t, archive)
			s.archive = from
			b := mustFind(t, s, 0)
			if b.major != 18 {
				t.Errorf("major = %d, want 18", b.major)
			}
			lib, err := os.ReadFile(filepath.Join(b.dir, "../lib/libpq.so"))
			if err != nil || string(lib) != "library" {
				t.Errorf("the link to the library leads to %q (%v)", lib, err)
			}
			s.archive = "/nowhere" // now from the cache
			if again := mustFind(t, s, 18); again != b {
				t.Errorf("second find = %+v, want %+v", again, b)
			}
		})
	}
}

func TestBadArchivesAreRefused(t *testing.T) {
	t.Parallel()
	good := server(18)
	for name, c := range map[string]struct {
		pinned, served []byte
		want           string
	}{
		"other checksum": {good, append([]byte{}, append(good, 0)...), "checksum"},
		"cut short":      {good[:len(good)/2], good[:len(good)/2], "unexpected EOF"},
		"path outside":   {evil(), evil(), "escapes"},
		"no programs":    {packed(map[string]string{"package/native/pg-symlinks.json": "[]"}), nil, "no Postgres programs"},
		"too old":        {server(14), nil, "15 or newer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.served == nil {
				c.served = c.pinned
			}
			s := bareSearch(t, c.pinned)
			s.archive = filepath.Join(t.TempDir(), "postgres.tgz")
			if err := os.WriteFile(s.archive, c.served, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := s.find(t.Context(), 0, quiet)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("find: %v, want an error about %q", err, c.want)
			}
			if found := s.cached(t.Context()); len(found) > 0 {
				t.Errorf("in the cache: %v", found)
			}
		})
	}
}

func TestWithoutAnySourceTheErrorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s := bareSearch(t, nil)
	s.sources = []source{{"npm", true, func(context.Context, pin, string) error { return errors.New("there is no npm") }}}
	_, err := s.find(t.Context(), 0, quiet)
	if err == nil {
		t.Fatal("find without any source succeeded")
	}
	for _, want := range []string{"apt-get install postgresql", "brew install postgresql", "SUPPORTY_POSTGRES_BIN", "SUPPORTY_DATABASE_URL", "there is no npm"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q: %v", want, err)
		}
	}
}

func TestNextSourceIsTriedAndOneProcessDownloads(t *testing.T) {
	t.Parallel()
	archive := server(18)
	s := bareSearch(t, archive)
	var fetched atomic.Int32
	s.sources = []source{
		{"broken", true, func(context.Context, pin, string) error { return errors.New("no way") }},
		{"works", true, func(_ context.Context, _ pin, into string) error {
			fetched.Add(1)
			return unpack(bytes.NewReader(archive), into)
		}},
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if b, err := s.find(t.Context(), 18, quiet); err != nil || b.major != 18 {
				t.Errorf("find = %+v, %v", b, err)
			}
		})
	}
	wg.Wait()
	if n := fetched.Load(); n != 1 {
		t.Errorf("fetched %d times, want once", n)
	}
}

func TestDownloadOfAnotherVersionThanTheDataIsRefused(t *testing.T) {
	t.Parallel()
	s := bareSearch(t, server(18))
	s.sources = []source{
		{"pinned", true, func(context.Context, pin, string) error { return errors.New("was asked") }},
		{"other", false, func(_ context.Context, _ pin, into string) error {
			return unpack(bytes.NewReader(server(17)), into)
		}},
	}
	_, err := s.find(t.Context(), 16, quiet)
	if !errors.Is(err, ErrVersion) || strings.Contains(err.Error(), "was asked") {
		t.Errorf("find for data of Postgres 16: %v", err)
	}
	if b := mustFind(t, s, 17); b.major != 17 {
		t.Errorf("find for data of Postgres 17 = %+v", b)
	}
}

func TestMachinesOwnProgramsComeFirst(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	for _, major := range []int{14, 15, 17, 16} {
		install(t, filepath.Join(dir, fmt.Sprint(major)), major)
	}
	s := bareSearch(t, server(18))
	s.places = []string{filepath.Join(dir, "*"), filepath.Join(dir, "none"), "["}
	for want, major := range map[int]int{0: 17, 15: 15, 16: 16, 19: 17} {
		t.Run(fmt.Sprint(want), func(t *testing.T) {
			if b := mustFind(t, s, want); b.major != major {
				t.Errorf("for data of %d: %+v, want Postgres %d", want, b, major)
			}
		})
	}
	s.only = filepath.Join(dir, "15")
	if b := mustFind(t, s, 17); b.major != 15 {
		t.Errorf("SUPPORTY_POSTGRES_BIN for 15 gives %+v", b)
	}
	s.only = filepath.Join(dir, "14")
	if _, err := s.find(t.Context(), 0, quiet); err == nil || !strings.Contains(err.Error(), "SUPPORTY_POSTGRES_BIN") {
		t.Errorf("SUPPORTY_POSTGRES_BIN for 14: %v", err)
	}
}

// bareSearch is a search that finds no Postgres on this machine.
func bareSearch(t *testing.T, archive []byte) search {
	t.Helper()
	sum := sha512.Sum512(archive)
	return search{
		account: testHome(t).account,
		cache:   filepath.Join(testDir(t), "cache"),
		pin:     pin{major: 18, version: "18.0", pack: "p", sum: "sha512-" + base64.StdEncoding.EncodeToString(sum[:])},
	}
}

func mustFind(t *testing.T, s search, want int) binaries {
	t.Helper()
	b, err := s.find(t.Context(), want, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// server is an archive in npm's format. Its programs only print their version.
func server(major int) []byte {
	return packed(map[string]string{
		"package/package.json":                "{}",
		"package/native/bin/postgres":         program(major),
		"package/native/bin/initdb":           program(major),
		"package/native/lib/libpq.so.5":       "library",
		"package/native/pg-symlinks.json":     `[{"source":"native/lib/libpq.so.5","target":"native/lib/libpq.so"}]`,
		"package/scripts/hydrate-symlinks.js": "not for us",
	})
}

func evil() []byte {
	return packed(map[string]string{"package/native/../../evil": "out"})
}

func program(major int) string {
	return fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %d.1 (Test)'\n", major)
}

func packed(files map[string]string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	archive := tar.NewWriter(z)
	for name, text := range files {
		archive.WriteHeader(&tar.Header{Name: name, Mode: 0o744, Size: int64(len(text)), Typeflag: tar.TypeReg})
		archive.Write([]byte(text))
	}
	archive.Close()
	z.Close()
	return b.Bytes()
}

func install(t *testing.T, dir string, major int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	syscall.ForkLock.RLock() // see write
	defer syscall.ForkLock.RUnlock()
	for _, name := range []string{"postgres", "initdb"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(program(major)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}
