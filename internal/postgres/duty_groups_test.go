package postgres_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/postgres"
)

// The last that was done about a user group is kept.
func TestDutyGroups(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first := postgres.DutyGroup{Squad: "Checkout", Group: "S1", Person: "U1", TriedAt: at(1), Failure: "permission_denied"}
	last := postgres.DutyGroup{Squad: "Checkout", Group: "S2", Person: "U2", TriedAt: at(2)}
	other := postgres.DutyGroup{Squad: "Other", Group: "S3", Person: "U1", TriedAt: at(1)}
	for _, g := range []postgres.DutyGroup{first, other, last} {
		b.must(nil, b.db.NoteDutyGroup(t.Context(), g))
	}
	got, err := b.db.DutyGroups(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff([]postgres.DutyGroup{last, other}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
