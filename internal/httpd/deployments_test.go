package httpd_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"supporty/internal/deploy"
	"supporty/internal/httpd"
	"supporty/internal/ticket"
)

const token = "a-token-of-24-characters"

// reporter is a server that takes deployments, and what it logs.
type reporter struct {
	http.Handler
	logged *bytes.Buffer
}

func newReporter(secret string) reporter {
	logged := &bytes.Buffer{}
	o := options(ready)
	o.Deployments = httpd.Deployments{
		Token: func() string { return secret }, Log: slog.New(slog.NewTextHandler(logged, nil)),
		Record: func(_ context.Context, key string, r deploy.Report) (deploy.Deployment, bool, error) {
			switch key {
			case "other":
				return deploy.Deployment{}, false, ticket.Errorf(ticket.Conflict, "Used.").At("key")
			case "away":
				return deploy.Deployment{}, false, ticket.Errorf(ticket.Unavailable, "Away.").Because(errors.New("no database"))
			case "broken":
				return deploy.Deployment{}, false, errors.New("a secret of ours")
			}
			return deploy.Deployment{ID: 7, Service: r.Service, Version: r.Version, At: time.Unix(0, 0).UTC()}, key != "again", nil
		},
	}
	return reporter{httpd.Handler(o), logged}
}

func (r reporter) post(auth, kind, key, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, "/v1/deployments", strings.NewReader(body))
	request.Header.Set("Authorization", auth)
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Idempotency-Key", key)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, request)
	return w
}

func TestDeployments(t *testing.T) {
	t.Parallel()
	const shop = `{"service":"shop","version":"1"}`
	for _, test := range []struct {
		name, auth, kind, key, body string
		status                      int
		says                        string
	}{
		{"new", "Bearer " + token, "application/json", "k", shop, 201, `{"id":7,"service":"shop","version":"1","deployed_at":"1970-01-01T00:00:00Z"}`},
		{"in another spelling", "bearer " + token, "application/json; charset=utf-8", "k", shop, 201, `"id":7`},
		{"again", "Bearer " + token, "application/json", "again", shop, 200, `"id":7`},
		{"no token", "", "application/json", "k", shop, 401, `"code":"unauthorized"`},
		{"a wrong token", "Bearer " + token + "x", "application/json", "k", shop, 401, "missing or wrong"},
		{"another scheme", "Basic " + token, "application/json", "k", shop, 401, "missing or wrong"},
		{"a form", "Bearer " + token, "application/x-www-form-urlencoded", "k", "service=shop", 415, "Send JSON"},
		{"no JSON", "Bearer " + token, "application/json", "k", "shop", 400, "not the JSON of a deployment"},
		{"too long", "Bearer " + token, "application/json", "k", `{"service":"` + strings.Repeat("s", 9000) + `"}`, 413, "more than 8 KB"},
		{"the key of another", "Bearer " + token, "application/json", "other", shop, 422, `{"error":{"code":"conflict","field":"key","message":"Used."}}`},
		{"no database", "Bearer " + token, "application/json", "away", shop, 503, "Away."},
		{"a fault of ours", "Bearer " + token, "application/json", "broken", shop, 503, "Something went wrong"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newReporter(token)
			w := r.post(test.auth, test.kind, test.key, test.body)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("answered as %s", w.Header().Get("Content-Type"))
			}
			if strings.Contains(r.logged.String(), token) || strings.Contains(w.Body.String(), "secret of ours") {
				t.Errorf("a secret is told: %s %s", w.Body, r.logged)
			}
		})
	}
}

// Without a token in the settings there is nothing.
func TestNoDeploymentsWithoutAToken(t *testing.T) {
	t.Parallel()
	for _, auth := range []string{"", "Bearer ", "Bearer " + token} {
		if w := newReporter("").post(auth, "application/json", "k", `{"service":"shop"}`); w.Code != http.StatusNotFound {
			t.Errorf("%q: %d %s", auth, w.Code, w.Body)
		}
	}
}

// Where pages are public, deployments are taken there too.
func TestDeploymentsBesidePages(t *testing.T) {
	t.Parallel()
	o := options(ready)
	o.Pages, o.PublicHost = http.NotFoundHandler(), "support.example.com"
	o.Deployments = httpd.Deployments{Token: func() string { return token }}
	w := httptest.NewRecorder()
	httpd.Handler(o).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "http://support.example.com/v1/deployments", http.NoBody))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Who guesses is slowed down, and takes nothing away from pipelines; those have a limit of their own.
func TestDeploymentsAreLimited(t *testing.T) {
	t.Parallel()
	r := newReporter(token)
	last := 0
	for range 50 {
		last = r.post("Bearer guess", "application/json", "k", `{}`).Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the fiftieth guess: %d", last)
	}
	if w := r.post("Bearer "+token, "application/json", "k", `{"service":"shop"}`); w.Code != http.StatusCreated {
		t.Errorf("after guesses of others: %d", w.Code)
	}
	for range 200 {
		last = r.post("Bearer "+token, "application/json", "k", `{"service":"shop"}`).Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the last of many: %d", last)
	}
}
