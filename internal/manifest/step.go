package manifest

import "slices"

// eventStep tells that the step of a workflow is to be done. Slack takes it only from an app
// that has a step. docs.slack.dev/reference/events/function_executed
const eventStep = "function_executed"

func events(workflow bool) []string {
	if workflow {
		return append(slices.Clone(Events), eventStep)
	}
	return Events
}

// parameter is what the step of workflows takes or gives.
// docs.slack.dev/tools/bolt-js/tutorials/custom-steps
type parameter struct {
	Name, Type, Title, Description string
	Required                       bool
}

const (
	text   = "string"
	person = "slack#/types/user_id"
)

var stepInputs = []parameter{
	{StepRequester, person, "Who needs it", "They hear who has the ticket, and how it ends", true},
	{StepTitle, text, "Title", "What is wrong, in a line", true},
	{StepText, text, "What happened", "Details that help", false},
	{StepCategory, text, "Category", "One of the categories in the settings; empty for the first", false},
	{StepPriority, text, "Priority", "P1, P2 or P3; empty for that of the category", false},
}

var stepOutputs = []parameter{
	{StepNumber, text, "Number", "The number of the ticket", true},
	{StepLink, text, "Link", "Leads to the ticket; empty if it stands nowhere yet", true},
}
