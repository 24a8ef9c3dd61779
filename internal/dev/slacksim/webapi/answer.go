package webapi

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"

	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/wire"
)

// apiError is a refusal as the Web API words it.
type apiError struct {
	code  string
	extra wire.Object // further properties of the answer
}

func (e *apiError) Error() string { return e.code }

func refuse(code string) error { return &apiError{code: code} }

// answer is what goes back to a caller.
type answer struct {
	status int // 0 leaves the caller without one
	header map[string]string
	body   wire.Object
	page   string // instead of body
	raw    []byte // instead of both
	hang   bool   // with status 0: keep the caller waiting instead of cutting
}

func (a answer) err() string {
	if a.status == 0 {
		return "no answer"
	}
	return wire.Text(a.body, "error")
}

func struck(f *faults.Fault) answer {
	switch f.Kind {
	case faults.RateLimit:
		return tooMany(cmp.Or(f.RetryAfter, 1))
	case faults.HTTP:
		return answer{status: cmp.Or(f.Status, http.StatusInternalServerError), page: "<html><body>Server Error</body></html>"}
	case faults.Error:
		return failed(refuse(cmp.Or(f.Error, "internal_error")))
	}
	return answer{hang: f.Kind == faults.Hang}
}

func tooMany(seconds int) answer {
	return answer{
		status: http.StatusTooManyRequests, header: map[string]string{"Retry-After": strconv.Itoa(seconds)},
		body: wire.Object{"ok": false, "error": "ratelimited"},
	}
}

func failed(err error) answer {
	body := wire.Object{"ok": false, "error": "internal_error"}
	var refusal *apiError
	if errors.As(err, &refusal) {
		body["error"] = refusal.code
		for key, value := range refusal.extra {
			body[key] = value
		}
	}
	return answer{status: http.StatusOK, body: body}
}

func (a answer) content() (string, []byte) {
	switch {
	case a.page != "":
		return "text/html; charset=utf-8", []byte(a.page)
	case a.raw != nil && a.body == nil:
		return "application/octet-stream", a.raw
	}
	return "application/json; charset=utf-8", wire.Encode(a.body)
}

// sendHalf sends half of a file that is cut off after its effect.
func sendHalf(w http.ResponseWriter, ans answer) {
	if len(ans.raw) == 0 {
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(ans.raw)))
	_, _ = w.Write(ans.raw[:len(ans.raw)/2]) // an error means that the caller is gone
	_ = http.NewResponseController(w).Flush()
}
