package app_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// A lead signs in with Slack, and sees the numbers that Slack tells.
func TestPagesHaveTheNumbersOfStats(t *testing.T) {
	t.Parallel()
	h := led(t)
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	card := alice.opens(usual("Checkout fails"))
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(4 * time.Hour)
	bob.reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	alice.opens(newTicket{"P3", "Slow reports", "Very.", "Data"})
	h.allPosted()

	v := h.visitor()
	page := v.signsIn("Dana")
	says(t, page.text(), "All tickets", "Dana", "Opened 2 before: 0", "Resolved 1 before: 0", "Open at the end 1 before: 0")
	for _, filter := range []struct{ command, query string }{
		{"stats", ""}, {"stats 30d", "period=30d"}, {"stats 30d Payments", "period=30d&category=payments"}, {"stats 30d Checkout", "period=30d&squad=Checkout"},
		{"stats 30d Data", "period=30d&category=Data"},
	} {
		before := len(dana.ephemerals())
		dana.types("/support " + filter.command)
		h.await("an answer", func(slacksim.State) bool { return len(dana.ephemerals()) > before })
		told := dana.ephemerals()[before].Rendered()
		sameNumbers(t, told, v.gets("/?"+filter.query).text(), v.gets("/statistics.csv?"+filter.query).body)
	}
}

var (
	moved = regexp.MustCompile(`(?m)^(Opened|Reopened|Resolved|Closed without a solution|Open at the end): (\d+) \(before: (\d+)\)`)
	kept  = regexp.MustCompile(`(?m)^(P[123]): (\d+) of (\d+)`)
	lasts = regexp.MustCompile(`(?m)^(P[123]): ([^,\n]+ (?:h|min|days)), ([^\n(]+ (?:h|min|days))`)
	sorts = regexp.MustCompile(`(?m)^(\w+): (\d+) tickets?, (\d+) code changes?`)
)

// sameNumbers compares what Slack told with a page and its CSV.
func sameNumbers(t *testing.T, told, page, file string) {
	t.Helper()
	compared := 0
	want := func(texts ...string) {
		t.Helper()
		compared++
		says(t, page, strings.Join(texts, " "))
	}
	for _, m := range moved.FindAllStringSubmatch(told, -1) {
		want(m[1], m[2], "before:", m[3])
		says(t, file, "Tickets,"+m[1]+",This period,"+m[2])
	}
	for _, m := range kept.FindAllStringSubmatch(told, -1) {
		want(m[1], m[2], m[3], m[2]+" of "+m[3])
		says(t, file, "On time,"+m[1]+",On time,"+m[2])
	}
	for _, m := range lasts.FindAllStringSubmatch(told, -1) {
		want(m[1], m[2], strings.TrimSpace(m[3]))
	}
	for _, m := range sorts.FindAllStringSubmatch(told, -1) {
		want(m[1], m[2], m[3])
	}
	if compared < 2 {
		t.Errorf("only %d figures could be compared: %s", compared, told)
	}
}

// What is wrong with an address is told, and no address fails.
func TestPagesTellWhatIsWrongWithAnAddress(t *testing.T) {
	t.Parallel()
	h := led(t)
	h.as("alice").opens(usual("Checkout fails"))
	v := h.visitor()
	v.signsIn("Dana")
	for address, want := range map[string]string{
		"/?period=soon": "is no period", "/?period=2099-01-01..2099-01-02": "That has not begun yet.", "/?category=Nothing": "There is no category",
		"/?squad=Nobody": "There is no squad", "/?category=Data&squad=Checkout": "not both", "/tickets?state=lost": "There is no state",
		"/tickets?priority=P9": "There is no priority", "/tickets?category=%00": "There is no category", "/tickets/999": "There is no ticket #999.", "/tickets/x": "There is no such ticket.",
		"/nowhere": "There is no such page.",
	} {
		got := v.gets(address)
		if got.status != http.StatusBadRequest && got.status != http.StatusNotFound && address != "/tickets?category=%00" {
			t.Errorf("%s: %d", address, got.status)
		}
		if address != "/tickets?category=%00" {
			says(t, got.text(), want)
		}
	}
	for _, address := range []string{"/tickets?words=%00%ff'\"--;", "/tickets?below=-1", "/tickets?below=99999999999999999999", "/tickets?page=999", "/tickets?words=checkout&page=5"} {
		if got := v.gets(address); got.status != http.StatusOK {
			t.Errorf("%s: %d: %s", address, got.status, got.text())
		}
	}
}

// Tickets are listed, found and read; what people wrote is text.
func TestPagesOfTickets(t *testing.T) {
	t.Parallel()
	h := led(t)
	alice, bob := h.as("alice"), h.as("bob")
	alice.opens(newTicket{"P2", "=cmd()", "First <script>alert(1)</script> line", "Payments"})
	card := alice.opens(newTicket{"P1", "Refunds hang", "Since noon.", "Data"})
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.allPosted()
	v := h.visitor()
	v.signsIn("Dana")
	says(t, v.gets("/tickets").text(), "#2 P1 Refunds hang Data claimed Bob has it", "#1 P2 =cmd() Payments open no owner")
	for query, want := range map[string]string{"priority=P1": "#2", "category=Payments": "#1", "words=refunds": "#2", "state=unowned": "#1", "words=%231": "#1", "below=2": "#1", "period=7d&state=claimed": "#2"} {
		got := v.gets("/tickets?" + query).text()
		other := map[string]string{"#1": "#2", "#2": "#1"}[want]
		if !strings.Contains(got, want+" P") || strings.Contains(got, other+" P") {
			t.Errorf("%s: not %s alone: %s", query, want, got)
		}
	}
	if got := v.gets("/tickets?state=ended").text(); !strings.Contains(got, "No tickets.") {
		t.Errorf("ended: %s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(v.gets("/tickets.csv").body)).ReadAll()
	if err != nil || len(rows) != 3 || rows[2][3] != "'=cmd()" || rows[1][6] != "Bob" {
		t.Errorf("CSV: %q, %v", rows, err)
	}
	one := v.gets("/tickets/1")
	says(t, one.text(), "#1 =cmd()", "First <script>alert(1)</script> line", "Alice filed it as P2.", "Why these times", "To be solved within 3 h", "Now :", "s used, 3 h left.", "Open in Slack")
	if strings.Contains(one.body, "<script") {
		t.Error("text of people is markup")
	}
	if got := v.follow(one, "Open in Slack"); !strings.Contains(got, "/archives/") {
		t.Errorf("the thread is at %s", got)
	}
}

// A private ticket counts in the numbers of all tickets, and is nowhere else for who may not read it.
func TestPagesKeepPrivateTickets(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withPages(t), func(_ *config_, s *simConfig) { s.Scopes = append(slacksim.DefaultScopes(), "groups:write") })
	h.entrusts("bob")
	id := func(name string) string { return h.sim.State().Person(name).ID }
	h.cfg.Squads = []config.Squad{{Name: "Checkout", Lead: id("dana")}, {Name: "Guard", Lead: id("bob")}}
	h.start()
	h.as("alice").confides("A key leaked")
	h.allPosted()
	dana, bob := h.visitor(), h.visitor()
	dana.signsIn("Dana")
	bob.signsIn("Bob")
	for _, address := range []string{"/tickets", "/tickets?words=key", "/tickets?words=%231", "/tickets?state=any", "/tickets?category=Security", "/tickets/1", "/tickets.csv", "/", "/statistics.csv", "/?category=Security"} {
		if got := dana.gets(address); strings.Contains(got.body, "leaked") || strings.Contains(got.body, canary) || strings.Contains(got.text(), "#1 P2") {
			t.Errorf("%s: Dana sees %s", address, got.text())
		}
	}
	if got := dana.gets("/tickets/1"); got.status != http.StatusNotFound || !strings.Contains(got.text(), "There is no ticket #1.") {
		t.Errorf("%d: %s", got.status, got.text())
	}
	says(t, dana.gets("/").text(), "Opened 1 before: 0")
	says(t, bob.gets("/tickets").text(), "#1 P2 A key leaked")
	says(t, bob.gets("/tickets/1").text(), canary)
}

// Nobody else gets in, and rights end at once.
func TestWhoSeesThePages(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withPages(t), func(c *config_, s *simConfig) {
		s.Workspace = slacksim.DefaultWorkspace()
		s.Workspace.People = append(s.Workspace.People, slacksim.Person{Name: "olga", RealName: "Olga"}, slacksim.Person{Name: "zed", RealName: "Zed", TeamID: "T0OTHER1"})
	})
	id := func(name string) string { return h.sim.State().Person(name).ID }
	h.cfg.Squads = []config.Squad{{Name: "Checkout", Lead: id("dana")}}
	h.cfg.Operators = []string{id("olga")}
	h.start()
	h.as("alice").opens(usual("Checkout fails"))
	for person, want := range map[string]string{
		"Bob": "This page is for those who lead a squad, and for operators.", "Erin": "This page is for those who lead a squad", "Zed": "You signed in to another workspace.",
	} {
		v := h.visitor()
		if got := v.signsIn(person); got.status != http.StatusForbidden || !strings.Contains(got.text(), want) {
			t.Errorf("%s: %d: %s", person, got.status, got.text())
		}
		if got := v.gets("/tickets"); !strings.Contains(got.at, "/sign-in?to=") {
			t.Errorf("%s is at %s", person, got.at)
		}
	}
	olga := h.visitor()
	says(t, olga.signsIn("Olga").text(), "Opened 1")
	says(t, olga.gets("/tickets").text(), "No tickets.", "You see the tickets that you asked for or have.")
	if got := olga.gets("/tickets/1"); got.status != http.StatusForbidden {
		t.Errorf("an operator who is not in the channel reads a ticket: %d", got.status)
	}
	dana := h.visitor()
	dana.signsIn("Dana")
	h.cfg.Squads = slices.Clone(h.cfg.Squads) // the running bot reads the old ones
	h.cfg.Squads[0].Lead = id("bob")
	h.settings = func() (config.Config, error) { return h.cfg, nil }
	h.reloads <- struct{}{}
	h.awaitLog("the settings were read again")
	if got := dana.gets("/"); got.status != http.StatusForbidden || strings.Contains(got.text(), "Opened") {
		t.Errorf("Dana leads no more: %d: %s", got.status, got.text())
	}
}

// A sign-in counts once, in the browser in which it began; a session ends.
func TestSignInByTheBook(t *testing.T) {
	t.Parallel()
	h := led(t)
	v := h.visitor()
	callback := v.agreed("Dana")
	other := h.visitor()
	if got := other.gets(callback); got.status != http.StatusBadRequest || !strings.Contains(got.text(), "did not begin in this browser") {
		t.Errorf("in another browser: %d: %s", got.status, got.text())
	}
	wrong, err := url.Parse(callback)
	if err != nil {
		t.Fatal(err)
	}
	q := wrong.Query()
	q.Set("state", "x"+q.Get("state"))
	wrong.RawQuery = q.Encode()
	if got := v.gets(wrong.String()); got.status != http.StatusBadRequest {
		t.Errorf("with another state: %d: %s", got.status, got.text())
	}
	if got := v.gets(callback); got.status != http.StatusBadRequest {
		t.Errorf("a sign-in goes on after a wrong state: %d: %s", got.status, got.text())
	}
	callback = v.agreed("Dana")
	says(t, v.gets(callback).text(), "All tickets")
	if got := v.gets(callback); got.status != http.StatusBadRequest {
		t.Errorf("the same once more: %d: %s", got.status, got.text())
	}
	h.until(`SELECT count(*) = 1 FROM web_sessions`)
	v.signsIn("Dana") // anew: the session before is over
	h.until(`SELECT count(*) = 1 FROM web_sessions`)
	replayed(t, h)
	for _, aged := range []string{"began_at = began_at - interval '12 hours'", "seen_at = seen_at - interval '2 hours'"} {
		v.signsIn("Dana")
		h.changes("UPDATE web_sessions SET " + aged)
		if got := v.gets("/tickets?state=any"); !strings.HasSuffix(got.at, "/sign-in?to=%2Ftickets%3Fstate%3Dany") {
			t.Errorf("%s: at %s", aged, got.at)
		}
	}
}

// replayed tries a code that Slack has exchanged already, in a sign-in of its own.
func replayed(t *testing.T, h *harness) {
	t.Helper()
	first, second := h.visitor(), h.visitor()
	used, err := url.Parse(first.agreed("Dana"))
	if err != nil {
		t.Fatal(err)
	}
	first.gets(used.String())
	fresh, err := url.Parse(second.agreed("Dana"))
	if err != nil {
		t.Fatal(err)
	}
	q := fresh.Query()
	q.Set("code", used.Query().Get("code"))
	fresh.RawQuery = q.Encode()
	if got := second.gets(fresh.String()); got.status != http.StatusBadRequest || !strings.Contains(got.text(), "Slack did not confirm this sign-in") {
		t.Errorf("a used code: %d: %s", got.status, got.text())
	}
}

// Signing out needs the form, and ends the session in the database too.
func TestSignOut(t *testing.T) {
	t.Parallel()
	h := led(t)
	v := h.visitor()
	page := v.signsIn("Dana")
	site, err := url.Parse(h.cfg.HTTP.PublicURL)
	if err != nil {
		t.Fatal(err)
	}
	kept := v.client.Jar.Cookies(site)
	out := func(token string, change func(*http.Request)) seenPage {
		request, err := http.NewRequestWithContext(h.ctx, http.MethodPost, site.String()+"/sign-out", strings.NewReader("token="+url.QueryEscape(token)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(request)
		return v.do(request)
	}
	right := leaveWith.FindStringSubmatch(page.body)[1]
	if got := out("wrong", func(*http.Request) {}); got.status != http.StatusForbidden {
		t.Errorf("without the token: %d", got.status)
	}
	if got := out(right, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }); got.status != http.StatusForbidden {
		t.Errorf("from another site: %d", got.status)
	}
	says(t, v.gets("/").text(), "All tickets")
	if got := out(right, func(*http.Request) {}); !strings.HasSuffix(got.at, "/sign-in") {
		t.Errorf("signed out, at %s", got.at)
	}
	v.client.Jar.SetCookies(site, kept)
	if got := v.gets("/"); !strings.Contains(got.at, "/sign-in") {
		t.Errorf("the old cookie still counts: %s", got.text())
	}
}

// Browsers are told to be strict, and nothing of a page is kept.
func TestHeadersOfPages(t *testing.T) {
	t.Parallel()
	h := led(t)
	v := h.visitor()
	page := v.signsIn("Dana")
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
	} {
		if got := page.header.Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if page.header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without https")
	}
	request, err := http.NewRequestWithContext(h.ctx, http.MethodGet, h.cfg.HTTP.PublicURL+"/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "evil.example"
	if got := v.do(request); got.status != http.StatusMisdirectedRequest {
		t.Errorf("under another name: %d", got.status)
	}
	if got := v.gets("/readyz"); got.status != http.StatusOK {
		t.Errorf("readiness: %d %s", got.status, got.body)
	}
	if log := h.log.String(); strings.Contains(log, "secret-9") || strings.Contains(log, "code=") {
		t.Error("the log has a secret")
	}
}
