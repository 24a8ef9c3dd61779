package httpd_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"supporty/internal/httpd"
)

// A calendar is served to who knows its key, also under the public host; nobody else learns whether
// there is one, and nobody can guess fast.
func TestCalendars(t *testing.T) {
	t.Parallel()
	o := options(ready)
	o.PublicHost, o.Pages = "desk.example.com", http.NotFoundHandler()
	o.Calendar = func(_ context.Context, squad, key string) (string, bool, error) {
		if squad == "Away" {
			return "", false, errors.New("no database")
		}
		return "BEGIN:VCALENDAR", squad == "Check/out" && key == "right", nil
	}
	handler := httpd.Handler(o)
	get := func(path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		r.Host = "desk.example.com"
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	for path, want := range map[string]int{
		"/v1/duty/Check%2Fout.ics?key=right": http.StatusOK, "/v1/duty/Check%2Fout.ics?key=wrong": http.StatusNotFound, "/v1/duty/Check%2Fout.ics": http.StatusNotFound,
		"/v1/duty/Check%2Fout?key=right": http.StatusNotFound, "/v1/duty/Other.ics?key=right": http.StatusNotFound, "/v1/duty/Away.ics": http.StatusServiceUnavailable,
	} {
		w := get(path)
		if kind := w.Header().Get("Content-Type"); w.Code != want || want == http.StatusOK && (kind != "text/calendar; charset=utf-8" || w.Body.String() != "BEGIN:VCALENDAR") {
			t.Errorf("%s: %d, %s", path, w.Code, kind)
		}
	}
	for range 100 {
		if get("/v1/duty/Check%2Fout.ics?key=wrong").Code == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("a hundred guesses are answered")
}
