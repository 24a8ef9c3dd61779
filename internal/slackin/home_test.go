package slackin

import (
	"context"
	"slices"
	"testing"

	"supporty/internal/desk"
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
	for name, test := range map[string]struct{ person, action, call string }{
		"open a ticket":          {ann, `{"action_id":"home_open","action_ts":"1.1"}`, "open form_new T1"},
		"the next page":          {ben, `{"action_id":"home_later","value":"unowned:10","action_ts":"1.1"}`, "show Home to " + ben},
		"a page of no shelf":     {ben, `{"action_id":"home_later","value":"dance:10","action_ts":"1.1"}`, "open form_more T1"},
		"a claim":                {ben, `{"action_id":"claim","value":"1","action_ts":"1.1"}`, "show Home to " + ben},
		"a claim by an outsider": {ann, `{"action_id":"claim","value":"1","action_ts":"1.1"}`, "open form_more T1"},
		"the form to resolve":    {ben, `{"action_id":"resolve","value":"1","action_ts":"1.1"}`, "open form_resolve T1"},
		"words to find":          {ben, `{"action_id":"home_find","value":"cards","action_ts":"1.1"}`, "open form_more T1"},
		"nothing to find":        {ann, `{"action_id":"home_find","action_ts":"1.1"}`, "open form_more T1"},
		"a filter of nothing":    {ben, `{"action_id":"home_find","value":"state:open owner:me before:soon","action_ts":"1.1"}`, "open form_more T1"},
		"an unknown press":       {ben, `{"action_id":"home_dance","action_ts":"1.1"}`, "open form_more T1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			a := h.gets(t, kindInteraction, `{"type":"block_actions","trigger_id":"T1","user":{"id":"`+test.person+`"},"container":{"type":"view","view_id":"V9"},
				"view":{"id":"V9","type":"home"},"actions":[`+test.action+`]}`)
			if !a.given() {
				t.Error("it was not acknowledged")
			}
			h.said.Wait()
			if heard := h.slack.heard(); !slices.Equal(heard, []string{test.call}) {
				t.Errorf("Slack heard %q, want %q", heard, test.call)
			}
		})
	}
}

// While the database is away, a press on Home says so.
func TestHomeWithoutADatabase(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.store.asks(func(context.Context, string) error { return desk.ErrNotSaved })
	h.gets(t, kindInteraction, `{"type":"block_actions","trigger_id":"T1","user":{"id":"U0BEN"},"view":{"id":"V9","type":"home"},
		"actions":[{"action_id":"home_later","value":"unowned:10","action_ts":"1.1"}]}`)
	h.said.Wait()
	if heard := h.slack.heard(); !slices.Equal(heard, []string{"open form_more T1"}) {
		t.Errorf("Slack heard %q", heard)
	}
}
