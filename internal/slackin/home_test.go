package slackin

import (
	"slices"
	"testing"
)

func TestHomeIsShownToWhoOpensIt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		event string
		shown bool
	}{
		"the Home tab": {`{"type":"app_home_opened","user":"U0ANN","channel":"D1","tab":"home","event_ts":"1.1"}`, true},
		"the messages": {`{"type":"app_home_opened","user":"U0ANN","channel":"D1","tab":"messages","event_ts":"1.1"}`, false},
		"nobody":       {`{"type":"app_home_opened","tab":"home"}`, false},
		"another form": {`{"type":"app_home_opened","user":[1],"tab":"home"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			if a := h.gets(t, kindEvent, `{"event":`+test.event+`}`); !a.given() {
				t.Error("it was not acknowledged")
			}
			h.said.Wait()
			if shown := slices.Contains(h.slack.heard(), "show Home to "+ann); shown != test.shown {
				t.Errorf("shown: %t, want %t; %q", shown, test.shown, h.slack.heard())
			}
		})
	}
}

func TestPressesOnHome(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ action, call string }{
		"open a ticket":    {`{"action_id":"home_open","action_ts":"1.1"}`, "open form_new T1"},
		"an unknown press": {`{"action_id":"home_dance","action_ts":"1.1"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			a := h.gets(t, kindInteraction, `{"type":"block_actions","trigger_id":"T1","user":{"id":"U0ANN"},"container":{"type":"view","view_id":"V9"},
				"view":{"id":"V9","type":"home"},"actions":[`+test.action+`]}`)
			if !a.given() {
				t.Error("it was not acknowledged")
			}
			h.said.Wait()
			if heard := h.slack.heard(); test.call != "" && !slices.Contains(heard, test.call) || test.call == "" && len(heard) > 0 {
				t.Errorf("Slack heard %q, want %q", heard, test.call)
			}
		})
	}
}
