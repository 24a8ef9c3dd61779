package pager_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/pager"
)

const secret = "s3kr1t"

// server gives every call the same answer and keeps the requests.
func server(t *testing.T, answer http.HandlerFunc) (*pager.Client, *httptest.Server) {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return pager.New(map[string]pager.Address{"ops": {URL: s.URL + "/hooks/" + secret}}), s
}

func TestCall(t *testing.T) {
	t.Parallel()
	var got string
	var path, kind string
	c, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got, path, kind = string(body), r.Method+" "+r.URL.Path, r.Header.Get("Content-Type")
		w.WriteHeader(http.StatusAccepted)
	})
	filed := time.Date(2026, 11, 20, 9, 50, 0, 0, time.UTC)
	page := pager.Page{
		Version: pager.Version, DedupKey: "supporty-7", Ticket: 42, Priority: "P1", State: "open", Category: "Payments",
		Title: "Checkout fails <&>", OpenedAt: filed, DueAt: filed.Add(time.Hour), Link: "https://acme.slack.com/archives/C1/p2", Reason: "It has no owner.",
	}
	if err := c.Call(t.Context(), "ops", page); err != nil {
		t.Fatal(err)
	}
	const want = `{"version":1,"dedup_key":"supporty-7","ticket":42,"priority":"P1","state":"open","category":"Payments",` +
		`"title":"Checkout fails \u003c\u0026\u003e","opened_at":"2026-11-20T09:50:00Z","due_at":"2026-11-20T10:50:00Z",` +
		`"link":"https://acme.slack.com/archives/C1/p2","reason":"It has no owner."}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what others read has changed (-want +got):\n%s", diff)
	}
	if path != "POST /hooks/"+secret || kind != "application/json" {
		t.Errorf("%s as %s", path, kind)
	}
	short, err := json.Marshal(pager.Page{Version: 1, DedupKey: "supporty-8", OpenedAt: filed})
	if err != nil || strings.Contains(string(short), "title") || strings.Contains(string(short), "due_at") || strings.Contains(string(short), "link") {
		t.Errorf("what is not there is written: %s, %v", short, err)
	}
}

func TestCallsThatDoNotGetThrough(t *testing.T) {
	t.Parallel()
	for status, final := range map[int]bool{301: true, 400: true, 404: true, 410: true, 408: false, 429: false, 500: false, 503: false} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			c, s := server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, "body of the answer")
			})
			err := c.Call(t.Context(), "ops", pager.Page{})
			checkError(t, err, s, final)
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	c, s := server(t, nil)
	s.Close()
	err := c.Call(t.Context(), "ops", pager.Page{})
	checkError(t, err, s, false)

	c, s = server(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server notices that the caller is gone only after reading the body
		<-r.Context().Done()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err = c.Call(ctx, "ops", pager.Page{})
	checkError(t, err, s, false)
	if !strings.Contains(err.Error(), "there was no answer within 10 s") {
		t.Error(err)
	}
}

func checkError(t *testing.T, err error, s *httptest.Server, final bool) {
	t.Helper()
	e, ok := errors.AsType[*pager.Error](err)
	if !ok || e.Final != final || e.Reason == "" || "http://"+e.Host != s.URL {
		t.Errorf("%#v, want one that is final: %v", err, final)
	}
	if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "body") {
		t.Errorf("a secret is told: %v", err)
	}
}

func TestMissingPages(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{"other": "http://127.0.0.1:1/", "ops": "http://\x7f/" + secret} {
		err := pager.New(map[string]pager.Address{name: {URL: address}}).Call(t.Context(), "ops", pager.Page{})
		if e, ok := errors.AsType[*pager.Error](err); !ok || !e.Final || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
