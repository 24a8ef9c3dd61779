package webapi

import (
	"net/http"
	"strings"
	"time"

	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// Config is what the Web API needs to know.
type Config struct {
	AppToken, BotToken string
	Scopes             []string // granted to the bot token
	Limits             Limits
	HomeDisabled       bool          // views.publish answers not_enabled
	TriggerLife        time.Duration // how long a trigger_id opens a view
}

// API is Slack's Web API, with the addresses that it hands out: response_urls,
// uploads and downloads.
type API struct {
	cfg    Config
	store  *workspace.Store
	hub    *socketmode.Hub
	faults *faults.List
	limits *limits
	issued *workspace.Guarded[issued]
}

// issued is what the API has handed out and takes back.
type issued struct {
	triggers map[string]*trigger
	hooks    map[string]*Hook          // response_urls by id
	uploads  map[string]*pendingUpload // by the last part of their upload_url
}

// New makes the Web API of a workspace.
func New(store *workspace.Store, hub *socketmode.Hub, struck *faults.List, cfg Config) *API {
	return &API{
		cfg: cfg, store: store, hub: hub, faults: struck, limits: newLimits(cfg.Limits),
		issued: workspace.Guard(issued{triggers: map[string]*trigger{}, hooks: map[string]*Hook{}, uploads: map[string]*pendingUpload{}}),
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
		ans = api.withFaults(r, name, a, func(tx *workspace.Tx) answer { return api.call(tx, name, token, a) })
	}
	api.answerCall(w, r, workspace.Entry{Method: name, Args: a, Channel: a["channel"], Duration: time.Since(started)}, ans)
}

// answerCall notes in the journal what a call got, and answers it.
func (api *API) answerCall(w http.ResponseWriter, r *http.Request, e workspace.Entry, ans answer) {
	e.Kind, e.Status, e.Error = workspace.KindCall, ans.status, ans.err()
	api.store.Update(func(tx *workspace.Tx) { tx.Journal.Add(e) })
	api.write(w, r, ans)
}

// withFaults runs a call under the faults that are in force for it.
func (api *API) withFaults(r *http.Request, name string, a args, run func(*workspace.Tx) answer) answer {
	if ans := api.strikeCall(r, name, a, false); ans != nil {
		return *ans
	}
	var ans answer
	api.store.Update(func(tx *workspace.Tx) { ans = run(tx) })
	if late := api.strikeCall(r, name, a, true); late != nil {
		late.raw = ans.raw
		return *late
	}
	return ans
}

func (api *API) strikeCall(r *http.Request, name string, a args, after bool) *answer {
	if f := api.faults.TakeCall(name, a, after, faults.Delay); f != nil {
		api.store.Pause(r.Context(), f.Wait())
	}
	f := api.faults.TakeCall(name, a, after, faults.RateLimit, faults.HTTP, faults.Error, faults.Hang, faults.Cut)
	if f == nil {
		return nil
	}
	ans := struck(f)
	return &ans
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

// call checks who calls and what it may, and runs the method.
func (api *API) call(tx *workspace.Tx, name, token string, a args) answer {
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
	if c := tx.Channel(channel); c != nil {
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

func (api *API) run(tx *workspace.Tx, m method, a args, needed []string) answer {
	if missing := api.missing(m, needed); len(missing) > 0 {
		return failed(&apiError{"missing_scope", wire.Object{
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
