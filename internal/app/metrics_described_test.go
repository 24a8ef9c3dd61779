package app

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

var (
	described = regexp.MustCompile("(?m)^\\| `(supporty_[a-z_]+)` \\|([^|]*)\\|")
	exposed   = regexp.MustCompile(`fqName: "([^"]+)".*variableLabels: \{([^}]*)\}`)
)

// TestMetricsAreDescribed: docs/operating.md describes every metric, since operators
// build their alerts on it.
func TestMetricsAreDescribed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, row := range described.FindAllStringSubmatch(string(text), -1) {
		told[row[1]] = strings.NewReplacer("`", "", " ", "").Replace(row[2])
	}
	served := map[string]string{}
	for _, d := range descriptions() {
		found := exposed.FindStringSubmatch(d.String())
		if !strings.HasPrefix(found[1], "supporty_") {
			continue // what any program in Go tells of itself
		}
		served[found[1]] = strings.ReplaceAll(found[2], " ", "")
	}
	if !maps.Equal(told, served) {
		t.Errorf("docs/operating.md describes %v, and served are %v", told, served)
	}
}

func descriptions() []*prometheus.Desc {
	m := newMetrics()
	m.watch(&App{})
	found := make(chan *prometheus.Desc)
	go func() {
		defer close(found)
		m.registry.Describe(found)
	}()
	var all []*prometheus.Desc
	for d := range found {
		all = append(all, d)
	}
	return all
}
