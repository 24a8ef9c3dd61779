package control

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/people"
	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/web"
	"supporty/internal/dev/slacksim/webapi"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// maxWait is how long GET /sim/v1/changes may wait.
const maxWait = 60 * time.Second

// Config is what the control API shows and moves.
type Config struct {
	Commands  []people.Command
	Shortcuts []people.Shortcut
	Steps     []people.WorkflowStep
	Home      bool // the app has a Home tab
	Time      TimeControl
	Toggles   map[string]func(ctx context.Context, on bool) error
	Progress  func() (done, total int, what string)
	Samples   fs.FS
	Links     []Link
}

// Server answers under /sim/v1/, as API.md describes it.
type Server struct {
	cfg    Config
	store  *workspace.Store
	hub    *socketmode.Hub
	api    *webapi.API
	driver *people.Driver
	faults *faults.List

	switched *workspace.Guarded[map[string]bool] // which of cfg.Toggles are on
}

// New makes the control API of a workspace.
func New(store *workspace.Store, hub *socketmode.Hub, api *webapi.API, driver *people.Driver, struck *faults.List, cfg Config) *Server {
	return &Server{cfg: cfg, store: store, hub: hub, api: api, driver: driver, faults: struck, switched: workspace.Guard(map[string]bool{})}
}

// Routes adds what the page, the demo and tests call.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /sim/v1/state", s.getState)
	mux.HandleFunc("GET /sim/v1/changes", s.getChanges)
	mux.HandleFunc("GET /sim/v1/journal", s.getJournal)
	mux.HandleFunc("GET /sim/v1/journal/{seq}", s.getEntry)
	mux.HandleFunc("GET /sim/v1/stream", s.getStream)
	mux.HandleFunc("GET /sim/v1/messages", s.getMessages)
	mux.HandleFunc("GET /sim/v1/notifications", s.getNotified)
	mux.HandleFunc("GET /sim/v1/samples", s.getSamples)
	mux.HandleFunc("POST /sim/v1/files", s.upload)
	mux.HandleFunc("GET /sim/v1/files/{id}", s.serveFile)
	mux.HandleFunc("GET /sim/v1/time", answers(s.readTime))
	mux.HandleFunc("POST /sim/v1/time", asks(s.moveTime))
	mux.HandleFunc("GET /sim/v1/toggles", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.toggles()) })
	mux.HandleFunc("POST /sim/v1/toggles", asks(s.flip))
	mux.HandleFunc("POST /sim/v1/actions", takes(s.driver.Do))
	mux.HandleFunc("POST /sim/v1/messages", updates(s.store, incoming))
	mux.HandleFunc("POST /sim/v1/people", updates(s.store, createPerson))
	mux.HandleFunc("POST /sim/v1/channels", updates(s.store, createChannel))
	mux.HandleFunc("POST /sim/v1/usergroups", updates(s.store, setGroup))
	mux.HandleFunc("POST /sim/v1/limits", takes(s.setLimits))
	mux.HandleFunc("GET /sim/v1/beliefs", s.getBeliefs)
	mux.HandleFunc("POST /sim/v1/beliefs", updates(s.store, setBeliefs))
	mux.HandleFunc("GET /sim/v1/faults", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.faults.All()) })
	mux.HandleFunc("POST /sim/v1/faults", updates(s.store, s.addFault))
	mux.HandleFunc("DELETE /sim/v1/faults", s.deleteFaults)
}

// takes makes a handler of a function from a JSON body to a JSON answer. What
// the function refuses becomes a 400 with {"error": …}.
func takes[In, Out any](do func(In) (Out, error)) http.HandlerFunc {
	return asks(func(_ context.Context, in In) (Out, error) { return do(in) })
}

// asks is takes for a function that may have to wait.
func asks[In, Out any](do func(context.Context, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			reject(w, fmt.Errorf("reading the request: %w", err))
			return
		}
		answers(func(ctx context.Context) (Out, error) { return do(ctx, in) })(w, r)
	}
}

// updates is takes for a function that changes the workspace.
func updates[In, Out any](store *workspace.Store, do func(*workspace.Tx, In) (Out, error)) http.HandlerFunc {
	return takes(func(in In) (Out, error) {
		return workspace.Update(store, func(tx *workspace.Tx) (Out, error) { return do(tx, in) })
	})
}

// replyWith answers with what is read from the workspace.
func replyWith[Out any](w http.ResponseWriter, store *workspace.Store, read func(*workspace.Tx) (Out, error)) {
	var out Out
	var err error
	store.View(func(tx *workspace.Tx) { out, err = read(tx) })
	if err != nil {
		reject(w, err)
		return
	}
	reply(w, out)
}

// answers makes a handler of a function that may have to wait.
func answers[Out any](do func(context.Context) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := do(r.Context())
		if err != nil {
			reject(w, err)
			return
		}
		reply(w, out)
	}
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v) // an error means that the caller is gone
}

func reject(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(wire.Object{"error": err.Error()})
}

// State is what GET /sim/v1/state answers.
func (s *Server) State() (state workspace.State) {
	s.store.View(func(tx *workspace.Tx) {
		state = tx.Visible()
		state.Sockets, state.Pending = s.hub.Open(tx)
	})
	return state
}

// getChanges answers as soon as the journal is past a number, or when the wait
// is over.
func (s *Server) getChanges(w http.ResponseWriter, r *http.Request) {
	after, _ := strconv.ParseInt(r.FormValue("after"), 10, 64)
	seconds, _ := strconv.ParseFloat(r.FormValue("wait"), 64)
	wait := time.NewTimer(min(time.Duration(seconds*float64(time.Second)), maxWait))
	defer wait.Stop()
	for {
		seq, changed := s.store.Latest()
		if seq > after {
			reply(w, wire.Object{"seq": seq})
			return
		}
		select {
		case <-changed:
		case <-wait.C:
			reply(w, wire.Object{"seq": seq})
			return
		case <-r.Context().Done():
			return
		case <-s.store.Done():
			reply(w, wire.Object{"seq": seq})
			return
		}
	}
}

func (s *Server) getSamples(w http.ResponseWriter, _ *http.Request) {
	samples, err := web.Samples(s.cfg.Samples)
	if err != nil {
		reject(w, err)
		return
	}
	reply(w, samples)
}
