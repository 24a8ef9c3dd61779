package slacksim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"supporty/internal/dev/slacksim/web"
)

// Client drives a simulated workspace through its control API. It may be used
// from several goroutines.
type Client struct {
	base string
	http *http.Client
}

// NewClient speaks to the server at baseURL, such as http://127.0.0.1:8065.
func NewClient(baseURL string) *Client {
	// Connections are not kept, so that nothing lingers when a test ends.
	transport := &http.Transport{DisableKeepAlives: true}
	return &Client{base: strings.TrimSuffix(baseURL, "/"), http: &http.Client{Transport: transport}}
}

// As is somebody in the workspace, by handle or user id. Whether they exist
// shows when they do something.
func (c *Client) As(name string) *Actor { return &Actor{client: c, name: name} }

// State fetches what can be seen now.
func (c *Client) State(ctx context.Context) (State, error) {
	var state State
	err := c.get(ctx, "state", nil, &state)
	return state, err
}

// Await waits until the state is as wanted and returns it. When ctx ends first,
// the error tells what the state was last.
func (c *Client) Await(ctx context.Context, wanted func(State) bool) (State, error) {
	var last State
	for {
		state, err := c.State(ctx)
		if err == nil {
			last = state
			if wanted(state) {
				return state, nil
			}
			err = c.changed(ctx, state.Seq)
		}
		if err != nil {
			return last, fmt.Errorf("waiting for the workspace (%w); last seen:\n%s", err, last.Summary())
		}
	}
}

// changed returns when the journal is past seq.
func (c *Client) changed(ctx context.Context, seq int64) error {
	for {
		var now struct {
			Seq int64 `json:"seq"`
		}
		query := url.Values{"after": {fmt.Sprint(seq)}, "wait": {"30"}}
		if err := c.get(ctx, "changes", query, &now); err != nil || now.Seq > seq {
			return err
		}
	}
}

// Journal returns what happened after that entry; 0 gives all.
func (c *Client) Journal(ctx context.Context, after int64) ([]Entry, error) {
	var entries []Entry
	err := c.get(ctx, "journal", url.Values{"after": {fmt.Sprint(after)}}, &entries)
	return entries, err
}

// Samples returns what /kit shows.
func (c *Client) Samples(ctx context.Context) ([]web.Sample, error) {
	var samples []web.Sample
	err := c.get(ctx, "samples", nil, &samples)
	return samples, err
}

// Fault sets a fault and returns it with its id.
func (c *Client) Fault(ctx context.Context, f Fault) (Fault, error) {
	var set Fault
	err := c.post(ctx, "faults", f, &set)
	return set, err
}

// Faults are those that are in force: one that has struck as often as it should is not.
func (c *Client) Faults(ctx context.Context) ([]Fault, error) {
	var list []Fault
	err := c.get(ctx, "faults", nil, &list)
	return list, err
}

// ClearFaults ends all faults.
func (c *Client) ClearFaults(ctx context.Context) error {
	return c.call(ctx, http.MethodDelete, "faults", nil, nil, nil)
}

// ClearFault ends one fault.
func (c *Client) ClearFault(ctx context.Context, id int) error {
	return c.call(ctx, http.MethodDelete, "faults", url.Values{"id": {fmt.Sprint(id)}}, nil, nil)
}

// SetLimits switches Slack's rate limits on or off.
func (c *Client) SetLimits(ctx context.Context, l Limits) error {
	return c.post(ctx, "limits", l, nil)
}

// Notified returns what a person was notified of after that journal number;
// 0 gives all.
func (c *Client) Notified(ctx context.Context, person string, after int64) ([]Notification, error) {
	var list []Notification
	err := c.get(ctx, "notifications", url.Values{"as": {person}, "after": {fmt.Sprint(after)}}, &list)
	return list, err
}

// SetBeliefs says how Slack does what it does not document, from now on.
func (c *Client) SetBeliefs(ctx context.Context, b Beliefs) error {
	return c.post(ctx, "beliefs", b, nil)
}

// Incoming posts what another app posts, with blocks or attachments.
func (c *Client) Incoming(ctx context.Context, m AppMessage) (*Message, error) {
	var posted Message
	err := c.post(ctx, "messages", m, &posted)
	return &posted, err
}

// CreatePerson adds somebody to the workspace; Name is needed.
func (c *Client) CreatePerson(ctx context.Context, p Person) (Person, error) {
	var created Person
	err := c.post(ctx, "people", p, &created)
	return created, err
}

// CreateChannel adds a channel; Name is needed, Members may be names.
func (c *Client) CreateChannel(ctx context.Context, ch Channel) (Channel, error) {
	var created Channel
	err := c.post(ctx, "channels", ch, &created)
	return created, err
}

// SetUsergroup adds a user group, or changes the one with that id or, without one, with
// that handle: its members, its handle, and whether it is switched off.
func (c *Client) SetUsergroup(ctx context.Context, g Usergroup) (Usergroup, error) {
	var set Usergroup
	err := c.post(ctx, "usergroups", g, &set)
	return set, err
}

// Do carries out any action. An error means that a person could not do it, or
// that the server did not answer.
func (c *Client) Do(ctx context.Context, a Action) (Outcome, error) {
	var out Outcome
	err := c.post(ctx, "actions", a, &out)
	return out, err
}

func (c *Client) get(ctx context.Context, what string, query url.Values, into any) error {
	return c.call(ctx, http.MethodGet, what, query, nil, into)
}

func (c *Client) post(ctx context.Context, what string, body, into any) error {
	return c.call(ctx, http.MethodPost, what, nil, body, into)
}

func (c *Client) call(ctx context.Context, method, what string, query url.Values, body, into any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encoding %s for the simulated Slack: %w", what, err)
	}
	return c.send(ctx, method, what, query, encoded, into)
}

func (c *Client) send(ctx context.Context, method, what string, query url.Values, encoded []byte, into any) error {
	response, err := c.ask(ctx, method, what, query, encoded)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return readReply(response, what, into)
}

func (c *Client) ask(ctx context.Context, method, what string, query url.Values, encoded []byte) (*http.Response, error) {
	address := c.base + "/sim/v1/" + what + "?" + query.Encode()
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(encoded))
	if err != nil {
		return nil, fmt.Errorf("asking the simulated Slack for %s: %w", what, err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking the simulated Slack for %s: %w", what, err)
	}
	return response, nil
}

// FileContent fetches what is in a file, whoever may see it.
func (c *Client) FileContent(ctx context.Context, id string) ([]byte, error) {
	response, err := c.ask(ctx, http.MethodGet, "files/"+id, nil, nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("simulated Slack: file %s: %s", id, response.Status)
	}
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("reading file %s of the simulated Slack: %w", id, err)
	}
	return content, nil
}

func readReply(response *http.Response, what string, into any) error {
	if response.StatusCode != http.StatusOK {
		var refusal struct {
			Error string `json:"error"`
		}
		page, _ := io.ReadAll(response.Body)
		if json.Unmarshal(page, &refusal) != nil || refusal.Error == "" {
			refusal.Error = response.Status
		}
		return fmt.Errorf("simulated Slack: %s: %s", what, refusal.Error)
	}
	if into == nil {
		return nil
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("reading %s of the simulated Slack: %w", what, err)
	}
	return nil
}
