package control

import (
	"fmt"
	"net/http"
	"strconv"

	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/webapi"
	"supporty/internal/dev/slacksim/workspace"
)

func (s *Server) setLimits(l webapi.Limits) (webapi.Limits, error) {
	s.api.SetLimits(l)
	return l, nil
}

func (s *Server) deleteFaults(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.FormValue("id"))
	s.faults.Remove(id)
	s.store.Update(func(tx *workspace.Tx) {
		tx.Journal.Add(workspace.Entry{Kind: workspace.KindFault, What: "ended"}) // so that every window sees it
	})
	reply(w, s.faults.All())
}

// addFault sets a fault, or makes happen at once what happens only once.
func (s *Server) addFault(tx *workspace.Tx, f faults.Fault) (faults.Fault, error) {
	switch f.Kind {
	case faults.CutSockets:
		s.hub.CutAll(tx)
	case faults.Disconnect:
		s.hub.DisconnectAll(tx, f.Reason, f.Wait())
	case faults.Inject:
		return f, s.hub.Inject(tx, f.Event, f.Payload)
	case faults.Delay, faults.RateLimit, faults.HTTP, faults.Error, faults.Hang, faults.Cut,
		faults.Lose, faults.Duplicate, faults.DelayEvent, faults.Reorder, faults.DropAck, faults.Handshake:
		f = s.faults.Add(f)
	default:
		return f, fmt.Errorf("no fault is called %q", f.Kind)
	}
	tx.Journal.Add(workspace.Entry{Kind: workspace.KindFault, What: f.Kind, Method: f.Method, Type: f.Event, Detail: f.Reason})
	return f, nil
}

func (s *Server) getBeliefs(w http.ResponseWriter, _ *http.Request) {
	var beliefs workspace.Beliefs
	s.store.View(func(tx *workspace.Tx) { beliefs = tx.Beliefs })
	reply(w, beliefs)
}
