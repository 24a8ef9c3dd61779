package directory_test

import (
	"fmt"
	"testing"
	"time"

	"supporty/internal/directory"
)

func TestNamesAreKeptForAMinute(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	called := func(want string) {
		t.Helper()
		if name := r.Name(t.Context(), kim); name != want {
			t.Errorf("called %q, want %q", name, want)
		}
	}
	called("Kim")
	r.cache.profiles[kim] = directory.Profile{ID: kim, Name: "Kim Lee", FetchedAt: r.now} // another copy has stored it
	called("Kim")
	r.now = r.now.Add(time.Minute)
	called("Kim Lee")
	if err := r.Learn(t.Context(), directory.Profile{ID: kim, Name: "K. Lee"}); err != nil {
		t.Fatal(err)
	}
	called("K. Lee")
	for n := range 6000 { // more than the cache keeps
		id := fmt.Sprint("U", 1000+n)
		r.cache.profiles[id] = directory.Profile{ID: id, Name: id, FetchedAt: r.now}
		if name := r.Name(t.Context(), id); name != id {
			t.Fatalf("%s is called %q", id, name)
		}
	}
	called("K. Lee")
}
