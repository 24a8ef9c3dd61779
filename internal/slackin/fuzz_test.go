package slackin

import (
	"encoding/json"
	"testing"
	"time"

	"supporty/internal/slackformat"
)

// Payloads as Slack sends them, for fuzzing to start from.
var (
	events = []string{
		`{"event":{"type":"message","channel":"C0SUPPORT","channel_type":"channel","user":"U0BEN","text":"look","ts":"1790000300.000100","thread_ts":"1790000000.000100","parent_user_id":"U0BOT"}}`,
		`{"event":{"type":"message","channel":"D1","channel_type":"im","user":"U0ANN","text":"any news? &lt;b&gt;","ts":"1790000301.000100"}}`,
		`{"event":{"type":"message","subtype":"file_share","channel":"D1","channel_type":"im","user":"U0ANN","text":"","ts":"1790000301.000200","files":[{"id":"F1","name":"a.png","mode":"hosted","size":3},{"id":"F2","mode":"tombstone"},7]}}`,
		`{"event":{"type":"message","subtype":"message_deleted","channel":"C0SUPPORT","deleted_ts":"1790000000.000100","event_ts":"1790000302.000100","previous_message":{"user":"U0BOT","ts":"1790000000.000100"}}}`,
		`{"event":{"type":"message","subtype":"message_changed","channel":"C0SUPPORT","message":{"subtype":"tombstone","ts":"1790000000.000100"},"previous_message":{"user":"U0BOT"}}}`,
		`{"event":{"type":"message","subtype":"message_changed","channel":"C0SUPPORT","message":{"bot_id":"B0BOT","ts":"1790000000.000100","metadata":{"event_type":"supporty_message","event_payload":{"id":"1","version":"2"}}}}}`,
		`{"event":{"type":"reaction_added","user":"U0BEN","reaction":"eyes","item":{"type":"message","channel":"C0SUPPORT","ts":"1790000000.000100"},"item_user":"U0BOT","event_ts":"1790000303.000100"}}`,
		`{"event":{"type":"reaction_removed","user":"U0BEN","reaction":"white_check_mark::skin-tone-2","item":{"type":"message","channel":"C0SUPPORT","ts":"1790000000.000100"},"event_ts":"1790000304.000100"}}`,
		`{"event":{"type":"member_joined_channel","user":"U0NEW","channel":"C0SUPPORT"}}`,
		`{"event":{"type":"member_left_channel","user":"U0NEW","channel":"C0SUPPORT"}}`,
		`{"event":{"type":"subteam_members_changed","subteam_id":"S1","added_users":["U0ANN"],"removed_users":["U0BEN"]}}`,
		`{"event":{"type":"user_change","user":{"id":"U0ANN","name":"ann","tz":"Europe/London","profile":{"display_name":"Ann"}}}}`,
		`{"event":{"type":"channel_unarchive","channel":"C0SUPPORT","user":"U0BEN"}}`,
		`{"event":{"type":"tokens_revoked","tokens":{"bot":["U0BOT"]}}}`,
	}
	commands = []string{
		`{"text":"","user_id":"U0ANN","trigger_id":"1.2.3","response_url":"https://hooks.example/1"}`,
		`{"text":"show #1","user_id":"U0ANN","trigger_id":"1.2.3","response_url":"https://hooks.example/1"}`,
		`{"text":"list","user_id":"U0ANN"}`, `{"text":"mine"}`, `{"text":"digest"}`, `{"text":" HELP "}`,
	}
	interactions = []string{
		`{"type":"block_actions","user":{"id":"U0BEN"},"trigger_id":"1.2.3","container":{"channel_id":"C0SUPPORT","message_ts":"1790000000.000100"},"actions":[{"action_id":"claim","action_ts":"1790000305.000100","value":"1"}]}`,
		`{"type":"block_actions","user":{"id":"U0ANN"},"container":{"channel_id":"C0SUPPORT","is_ephemeral":true},"response_url":"https://hooks.example/2","actions":[{"action_id":"menu","action_ts":"1790000306.000100","selected_option":{"value":"edit:1"}}]}`,
		`{"type":"view_submission","user":{"id":"U0ANN"},"view":{"id":"V1","callback_id":"form_new","state":{"values":{"priority":{"priority_input":{"selected_option":{"value":"P2"}}},"title":{"title_input":{"value":"Broken"}},"category":{"category_input":{"selected_option":{"value":"Billing"}}},"files":{"files_input":{"type":"file_input","files":[{"id":"F1","name":"a.png"}]}}}}}}`,
		`{"type":"view_submission","user":{"id":"U0BEN"},"view":{"id":"V2","callback_id":"form_resolve","private_metadata":"{\"ticket\":1}","state":{"values":{"solution":{"solution_input":{"selected_option":{"value":"code"}}}}}}}`,
		`{"type":"view_submission","user":{"id":"U0BEN"},"view":{"id":"V3","callback_id":"form_close","private_metadata":"{\"ticket\":1}","state":{"values":{}}}}`,
		`{"type":"message_action","user":{"id":"U0BEN"},"trigger_id":"1.2.3","channel":{"id":"C1"},"message":{"text":"It is *red*.\nSince noon.","ts":"1790000001.000100"}}`,
		`{"type":"shortcut","user":{"id":"U0BEN"},"trigger_id":"1.2.3","callback_id":"ticket_new"}`,
		`{"type":"view_closed","view":{"id":"V1"}}`,
	}
)

func seed(f *testing.F, lists ...[]string) {
	for _, list := range lists {
		for _, s := range list {
			f.Add([]byte(s))
		}
	}
	f.Add([]byte(`null`))
	f.Add([]byte(`[{"event":7}]`))
}

func FuzzDecodeEnvelope(f *testing.F) {
	f.Add([]byte(`{"envelope_id":"E1","type":"events_api","retry_attempt":1,"payload":{"event":{"type":"message"}}}`))
	seed(f, events)
	f.Fuzz(func(t *testing.T, frame []byte) {
		e, err := decodeEnvelope(frame)
		if err == nil && len(e.Payload) > 0 && !json.Valid(e.Payload) {
			t.Errorf("a payload that is no JSON: %q", e.Payload)
		}
	})
}

func FuzzDecodeEvent(f *testing.F) {
	seed(f, events)
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := decodeEvent(payload)
		if err != nil {
			return
		}
		if m := e.asMessage(); m.isReply() && m.ThreadTS == "" || m.User != e.user() {
			t.Errorf("%+v", m)
		}
	})
}

func FuzzDecodeCommand(f *testing.F) {
	seed(f, commands)
	f.Fuzz(func(t *testing.T, payload []byte) {
		if c, err := decodeCommand(payload); err != nil && c != (command{}) {
			t.Errorf("an error, and %+v", c)
		}
	})
}

func FuzzDecodeInteraction(f *testing.F) {
	seed(f, interactions)
	f.Fuzz(func(t *testing.T, payload []byte) {
		i, err := decodeInteraction(payload)
		if err == nil && len(i.Actions) > 0 {
			_ = i.Actions[0].chosen()
		}
	})
}

func FuzzSlackTime(f *testing.F) {
	for _, s := range []string{"1790000000.000400", "1790000000", "1e9.1", "-1.5", "9999999999.999999", "1790000000.é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, ts string) {
		at := slackformat.Time(ts)
		if !at.IsZero() && (at.Unix() < 1e9 || at.Unix() > 1e10 || at.Nanosecond()%1000 != 0) {
			t.Errorf("%q is %v", ts, at)
		}
	})
}

// FuzzHandle gives the handler any payload. Each is answered once, except events that are
// worth another try.
func FuzzHandle(f *testing.F) {
	for kind, list := range [][]string{events, commands, interactions} {
		for _, payload := range list {
			f.Add(byte(kind), []byte(payload))
		}
	}
	kinds := []string{kindEvent, kindCommand, kindInteraction, "brand_new"}
	f.Fuzz(func(t *testing.T, which byte, payload []byte) {
		kind := kinds[int(which)%len(kinds)]
		h := newHarness(t)
		var a answers
		h.handle(t.Context(), envelope{ID: "E1", Kind: kind, Payload: payload}, time.Now(), a.take)
		switch {
		case len(a.payloads) == 1:
			wellFormed(t, a.payloads[0])
		case len(a.payloads) == 0 && kind == kindEvent && h.outcomes[0] == "unavailable":
		default:
			t.Errorf("%s (%v) was answered %d times", kind, h.outcomes, len(a.payloads))
		}
	})
}

// wellFormed checks an answer: Slack ignores one that is too large, and a form shows an
// error only at one of its fields.
func wellFormed(t *testing.T, answer any) {
	encoded, err := json.Marshal(answer)
	if err != nil || len(encoded) > 20_000 {
		t.Errorf("an answer of %d bytes: %v", len(encoded), err)
	}
	form, ok := answer.(map[string]any)
	if !ok {
		return
	}
	for field, sentence := range form["errors"].(map[string]string) {
		if field == "" || sentence == "" {
			t.Errorf("%q at the field %q", sentence, field)
		}
	}
}
