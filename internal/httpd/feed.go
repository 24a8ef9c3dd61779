package httpd

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// dutyPath is where the calendars of rotas are.
const dutyPath = "/v1/duty/"

// feedWithin bounds the making of a calendar.
const feedWithin = 5 * time.Second

// feed serves calendars: GET /v1/duty/SQUAD.ics?key=…
type feed struct {
	calendar func(ctx context.Context, squad, key string) (text string, ok bool, err error)
	calls    *rate.Limiter
	log      *slog.Logger
}

func newFeed(o Options) *feed {
	const perSecond, atOnce = 5, 60
	return &feed{o.Calendar, rate.NewLimiter(perSecond, atOnce), o.Log}
}

func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	squad, named := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !f.calls.Allow() {
		w.Header().Set("Retry-After", "60")
		say(w, http.StatusTooManyRequests, "too often")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), feedWithin)
	defer cancel()
	text, ok, err := f.calendar(ctx, squad, r.URL.Query().Get("key"))
	switch {
	case err != nil:
		f.log.Warn("a calendar could not be made", "error", err)
		w.Header().Set("Retry-After", "60")
		say(w, http.StatusServiceUnavailable, "try again in a minute")
	case !ok || !named:
		http.NotFound(w, r) // whoever guesses learns nothing, neither of squads
	default:
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		w.Header().Set("Cache-Control", "private, max-age=300")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, text) // the client may be gone
	}
}
