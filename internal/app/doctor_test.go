package app_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// If no dependency answers, the doctor does not blame tokens and channels. Every finding
// is one line, whatever the error.
func TestDoctorFindsNobody(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.Slack.APIURL = "http://127.0.0.1:1/api/"
	cfg.Slack.AppToken, cfg.Slack.BotToken = "xapp-1", "xoxb-1"
	cfg.Channels = config.Channels{Support: "support", Digest: "support-digest"}
	cfg.Database.URL = "postgres://desk@127.0.0.1:1/desk"
	var report strings.Builder
	if app.Doctor(t.Context(), cfg, &report) {
		t.Error("the doctor finds nothing")
	}
	lines := strings.Split(strings.TrimSpace(report.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("not a line for Slack and one for the database:\n%s", report.String())
	}
	says(t, lines[0], "FAIL  Slack            http://127.0.0.1:1/api/ cannot be reached")
	says(t, lines[1], "FAIL  database", "is it running, and is database.url right?")
}

// With a wrong token nothing else can be checked, so Slack has one finding.
func TestDoctorReportsOnlyTheWrongToken(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.cfg.Slack.BotToken = "xoxb-wrong"
	lines := slackLines(h)
	if len(lines) != 2 {
		t.Fatalf("not a line for each token: %q", lines)
	}
	says(t, lines[0], "ok    app token")
	says(t, lines[1], "FAIL  bot token", "invalid_auth")
}

func TestDoctorSaysNothingTwice(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.cfg.Channels.Digest, h.cfg.Channels.Support = "nowhere", "nowhere"
	if told := strings.Count(strings.Join(slackLines(h), "\n"), "nowhere"); told != 1 {
		t.Errorf("one channel that is not there is told %d times", told)
	}
}

// A permission that Slack does not report does not count as missing, and an
// organisation's installation is told from a workspace's.
func TestDoctorReadsTheTokensScopes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.goesThrough(func(r *http.Response) error {
		r.Header.Del("X-OAuth-Scopes")
		body, err := io.ReadAll(r.Body)
		body = bytes.Replace(body, []byte(`"is_enterprise_install":false`), []byte(`"is_enterprise_install":true`), 1)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
		return err
	})
	says(t, strings.Join(slackLines(h), "\n"), "ok    scopes           Slack did not say", "FAIL  installation     is org-wide")
}

// goesThrough puts a proxy that changes answers between the bot and Slack.
func (h *harness) goesThrough(change func(*http.Response) error) {
	h.t.Helper()
	slack, err := url.Parse(h.cfg.Slack.APIURL)
	if err != nil {
		h.t.Fatal(err)
	}
	between := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: slack.Scheme, Host: slack.Host})
			r.Out.Header.Set("Accept-Encoding", "identity")
		},
		ModifyResponse: change,
	})
	h.t.Cleanup(between.Close)
	h.cfg.Slack.APIURL = between.URL + slack.Path
}

// The scope that makes private channels is missed only where a category is private.
func TestDoctorMissesTheScopeOfPrivateCategories(t *testing.T) {
	t.Parallel()
	h := setup(t)
	says(t, strings.Join(slackLines(h), "\n"), "ok    scopes")
	h.cfg.Categories = append(h.cfg.Categories, config.Category{Name: "Security", Filing: config.Filing{Private: true}})
	says(t, strings.Join(slackLines(h), "\n"), "FAIL  scopes", "missing [groups:write]", "supporty manifest --private", "Security")
}

// If Slack does not report the permissions, the form asks for files if the bot can read
// files.
func TestFilesWithUnknownPermissions(t *testing.T) {
	t.Parallel()
	for name, scopes := range map[string][]string{
		"granted":     slacksim.DefaultScopes(),
		"not granted": slices.DeleteFunc(slacksim.DefaultScopes(), func(s string) bool { return s == "files:read" }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, func(_ *config_, s *simConfig) { s.Scopes = scopes })
			h.goesThrough(func(r *http.Response) error {
				r.Header.Del("X-OAuth-Scopes")
				return nil
			})
			h.start()
			alice := h.as("alice")
			alice.types("/support")
			alice.seesForm()
			form, err := alice.actor.View(h.ctx)
			if err != nil {
				t.Fatal(err)
			}
			if asks := strings.Contains(form.Rendered(), "Screenshots or logs"); asks != (name == "granted") {
				t.Errorf("it asks for files: %v\n%s", asks, form.Rendered())
			}
			h.awaitLog("Slack did not say what is granted")
		})
	}
}

// slackLines are the doctor's lines before those about the database.
func slackLines(h *harness) []string {
	var report strings.Builder
	app.Doctor(h.ctx, h.cfg, &report)
	said, _, _ := strings.Cut(report.String(), "ok    database")
	return strings.Split(strings.TrimSpace(said), "\n")
}

// The doctor compares the stored deadlines with the timelines, and names tickets whose
// deadlines differ.
func TestDoctorFindsDeadlinesThatDisagree(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(usual("Checkout fails"))
	var report strings.Builder
	app.Doctor(h.ctx, h.cfg, &report)
	if !strings.Contains(report.String(), "ok    deadlines        agree with the timelines, 1 tickets looked at") {
		t.Errorf("with everything in order:\n%s", report.String())
	}
	h.until(`WITH broken AS (UPDATE tickets SET next_at = NULL RETURNING 1) SELECT count(*) = 1 FROM broken`)
	report.Reset()
	if app.Doctor(h.ctx, h.cfg, &report) {
		t.Error("the doctor finds nothing")
	}
	says(t, report.String(), "FAIL  deadlines        1 stored times disagree", "#1: tickets.next_at is none, and should be ", "Any change of such a ticket writes its deadlines anew")
}

// The doctor says why messages do not get into Slack.
func TestDoctorFindsMessagesThatAreStuck(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Method: "chat.postMessage", Error: "restricted_action"})
	h.as("alice").files("Checkout fails")
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'card' AND state = 'parked'`)
	var report strings.Builder
	if !app.Doctor(h.ctx, h.cfg, &report) {
		t.Errorf("it does not work:\n%s", report.String())
	}
	says(t, report.String(), "warn  messages ", "do not get into Slack", "restricted_action", "supporty outbox")
}

// The doctor finds counts of the statistics that are not those of the tickets.
func TestDoctorFindsCountsThatDisagree(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(usual("Checkout fails"))
	h.passes(48 * time.Hour)
	if err := h.bot.CountDays(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.until(`SELECT count(*) > 1 FROM counted_days`)
	var report strings.Builder
	app.Doctor(h.ctx, h.cfg, &report)
	says(t, report.String(), "ok    statistics       counts agree with the tickets")
	for _, table := range []string{"day_counts", "category_counts"} {
		h.until(`WITH broken AS (UPDATE ` + table + ` SET n = n + 1 WHERE n IS NOT NULL RETURNING 1) SELECT count(*) > 0 FROM broken`)
		report.Reset()
		if app.Doctor(h.ctx, h.cfg, &report) {
			t.Error("the doctor finds nothing")
		}
		says(t, report.String(), "FAIL  statistics       the counts of 1 of", "such as 2026-11-16: delete all rows of the table counted_days")
		h.until(`WITH mended AS (UPDATE ` + table + ` SET n = n - 1 WHERE n IS NOT NULL RETURNING 1) SELECT count(*) > 0 FROM mended`)
	}
}
