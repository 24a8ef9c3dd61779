package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"supporty/internal/catchup"
)

func (a *App) newCatchUp(p *parts) *catchup.CatchUp {
	return catchup.New(catchup.Options{
		Store: a.db, Slack: a.slack,
		Now: a.clock.Now, Since: a.receiver.Since, Turn: a.sender.Holding, Changed: a.sender.Wake,
		Observe: func(outcome string) { a.metrics.reads.WithLabelValues(outcome).Inc() },
		Behind:  func(gap time.Duration) { a.metrics.behind.Set(gap.Seconds()) },
		Log:     a.log,
	}, a.reading(p))
}

// reading is what catching up needs of the settings.
func (a *App) reading(p *parts) catchup.Settings {
	return catchup.Settings{
		Desk: p.desk, Name: p.people.Name, Channel: p.workspace.support,
		Claim: p.cfg.Emoji.Claim, Resolve: p.cfg.Emoji.Resolve, Wait: p.cfg.Emoji.Wait,
	}
}

func newCatchUpMetrics() (prometheus.Gauge, *prometheus.CounterVec) {
	behind := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "supporty_catchup_behind_seconds",
		Help: "Length of the time in which nobody was connected and which is not read yet; 0 if there is none.",
	})
	reads := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "supporty_catchup_reads_total",
		Help: "Threads and direct channels that were read afterwards, by outcome: news, nothing, failed.",
	}, []string{"outcome"})
	return behind, reads
}
