package slackapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/slack-go/slack"

	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Guard is called right before a call to Slack, after all waiting. It may change the message.
// Its error prevents the call. A nil Guard allows every call.
type Guard func(*slackformat.Message) error

func (g Guard) about(m *slackformat.Message) func() error {
	if g == nil {
		return nil
	}
	return func() error { return g(m) }
}

// Post writes a message to a channel, a thread or a person, and returns where it stands. A
// message to a person stands in the direct messages with them (D…).
//
// The end of ctx does not cancel a call that has begun; only Timeout does. Slack may have
// taken the call, and it is better to wait for the answer than not to know. The same holds
// for Update and Ephemeral.
func (c *Client) Post(ctx context.Context, guard Guard, channel, thread string, m slackformat.Message) (ticket.Message, error) {
	const method = "chat.postMessage"
	if err := c.beforeCall(ctx, guard.about(&m), method, channel); err != nil {
		return ticket.Message{}, err
	}
	options := append(marked(m), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
		if m.Broadcast {
			options = append(options, slack.MsgOptionBroadcast())
		}
	}
	in, ts, err := c.api.PostMessageContext(context.WithoutCancel(ctx), channel, options...)
	if err != nil {
		return ticket.Message{}, c.failed(ctx, method, err)
	}
	return ticket.Message{Channel: in, TS: ts}, nil
}

// Update edits a message of ours in place. It notifies nobody.
func (c *Client) Update(ctx context.Context, guard Guard, at ticket.Message, m slackformat.Message) error {
	const method = "chat.update"
	if err := c.beforeCall(ctx, guard.about(&m), method, at.Channel); err != nil {
		return err
	}
	if _, _, _, err := c.api.UpdateMessageContext(context.WithoutCancel(ctx), at.Channel, at.TS, marked(m)...); err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// Ephemeral writes a message to one person in a channel or a thread. The person sees it only
// if they are there at the time, and it cannot be looked for.
func (c *Client) Ephemeral(ctx context.Context, guard Guard, channel, thread, person string, m slackformat.Message) error {
	const method = "chat.postEphemeral"
	if err := c.beforeCall(ctx, guard.about(&m), method, channel); err != nil {
		return err
	}
	options := worded(m)
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	if _, err := c.api.PostEphemeralContext(context.WithoutCancel(ctx), channel, person, options...); err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// Delete deletes a message of ours. It is no error if the message is gone already.
func (c *Client) Delete(ctx context.Context, at ticket.Message) error {
	const method = "chat.delete"
	if err := c.beforeCall(ctx, nil, method, at.Channel); err != nil {
		return err
	}
	if _, _, err := c.api.DeleteMessageContext(ctx, at.Channel, at.TS); err != nil {
		if e := c.failed(ctx, method, err); ScopeOf(e) != Gone {
			return e
		}
	}
	return nil
}

// OpenView opens a form and returns its id, and the hash of what it shows. The trigger is valid for
// three seconds.
func (c *Client) OpenView(ctx context.Context, trigger string, v slack.ModalViewRequest) (id, hash string, err error) {
	const method = "views.open"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return "", "", err
	}
	opened, err := c.api.OpenViewContext(ctx, trigger, v)
	if err != nil {
		return "", "", c.failed(ctx, method, err)
	}
	return opened.ID, opened.Hash, nil
}

const updateView = "views.update"

// UpdateView replaces an open form, unless the form has changed since it had this hash, and
// returns its new hash. With an empty hash it replaces the form in any case.
func (c *Client) UpdateView(ctx context.Context, id, hash string, v slack.ModalViewRequest) (string, error) {
	if err := c.beforeCall(ctx, nil, updateView, ""); err != nil {
		return "", err
	}
	updated, err := c.api.UpdateViewContext(ctx, v, "", hash, id)
	if err != nil {
		return "", c.failed(ctx, updateView, err)
	}
	return updated.Hash, nil
}

// UpdateViewIfRoom is UpdateView for what nobody waits for. It waits for no limit, and leaves
// calls to others: without room it returns ErrNoRoom, and Slack was not called.
func (c *Client) UpdateViewIfRoom(ctx context.Context, id, hash string, v slack.ModalViewRequest) (string, error) {
	if !c.limits.hasRoom() {
		return "", ErrNoRoom
	}
	return c.UpdateView(ctx, id, hash, v)
}

// PublishHome shows a person their Home tab, in the place of the one before.
func (c *Client) PublishHome(ctx context.Context, person string, v slack.HomeTabViewRequest) error {
	const method = "views.publish"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	if _, err := c.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: person, View: v}); err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// Answer writes to a response_url: to the person who acted, in a thread if they acted in one.
// With replace it replaces the ephemeral message that they acted on. It also reaches people
// who are not in the channel.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
func (c *Client) Answer(ctx context.Context, responseURL, thread string, m slackformat.Message, replace bool) error {
	return c.respond(ctx, responseURL, m, &slack.WebhookMessage{ResponseType: slack.ResponseTypeEphemeral, ThreadTimestamp: thread, ReplaceOriginal: replace})
}

// Replace writes to a response_url: it replaces the message on which the person acted, which others
// may see as well. Its metadata stay.
// https://docs.slack.dev/interactivity/handling-user-interaction#updating_message_response
func (c *Client) Replace(ctx context.Context, responseURL string, m slackformat.Message) error {
	return c.respond(ctx, responseURL, m, &slack.WebhookMessage{ReplaceOriginal: true})
}

func (c *Client) respond(ctx context.Context, responseURL string, m slackformat.Message, msg *slack.WebhookMessage) error {
	msg.Text, msg.Blocks = m.Text, &slack.Blocks{BlockSet: m.Blocks}
	if len(m.Blocks) == 0 {
		msg.Blocks = nil
	}
	client := &http.Client{Timeout: Timeout, Transport: metered{meter: c.meter, to: c.to, method: "response_url"}}
	if err := slack.PostWebhookCustomHTTPContext(ctx, responseURL, client, msg); err != nil {
		return fmt.Errorf("answering: %w", classify("response_url", redactURL(err)))
	}
	return nil
}

// beforeCall waits for Slack's limits and then calls the guard. After its error Slack was not
// called.
func (c *Client) beforeCall(ctx context.Context, guard func() error, method, channel string) error {
	if err := c.wait(ctx, method, channel); err != nil {
		if ScopeOf(err) == Limited {
			return err
		}
		return &Error{Method: method, Code: "not_called", Scope: Temporary, Cause: err}
	}
	if guard == nil {
		return nil
	}
	if err := guard(); err != nil {
		return &Error{Method: method, Code: "not_called", Scope: Temporary, Cause: err}
	}
	return nil
}

// worded are the arguments that all methods of writing share.
func worded(m slackformat.Message) []slack.MsgOption {
	options := []slack.MsgOption{slack.MsgOptionText(m.Text, false)} // escaped where it was made
	if len(m.Blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(m.Blocks...))
	}
	return options
}

// marked adds the mark of a message that stays.
func marked(m slackformat.Message) []slack.MsgOption {
	m.Blocks = m.Mark.On(m.Blocks)
	options := worded(m)
	if m.Mark.ID != "" {
		options = append(options, slack.MsgOptionMetadata(m.Mark.Metadata()))
	}
	return options
}
