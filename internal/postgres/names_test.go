package postgres_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/postgres"
)

func TestNamesAreRemembered(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	support, digest, group := postgres.Name{Kind: "channel", Name: "support"}, postgres.Name{Kind: "channel", Name: "digest"}, postgres.Name{Kind: "group", Name: "support"}
	for _, ids := range []map[postgres.Name]string{
		nil,
		{support: "C1", digest: "C2", group: "S1"},
		{support: "C3", digest: "C2"}, // another channel has the name now
	} {
		b.must(nil, b.db.RememberNames(t.Context(), ids))
	}
	got, err := b.db.Names(t.Context())
	want := map[postgres.Name]string{support: "C3", digest: "C2", group: "S1"}
	if diff := gocmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
