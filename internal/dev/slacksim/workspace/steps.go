package workspace

import "supporty/internal/dev/slacksim/wire"

// Step is one execution of the app's step in a workflow.
// https://docs.slack.dev/reference/events/function_executed
type Step struct {
	Execution string            `json:"execution"`
	Callback  string            `json:"callback"`
	Done      bool              `json:"done"`
	Outputs   map[string]string `json:"outputs,omitempty"`
	Error     string            `json:"error,omitempty"` // why it could not be done
}

// RunStep has a workflow come to a step of the app.
func (tx *Tx) RunStep(callback string, inputs map[string]any) *Step {
	s := &Step{Execution: tx.NewID("Fx"), Callback: callback}
	tx.Steps = append(tx.Steps, s)
	tx.emit(tx, wire.Object{
		"type": "function_executed", "event_ts": tx.NewTS(),
		"function": wire.Object{"id": "Fn" + callback, "callback_id": callback, "type": "app", "app_id": tx.Bot.App},
		"inputs":   inputs, "function_execution_id": s.Execution, "workflow_execution_id": tx.NewID("Wx"), "bot_access_token": "xwfp-of-the-simulator",
	}, nil)
	return s
}

// EndStep notes that an execution is over, so that every window sees it; with an error, if it failed.
func (tx *Tx) EndStep(s *Step, failure string) {
	s.Done, s.Error = true, failure
	tx.Journal.Add(Entry{Kind: KindPeople, What: "step"})
}

// Step returns an execution; nil if there is none.
func (tx *Tx) Step(execution string) *Step {
	for _, s := range tx.Steps {
		if s.Execution == execution {
			return s
		}
	}
	return nil
}
