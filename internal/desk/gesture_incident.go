package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/deploy"
	"supporty/internal/ticket"
)

// Incidents say which tickets are incidents from the beginning, and what may have caused them. A
// choice in a field can make a ticket one, too: see AskedField.Incident.
type Incidents struct {
	deploy.Rules
	Categories []string // all of their tickets are
}

// Deployments is what incidents need of what was deployed.
type Deployments interface {
	// Deployments returns what was deployed of a service until a time, inclusive; the newest first.
	Deployments(ctx context.Context, service string, until time.Time, limit int) ([]deploy.Deployment, error)
	// Deployment returns a deployment; the zero Deployment if there is none.
	Deployment(ctx context.Context, id ticket.DeploymentID) (deploy.Deployment, error)
}

// WithIncidents returns the desk, which takes some tickets for incidents.
func (d *Desk) WithIncidents(i Incidents) *Desk {
	own := *d
	own.incidents = i
	return &own
}

// incident is what follows from the settings for a ticket of a category with some fields.
func (d *Desk) incident(category string, fields []ticket.Field) ticket.Incident {
	says := func(a AskedField) bool {
		i := slices.IndexFunc(fields, a.Empty().Same)
		return a.Incident != "" && i >= 0 && slices.Contains(fields[i].Values, a.Incident)
	}
	if slices.Contains(d.incidents.Categories, category) || slices.ContainsFunc(d.fields[category], says) {
		return ticket.IsIncident
	}
	return ticket.NotIncident
}

// incidentAfter is what follows if a ticket is edited: nothing, if that is the same as before. Then
// what somebody has said of it stays.
func (d *Desk) incidentAfter(t ticket.Ticket, c Content) ticket.Incident {
	before, after := d.incident(t.Category, t.Fields), d.incident(c.Category, ticket.Refilled(t.Fields, c.Fields))
	if before == after {
		return ""
	}
	return after
}

// Assess says whether a ticket is an incident, and which deployment caused it; none of that changes
// its state or its clocks.
func (d *Desk) Assess(ctx context.Context, g Gesture, is ticket.Incident, of ticket.DeploymentID) (Record, error) {
	if is != ticket.IsIncident {
		return d.do(ctx, g, ticket.Assessed, ticket.Details{Incident: ticket.NotIncident})
	}
	if of > 0 {
		r, err := d.Read(ctx, g.Ticket, g.Actor)
		if err != nil {
			return r, err
		}
		cause, err := d.deployments.Deployment(ctx, of)
		if err != nil {
			return r, orUnavailable(err, "looking for a deployment")
		}
		if cause.ID == 0 || cause.At.After(r.Ticket.OpenedAt.Add(deploy.Skew)) {
			return r, ticket.Errorf(ticket.Invalid, "Choose a deployment from before the ticket was opened.").At(FieldDeployment)
		}
	}
	return d.do(ctx, g, ticket.Assessed, ticket.Details{Incident: is, Deployment: of})
}

// CauseOf returns the deployment that an incident is tied to; the zero Deployment if it is tied to
// none, or if the ticket is no incident.
func (d *Desk) CauseOf(ctx context.Context, t ticket.Ticket) (deploy.Deployment, error) {
	switch {
	case !t.Incident || t.Deployment == ticket.NoDeployment:
		return deploy.Deployment{}, nil
	case t.Deployment > 0:
		cause, err := d.deployments.Deployment(ctx, t.Deployment)
		return cause, orUnavailable(err, "looking for a deployment")
	}
	last, err := d.deployedBefore(ctx, t, 1)
	if err != nil || len(last) == 0 || last[0].At.Before(t.OpenedAt.Add(-d.incidents.Window)) {
		return deploy.Deployment{}, err
	}
	return last[0], nil
}

// mostCauses is how many deployments somebody can choose from.
const mostCauses = 50

// PossibleCauses returns what was deployed of a ticket's service before it was opened, the newest
// first.
func (d *Desk) PossibleCauses(ctx context.Context, t ticket.Ticket) ([]deploy.Deployment, error) {
	return d.deployedBefore(ctx, t, mostCauses)
}

func (d *Desk) deployedBefore(ctx context.Context, t ticket.Ticket, limit int) ([]deploy.Deployment, error) {
	service := d.incidents.Services[t.Category]
	if service == "" {
		return nil, nil
	}
	all, err := d.deployments.Deployments(ctx, service, t.OpenedAt, limit)
	return all, orUnavailable(err, "looking for deployments")
}
