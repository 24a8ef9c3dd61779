package app_test

import (
	"slices"
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
	"supporty/internal/manifest"
	"supporty/internal/ticket"
)

const openTicket = "open_ticket" // the callback id of the step

// step runs the step of a workflow and waits for its outcome.
func (h *harness) step(inputs slacksim.FormValues) slacksim.Step {
	h.t.Helper()
	before := len(h.look().Steps)
	h.as("alice").ok(h.as("alice").actor.RunStep(h.ctx, openTicket, inputs))
	var done slacksim.Step
	h.poll("the outcome of a step", func() bool {
		if s := h.look(); len(s.Steps) > before {
			done = s.Steps[before]
		}
		return done.Done
	})
	return done
}

// The step of a workflow opens a ticket, and gives its number and a link to it.
func TestWorkflowStep(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Categories[1].Priority = "P1" })
	carol := h.sim.State().Person("carol").ID
	done := h.step(slacksim.FormValues{"requester": carol, "title": "Laptop for <Zoe> & co", "text": "She starts on Monday.", "category": "payments", "priority": "P2"})
	if done.Error != "" || done.Outputs["number"] != "1" || !strings.Contains(done.Outputs["link"], "/archives/") {
		t.Errorf("the outcome is %+v", done)
	}
	h.reads("support", "#1 · P2 · Laptop for <Zoe> & co")
	h.as("carol").gets("#1")
	if done := h.step(slacksim.FormValues{"requester": carol, "title": "Badge"}); done.Outputs["number"] != "2" {
		t.Errorf("with the least that is needed: %+v", done)
	}
	h.reads("support", "#2 · P3 · Badge")
	h.step(slacksim.FormValues{"requester": carol, "title": "The shop is down", "category": "product"})
	h.reads("support", "#3 · P1 · The shop is down")
}

// A step asks for no fields: a category that requires some can be chosen all the same.
func TestWorkflowStepWithoutFields(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) {
		c.Categories[0].Fields = []config.Field{{Name: "Host", Kind: ticket.FieldText, Required: true}}
	})
	done := h.step(slacksim.FormValues{"requester": h.idOf("carol"), "title": "Laptop", "category": "payments"})
	if done.Error != "" || done.Outputs["number"] != "1" {
		t.Errorf("the outcome is %+v", done)
	}
}

// What cannot be a ticket ends the step with a sentence.
func TestWorkflowStepWithBadInputs(t *testing.T) {
	t.Parallel()
	h := setup(t)
	carol := h.sim.State().Person("carol").ID
	for want, inputs := range map[string]slacksim.FormValues{
		"does not say who":              {"title": "Laptop"},
		"Give it a title":               {"requester": carol, "title": " "},
		"Choose a category":             {"requester": carol, "title": "Laptop", "category": "Nowhere"},
		`There is no priority "urgent"`: {"requester": carol, "title": "Laptop", "priority": "urgent"},
	} {
		if done := h.step(inputs); !strings.Contains(done.Error, want) {
			t.Errorf("%v: %+v, want %q", inputs, done, want)
		}
	}
	h.until(`SELECT count(*) = 0 FROM tickets`)
}

// However often Slack sends the event, and whatever becomes of the answer, it is one ticket, and
// the step ends.
func TestWorkflowStepIsDoneOnce(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slacksim.Fault{
		"sent twice":  {Kind: slacksim.FaultDuplicate, Event: "function_executed", Count: 1},
		"no answer":   {Kind: slacksim.FaultHTTP, Status: 500, Method: "functions.completeSuccess", Count: 1},
		"late answer": {Kind: slacksim.FaultHTTP, Status: 500, AfterEffect: true, Method: "functions.completeSuccess", Count: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.fault(fault)
			done := h.step(slacksim.FormValues{"requester": h.sim.State().Person("carol").ID, "title": "Laptop"})
			if done.Error != "" || done.Outputs["number"] != "1" {
				t.Errorf("the outcome is %+v", done)
			}
			h.as("alice").opens(usual("Another")) // handled after what was sent again
			h.until(`SELECT count(*) = 2 FROM tickets`)
		})
	}
}

// The simulated Slack offers the step that the manifest describes.
func TestTheStepOfTheSimulator(t *testing.T) {
	t.Parallel()
	step := slacksim.DefaultSteps()[0]
	var inputs []string
	for _, i := range step.Inputs {
		inputs = append(inputs, i.Name)
	}
	want := []string{manifest.StepRequester, manifest.StepTitle, manifest.StepText, manifest.StepCategory, manifest.StepPriority}
	if step.Callback != manifest.CallbackStep || !slices.Equal(inputs, want) {
		t.Errorf("the step is %q with %v", step.Callback, inputs)
	}
}
