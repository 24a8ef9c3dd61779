package app_test

import (
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// withPages switches the web page on, and has Dana lead the squad that owns Payments.
func withPages(t *testing.T) choice {
	t.Helper()
	address := freeAddress(t)
	return func(c *config_, s *simConfig) {
		c.HTTP = config.HTTP{Addr: address, PublicURL: "http://" + address}
		s.SignIn = slacksim.SignIn{ClientID: "1.2", ClientSecret: "secret-9", Redirects: []string{"http://" + address + "/sign-in/callback"}}
		c.Slack.ClientID, c.Slack.ClientSecret = s.SignIn.ClientID, config.Secret(s.SignIn.ClientSecret)
	}
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once or not at all
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// led starts a desk with pages, where Dana leads a squad.
func led(t *testing.T, choices ...choice) *harness {
	t.Helper()
	h := newHarness(t, append(choices, withPages(t))...)
	h.cfg.Squads = []config.Squad{{Name: "Checkout", Lead: h.sim.State().Person("dana").ID}}
	h.cfg.Categories[0].Squad = "Checkout"
	h.start()
	return h
}

// visitor is a browser without JavaScript.
type visitor struct {
	h      *harness
	client *http.Client
}

// visitor is somebody who is not signed in.
func (h *harness) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &visitor{h, &http.Client{Jar: jar}}
}

// seenPage is a page, and where it was found in the end.
type seenPage struct {
	status int
	at     string
	header http.Header
	body   string
}

// text is what a page says, on one line.
func (r seenPage) text() string {
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(r.body, " ")
	return strings.Join(strings.Fields(html.UnescapeString(text)), " ")
}

func (v *visitor) do(request *http.Request) seenPage {
	v.h.t.Helper()
	response, err := v.client.Do(request.WithContext(v.h.ctx))
	if err != nil {
		v.h.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.h.t.Fatal(err)
	}
	return seenPage{response.StatusCode, response.Request.URL.String(), response.Header, string(body)}
}

// gets reads a page of the site, or one at another address.
func (v *visitor) gets(address string) seenPage {
	v.h.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = v.h.cfg.HTTP.PublicURL + address
	}
	request, err := http.NewRequestWithContext(v.h.ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		v.h.t.Fatal(err)
	}
	return v.do(request)
}

var (
	anchor    = regexp.MustCompile(`href="([^"]*)"[^>]*>([^<]*)`)
	leaveWith = regexp.MustCompile(`name="token" value="([^"]*)"`)
)

// follow is the address of a link on a page.
func (v *visitor) follow(r seenPage, label string) string {
	v.h.t.Helper()
	for _, m := range anchor.FindAllStringSubmatch(r.body, -1) {
		if !strings.Contains(html.UnescapeString(m[2]), label) {
			continue
		}
		at, err := url.Parse(r.at)
		if err != nil {
			v.h.t.Fatal(err)
		}
		to, err := at.Parse(html.UnescapeString(m[1]))
		if err != nil {
			v.h.t.Fatal(err)
		}
		return to.String()
	}
	v.h.t.Fatalf("no link %q on %s: %s", label, r.at, r.text())
	return ""
}

// agreed is where Slack leads somebody back to who has agreed. It is not followed.
func (v *visitor) agreed(person string) (callback string) {
	v.h.t.Helper()
	slack := v.gets(v.follow(v.gets("/sign-in"), "Sign in with Slack"))
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer func() { v.client.CheckRedirect = nil }()
	return v.gets(v.follow(slack, "Sign in as "+person)).header.Get("Location")
}

// signsIn does all that a person does to be signed in, and returns what they see then.
func (v *visitor) signsIn(person string) seenPage {
	v.h.t.Helper()
	return v.gets(v.agreed(person))
}
