package slacksim

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// offline is a workspace without a listener; bob has the form open.
func offline() (*Server, string) {
	s := newServer(Config{AckTimeout: time.Nanosecond}.withDefaults(), "http://sim.test")
	var body object
	_ = decodeInto(encode(form()), &body)
	var ts string
	s.store.Update(func(tx *Tx) {
		tx.show(tx.person("bob"), tx.newView(body), nil)
		ts = tx.post(tx.channel("support"), Message{User: tx.bot.user, BotID: tx.bot.bot, Text: "card"}).TS
	})
	return s, ts
}

// FuzzCall feeds every method with whatever a bot might send.
func FuzzCall(f *testing.F) {
	names := slices.Sorted(maps.Keys(methods))
	for i := range names {
		f.Add(uint(i), `{"channel":"C","ts":"1.0","text":"x","blocks":[{"type":"divider"}],"metadata":{"event_type":"a","event_payload":{}},"view":{"type":"home","blocks":[]},"cursor":"bmV4dDo5","limit":-1}`)
	}
	s, ts := offline()
	support := s.State().Channel("support").ID
	f.Fuzz(func(t *testing.T, which uint, body string) {
		name := names[which%uint(len(names))]
		token := s.BotToken()
		if methods[name].appToken {
			token = s.AppToken()
		}
		a := readAll(body)
		a["channel"], a["ts"], a["timestamp"] = support, ts, ts
		if ans := s.call(name, token, a); ans.status != http.StatusOK {
			t.Errorf("%s answers %d", name, ans.status)
		}
		encode(s.State())
	})
}

// FuzzAction has bob do whatever the control API lets through.
func FuzzAction(f *testing.F) {
	for _, do := range Actions() {
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
		encode(s.State())
		s.Close()
	})
}
