package app

import (
	"fmt"
	"time"

	"supporty/internal/config"
	"supporty/internal/desk"
)

// examineMadeRotas tells which rotas of the settings do not count, because somebody has made another one in
// Slack.
func examineMadeRotas(made []desk.MadeRota, cfg config.Config) (findings []finding) {
	last := map[string]desk.MadeRota{}
	for _, m := range made {
		last[m.Squad] = m
	}
	for i, s := range cfg.Squads {
		m, ok := last[s.Name]
		if !ok || len(s.Rota) == 0 {
			continue
		}
		says := "does not count: %s made another one in Slack, from %s on. /support duty can have this one count again"
		if m.Settings {
			says = "counts again: %s chose that in Slack, as of %s"
		}
		findings = append(findings, finding{fmt.Sprintf("squads[%d].rota", i), fine, fmt.Sprintf(says, m.MadeBy, m.From.Format(time.RFC3339))})
	}
	return findings
}
