package app_test

import (
	"net/http"
	"net/url"
	"testing"

	"supporty/internal/dev/slacksim"
)

// eachShown runs a test for every way in which Slack may show a message's metadata.
func eachShown(t *testing.T, test func(t *testing.T, h *harness)) {
	t.Helper()
	for name, believed := range map[string]slacksim.Beliefs{
		"whole":                      {},
		"without payload in events":  {EventsLackPayload: true},
		"not where it is read again": {ReadsLackMetadata: true},
		"neither here nor there":     {EventsLackPayload: true, ReadsLackMetadata: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, setup(t, func(_ *config_, s *simConfig) { s.Beliefs = believed }))
		})
	}
}

// A message that was posted although the answer was lost is found again: a card, a reply,
// a direct message.
func TestFoundWhateverIsShownOfMetadata(t *testing.T) {
	t.Parallel()
	eachShown(t, func(t *testing.T, h *harness) {
		for _, text := range []string{"Only once", "Bob resolved #1", "We have it"} {
			h.fault(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Text: text, Count: 1, AfterEffect: true})
		}
		card := h.as("carol").opens(usual("Only once"))
		h.as("bob").reacts(card, "white_check_mark")
		h.reads("support", "Bob resolved it")
		h.allPosted()
		h.postedOnce()
	})
}

// A message of ours that shows an older version again is updated again.
func TestOverwrittenWhateverIsShownOfMetadata(t *testing.T) {
	t.Parallel()
	eachShown(t, func(t *testing.T, h *harness) {
		card := h.as("alice").opens(usual("Checkout fails"))
		h.as("bob").reacts(card, "eyes")
		h.reads("support", "Bob has it")
		h.allPosted()
		h.until(`SELECT observed = posted FROM outbox WHERE kind = 'card'`)
		// The first row is the card, and this is its first version.
		old, err := http.PostForm(h.sim.APIURL()+"chat.update", url.Values{
			"token": {h.sim.BotToken()}, "channel": {card.Channel}, "ts": {card.TS}, "text": {"Open, no owner"},
			"blocks":   {`[{"type":"section","block_id":"supporty_message:1:1","text":{"type":"mrkdwn","text":"Open, no owner"}}]`},
			"metadata": {`{"event_type":"supporty_message","event_payload":{"id":"1","version":"1"}}`},
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = old.Body.Close()
		h.until(`SELECT desired > 2 FROM outbox WHERE kind = 'card'`)
		h.reads("support", "Bob has it")
	})
}

// postedOnce fails the test if Slack has two messages for one row of the outbox.
func (h *harness) postedOnce() {
	h.t.Helper()
	entries, err := h.slack.Journal(h.ctx, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	posted := map[string]string{}
	for _, e := range entries {
		if e.Kind != slacksim.KindMessage || e.What != "posted" || len(e.Message.Metadata) == 0 {
			continue
		}
		if other, twice := posted[string(e.Message.Metadata)]; twice {
			h.t.Errorf("was posted twice: %s", other)
		}
		posted[string(e.Message.Metadata)] = e.Message.Rendered()
	}
}
