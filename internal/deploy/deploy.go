// Package deploy knows the deployments of services: how a pipeline reports one, what of that is
// stored, and which of them an incident is tied to.
//
// The package is pure. No Slack, no SQL, no settings and no clock may enter: now is a parameter.
package deploy

import (
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Deployment is that a version of a service went into production.
type Deployment struct {
	ID      ticket.DeploymentID
	Service string
	Version string    // as the pipeline calls it; may be empty
	URL     string    // of the pipeline's run or the release; may be empty
	At      time.Time // UTC
}

// Rules say which deployment may have caused an incident. The zero Rules tie nothing.
type Rules struct {
	Services map[string]string // of categories, by their names; those without a service are left out
	Window   time.Duration     // how long before an incident the deployment may be
}

// Known lists the services, each once, in the order of the alphabet.
func (r Rules) Known() []string {
	var all []string
	for _, s := range r.Services {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	slices.Sort(all)
	return all
}

// Categories lists the categories of a service.
func (r Rules) Categories(service string) []string {
	all := []string{}
	for category, s := range r.Services {
		if s == service {
			all = append(all, category)
		}
	}
	slices.Sort(all)
	return all
}
