package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"supporty/internal/catchup"
)

func (a *App) buildCatchUp(w workspace) {
	a.catchup = catchup.New(catchup.Options{
		Store: a.db, Desk: a.desk, Slack: a.slack, Name: a.people.Name, Channel: w.support,
		Claim: a.cfg.Emoji.Claim, Resolve: a.cfg.Emoji.Resolve, Wait: a.cfg.Emoji.Wait,
		Now: a.clock.Now, Since: a.receiver.Since, Turn: a.sender.Holding, Changed: a.sender.Wake,
		Observe: func(outcome string) { a.metrics.caughtUp.WithLabelValues(outcome).Inc() },
		Behind:  func(gap time.Duration) { a.metrics.behind.Set(gap.Seconds()) },
		Log:     a.log,
	})
}

func newCatchUpMetrics() (prometheus.Gauge, *prometheus.CounterVec) {
	behind := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "supporty_catchup_behind_seconds",
		Help: "Length of the time in which nobody was connected and which is not read yet; 0 if there is none.",
	})
	read := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "supporty_catchup_reads_total",
		Help: "Threads and direct channels that were read afterwards, by outcome: news, nothing, failed.",
	}, []string{"outcome"})
	return behind, read
}
