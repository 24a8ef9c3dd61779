//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// The loads whose figures have keys of their own, and the others, which are measured once.
// The first one, on which Slack's time has no part, also says what a ticket costs.
var (
	keyLoads   = []load{{0, 20, 1000}, {60, 100, 500}, {200, 100, 300}}
	otherLoads = []load{{0, 1, 300}, {0, 100, 1000}, {60, 1, 200}, {60, 20, 300}, {200, 1, 100}, {200, 20, 200}}
)

// sized are these loads with as many forms as FORMS says.
func sized(t testing.TB, loads []load) []load {
	t.Helper()
	loads = slices.Clone(loads)
	for i := range loads {
		loads[i].forms = int(number(t, "FORMS", int64(loads[i].forms)))
	}
	return loads
}

// measureOpens measures the loads PAIRS times, and takes the medians. With AGAINST an older
// program is measured in turn with this one.
func (m *machine) measureOpens(f figures) {
	editions := []edition{thisEdition(m.t)}
	if against := os.Getenv("AGAINST"); against != "" {
		editions = append(editions, edition{against, programAgainst(m.t, against)})
	}
	m.head()
	loads := sized(m.t, keyLoads)
	for _, l := range loads {
		medians := m.inTurn(editions, l)
		for i, e := range editions {
			m.row(l, e, medians[i])
		}
		if len(editions) > 1 {
			ratios := medians[0].dividedBy(medians[1])
			m.row(l, edition{name: "ratio"}, ratios)
			f["open_ratio_"+l.key()] = ratios[perSecond]
		}
		f.addOpens(l, medians[0])
	}
	for _, e := range slices.Backward(editions) {
		f["round_trips_open"] = m.roundTrips(e, loads[0]) // this program's, at last
		m.t.Logf("round trips a ticket, %s: %v", e.name, f["round_trips_open"])
	}
}

// measureGrid measures the other loads.
func (m *machine) measureGrid(figures) {
	this := thisEdition(m.t)
	m.head()
	for _, l := range sized(m.t, otherLoads) {
		m.row(l, this, m.opens(this, l))
	}
}

// measureLimits is what Slack's own limits leave of it: all tickets stand in one channel, and
// Slack lets one message a second into it.
func (m *machine) measureLimits(f figures) {
	l := load{0, 20, 30}
	o := m.workspaceFor(thisEdition(m.t), l, m.newDatabase(), slacksim.Config{}, unlimited)
	defer o.end()
	o.must(o.slack.SetLimits(o.ctx, slacksim.Limits{On: true, Scale: 1}))
	o.in.env = append(o.in.env, "SUPPORTY_SLACK_PACE=1")
	r := o.opens(l)
	m.head()
	m.row(l, edition{name: "Slack's limits, one channel"}, r)
	f["open_per_s_limits"] = r[perSecond]
}

func (m *machine) head() {
	m.t.Logf("| Slack answers in, people | program | %s |", strings.Join(headings[:], " | "))
}

func (m *machine) row(l load, e edition, r opened) { m.t.Logf("| %v | %s |%v", l, e.name, r) }

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
	f["commits_open"], f["fsyncs_open"], f["wal_bytes_open"] = r[commits], r[fsyncs], r[walBytes]
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
