//go:build unix

package e2e

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// figures are the lines of the budget table in docs/benchmarks.md, by their keys.
type figures map[string]float64

// part is what can be asked for by its name.
type part struct {
	name    string
	measure func(m *machine, f figures)
}

var parts = []part{
	{"opens", (*machine).measureOpens},
	{"grid", (*machine).measureGrid},
	{"limits", (*machine).measureLimits},
	{"ack", (*machine).measureAck},
	{"lives", (*machine).measureLives},
	{"rest", (*machine).measureRest},
	{"archive", (*machine).measureArchive},
	{"find", (*machine).measureFind},
	{"statistics", (*machine).measureStatistics},
	{"catchup", (*machine).measureCatchup},
	{"alerts", (*machine).measureAlerts},
}

// TestBudgets measures. BENCH=1 asks for it, and ONLY for some parts, by their names with
// commas between.
func TestBudgets(t *testing.T) {
	if os.Getenv("BENCH") == "" {
		t.Skip("set BENCH=1, or type make bench: it takes some minutes and the whole machine")
	}
	m, f := newMachine(t), figures{}
	for _, p := range wanted(t) {
		p.measure(m, f)
	}
	summary = f
}

func wanted(t *testing.T) []part {
	t.Helper()
	only := os.Getenv("ONLY")
	if only == "" {
		return parts
	}
	var list []part
	for name := range strings.SplitSeq(only, ",") {
		n := slices.IndexFunc(parts, func(p part) bool { return p.name == name })
		if n < 0 {
			t.Fatalf("ONLY has %q; there are %v", name, namesOf(parts))
		}
		list = append(list, parts[n])
	}
	return list
}

func namesOf(list []part) (names []string) {
	for _, p := range list {
		names = append(names, p.name)
	}
	return names
}

// percentile in ms, with one decimal.
func percentile(list []time.Duration, p int) float64 {
	if len(list) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(list))
	return millis(sorted[min(len(sorted)-1, len(sorted)*p/100)])
}

func millis(d time.Duration) float64 { return round(millisOf(d), 10) }

func millisOf(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func round(f, parts float64) float64 { return math.Round(f*parts) / parts }

func spread(list []time.Duration) string {
	return fmt.Sprintf("%d, p50 %v ms, p90 %v ms, p99 %v ms, most %v ms",
		len(list), percentile(list, 50), percentile(list, 90), percentile(list, 99), percentile(list, 100))
}
