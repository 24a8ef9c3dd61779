package webapi

import (
	"encoding/json"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// stepCompleted ends a step of a workflow with what it gives.
func (api *API) stepCompleted(tx *workspace.Tx, a args) (wire.Object, error) {
	s, err := runningStep(tx, a)
	if err != nil {
		return nil, err
	}
	if json.Unmarshal([]byte(a["outputs"]), &s.Outputs) != nil {
		return nil, refuse("parameter_validation_failed")
	}
	tx.EndStep(s, "")
	return wire.Object{}, nil
}

// stepFailed ends a step of a workflow with an error.
func (api *API) stepFailed(tx *workspace.Tx, a args) (wire.Object, error) {
	s, err := runningStep(tx, a)
	if err != nil {
		return nil, err
	}
	if a["error"] == "" {
		return nil, invalidArguments("[ERROR] missing required field: error")
	}
	tx.EndStep(s, a["error"])
	return wire.Object{}, nil
}

func runningStep(tx *workspace.Tx, a args) (*workspace.Step, error) {
	s := tx.Step(a["function_execution_id"])
	switch {
	case s == nil:
		return nil, refuse("function_execution_not_found")
	case s.Done:
		return nil, refuse("execution_not_in_running_state")
	}
	return s, nil
}
