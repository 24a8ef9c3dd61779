package slacksim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// APIConfig is what the Web API needs to know.
type APIConfig struct {
	AppToken, BotToken string
	Scopes             []string // granted to the bot token
	Limits             Limits
	HomeDisabled       bool          // views.publish answers not_enabled
	TriggerLife        time.Duration // how long a trigger_id opens a view
}

// API is Slack's Web API, with the addresses that it hands out: response_urls,
// uploads and downloads.
type API struct {
	cfg    APIConfig
	store  *Store
	hub    *Hub
	faults *faultList
	limits *limits
	issued *Guarded[issued]
}

// issued is what the API has handed out and takes back.
type issued struct {
	triggers map[string]*trigger
	hooks    map[string]*hook          // response_urls by id
	uploads  map[string]*pendingUpload // by the last part of their upload_url
}

// NewAPI makes the Web API of a workspace.
func NewAPI(store *Store, hub *Hub, struck *faultList, cfg APIConfig) *API {
	return &API{
		cfg: cfg, store: store, hub: hub, faults: struck, limits: newLimits(cfg.Limits),
		issued: Guard(issued{triggers: map[string]*trigger{}, hooks: map[string]*hook{}, uploads: map[string]*pendingUpload{}}),
	}
}

// Routes adds what the bot calls.
func (api *API) Routes(mux *http.ServeMux) {
	mux.HandleFunc("/api/{method}", api.serveAPI)
	mux.HandleFunc("POST /hooks/{id}", api.serveHook)
	mux.HandleFunc("GET /files-pri/{file}/", api.serveDownload)
	mux.HandleFunc("GET /signin", api.serveSignIn)
	mux.HandleFunc("POST /upload/v1/{ticket}", api.serveUpload)
}

// SetLimits switches the rate limits on or off.
func (api *API) SetLimits(l Limits) { api.limits.change(l) }

// apiError is a refusal as the Web API words it.
type apiError struct {
	code  string
	extra object // further properties of the answer
}

func (e *apiError) Error() string { return e.code }

func refuse(code string) error { return &apiError{code: code} }

// answer is what goes back to a caller.
type answer struct {
	status int // 0 leaves the caller without one
	header map[string]string
	body   object
	page   string // instead of body
	raw    []byte // instead of both
	hang   bool   // with status 0: keep the caller waiting instead of cutting
}

func (a answer) err() string {
	if a.status == 0 {
		return "no answer"
	}
	return text(a.body, "error")
}

// serveAPI answers a Web API method. https://docs.slack.dev/apis/web-api
func (api *API) serveAPI(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	name := r.PathValue("method")
	a, token, err := readArgs(r)
	var ans answer
	if err != nil {
		ans = failed(err)
	} else {
		if methods[name].formOnly && isJSON(r) {
			a = args{}
		}
		ans = api.withFaults(r, name, a, func(tx *Tx) answer { return api.call(tx, name, token, a) })
	}
	api.answerCall(w, r, Entry{Method: name, Args: a, Channel: a["channel"], Duration: time.Since(started)}, ans)
}

// answerCall notes in the journal what a call got, and answers it.
func (api *API) answerCall(w http.ResponseWriter, r *http.Request, e Entry, ans answer) {
	e.Kind, e.Status, e.Error = KindCall, ans.status, ans.err()
	api.store.Update(func(tx *Tx) { tx.journal.add(e) })
	api.write(w, r, ans)
}

// withFaults runs a call under the faults that are in force for it.
func (api *API) withFaults(r *http.Request, name string, a args, run func(*Tx) answer) answer {
	if ans := api.strikeCall(r, name, a, false); ans != nil {
		return *ans
	}
	var ans answer
	api.store.Update(func(tx *Tx) { ans = run(tx) })
	if late := api.strikeCall(r, name, a, true); late != nil {
		late.raw = ans.raw
		return *late
	}
	return ans
}

func (api *API) strikeCall(r *http.Request, name string, a args, after bool) *answer {
	if f := api.faults.takeCall(name, a, after, FaultDelay); f != nil {
		api.store.Pause(r.Context(), f.delay())
	}
	f := api.faults.takeCall(name, a, after, FaultRateLimit, FaultHTTP, FaultError, FaultHang, FaultCut)
	if f == nil {
		return nil
	}
	ans := f.answer()
	return &ans
}

func (f *Fault) answer() answer {
	switch f.Kind {
	case FaultRateLimit:
		return tooMany(cmp.Or(f.RetryAfter, 1))
	case FaultHTTP:
		return answer{status: cmp.Or(f.Status, http.StatusInternalServerError), page: "<html><body>Server Error</body></html>"}
	case FaultError:
		return failed(refuse(cmp.Or(f.Error, "internal_error")))
	}
	return answer{hang: f.Kind == FaultHang}
}

func tooMany(seconds int) answer {
	return answer{
		status: http.StatusTooManyRequests, header: map[string]string{"Retry-After": strconv.Itoa(seconds)},
		body: object{"ok": false, "error": "ratelimited"},
	}
}

func failed(err error) answer {
	body := object{"ok": false, "error": "internal_error"}
	var refusal *apiError
	if errors.As(err, &refusal) {
		body["error"] = refusal.code
		for key, value := range refusal.extra {
			body[key] = value
		}
	}
	return answer{status: http.StatusOK, body: body}
}

func (api *API) write(w http.ResponseWriter, r *http.Request, ans answer) {
	if ans.status == 0 {
		sendHalf(w, ans)
		if ans.hang {
			api.store.Pause(r.Context(), time.Hour)
		}
		panic(http.ErrAbortHandler) // cuts the connection
	}
	contentType, body := ans.content()
	w.Header().Set("Content-Type", contentType)
	for key, value := range ans.header {
		w.Header().Set(key, value)
	}
	w.WriteHeader(ans.status)
	_, _ = w.Write(body) // an error means that the caller is gone
}

func (a answer) content() (string, []byte) {
	switch {
	case a.page != "":
		return "text/html; charset=utf-8", []byte(a.page)
	case a.raw != nil && a.body == nil:
		return "application/octet-stream", a.raw
	}
	return "application/json; charset=utf-8", encode(a.body)
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

// call checks who calls and what it may, and runs the method.
func (api *API) call(tx *Tx, name, token string, a args) answer {
	m, known := methods[name]
	if !known {
		return failed(refuse("unknown_method"))
	}
	if err := api.authorized(m, token); err != nil {
		return failed(err)
	}
	header := map[string]string{"X-OAuth-Scopes": strings.Join(api.cfg.Scopes, ",")}
	needed := needed(tx, m, a)
	if len(needed) > 0 {
		header["X-Accepted-OAuth-Scopes"] = strings.Join(needed, ",")
	}
	channel := a["channel"]
	if c := tx.channel(channel); c != nil {
		channel = c.ID
	}
	if wait := api.limits.wait(name, m.tier, channel); wait > 0 {
		return tooMany(wait)
	}
	if err := checkArguments(name, a); err != nil {
		return failed(err)
	}
	ans := api.run(tx, m, a, needed)
	ans.header = header
	return ans
}

func (api *API) run(tx *Tx, m method, a args, needed []string) answer {
	if missing := api.missing(m, needed); len(missing) > 0 {
		return failed(&apiError{"missing_scope", object{
			"needed": strings.Join(missing, ","), "provided": strings.Join(api.cfg.Scopes, ","),
		}})
	}
	body, err := m.run(api, tx, a)
	if err != nil {
		return failed(err)
	}
	body["ok"] = true
	return answer{status: http.StatusOK, body: body}
}

func (api *API) granted(scope string) bool { return slices.Contains(api.cfg.Scopes, scope) }

// authorized checks the token, and that it is of the right type.
func (api *API) authorized(m method, token string) error {
	right, wrong := api.cfg.BotToken, api.cfg.AppToken
	if m.appToken {
		right, wrong = wrong, right
	}
	switch token {
	case right:
		return nil
	case wrong:
		return refuse("not_allowed_token_type")
	case "":
		return refuse("not_authed")
	}
	return refuse("invalid_auth")
}

// missing lists the scopes that a call lacks: one of those needed is enough,
// but each entry of types needs its own (measured: getsentry/sentry#18317).
func (api *API) missing(m method, needed []string) []string {
	lacking := slices.DeleteFunc(slices.Clone(needed), api.granted)
	if m.scope != byTypes && len(lacking) < len(needed) {
		return nil
	}
	return lacking
}

// needed lists the scopes of a call. A scope that begins with * depends on the
// kind of conversation, as the page of each method tells:
// https://docs.slack.dev/reference/methods/conversations.history
func needed(tx *Tx, m method, a args) []string {
	suffix, byChannel := strings.CutPrefix(m.scope, "*")
	switch {
	case m.scope == byTypes:
		return scopesOfTypes(a["types"])
	case m.scope == "im:write" && strings.Contains(a["users"], ","):
		return []string{"mpim:write"}
	case m.scope == "" || !byChannel:
		return nonEmpty(m.scope)
	}
	var scopes []string
	for _, kind := range kindsOf(tx, a["channel"]) {
		scopes = append(scopes, scopePrefix[kind]+suffix)
	}
	return scopes
}

// kindsOf is what a conversation is; for one that is not there, what its id lets it be.
func kindsOf(tx *Tx, ref string) []string {
	switch c := tx.channel(ref); {
	case c != nil:
		return []string{c.kind()}
	case strings.HasPrefix(ref, "D"):
		return []string{"im"}
	}
	return []string{"channel", "group", "mpim"}
}

// byTypes stands for the scopes of the kinds of conversations that are listed.
const byTypes = "types"

// scopePrefix says by channel_type how its scopes begin.
var scopePrefix = map[string]string{"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}

// listType says by channel_type how types of conversations.list name it.
var listType = map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}

func scopesOfTypes(types string) []string {
	var scopes []string
	for _, kind := range []string{"channel", "group", "im", "mpim"} {
		if slices.Contains(splitTypes(types), listType[kind]) {
			scopes = append(scopes, scopePrefix[kind]+":read")
		}
	}
	return scopes
}

func splitTypes(types string) []string { return strings.Split(cmp.Or(types, "public_channel"), ",") }

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// args are the arguments of a call: strings as they are, everything else as JSON.
type args map[string]string

// readArgs reads a form body, a JSON body or a query, and the token, which may
// stand in the Authorization header or a form body, never in a query.
func readArgs(r *http.Request) (args, string, error) {
	a := args{}
	token := strings.TrimSpace(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer"))
	for key, values := range r.URL.Query() {
		a[key] = values[0]
	}
	delete(a, "token")
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		return a, token, fmt.Errorf("reading the call: %w", err)
	}
	if isJSON(r) {
		return a, token, a.readJSON(body)
	}
	if err := a.readForm(string(body)); err != nil {
		return a, token, err
	}
	token = cmp.Or(a["token"], token)
	delete(a, "token")
	return a, token, nil
}

func isJSON(r *http.Request) bool {
	contentType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return contentType == "application/json"
}

func (a args) readJSON(body []byte) error {
	if len(body) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return refuse("invalid_json")
	}
	for key, raw := range fields {
		var value string
		if json.Unmarshal(raw, &value) != nil {
			value = string(raw)
		}
		if value != "null" {
			a[key] = value
		}
	}
	delete(a, "token")
	return nil
}

func (a args) readForm(body string) error {
	form, err := url.ParseQuery(body)
	if err != nil {
		return refuse("invalid_form_data")
	}
	for key, values := range form {
		a[key] = values[0]
	}
	return nil
}

func (a args) flag(key string) bool { return a[key] == "true" || a[key] == "1" }

func (a args) number(key string, otherwise, most int) int {
	n, err := strconv.Atoi(a[key])
	if err != nil || n <= 0 {
		return otherwise
	}
	return min(n, most)
}

// json returns a JSON argument; nil if it is missing.
func (a args) json(key string) json.RawMessage {
	if a[key] == "" {
		return nil
	}
	return json.RawMessage(a[key])
}

// has says whether an argument was given at all, be it empty.
func (a args) has(key string) bool {
	_, ok := a[key]
	return ok
}
