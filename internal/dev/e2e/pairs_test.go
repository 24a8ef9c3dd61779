//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The loads whose figures have keys of their own. The first one, on which Slack's time has
// no part, also says what a ticket costs.
func keyLoads(t testing.TB) []load {
	t.Helper()
	forms := func(usual int64) int { return int(number(t, "FORMS", usual)) }
	return []load{{0, 20, forms(1000)}, {60, 100, forms(500)}, {200, 100, forms(300)}}
}

// measureOpens measures the loads PAIRS times, and takes the medians. With AGAINST an older
// program is measured in turn with this one.
func (m *machine) measureOpens(f figures) {
	editions := []edition{{"this", program(m.t)}}
	if against := os.Getenv("AGAINST"); against != "" {
		editions = append(editions, edition{against, programAgainst(m.t, against)})
	}
	m.t.Logf("| Slack answers in, people | program | %s |", strings.Join(headings[:], " | "))
	for _, l := range keyLoads(m.t) {
		medians := m.inTurn(editions, l)
		for i, e := range editions {
			m.t.Logf("| %v | %s |%v", l, e.name, medians[i])
		}
		if len(editions) > 1 {
			m.t.Logf("| | this / %s |%v", editions[1].name, medians[0].dividedBy(medians[1]))
			f["open_ratio_"+l.key()] = medians[0].dividedBy(medians[1])[perSecond]
		}
		f.addOpens(l, medians[0])
	}
}

// inTurn measures the editions one after the other, PAIRS times.
func (m *machine) inTurn(editions []edition, l load) []opened {
	m.t.Helper()
	all := make([][]opened, len(editions))
	for range number(m.t, "PAIRS", 3) {
		for i, e := range editions {
			all[i] = append(all[i], m.opens(e, l))
		}
	}
	medians := make([]opened, len(editions))
	for i, list := range all {
		medians[i] = medianOf(list)
	}
	return medians
}

func (f figures) addOpens(l load, r opened) {
	f["open_per_s_"+l.key()] = r[perSecond]
	if l.latency > 0 {
		return
	}
	f["ack_p50_cold_20_ms"], f["ack_p99_cold_20_ms"] = r[ackP50], r[ackP99]
	f["longest_without_card_ms"] = r[longest]
	f["fsyncs_open"], f["wal_bytes_open"] = r[fsyncs], r[walBytes]
	f["cpu_ms_open"] = round(r[botTime]+r[postgresTime], 100)
}

func medianOf(list []opened) (median opened) {
	for i := range median {
		var values []float64
		for _, r := range list {
			values = append(values, r[i])
		}
		slices.Sort(values)
		median[i] = values[len(values)/2]
	}
	return median
}

func (r opened) dividedBy(other opened) (ratios opened) {
	for i := range r {
		ratios[i] = round(r[i]/other[i], 100)
	}
	return ratios
}

// programAgainst is a program by its file, or one that is built: 0.1.0, or any commit.
func programAgainst(t *testing.T, name string) string {
	t.Helper()
	if path, err := filepath.Abs(name); err == nil && isFile(path) {
		return path
	}
	if name == "0.1.0" {
		name = firstRelease
	}
	return programOf(t, name)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
