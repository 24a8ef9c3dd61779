package pager

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode/utf8"
)

// Format is how a page is written.
type Format string

// The formats. All but the first are those of services.
const (
	Own       Format = ""          // Page as JSON
	Ntfy      Format = "ntfy"      // https://docs.ntfy.sh/publish/#publish-as-json
	Pushover  Format = "pushover"  // https://pushover.net/api
	PagerDuty Format = "pagerduty" // https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
	Twilio    Format = "twilio"    // https://www.twilio.com/docs/voice/api/call-resource#create-a-call
)

// Address is where a page goes, and how.
type Address struct {
	URL    string
	Format Format
	Key    string // ntfy: an access token, or nothing; Pushover: the application's token; PagerDuty: the integration key; Twilio: SID:token
	To     string // Pushover: the user's key; Twilio: the number that is called
	From   string // Twilio: the number that calls
}

// Limits of the services, in characters.
const (
	longestNtfy    = 2000 // of 4096 bytes
	longestTitle   = 250  // of a title at Pushover
	longestSpoken  = 500  // of 4000 of TwiML, in which a character can take five
	longestMessage = 1000 // of 1024 at Pushover and of a summary at PagerDuty
)

// request writes a page in the format of its address.
func (a Address) request(ctx context.Context, p Page) (*http.Request, error) {
	switch a.Format {
	case Ntfy:
		return a.ntfy(ctx, p)
	case Pushover:
		return a.pushover(ctx, p)
	case PagerDuty:
		return a.pagerDuty(ctx, p)
	case Twilio:
		return a.twilio(ctx, p)
	case Own:
	}
	return sendJSON(ctx, a.URL, p)
}

// head is a page in a few words.
func (p Page) head() string {
	return clip(strings.TrimSpace(fmt.Sprintf("%s #%d %s", p.Priority, p.Ticket, p.Title)), longestTitle)
}

// message is the reason of a page, and where its runbook is.
func (p Page) message(most int) string {
	if p.Runbook == "" {
		return clip(p.Reason, most)
	}
	behind := "\nRunbook: " + p.Runbook
	return clip(p.Reason, most-utf8.RuneCountInString(behind)) + behind
}

func (a Address) ntfy(ctx context.Context, p Page) (*http.Request, error) {
	server, err := url.Parse(a.URL)
	if err != nil {
		return nil, err
	}
	topic := path.Base(server.Path)
	server.Path = strings.TrimSuffix(server.Path, topic)
	const highest = 5
	request, err := sendJSON(ctx, server.String(), struct {
		Topic    string `json:"topic"`
		Title    string `json:"title"`
		Message  string `json:"message"`
		Priority int    `json:"priority"`
		Click    string `json:"click,omitempty"`
	}{topic, p.head(), p.message(longestNtfy), highest, p.Link})
	if err == nil && a.Key != "" {
		request.Header.Set("Authorization", "Bearer "+a.Key)
	}
	return request, err
}

// pushover sends with the priority at which a phone sounds until somebody confirms: every minute, for
// as long as the ladder waits.
func (a Address) pushover(ctx context.Context, p Page) (*http.Request, error) {
	form := url.Values{
		"token": {a.Key}, "user": {a.To}, "title": {p.head()}, "message": {p.message(longestMessage)},
		"priority": {"2"}, "retry": {"60"}, "expire": {"900"},
	}
	if p.Link != "" {
		form.Set("url", p.Link)
	}
	return sendForm(ctx, a.URL, form)
}

func (a Address) pagerDuty(ctx context.Context, p Page) (*http.Request, error) {
	type link struct {
		Href string `json:"href"`
		Text string `json:"text"`
	}
	type payload struct {
		Summary   string    `json:"summary"`
		Source    string    `json:"source"`
		Severity  string    `json:"severity"`
		Timestamp time.Time `json:"timestamp"`
		Group     string    `json:"group,omitempty"`
		Details   Page      `json:"custom_details"`
	}
	event := struct {
		Key     string  `json:"routing_key"`
		Action  string  `json:"event_action"`
		Dedup   string  `json:"dedup_key"`
		Payload payload `json:"payload"`
		Links   []link  `json:"links,omitempty"`
		Client  string  `json:"client"`
	}{a.Key, "trigger", p.DedupKey, payload{
		clip(p.head()+": "+p.Reason, longestMessage), "supporty", severities[p.Priority], p.OpenedAt, p.Category, p,
	}, nil, "Supporty"}
	if p.Link != "" {
		event.Links = append(event.Links, link{p.Link, "The ticket in Slack"})
	}
	if p.Runbook != "" {
		event.Links = append(event.Links, link{p.Runbook, "Runbook"})
	}
	return sendJSON(ctx, a.URL, event)
}

var severities = map[string]string{"P1": "critical", "P2": "error", "P3": "warning"}

// twilio calls a phone, and says the page twice: who was asleep misses the first words.
func (a Address) twilio(ctx context.Context, p Page) (*http.Request, error) {
	var text bytes.Buffer
	if err := xml.EscapeText(&text, []byte(clip(fmt.Sprintf("Supporty. %s, number %d. %s. %s", p.Priority, p.Ticket, p.Title, p.Reason), longestSpoken))); err != nil {
		return nil, err
	}
	account, secret, _ := strings.Cut(a.Key, ":")
	request, err := sendForm(ctx, a.URL, url.Values{
		"To": {a.To}, "From": {a.From}, "Twiml": {`<Response><Say loop="2">` + text.String() + `</Say></Response>`},
	})
	if err == nil {
		request.SetBasicAuth(account, secret)
	}
	return request, err
}

func sendJSON(ctx context.Context, address string, body any) (*http.Request, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err == nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, err
}

func sendForm(ctx context.Context, address string, form url.Values) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err == nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return request, err
}

// clip keeps the beginning of a text.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
