package slackin

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// clicks presses a button and returns the outcomes that Slack hears.
func (h *harness) clicks(t *testing.T, action, value string) []string {
	t.Helper()
	h.gets(t, kindInteraction, fmt.Sprintf(`{"type":"block_actions","user":{"id":%q},"trigger_id":"T1","response_url":"u",
		"container":{"channel_id":"D1","message_ts":"1790000000.000100","is_ephemeral":true},
		"actions":[{"action_id":%q,"action_ts":"1790000305.000100","value":%q}]}`, ben, action, value))
	h.said.Wait()
	return h.slack.heard()
}

const unused = "no longer in use"

// Each row of the table of actions is handled, and so is its form; nothing else is.
func TestEveryActionIsHandled(t *testing.T) {
	t.Parallel()
	for _, d := range slackview.ActionKinds {
		action, value := d.Name, "1"
		switch d.Name {
		case slackview.ActionHow:
			action = "how_code"
		case slackview.ActionStars:
			action = "stars_4"
		case slackview.ActionTakeBack:
			value = "1:1790000000.000200"
		}
		h := newHarness(t)
		calls := h.clicks(t, action, value)
		if d.Name == slackview.ActionRate { // for who asked alone
			if len(calls) != 1 || !strings.Contains(calls[0], "who asked, can say how the help was") {
				t.Errorf("%s: %q", d.Name, calls)
			}
		} else if want := "open " + d.Form + " T1"; d.Opens != nil && !slices.Equal(calls, []string{want}) {
			t.Errorf("%s: %q, want %q", d.Name, calls, want)
		}
		if all := strings.Join(calls, "\n"); d.Calls != nil && (all == "" || strings.Contains(all, unused)) {
			t.Errorf("%s: %q", d.Name, calls)
		}
		if d.Sends != nil && !h.takes(t, d.Form) {
			t.Errorf("%s is not handled", d.Form)
		}
	}
	h := newHarness(t)
	if calls := h.clicks(t, "dance", "1"); len(calls) != 1 || !strings.Contains(calls[0], unused) {
		t.Errorf("an unknown button: %q", calls)
	}
	for _, form := range []string{"form_dance", slackview.FormMore, slackview.FormWhy, ""} {
		if h.takes(t, form) {
			t.Errorf("%q is handled, which has nothing to send", form)
		}
	}
}

// takes sends an empty form about ticket #1 and reports whether the handler knows that
// form.
func (h *harness) takes(t *testing.T, form string) bool {
	t.Helper()
	a := h.gets(t, kindInteraction, fmt.Sprintf(`{"type":"view_submission","user":{"id":%q},"view":{"id":"V8","callback_id":%q,
		"private_metadata":"{\"ticket\":%d}","state":{"values":{}}}}`, ben, form, ticket.Number(1)))
	return a.given() && !strings.Contains(fmt.Sprint(a.payloads...), unused)
}
