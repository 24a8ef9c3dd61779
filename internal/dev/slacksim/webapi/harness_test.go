package webapi

import (
	"net/http"
	"testing"
	"time"

	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/workspace"
)

// apiHarness is a workspace with a Web API that no bot is connected to.
type apiHarness struct {
	store *workspace.Store
	api   *API
}

func newHarness() apiHarness {
	store := workspace.NewStore(workspace.Spec{
		Team: "Acme", People: []workspace.Person{{Name: "bob"}, {Name: "dana"}},
		Channels: []workspace.Channel{{Name: "support", Members: []string{"bob", "supporty"}}, {Name: "closed", Private: true, Members: []string{"supporty"}}},
	}, "http://sim.test", time.Now)
	hub := socketmode.New(store, &faults.List{}, socketmode.Config{AckTimeout: time.Nanosecond})
	api := New(store, hub, &faults.List{}, Config{AppToken: "xapp-1", BotToken: "xoxb-1", Scopes: everyScope(), TriggerLife: time.Minute})
	return apiHarness{store: store, api: api}
}

func (h apiHarness) call(method, token string, a args) (ans answer) {
	h.store.Update(func(tx *workspace.Tx) { ans = h.api.call(tx, method, token, a) })
	return ans
}

func TestAResponseURLExpires(t *testing.T) {
	t.Parallel()
	h := newHarness()
	h.store.Update(func(tx *workspace.Tx) {
		h.api.NewHook(tx, Hook{Channel: tx.Channel("support"), Reader: tx.Person("bob").ID})
		for id, issued := range h.api.issued.Of(tx).hooks {
			if ans := h.api.useHook(tx, id, args{"text": "in time"}); ans.status != http.StatusOK {
				t.Errorf("in time: %d %s", ans.status, ans.page)
			}
			issued.expires = time.Now()
			if ans := h.api.useHook(tx, id, args{"text": "late"}); ans.status != http.StatusNotFound || ans.page != "expired_url" {
				t.Errorf("late: %d %s", ans.status, ans.page)
			}
		}
	})
}
