package people

// Command is a slash command of the app.
type Command struct {
	Name        string `json:"name"` // with its slash
	Description string `json:"description,omitempty"`
	Hint        string `json:"hint,omitempty"` // what may follow it

	// Escape is should_escape of the app's manifest: people, channels and
	// addresses in what follows the command reach the app as codes. Without it,
	// the app gets the text as it was typed.
	Escape bool `json:"escape,omitempty"`
}

// Shortcut is an entry that the app adds to a message's menu or to the
// composer's.
type Shortcut struct {
	Callback string `json:"callback"`
	Name     string `json:"name"`
	Global   bool   `json:"global,omitempty"` // not about a message
}

// WorkflowStep is a step that the app offers for workflows.
// https://docs.slack.dev/workflows/workflow-steps
type WorkflowStep struct {
	Callback string      `json:"callback"`
	Name     string      `json:"name"`
	Inputs   []StepInput `json:"inputs,omitempty"`
}

// StepInput is what a step takes: a text, or a person.
type StepInput struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Hint     string `json:"hint,omitempty"`
	Person   bool   `json:"person,omitempty"`
	Required bool   `json:"required,omitempty"`
}
