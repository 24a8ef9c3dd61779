package slackin

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

const (
	ofOrg   = `"authorizations":[{"enterprise_id":"E1","team_id":null,"is_enterprise_install":true}]`
	ofOurs  = `"authorizations":[{"team_id":"T1","is_enterprise_install":false}]`
	ofOther = `"authorizations":[{"team_id":"T2","is_enterprise_install":false}]`
)

// What is for another workspace than the token's is told from what is ours. Where it is not
// certain, it is ours.
func TestWhatIsElsewhere(t *testing.T) {
	t.Parallel()
	for payload, want := range map[string]bool{
		`{"team_id":"T1","event":{"type":"message"},` + ofOurs + `}`:                                   false,
		`{"team_id":"T9","event":{"type":"message"},` + ofOurs + `}`:                                   false, // in a shared channel
		`{"team_id":"T2","event":{"type":"message"},` + ofOther + `}`:                                  true,
		`{"team_id":"T2","event":{"type":"message"},` + ofOrg + `}`:                                    true,
		`{"team_id":"T1","event":{"type":"message"},` + ofOrg + `}`:                                    false,
		`{"event":{"type":"message"},` + ofOrg + `}`:                                                   false,
		`{"team_id":"T2","event":{"type":"message"}}`:                                                  false,
		`{"team_id":"T2","event":{"type":"function_executed"},` + ofOther + `}`:                        false,
		`{"type":"block_actions","team":{"id":"T2"},"is_enterprise_install":false}`:                    false, // who presses may be of another company
		`{"type":"block_actions","team":{"id":"T2"},"is_enterprise_install":true}`:                     true,
		`{"type":"block_actions","team":{"id":"T1"},"is_enterprise_install":true}`:                     false,
		`{"type":"view_submission","team":null,"enterprise":{"id":"E1"},"is_enterprise_install":true}`: false,
		`{"command":"/support","team_id":"T2","is_enterprise_install":"true"}`:                         true,
		`{"command":"/support","team_id":"T2","is_enterprise_install":"false"}`:                        false,
		`{"command":"/support","team_id":"T1"}`:                                                        false,
		`{"team_id":7}`:                                                                                false,
		``:                                                                                             false,
	} {
		h := newHarness(t, func(o *Options) { o.Bot.Team = "T1" })
		if got := h.isElsewhere([]byte(payload)); got != want {
			t.Errorf("%s: %t", payload, got)
		}
		h.Bot.Team = "E1"
		if h.isElsewhere([]byte(payload)) {
			t.Errorf("for a whole organisation: %s", payload)
		}
	}
}

// An emoji in another workspace is acknowledged and has no effect. Each workspace is told of once.
func TestNothingIsDoneForAnotherWorkspace(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := newHarness(t, func(o *Options) { o.Bot.Team, o.Log = "T1", slog.New(slog.NewTextHandler(&log, nil)) })
	event := `"event":{"type":"reaction_added","user":"` + ben + `","reaction":"eyes","item":{"type":"message","channel":"` + card.Channel + `","ts":"` + card.TS + `"},"event_ts":"1794823300.000100"}`
	for range 2 {
		if a := h.gets(t, kindEvent, `{"team_id":"T2",`+event+`,`+ofOther+`}`); len(a.payloads) != 1 {
			t.Errorf("answers: %v", a.payloads)
		}
	}
	if r, err := h.Desk.Find(t.Context(), 1); err != nil || r.Ticket.Owned() {
		t.Errorf("it has an owner, or %v", err)
	}
	if n := strings.Count(log.String(), "workspace=T2"); n != 1 {
		t.Errorf("told %d times: %s", n, log.String())
	}
	h.gets(t, kindEvent, `{"team_id":"T1",`+event+`,`+ofOurs+`}`)
	if r, err := h.Desk.Find(t.Context(), 1); err != nil || !r.Ticket.Owned() {
		t.Errorf("it has no owner, or %v", err)
	}
}
