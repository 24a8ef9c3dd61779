package ticket

// Incident says whether a ticket is an incident: something that hurts users and has to be mended at
// once. It is empty where nothing is said.
type Incident string

// What can be said.
const (
	IsIncident  Incident = "yes"
	NotIncident Incident = "no"
)

// DeploymentID identifies a deployment that is stored. IDs count up; gaps are allowed.
type DeploymentID int64

// What caused an incident, if it is no certain deployment.
const (
	LastDeployment DeploymentID = 0  // the last one of its service before it was opened, if there is one
	NoDeployment   DeploymentID = -1 // somebody said that none caused it
)

// assessed says whether the ticket is an incident, and which deployment caused it.
func (t Ticket) assessed(e Entry) (Ticket, error) {
	is := e.Incident == IsIncident
	of := e.Deployment
	if !is {
		of = LastDeployment
	}
	if t.Incident == is && t.Deployment == of {
		return t, errSame
	}
	t.Incident, t.Deployment = is, of
	return t, nil
}

// regarded is what the settings say of the ticket by its category and fields, as they are now.
func (t Ticket) regarded(e Entry) Ticket {
	if e.Incident != "" {
		t.Incident = e.Incident == IsIncident
	}
	return t
}
