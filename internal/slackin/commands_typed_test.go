package slackin

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

func TestTextBehindACommand(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, test := range []struct {
		takes slackview.Takes
		rest  string
		want  asked
		ok    bool
	}{
		{slackview.TakesNumber, "42", asked{number: 42}, true},
		{slackview.TakesNumber, " #42 ", asked{number: 42}, true},
		{slackview.TakesNumber, "42 euros", asked{}, false},
		{slackview.TakesNumber, "the refund", asked{}, false},
		{slackview.TakesNumber, "99999999999999999999", asked{}, false},
		{slackview.TakesWords, "42 Is it &lt;b&gt;?", asked{number: 42, words: "Is it <b>?"}, true},
		{slackview.TakesPerson, "42", asked{number: 42}, true},
		{slackview.TakesPerson, "42 <@U0ANN>", asked{number: 42, person: ann}, true},
		{slackview.TakesPerson, "42 to <@U0ANN|ann.smith>  because she knows", asked{number: 42, person: ann, words: "she knows"}, true},
		{slackview.TakesPerson, "42 <@U0ANN> has seen it", asked{number: 42, person: ann, words: "has seen it"}, true},
		{slackview.TakesPerson, "42 @ann has seen it", asked{number: 42, words: "has seen it"}, true},
		{slackview.TakesPerson, "42 because it burns", asked{number: 42, words: "it burns"}, true},
		{slackview.TakesPerson, "42 chairs to the office", asked{}, false},
		{slackview.TakesPriority, "42", asked{number: 42}, true},
		{slackview.TakesPriority, "42 p1", asked{number: 42, priority: ticket.P1}, true},
		{slackview.TakesPriority, "42 P3, because it can wait", asked{number: 42, priority: ticket.P3, words: "it can wait"}, true},
		{slackview.TakesPriority, "1 customer is down", asked{}, false},
		{slackview.TakesPriority, "2 3 people cannot work", asked{}, false},
		{slackview.TakesPriority, "42 P10", asked{}, false},
		{slackview.TakesOriginal, "42 of 17", asked{number: 42, original: 17}, true},
		{slackview.TakesOriginal, "#42 #17", asked{number: 42, original: 17}, true},
		{slackview.TakesOriginal, "42", asked{number: 42}, true},
		{slackview.TakesOriginal, "2 invoices of May", asked{}, false},
	} {
		got, ok := h.readBehind(t.Context(), test.takes, test.rest)
		if ok != test.ok || ok && got != test.want {
			t.Errorf("%d %q: %+v %v, want %+v %v", test.takes, test.rest, got, ok, test.want, test.ok)
		}
	}
}

func TestCloseReason(t *testing.T) {
	t.Parallel()
	for words, want := range map[string][2]string{
		"not an issue":              {"not_an_issue", ""},
		"Not an issue: it was me":   {"not_an_issue", "it was me"},
		"withdrawn, thanks":         {"withdrawn", "thanks"},
		"withdrawnish":              {"", "withdrawnish"},
		"accounts of two customers": {"", "accounts of two customers"},
		"":                          {"", ""},
	} {
		if why, note := closeReason(words); string(why) != want[0] || note != want[1] {
			t.Errorf("%q: %q %q, want %q", words, why, note, want)
		}
	}
}

// A title that resembles a command is offered it, above the form; no other title is.
func TestHints(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"printer is broken":             "",
		"list urgent":                   "/support list P1 unowned",
		"show abc":                      "/support show 42",
		"Claim the refund":              "/support claim 42",
		"priority 1 customer is down":   "/support priority 42",
		"shwo 42":                       "/support show 42",
		"lst":                           "/support list",
		"mind":                          "/support mine",
		"stat":                          "/support stats",
		"Shop is down":                  "",
		"reopn 42":                      "/support reopen 42",
		`"claim the refund"`:            "",
		`“Resolve 42 merge conflicts”`:  "",
		"":                              "",
		"resolve errors in the new log": "/support resolve 42",
	} {
		h := newHarness(t)
		payload, _ := json.Marshal(map[string]string{"text": text, "user_id": ben, "trigger_id": "T1", "response_url": "u"})
		h.gets(t, kindCommand, string(payload))
		view := h.slack.drawn()
		if view.CallbackID != slackview.FormNew {
			t.Errorf("%q opened %q", text, view.CallbackID)
			continue
		}
		hint := ""
		if above, ok := view.Blocks.BlockSet[0].(*slack.ContextBlock); ok {
			hint = above.ContextElements.Elements[0].(*slack.TextBlockObject).Text
		}
		if (want == "") != (hint == "") || !strings.Contains(hint, want) {
			t.Errorf("%q: %q, want %q", text, hint, want)
		}
		title := view.Blocks.BlockSet[min(1, len(view.Blocks.BlockSet)-1)]
		if hint != "" {
			title = view.Blocks.BlockSet[2]
		}
		if got := title.(*slack.InputBlock).Element.(*slack.PlainTextInputBlockElement).InitialValue; got != strings.Trim(text, `"“”`) {
			t.Errorf("%q: the title is %q", text, got)
		}
	}
}

// What was typed behind a command never ends the program, and a number is always one.
func FuzzTextBehindACommand(f *testing.F) {
	for _, c := range slackview.Commands {
		f.Add(int(c.Takes), strings.TrimPrefix(c.Example, c.Word))
	}
	h := newHarness(f)
	f.Fuzz(func(t *testing.T, takes int, rest string) {
		if takes < 0 || takes > int(slackview.TakesOriginal) {
			return
		}
		a, ok := h.readBehind(t.Context(), slackview.Takes(takes), rest)
		if ok && takes >= int(slackview.TakesNumber) && a.number <= 0 {
			t.Errorf("%q is taken without a number", rest)
		}
	})
}
