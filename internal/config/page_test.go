package config

import (
	"strings"
	"testing"
)

// A page of a service needs what the service knows its caller by; most have one address.
func TestPagesOfServices(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		page Page
		url  Secret
		want string // the paths of what is missing
	}{
		"own":              {Page{URL: "https://a.example"}, "https://a.example", ""},
		"own, no address":  {Page{}, "", "pages[0].url"},
		"ntfy":             {Page{Format: "ntfy", URL: "https://ntfy.sh/topic"}, "https://ntfy.sh/topic", ""},
		"ntfy, no topic":   {Page{Format: "ntfy"}, "", "pages[0].url"},
		"pushover":         {Page{Format: "pushover", Key: "a", To: "u"}, "https://api.pushover.net/1/messages.json", ""},
		"pushover, nobody": {Page{Format: "pushover", Key: "a"}, "https://api.pushover.net/1/messages.json", "pages[0].to"},
		"pagerduty":        {Page{Format: "pagerduty", Key: "r"}, "https://events.pagerduty.com/v2/enqueue", ""},
		"pagerduty, EU":    {Page{Format: "pagerduty", Key: "r", URL: "https://events.eu.pagerduty.com/v2/enqueue"}, "https://events.eu.pagerduty.com/v2/enqueue", ""},
		"twilio":           {Page{Format: "twilio", Key: "AC1:t", To: "+1", From: "+2"}, "https://api.twilio.com/2010-04-01/Accounts/AC1/Calls.json", ""},
		"twilio, half":     {Page{Format: "twilio", Key: "AC1"}, "https://api.twilio.com/2010-04-01/Accounts/AC1/Calls.json", "pages[0].key pages[0].to pages[0].from"},
	} {
		if test.page.URL == "" {
			test.page.URL = test.page.usualURL()
		}
		var missing []string
		for _, p := range test.page.missing("pages[0]") {
			missing = append(missing, p.Path)
		}
		if got := strings.Join(missing, " "); got != test.want || test.page.URL != test.url {
			t.Errorf("%s: %q at %s", name, got, test.page.URL.Reveal())
		}
	}
}
