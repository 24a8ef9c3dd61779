package postgres_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/deploy"
)

// A report that comes again is the deployment that is stored, whatever it says now. The latest
// deployments of a service come first, without those that came later.
func TestDeployments(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	save := func(key, service, version string, hours float64) deploy.Stored {
		t.Helper()
		d := deploy.New{Key: key, Content: version, RecordedAt: at(hours), Until: at(hours + 1)}
		d.Service, d.Version, d.URL, d.At = service, version, "https://ci.example.com/1", at(hours)
		s, err := b.db.SaveDeployment(t.Context(), d)
		b.must(s, err)
		return s
	}
	first, second := save("1", "shop", "1.0", 1), save("2", "shop", "1.1", 2)
	save("3", "shop", "1.2", 3)
	save("4", "site", "7", 1)
	if again := save("1", "shop", "9.9", 5); again.Fresh || again.Content != "1.0" || again.Deployment != first.Deployment || !first.Fresh {
		t.Errorf("first %+v, again %+v", first, again)
	}
	got, err := b.db.Deployments(t.Context(), "shop", at(2), 5)
	if diff := gocmp.Diff([]deploy.Deployment{second.Deployment, first.Deployment}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	one, err := b.db.Deployment(t.Context(), second.ID)
	if diff := gocmp.Diff(second.Deployment, one); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if none, err := b.db.Deployment(t.Context(), 99); err != nil || none != (deploy.Deployment{}) {
		t.Errorf("one that is not there: %+v, %v", none, err)
	}
}
