package slackin

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeEnvelope(t *testing.T) {
	t.Parallel()
	e, err := decodeEnvelope([]byte(`{"type":"events_api","envelope_id":"6f2a","retry_attempt":2,"retry_reason":"timeout",
		"accepts_response_payload":false,"payload":{"a":1},"brand_new":[1]}`))
	want := envelope{ID: "6f2a", Kind: "events_api", Payload: []byte(`{"a":1}`), Retry: 2}
	if diff := cmp.Diff(want, e); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, broken := range []string{``, `{`, `[]`, `"x"`, `{"envelope_id":7}`, `{"retry_attempt":"2"}`} {
		if e, err := decodeEnvelope([]byte(broken)); err == nil {
			t.Errorf("%s is %+v", broken, e)
		}
	}
}

func TestDecodeEvent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, inner         string
		kind, channel, user string
		message             message
		reply               bool
	}{
		{
			"a reply", `{"type":"message","channel":"C1","user":"U1","text":"hi","ts":"2.1","thread_ts":"1.1","parent_user_id":"U2"}`,
			"message", "C1", "U1", message{User: "U1", Text: "hi", TS: "2.1", ThreadTS: "1.1", ParentUser: "U2"}, true,
		},
		{
			"a thread's first message", `{"type":"message","channel":"C1","user":"U1","ts":"1.1","thread_ts":"1.1"}`,
			"message", "C1", "U1", message{User: "U1", TS: "1.1", ThreadTS: "1.1"}, false,
		},
		{
			"by a bot", `{"type":"message","subtype":"bot_message","channel":"C1","bot_id":"B1","ts":"1.1"}`,
			"message", "C1", "", message{BotID: "B1", TS: "1.1"}, false,
		},
		{"a whole channel", `{"type":"channel_rename","channel":{"id":"C2","name":"new"}}`, "channel_rename", "C2", "", message{}, false},
		{"a whole person", `{"type":"user_change","user":{"id":"U3","tz":"Europe/Rome"}}`, "user_change", "", "U3", message{User: "U3"}, false},
		{"ids of another type", `{"type":"message","channel":7,"user":["U1"]}`, "message", "", "", message{}, false},
		{"nothing", `{}`, "", "", "", message{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := decodeEvent([]byte(`{"type":"event_callback","event_id":"Ev1","event":` + test.inner + `}`))
			if err != nil || e.Type != test.kind || e.channel() != test.channel || e.user() != test.user {
				t.Errorf("%v, %q in %q by %q", err, e.Type, e.channel(), e.user())
			}
			if diff := cmp.Diff(test.message, e.asMessage()); diff != "" || e.asMessage().isReply() != test.reply {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		})
	}
	if _, err := decodeEvent([]byte(`{"event":{"ts":1}}`)); err == nil {
		t.Error("a ts that is a number was taken")
	}
}

func TestDecodeCommand(t *testing.T) {
	t.Parallel()
	c, err := decodeCommand([]byte(`{"command":"/support","text":"show 4","user_id":"U1","channel_id":"C1",
		"trigger_id":"9.8.7","response_url":"https://hooks.example/1","is_enterprise_install":null}`))
	want := command{Text: "show 4", UserID: "U1", ChannelID: "C1", TriggerID: "9.8.7", ResponseURL: "https://hooks.example/1"}
	if diff := cmp.Diff(want, c); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := decodeCommand([]byte(`{"text":{}}`)); err == nil {
		t.Error("a text that is an object was taken")
	}
}

func TestDecodeInteraction(t *testing.T) {
	t.Parallel()
	i, err := decodeInteraction([]byte(`{"type":"block_actions","user":{"id":"U1","name":"x"},"response_url":"https://hooks.example/2",
		"container":{"channel_id":"C1","message_ts":"2.1","thread_ts":"1.1","is_ephemeral":true},
		"actions":[{"action_id":"menu","action_ts":"3.1","type":"overflow","selected_option":{"value":"close:1"}},
			{"action_id":"claim","action_ts":"3.2","value":"1"}]}`))
	if err != nil || i.User.ID != "U1" || len(i.Actions) != 2 {
		t.Fatalf("%v, %+v", err, i)
	}
	if got := i.Actions[0].chosen() + " " + i.Actions[1].chosen(); got != "close:1 1" {
		t.Errorf("chosen: %s", got)
	}
	want := container{ChannelID: "C1", MessageTS: "2.1", ThreadTS: "1.1", Ephemeral: true}
	if diff := cmp.Diff(want, i.Container); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := decodeInteraction([]byte(`{"actions":{}}`)); err == nil {
		t.Error("actions that are no list were taken")
	}
}
