package web_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"sync"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"supporty/internal/dev/slacksim"
)

// bot is a small app on the real client library. Its hooks answer with the
// payload of the acknowledgement; what has none is acknowledged empty.
type bot struct {
	api *slack.Client
	on  map[string]func(ctx context.Context, payload interaction) any
}

// interaction is what the hooks need of a payload.
type interaction struct {
	TriggerID string `json:"trigger_id"`
	Command   string `json:"command"`
	Value     string `json:"value"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
	View struct {
		ID    string `json:"id"`
		State struct {
			Values map[string]map[string]json.RawMessage `json:"values"`
		} `json:"state"`
	} `json:"view"`
	Actions []struct {
		ActionID string          `json:"action_id"`
		Selected json.RawMessage `json:"selected_option"`
		Value    json.RawMessage `json:"value"`
	} `json:"actions"`
	Type  string `json:"type"`
	Event struct {
		Type string `json:"type"`
		Tab  string `json:"tab"`

		Execution string         `json:"function_execution_id"`
		Inputs    map[string]any `json:"inputs"`
	} `json:"event"`
}

// start runs a workspace with a bot in it.
func start(t *testing.T, cfg slacksim.Config, on map[string]func(context.Context, interaction) any) (*slacksim.Server, *bot) {
	t.Helper()
	srv, err := slacksim.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Close() })
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	b := &bot{on: on, api: slack.New(srv.BotToken(), slack.OptionAppLevelToken(srv.AppToken()),
		slack.OptionAPIURL(srv.APIURL()), slack.OptionHTTPClient(client))}
	sm := socketmode.New(b.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = sm.RunContext(ctx) })
	running.Go(func() { b.serve(ctx, sm) })
	t.Cleanup(func() { cancel(); running.Wait() })
	connected, stop := context.WithTimeout(t.Context(), within)
	defer stop()
	if _, err := srv.Client().Await(connected, func(s slacksim.State) bool { return s.Sockets > 0 }); err != nil {
		t.Fatal(err)
	}
	return srv, b
}

func (b *bot) serve(ctx context.Context, sm *socketmode.Client) {
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-sm.Events:
			if event.Request == nil || event.Request.Type == "hello" {
				continue
			}
			_ = sm.AckCtx(ctx, event.Request.EnvelopeID, b.answer(ctx, event.Request))
		}
	}
}

func (b *bot) answer(ctx context.Context, request *socketmode.Request) any {
	var payload interaction
	_ = json.Unmarshal(request.Payload, &payload)
	kind := payload.Type
	if payload.Command != "" {
		kind = "command"
	}
	if hook := b.on[kind]; hook != nil {
		return hook(ctx, payload)
	}
	return nil
}

// post sends a message with blocks to a channel of the workspace.
func (b *bot) post(t *testing.T, srv *slacksim.Server, channel, text, blocks string) string {
	t.Helper()
	options := []slack.MsgOption{slack.MsgOptionText(text, false)}
	if blocks != "" {
		options = append(options, slack.MsgOptionBlocks(blocksOf(t, blocks).BlockSet...))
	}
	_, ts, err := b.api.PostMessageContext(t.Context(), srv.State().Channel(channel).ID, options...)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func blocksOf(t *testing.T, blocks string) slack.Blocks {
	t.Helper()
	var parsed slack.Blocks
	if err := json.Unmarshal([]byte(blocks), &parsed); err != nil {
		t.Fatal(err)
	}
	return parsed
}

// rawView turns JSON into what slack-go sends as it is.
func rawView(view string) slack.ModalViewRequest {
	var request slack.ModalViewRequest
	if err := json.Unmarshal([]byte(view), &request); err != nil {
		panic(err)
	}
	return request
}
