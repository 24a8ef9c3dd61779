package slacksim

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"supporty/internal/dev/slacksim/web"
)

// maxWait is how long GET /sim/v1/changes may wait.
const maxWait = 60 * time.Second

// controlRoutes are described in API.md.
func (s *Server) controlRoutes(mux *http.ServeMux) {
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
	mux.HandleFunc("GET /sim/v1/trouble", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.switches()) })
	mux.HandleFunc("POST /sim/v1/trouble", asks(s.flip))
	mux.HandleFunc("POST /sim/v1/actions", takes(s.act))
	mux.HandleFunc("POST /sim/v1/messages", takes(s.incoming))
	mux.HandleFunc("POST /sim/v1/people", takes(s.createPerson))
	mux.HandleFunc("POST /sim/v1/channels", takes(s.createChannel))
	mux.HandleFunc("POST /sim/v1/usergroups", takes(s.createGroup))
	mux.HandleFunc("POST /sim/v1/limits", takes(s.setLimits))
	mux.HandleFunc("GET /sim/v1/beliefs", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.beliefs()) })
	mux.HandleFunc("POST /sim/v1/beliefs", takes(s.setBeliefs))
	mux.HandleFunc("GET /sim/v1/faults", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.faults.all()) })
	mux.HandleFunc("POST /sim/v1/faults", takes(s.addFault))
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
	_ = json.NewEncoder(w).Encode(object{"error": err.Error()})
}

// State is what GET /sim/v1/state answers, without HTTP between.
func (s *Server) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.ws.state()
	state.Sockets, state.Pending = len(s.sockets), len(s.live)
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
		s.mu.Lock()
		seq, changed := s.ws.journal.last(), s.ws.journal.changed
		s.mu.Unlock()
		if seq > after {
			reply(w, object{"seq": seq})
			return
		}
		select {
		case <-changed:
		case <-wait.C:
			reply(w, object{"seq": seq})
			return
		case <-r.Context().Done():
			return
		case <-s.stopping:
			reply(w, object{"seq": seq})
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

func (s *Server) createPerson(p Person) (Person, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Name == "" || s.ws.person(p.Name) != nil {
		return Person{}, fmt.Errorf("a person needs a name that is free, not %q", p.Name)
	}
	p.Home, p.Modals, p.Notified = nil, nil, nil
	created := s.ws.addPerson(p)
	s.ws.journal.add(Entry{Kind: KindPeople, What: "person created", User: created.ID})
	s.ws.tellUser(created, "team_join")
	return *created, nil
}

func (s *Server) createChannel(c Channel) (Channel, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Name == "" || s.ws.channel(c.Name) != nil {
		return Channel{}, fmt.Errorf("a channel needs a name that is free, not %q", c.Name)
	}
	c.Messages, c.Ephemerals, c.IM, c.MPIM = nil, nil, false, false
	created := s.ws.addChannel(c)
	s.ws.journal.add(Entry{Kind: KindPeople, What: "channel created", Channel: created.ID})
	return *created, nil
}

func (s *Server) createGroup(g Usergroup) (Usergroup, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.Handle == "" {
		return Usergroup{}, fmt.Errorf("a user group needs a handle")
	}
	if old := s.ws.group(cmp.Or(g.ID, g.Handle)); old != nil {
		old.Handle = g.Handle
		s.ws.regroup(old, s.ws.ids(g.Members), g.Disabled)
		return *old, nil
	}
	created := s.ws.addGroup(g)
	s.ws.journal.add(Entry{Kind: KindPeople, What: "group created", Detail: created.ID})
	return *created, nil
}

func (s *Server) setLimits(l Limits) (Limits, error) {
	s.limits.change(l)
	return l, nil
}

func (s *Server) deleteFaults(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.FormValue("id"))
	s.faults.remove(id)
	s.mu.Lock()
	s.ws.journal.add(Entry{Kind: KindFault, What: "ended"}) // so that every window sees it
	s.mu.Unlock()
	reply(w, s.faults.all())
}

// addFault sets a fault, or makes happen at once what happens only once.
func (s *Server) addFault(f Fault) (Fault, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch f.Kind {
	case FaultCutSockets:
		s.cutAll()
	case FaultDisconnect:
		s.disconnectAll(f.Reason, f.delay())
	case FaultInject:
		return f, s.inject(f)
	case FaultDelay, FaultRateLimit, FaultHTTP, FaultError, FaultHang, FaultCut,
		FaultLose, FaultDuplicate, FaultDelayEvent, FaultReorder, FaultDropAck, FaultHandshake:
		f = s.faults.add(f)
	default:
		return f, fmt.Errorf("no fault is called %q", f.Kind)
	}
	s.ws.journal.add(Entry{Kind: KindFault, What: f.Kind, Method: f.Method, Type: f.Event, Detail: f.Reason})
	return f, nil
}

// inject sends a payload as it is, in an envelope of type f.Event.
func (s *Server) inject(f Fault) error {
	if !json.Valid(f.Payload) {
		return fmt.Errorf("what is injected must be JSON")
	}
	kind := f.Event
	if kind == "" {
		kind = typeEvents
	}
	s.deliver(&envelope{kind: kind, label: "injected", payload: f.Payload, accepts: kind != typeEvents})
	return nil
}
