package app_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim"
	"supporty/internal/manifest"
)

// The simulated Slack grants the scopes of the manifest. So a call that needs another
// scope fails in every test, as it would in a real workspace.
func TestSimulatorGrantsWhatTheManifestAsksFor(t *testing.T) {
	t.Parallel()
	var asked []string
	for _, s := range manifest.Scopes {
		asked = append(asked, s.Name)
	}
	granted := slacksim.DefaultScopes()
	slices.Sort(asked)
	slices.Sort(granted)
	if diff := cmp.Diff(asked, granted); diff != "" {
		t.Errorf("scopes (-manifest +simulator):\n%s", diff)
	}
}
