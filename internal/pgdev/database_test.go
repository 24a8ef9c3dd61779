//go:build unix

package pgdev

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDatabases(t *testing.T) {
	t.Parallel()
	s := start(t, filepath.Join(testDir(t), "pg"))
	odd := `an "odd" näme/with?all&of%it`
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := s.CreateDatabase(t.Context(), odd); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	run(t, s, odd, "CREATE TABLE note AS SELECT 'copied' AS body")
	if err := s.CloneDatabase(t.Context(), "clone", odd); err != nil {
		t.Fatal(err)
	}
	if got := query(t, s, "clone", "SELECT body FROM note"); got != "copied" {
		t.Errorf("note in the clone = %q", got)
	}
	if diff := cmp.Diff([]string{odd, "clone"}, databases(t, s)); diff != "" {
		t.Errorf("databases (-want +got):\n%s", diff)
	}
	for range 2 { // the second time it does not exist
		if err := s.DropDatabase(t.Context(), "clone"); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]string{odd}, databases(t, s)); diff != "" {
		t.Errorf("databases after dropping one (-want +got):\n%s", diff)
	}
}
