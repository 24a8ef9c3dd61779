package webapi

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// FuzzCall feeds every method with whatever a bot might send.
func FuzzCall(f *testing.F) {
	names := slices.Sorted(maps.Keys(methods))
	for i := range names {
		f.Add(uint(i), `{"channel":"C","ts":"1.0","text":"x","blocks":[{"type":"divider"}],"metadata":{"event_type":"a","event_payload":{}},"view":{"type":"home","blocks":[]},"cursor":"bmV4dDo5","limit":-1}`)
	}
	h := newHarness()
	var support, ts string
	h.store.Update(func(tx *workspace.Tx) {
		c := tx.Channel("support")
		support, ts = c.ID, tx.Post(c, workspace.Message{User: tx.Bot.User, BotID: tx.Bot.ID, Text: "card"}).TS
	})
	f.Fuzz(func(t *testing.T, which uint, body string) {
		name := names[which%uint(len(names))]
		token := h.api.cfg.BotToken
		if methods[name].appToken {
			token = h.api.cfg.AppToken
		}
		a := args{}
		_ = a.readJSON([]byte(body)) // what is no JSON has no arguments
		a["channel"], a["ts"], a["timestamp"] = support, ts, ts
		if ans := h.call(name, token, a); ans.status != http.StatusOK {
			t.Errorf("%s answers %d", name, ans.status)
		}
		h.store.View(func(tx *workspace.Tx) { wire.Encode(tx.Visible()) })
	})
}
