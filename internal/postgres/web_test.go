package postgres_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Pages begin below a number, so that none is shown twice when tickets are opened meanwhile.
func TestBrowse(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first, second, third := b.open(ticket.P3, "U1"), b.open(ticket.P1, "U2"), b.open(ticket.P1, "U1")
	b.must(b.desk.Resolve(t.Context(), b.gesture(second, "U1"), "", ""))
	for name, test := range map[string]struct {
		filter desk.Filter
		below  ticket.Number
		want   []ticket.Number
	}{
		"all":           {desk.Filter{Scope: desk.ScopeAll}, 0, []ticket.Number{third, second, first}},
		"below":         {desk.Filter{Scope: desk.ScopeAll}, third, []ticket.Number{second, first}},
		"two":           {desk.Filter{Scope: desk.ScopeAll, Limit: 2}, 0, []ticket.Number{third, second}},
		"open":          {desk.Filter{}, 0, []ticket.Number{third, first}},
		"of a priority": {desk.Filter{Scope: desk.ScopeAll, Priority: ticket.P1}, 0, []ticket.Number{third, second}},
		"nothing":       {desk.Filter{}, first, nil},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := b.db.Browse(t.Context(), test.filter, test.below)
			var got []ticket.Number
			for _, s := range list {
				got = append(got, s.Number)
			}
			if diff := gocmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	begun := time.Date(2026, 11, 16, 10, 0, 0, 0, time.UTC)
	is := func(hash, person string, seen time.Time) {
		t.Helper()
		got, began, last, err := b.db.Session(t.Context(), []byte(hash))
		if got != person || err != nil || person != "" && (!began.Equal(begun) || !last.Equal(seen)) {
			t.Errorf("%s: %q, %v, %v, %v", hash, got, began, last, err)
		}
	}
	b.must(nil, b.db.BeginSession(t.Context(), []byte("a"), "U1", begun, begun.Add(-time.Hour), begun.Add(-time.Hour)))
	b.must(nil, b.db.BeginSession(t.Context(), []byte("b"), "U2", begun, begun.Add(-time.Hour), begun.Add(-time.Hour)))
	is("a", "U1", begun)
	is("c", "", begun)
	b.must(nil, b.db.TouchSession(t.Context(), []byte("a"), begun.Add(time.Minute)))
	is("a", "U1", begun.Add(time.Minute))
	b.must(nil, b.db.BeginSession(t.Context(), []byte("d"), "U1", begun, begun.Add(-time.Hour), begun.Add(time.Second)))
	is("b", "", begun) // nobody used it since
	b.must(nil, b.db.EndSession(t.Context(), []byte("a")))
	is("a", "", begun)
	b.must(nil, b.db.ForgetProfile(t.Context(), "U1"))
	is("d", "", begun)
}
