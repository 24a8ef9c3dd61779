package slackview

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/deploy"
	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// longestVersion is how much of a version is shown, in characters.
const longestVersion = 40

// incident is what the card says of one: "Incident · after shop 1.4.2, deployed Mon 09:50".
func incident(t ticket.Ticket, s Scene) string {
	if !t.Incident {
		return ""
	}
	return dots("Incident", deployed(s.Cause))
}

// deployed names the deployment that an incident is tied to.
func deployed(d deploy.Deployment) string {
	if d.ID == 0 {
		return ""
	}
	name := slackformat.Escape(releaseName(d))
	if d.URL != "" {
		name = linked(strings.ReplaceAll(d.URL, "&", "&amp;"), name)
	}
	return "after " + name + ", deployed " + date(d.At)
}

func releaseName(d deploy.Deployment) string {
	return strings.TrimSpace(slackformat.Clip(d.Service, longestVersion) + " " + slackformat.Clip(d.Version, longestVersion))
}

func openIncident(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
	r, err := d.Read(ctx, o.Ticket, o.Person)
	if err != nil {
		return Modal{}, err
	}
	possible, err := d.PossibleCauses(ctx, r.Ticket)
	if err != nil {
		return Modal{}, err
	}
	asIncident := r.Ticket
	asIncident.Incident, asIncident.Deployment = true, ticket.LastDeployment
	last, err := d.CauseOf(ctx, asIncident)
	if err != nil {
		return Modal{}, err
	}
	return IncidentForm(r.Ticket, last, possible), nil
}

// IncidentForm asks whether a ticket is an incident, and which deployment caused it: the last one
// before it, if it is tied to that, or one of the possible ones.
func IncidentForm(t ticket.Ticket, last deploy.Deployment, possible []deploy.Deployment) Modal {
	options := []*slack.OptionBlockObject{option(string(ticket.IsIncident), "Yes"), option(string(ticket.NotIncident), "No")}
	is := slack.NewRadioButtonsBlockElement(inputID(desk.FieldIncident), options...)
	is.InitialOption = options[1]
	if t.Incident {
		is.InitialOption = options[0]
	}
	asked := input(desk.FieldIncident, "Is it an incident?", is)
	asked.Hint = plain("Something hurts users, and has to be mended at once.")
	blocks := []slack.Block{asked}
	if len(possible) > 0 {
		cause := input(desk.FieldDeployment, "Which deployment caused it?", causeMenu(t, last, possible))
		cause.Hint = plain("The statistics count how many deployments broke something, and how long it took to recover.")
		blocks = append(blocks, cause.WithOptional(true))
	}
	return modal(FormIncident, fmt.Sprintf("%s as incident", t.Number), "Save", Metadata{Ticket: t.Number}, blocks...)
}

func causeMenu(t ticket.Ticket, last deploy.Deployment, possible []deploy.Deployment) *slack.SelectBlockElement {
	byTime := "The last one before it: there is none in time"
	if last.ID != 0 {
		byTime = "The last one before it: " + optionLabel(last)
	}
	options := []*slack.OptionBlockObject{
		option(causeValue(ticket.LastDeployment), byTime), option(causeValue(ticket.NoDeployment), "No deployment"),
	}
	for _, d := range possible {
		options = append(options, option(causeValue(d.ID), optionLabel(d)))
	}
	menu := choiceMenu(inputID(desk.FieldDeployment), "Choose one", options, causeValue(t.Deployment))
	if menu.InitialOption == nil { // it is older than what is offered
		menu.InitialOption = option(causeValue(t.Deployment), "The one that it is tied to now")
		menu.Options = append(menu.Options, menu.InitialOption)
	}
	return menu
}

func causeValue(id ticket.DeploymentID) string { return strconv.FormatInt(int64(id), 10) }

// optionLabel names a deployment where Slack shows no dates in the reader's zone.
func optionLabel(d deploy.Deployment) string {
	return releaseName(d) + ", " + d.At.Format("2 Jan 15:04") + " UTC"
}

func sendIncident(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	id, err := strconv.ParseInt(s.Choice(desk.FieldDeployment), 10, 64)
	if err != nil { // nothing was offered, or chosen
		id = int64(ticket.LastDeployment)
	}
	return d.Assess(ctx, by, ticket.Incident(s.Choice(desk.FieldIncident)), ticket.DeploymentID(id))
}
