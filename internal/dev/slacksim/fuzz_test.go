package slacksim

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"supporty/internal/dev/slacksim/people"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// offline is a workspace without a listener; bob has the form open.
func offline() (*Server, string) {
	s := newServer(Config{AckTimeout: time.Nanosecond}.withDefaults(), "http://sim.test")
	var body wire.Object
	_ = wire.Decode(wire.Encode(form()), &body)
	var ts string
	s.store.Update(func(tx *workspace.Tx) {
		tx.Show(tx.Person("bob"), tx.NewView(body), nil)
		ts = tx.Post(tx.Channel("support"), Message{User: tx.Bot.User, BotID: tx.Bot.ID, Text: "card"}).TS
	})
	return s, ts
}

// FuzzAction has bob do whatever the control API lets through.
func FuzzAction(f *testing.F) {
	for _, do := range people.Actions() {
		f.Add(`{"do":"` + do + `","as":"bob","channel":"support","text":"@here <x>","action_id":"title","emoji":"eyes","values":{"title":["a"],"prio":{"x":1}},"value":7}`)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s, _ := offline()
		request := httptest.NewRequest(http.MethodPost, "http://localhost/sim/v1/actions", bytes.NewBufferString(body))
		recorder := httptest.NewRecorder()
		s.http.Handler.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK && recorder.Code != http.StatusBadRequest {
			t.Errorf("answered %d", recorder.Code)
		}
		wire.Encode(s.State())
		s.Close()
	})
}
