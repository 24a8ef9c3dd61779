package slackapi

import (
	"context"

	"github.com/slack-go/slack"
)

// CompleteStep tells Slack that a step of a workflow is done, with what it gives. A step that was
// completed before stays as it is, and that is no error.
// https://docs.slack.dev/reference/methods/functions.completeSuccess
func (c *Client) CompleteStep(ctx context.Context, execution string, outputs map[string]string) error {
	return c.endStep(ctx, "functions.completeSuccess", func() error {
		return c.api.FunctionCompleteSuccessContext(ctx, execution, slack.FunctionCompleteSuccessRequestOptionOutput(outputs))
	})
}

// FailStep tells Slack why a step of a workflow cannot be done: who runs the workflow reads it.
// https://docs.slack.dev/reference/methods/functions.completeError
func (c *Client) FailStep(ctx context.Context, execution, sentence string) error {
	return c.endStep(ctx, "functions.completeError", func() error {
		return c.api.FunctionCompleteErrorContext(ctx, execution, sentence)
	})
}

func (c *Client) endStep(ctx context.Context, method string, call func() error) error {
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	err := call()
	if err == nil {
		return nil
	}
	if failed := c.failed(ctx, method, err); CodeOf(failed) != "execution_not_in_running_state" {
		return failed
	}
	return nil
}
