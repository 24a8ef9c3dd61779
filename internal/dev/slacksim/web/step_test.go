package web_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim"
)

// Who runs a step of a workflow fills in its inputs, and reads what it gives or why it failed.
func TestAStepOfAWorkflow(t *testing.T) {
	t.Parallel()
	var b *bot
	link := make(chan string, 1)
	srv, made := start(t, slacksim.Config{}, map[string]func(context.Context, interaction) any{
		"event_callback": func(ctx context.Context, i interaction) any {
			switch {
			case i.Event.Type != "function_executed":
			case i.Event.Inputs["title"] == nil:
				_ = b.api.FunctionCompleteErrorContext(ctx, i.Event.Execution, "Give it a title.")
			default:
				_ = b.api.FunctionCompleteSuccessContext(ctx, i.Event.Execution, slack.FunctionCompleteSuccessRequestOptionOutput(map[string]string{
					"number": fmt.Sprintf("%v for %v", i.Event.Inputs["title"], i.Event.Inputs["requester"]), "link": <-link,
				}))
			}
			return nil
		},
	})
	b = made
	ts := b.post(t, srv, "support", "The ticket", "")
	permalink, err := b.api.GetPermalinkContext(t.Context(), &slack.PermalinkParameters{Channel: srv.State().Channel("support").ID, Ts: ts})
	if err != nil {
		t.Fatal(err)
	}
	link <- permalink
	w := open(t, srv, "/?as=alice&channel=general", wide)
	w.click(`.composer [aria-label^="Attach a file"]`)
	w.click(w.find(`[role="menuitem"]`, "Open a support ticket"+"As a workflow does"))
	w.see("the fields", `document.querySelectorAll('dialog .field').length === 5`)
	w.press("Run")
	w.find("dialog [role=status]", "Give it a title.")
	w.click(in("requester", ".select"))
	w.click(w.find(`[role="option"]`, "Carol"))
	w.keys(in("title", "input"), "Laptop")
	w.press("Run")
	w.find("dialog dd", "Laptop for "+srv.State().Person("carol").ID)
	w.click(w.find("dialog dd button", "/archives/"))
	w.message("The ticket")
	w.see("that the dialog is gone", `!document.querySelector('dialog[open]')`)
}

// An app without steps offers none.
func TestNoStep(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{Steps: []slacksim.WorkflowStep{}}, nil)
	w := open(t, srv, "/?as=alice&channel=general", wide)
	w.click(`.composer [aria-label^="Attach a file"]`)
	w.find(`[role="menuitem"]`, "Open a support ticket")
	if eval[bool](w, `document.body.innerText.includes('As a workflow does')`) {
		t.Error("a step is offered")
	}
}
