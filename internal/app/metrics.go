package app

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"supporty/internal/build"
)

// metrics are the metrics for operators, as docs/operating.md describes them.
type metrics struct {
	registry *prometheus.Registry
	handling *prometheus.HistogramVec
	acks     *prometheus.HistogramVec
	calls    *prometheus.HistogramVec
	waits    *prometheus.CounterVec
	behind   prometheus.Gauge
	reads    *prometheus.CounterVec
	gone     *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		handling: durations("supporty_envelope_handling_seconds",
			"From receiving an envelope of Slack's until it was handled.", "kind", "outcome"),
		acks: durations("supporty_acknowledgement_seconds",
			"From receiving an envelope of Slack's until it was acknowledged.", "kind"),
		calls: durations("supporty_slack_call_seconds",
			"Calls of Slack's Web API; no_answer is one whose answer never came.", "method", "outcome"),
		waits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "supporty_slack_limit_wait_seconds_total",
			Help: "Time for which calls were held back to keep Slack's limits.",
		}, []string{"method"}),
		behind: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "supporty_catchup_behind_seconds",
			Help: "Length of the time in which something may have been missed and which is not read yet; 0 if there is none.",
		}),
		reads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "supporty_catchup_reads_total",
			Help: "Cards, threads and direct channels that were read afterwards, by outcome: news, nothing, failed.",
		}, []string{"outcome"}),
		gone: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "supporty_retention_rows_total",
			Help: "Rows of the database that had their time and are gone, or of which what people wrote is.",
		}, []string{"what"}),
	}
	m.registry.MustRegister(m.handling, m.acks, m.calls, m.waits, m.behind, m.reads, m.gone)
	m.registry.MustRegister(buildInfo(build.Read()))
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewBuildInfoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// buildInfo is 1; its labels name the version of this program.
func buildInfo(i build.Info) prometheus.Collector {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "supporty_build_info", Help: "1, with the program's version, commit and Go.",
	}, []string{"version", "commit", "go"})
	g.WithLabelValues(i.Version, i.Commit, i.Go).Set(1)
	return g
}

func durations(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: name, Help: help, Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2, 3, 10},
	}, labels)
}

func (m *metrics) handled(kind, outcome string, took time.Duration) {
	m.handling.WithLabelValues(kind, outcome).Observe(took.Seconds())
}

func (m *metrics) acknowledged(kind string, took time.Duration) {
	m.acks.WithLabelValues(kind).Observe(took.Seconds())
}

// Called implements slackapi.Meter.
func (m *metrics) Called(method, outcome string, took time.Duration) {
	m.calls.WithLabelValues(method, outcome).Observe(took.Seconds())
}

// Waited implements slackapi.Meter.
func (m *metrics) Waited(method string, d time.Duration) {
	m.waits.WithLabelValues(method).Add(d.Seconds())
}

// watch makes every scrape ask the database for the pending, open and late rows. All
// copies report the same.
func (m *metrics) watch(a *App) { m.registry.MustRegister(watcher{a}) }

// watcher is a collector that queries the database at each scrape.
type watcher struct{ *App }

var (
	databaseUp = prometheus.NewDesc("supporty_database_up", "1 if the database answered; if not, what it knows is left out.", nil, nil)
	connected  = prometheus.NewDesc("supporty_slack_connections", "Socket Mode connections of this copy.", nil, nil)
	ofAll      = prometheus.NewDesc("supporty_slack_app_connections", "Socket Mode connections of all copies, as Slack said when it last greeted one of this copy; it allows 10.", nil, nil)
	unresolved = prometheus.NewDesc("supporty_settings_unresolved", "1 for a setting whose name leads nowhere in Slack, or is an old one.", []string{"setting", "state"}, nil)
	pending    = prometheus.NewDesc("supporty_outbox_messages", "Messages that are due and not posted yet; 0 is the most urgent.", []string{"urgency"}, nil)
	oldest     = prometheus.NewDesc("supporty_outbox_oldest_seconds", "Age of the oldest message that is due and not posted yet.", []string{"urgency"}, nil)
	stuck      = prometheus.NewDesc("supporty_outbox_stuck_messages", "Messages that do not get into Slack; supporty outbox lists them.", []string{"state"}, nil)
	tickets    = prometheus.NewDesc("supporty_tickets", "Tickets that have not ended.", []string{"state"}, nil)
	lateness   = prometheus.NewDesc("supporty_sweep_lateness_seconds", "How long the first deadline that no sweep has seen has passed.", nil, nil)
)

// Describe implements prometheus.Collector.
func (watcher) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{databaseUp, connected, ofAll, unresolved, pending, oldest, stuck, tickets, lateness} {
		to <- d
	}
}

// scrapeWithin is less than Prometheus's default timeout.
const scrapeWithin = 5 * time.Second

// Collect implements prometheus.Collector.
func (w watcher) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWithin)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(connected, float64(w.receiver.Connected()))
	gauge(ofAll, float64(w.receiver.All()))
	for _, s := range w.components.Load().workspace.references {
		if s.state == missing || s.state == renamed {
			gauge(unresolved, 1, s.setting, string(s.state))
		}
	}
	seen, err := w.db.Watch(ctx, w.clock.Now())
	if err != nil {
		w.log.Warn("answering a scrape", "error", err)
		gauge(databaseUp, 0)
		return
	}
	gauge(databaseUp, 1)
	gauge(lateness, seen.Late.Seconds())
	for _, b := range seen.Pending {
		gauge(pending, float64(b.Messages), strconv.Itoa(b.Urgency))
		gauge(oldest, b.Age.Seconds(), strconv.Itoa(b.Urgency))
	}
	for state, n := range seen.Stuck {
		gauge(stuck, float64(n), state)
	}
	for state, n := range seen.Tickets {
		gauge(tickets, float64(n), state)
	}
}
