package httpd

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"supporty/internal/deploy"
	"supporty/internal/ticket"
)

// Deployments takes the reports of pipelines: POST /v1/deployments. docs/deployments.md has its JSON
// and its answers.
type Deployments struct {
	// Token is the token that a pipeline has to send, as it is now. Empty: there is nothing here.
	Token func() string
	// Record is deploy.Recorder.Record, as of now.
	Record func(ctx context.Context, key string, r deploy.Report) (deploy.Deployment, bool, error)
	Log    *slog.Logger
}

const deploymentsPath = "/v1/deployments"

// How often reports are taken, and how often a wrong token is answered: whoever guesses takes
// nothing away from pipelines.
const (
	reportsPerSecond = 1
	mostAtOnce       = 60
	guessesAtOnce    = 10
	reportWithin     = 10 * time.Second // to read a body, and to store it
)

// said is a deployment as it is answered.
type said struct {
	ID      ticket.DeploymentID `json:"id"`
	Service string              `json:"service"`
	Version string              `json:"version"`
	At      time.Time           `json:"deployed_at"`
}

// refusal is an error as it is answered.
type refusal struct {
	Error struct {
		Code    string `json:"code"`
		Field   string `json:"field,omitempty"`
		Message string `json:"message"`
	} `json:"error"`
}

// deployments is a handler with its limits.
type deployments struct {
	Deployments
	reports, guesses *rate.Limiter
}

func newDeployments(d Deployments) *deployments {
	return &deployments{d, rate.NewLimiter(reportsPerSecond, mostAtOnce), rate.NewLimiter(reportsPerSecond, guessesAtOnce)}
}

func (d *deployments) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := d.Token()
	known := authorized(r, token)
	switch {
	case token == "":
		http.NotFound(w, r)
	case !known && !d.guesses.Allow(), known && !d.reports.Allow():
		w.Header().Set("Retry-After", "60")
		refuse(w, http.StatusTooManyRequests, "limited", "", "That is too often. Send it again in a minute, with the same key.")
	case !known:
		w.Header().Set("WWW-Authenticate", `Bearer realm="supporty"`)
		refuse(w, http.StatusUnauthorized, "unauthorized", "", "The token is missing or wrong. Send it as: Authorization: Bearer …")
	case !isJSON(r):
		refuse(w, http.StatusUnsupportedMediaType, string(ticket.Invalid), "", "Send JSON, with Content-Type: application/json.")
	default:
		d.take(w, r)
	}
}

// authorized compares digests, so that neither the time nor the length tells anything of the token.
func authorized(r *http.Request, token string) bool {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && strings.EqualFold(scheme, "Bearer")
}

func isJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

// take records the report of a request that may make one.
func (d *deployments) take(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), reportWithin)
	defer cancel()
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(reportWithin)) // not every writer can
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, deploy.LongestReport))
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		refuse(w, http.StatusRequestEntityTooLarge, string(ticket.Invalid), "", "The body has more than 8 KB.")
		return
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, string(ticket.Invalid), "", "The body could not be read.")
		return
	}
	report, err := deploy.ParseReport(body)
	if err != nil {
		d.answerError(w, http.StatusBadRequest, err)
		return
	}
	deployed, fresh, err := d.Record(ctx, r.Header.Get("Idempotency-Key"), report)
	if err != nil {
		d.answerError(w, http.StatusUnprocessableEntity, err)
		return
	}
	status := http.StatusOK
	if fresh {
		status = http.StatusCreated
		d.Log.Info("a deployment was recorded", "deployment", int64(deployed.ID))
	}
	answer(w, status, said{deployed.ID, deployed.Service, deployed.Version, deployed.At})
}

// answerError answers what is wrong with a report by a status; with that of an outage, if it is one.
func (d *deployments) answerError(w http.ResponseWriter, status int, err error) {
	field := ""
	if e, ok := errors.AsType[*ticket.Error](err); ok {
		field = e.Field
	}
	code := ticket.CodeOf(err)
	if code != ticket.Invalid && code != ticket.Conflict {
		status, code = http.StatusServiceUnavailable, ticket.Unavailable
		w.Header().Set("Retry-After", "60")
		d.Log.Warn("a deployment was not recorded", "error", err)
	}
	refuse(w, status, string(code), field, ticket.SentenceOf(err))
}

func refuse(w http.ResponseWriter, status int, code, field, message string) {
	var no refusal
	no.Error.Code, no.Error.Field, no.Error.Message = code, field, message
	answer(w, status, no)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}
