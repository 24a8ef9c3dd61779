package pager_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"supporty/internal/pager"
)

// Stubs of the services check what their documentation demands, and answer as it says.

// stubNtfy takes messages by https://docs.ntfy.sh/publish/#publish-as-json: an object with a topic,
// posted to the root of the server.
func stubNtfy(r *http.Request, body []byte) (int, string) {
	var m struct {
		Topic, Title, Message, Click string
		Priority                     int
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	switch err := d.Decode(&m); {
	case r.URL.Path != "/":
		return http.StatusNotFound, `{"code":40401,"http":404,"error":"page not found"}`
	case err != nil || m.Topic == "" || m.Priority < 1 || m.Priority > 5 || len(m.Message) > 4096:
		return http.StatusBadRequest, `{"code":40024,"http":400,"error":"invalid request: request body must be message JSON"}`
	case r.Header.Get("Authorization") != "Bearer tk_"+secret:
		return http.StatusForbidden, `{"code":40301,"http":403,"error":"forbidden"}`
	}
	return http.StatusOK, fmt.Sprintf(`{"id":"sPs71M8A2T","event":"message","topic":%q,"message":%q}`, m.Topic, m.Message)
}

// stubPushover takes messages by https://pushover.net/api: a form; the priority 2 needs retry and expire.
func stubPushover(r *http.Request, _ []byte) (int, string) {
	bad := func(err string) (int, string) {
		return http.StatusBadRequest, `{"status":0,"errors":["` + err + `"]}`
	}
	switch form := r.PostForm; {
	case r.URL.Path != "/1/messages.json":
		return http.StatusNotFound, ""
	case form.Get("token") != secret:
		return bad("application token is invalid")
	case form.Get("user") != "uQiRzpo4DXghDmr9QzzfQu27cmVRsG":
		return bad("user identifier is invalid")
	case form.Get("message") == "" || utf8.RuneCountInString(form.Get("message")) > 1024:
		return bad("message cannot be blank")
	case utf8.RuneCountInString(form.Get("title")) > 250 || len(form.Get("url")) > 512:
		return bad("title is too long")
	case form.Get("priority") == "2" && (len(form.Get("retry")) < 2 || form.Get("expire") == ""):
		return bad("must supply retry and expire parameters with priority=2")
	}
	return http.StatusOK, `{"status":1,"request":"647d2300-702c-4b38-8b2f-d56326ae460b","receipt":"rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"}`
}

// stubPagerDuty takes events by https://developer.pagerduty.com/docs/events-api-v2/trigger-events/.
func stubPagerDuty(r *http.Request, body []byte) (int, string) {
	var e struct {
		RoutingKey  string `json:"routing_key"`
		EventAction string `json:"event_action"`
		DedupKey    string `json:"dedup_key"`
		Payload     struct {
			Summary, Source, Severity, Timestamp string
		}
		Links []struct{ Href, Text string }
	}
	err := json.Unmarshal(body, &e)
	known := slices.Contains([]string{"critical", "error", "warning", "info"}, e.Payload.Severity)
	_, wrong := time.Parse(time.RFC3339, e.Payload.Timestamp)
	switch {
	case r.URL.Path != "/v2/enqueue":
		return http.StatusNotFound, ""
	case err != nil || wrong != nil || len(e.RoutingKey) != 32 || e.EventAction != "trigger" || len(e.DedupKey) > 255 || e.Payload.Summary == "" ||
		utf8.RuneCountInString(e.Payload.Summary) > 1024 || e.Payload.Source == "" || !known:
		return http.StatusBadRequest, `{"status":"invalid event","message":"Event object is invalid","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}`
	}
	return http.StatusAccepted, fmt.Sprintf(`{"status":"success","message":"Event processed","dedup_key":%q}`, e.DedupKey)
}

// stubTwilio takes calls by https://www.twilio.com/docs/voice/api/call-resource#create-a-call.
func stubTwilio(r *http.Request, _ []byte) (int, string) {
	var said struct {
		XMLName xml.Name `xml:"Response"`
		Say     struct {
			Loop int    `xml:"loop,attr"`
			Text string `xml:",chardata"`
		}
	}
	account, token, _ := r.BasicAuth()
	twiml := r.PostForm.Get("Twiml")
	switch err := xml.Unmarshal([]byte(twiml), &said); {
	case account != "AC1" || token != secret:
		return http.StatusUnauthorized, `{"code":20003,"message":"Authenticate","status":401}`
	case r.URL.Path != "/2010-04-01/Accounts/AC1/Calls.json":
		return http.StatusNotFound, `{"code":20404,"status":404}`
	case !strings.HasPrefix(r.PostForm.Get("To"), "+") || !strings.HasPrefix(r.PostForm.Get("From"), "+"):
		return http.StatusBadRequest, `{"code":21211,"message":"Invalid 'To' Phone Number","status":400}`
	case err != nil || said.Say.Text == "" || len(twiml) > 4000:
		return http.StatusBadRequest, `{"code":21205,"status":400}`
	}
	return http.StatusCreated, `{"sid":"CA42","status":"queued"}`
}

// Each service takes a page as its documentation says, whatever it says, with and without a title and
// a link; a wrong key is final, and is not told.
func TestServices(t *testing.T) {
	t.Parallel()
	routing := strings.Repeat("R", 26) + secret
	for _, test := range []struct {
		format pager.Format
		path   string
		right  pager.Address
		stub   func(r *http.Request, body []byte) (int, string)
		wants  []string // in what is sent
	}{
		{pager.Ntfy, "/pager-of-bob", pager.Address{Key: "tk_" + secret}, stubNtfy, []string{`"topic":"pager-of-bob"`, `"priority":5`, "P1 #42 Checkout", `It has no owner.\nRunbook: https://wiki`}},
		{pager.Pushover, "/1/messages.json", pager.Address{Key: secret, To: "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"}, stubPushover, []string{"priority=2", "retry=60", "P1+%2342+Checkout", "Runbook%3A+https"}},
		{pager.PagerDuty, "/v2/enqueue", pager.Address{Key: routing}, stubPagerDuty, []string{`"dedup_key":"supporty-7"`, `"severity":"critical"`, `"href":"https://acme.slack.com/archives/C1/p2"`, `"href":"https://wiki.example.com/payments"`}},
		{pager.Twilio, "/2010-04-01/Accounts/AC1/Calls.json", pager.Address{Key: "AC1:" + secret, To: "+442079460000", From: "+442079460001"}, stubTwilio, []string{"loop%3D%222%22", "number+42."}},
	} {
		t.Run(string(test.format), func(t *testing.T) {
			t.Parallel()
			var got string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				r.Body = io.NopCloser(strings.NewReader(string(body)))
				_ = r.ParseForm()
				got = string(body)
				status, answer := test.stub(r, body)
				w.WriteHeader(status)
				_, _ = io.WriteString(w, answer)
			}))
			t.Cleanup(s.Close)
			address := test.right
			address.Format, address.URL = test.format, s.URL+test.path
			wrong := address
			wrong.Key = "AC1:other"
			c := pager.New(map[string]pager.Address{"bob": address, "wrong": wrong})
			filed := time.Date(2026, 11, 20, 2, 50, 0, 0, time.UTC)
			page := pager.Page{
				Version: pager.Version, DedupKey: "supporty-7", Ticket: 42, Priority: "P1", State: "open", Category: "Payments",
				Title: "Checkout <fails> & more", OpenedAt: filed, Link: "https://acme.slack.com/archives/C1/p2", Runbook: "https://wiki.example.com/payments", Reason: "It has no owner.",
			}
			if err := c.Call(t.Context(), "bob", page); err != nil {
				t.Fatalf("%v: %s", err, got)
			}
			for _, want := range test.wants {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in %s", want, got)
				}
			}
			long := page
			long.Title, long.Reason = strings.Repeat("<&😀>", 500), strings.Repeat("<&😀>", 500)
			short := pager.Page{DedupKey: "supporty-8", Ticket: 1, Priority: "P3", OpenedAt: filed, Reason: "It is private."}
			for _, p := range []pager.Page{long, short} {
				if err := c.Call(t.Context(), "bob", p); err != nil {
					t.Errorf("%v: %.3000s", err, got)
				}
			}
			checkError(t, c.Call(t.Context(), "wrong", page), s, true)
		})
	}
}
