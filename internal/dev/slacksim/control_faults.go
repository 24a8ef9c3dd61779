package slacksim

import (
	"fmt"
	"net/http"
	"strconv"
)

func (s *controlServer) setLimits(l Limits) (Limits, error) {
	s.api.SetLimits(l)
	return l, nil
}

func (s *controlServer) deleteFaults(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.FormValue("id"))
	s.faults.remove(id)
	s.store.Update(func(tx *Tx) {
		tx.journal.add(Entry{Kind: KindFault, What: "ended"}) // so that every window sees it
	})
	reply(w, s.faults.all())
}

// addFault sets a fault, or makes happen at once what happens only once.
func (s *controlServer) addFault(tx *Tx, f Fault) (Fault, error) {
	switch f.Kind {
	case FaultCutSockets:
		s.hub.CutAll(tx)
	case FaultDisconnect:
		s.hub.DisconnectAll(tx, f.Reason, f.delay())
	case FaultInject:
		return f, s.hub.Inject(tx, f.Event, f.Payload)
	case FaultDelay, FaultRateLimit, FaultHTTP, FaultError, FaultHang, FaultCut,
		FaultLose, FaultDuplicate, FaultDelayEvent, FaultReorder, FaultDropAck, FaultHandshake:
		f = s.faults.add(f)
	default:
		return f, fmt.Errorf("no fault is called %q", f.Kind)
	}
	tx.journal.add(Entry{Kind: KindFault, What: f.Kind, Method: f.Method, Type: f.Event, Detail: f.Reason})
	return f, nil
}

func (s *controlServer) getBeliefs(w http.ResponseWriter, _ *http.Request) {
	var beliefs Beliefs
	s.store.View(func(tx *Tx) { beliefs = tx.beliefs })
	reply(w, beliefs)
}
